"""The read model keeps up with the log, whoever runs it and whatever happens to it."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ledger.domain.fact import Fact
from ledger.reporting import runner as running
from ledger.reporting.material import ORGANISATION, STANDARD, UTFALL
from ledger.reporting.replay import digests, replay
from ledger.reporting.runner import Runner
from ledger.reporting.schema import open_database
from tests.oracle.generator import random_facts
from tests.reporting.asking import Desk, rows
from tests.reporting.memory_log import MemoryLog, Recorded
from tests.reporting.town import TOWN, kr, utfall

FACTS = random_facts(7, 300)


def months(count: int) -> list[Fact]:
    return [utfall(f"2024-{1 + number % 12:02d}-28", "EKON", number) for number in range(count)]


def test_any_page_size_gives_the_same_read_model(database_url: str) -> None:
    whole = open_database("sqlite://")
    Runner(whole, MemoryLog(FACTS), STANDARD).catch_up()
    paged = open_database(database_url)
    Runner(paged, MemoryLog(FACTS), STANDARD, page=7).catch_up()
    assert digests(whole, STANDARD, len(FACTS)) == digests(paged, STANDARD, len(FACTS))
    paged.dispose()


def test_processes_that_run_at_once_lose_and_double_nothing(database_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=run_alone, args=(database_url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    engine = open_database(database_url)
    compared = replay(MemoryLog(FACTS), STANDARD, len(FACTS), stored=engine)
    assert all(one.alike for one in compared)
    engine.dispose()


def run_alone(url: str) -> None:
    engine = open_database(url)
    Runner(engine, MemoryLog(FACTS), STANDARD, page=5).catch_up()
    engine.dispose()


def test_a_process_that_is_killed_leaves_whole_pages(database_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    engine = open_database(database_url)
    position = Runner(engine, MemoryLog(FACTS), STANDARD).position
    for _ in range(3):
        before = position()
        process = spawn.Process(target=run_alone, args=(database_url,))
        process.start()
        while position() == before and process.is_alive():
            time.sleep(0.01)
        process.kill()
        process.join()
        assert all(one.alike for one in replay(MemoryLog(FACTS), STANDARD, position(), stored=engine))
    run_alone(database_url)
    assert all(one.alike for one in replay(MemoryLog(FACTS), STANDARD, len(FACTS), stored=engine))
    engine.dispose()


def test_a_page_that_is_cut_off_leaves_no_trace(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    log, engine = MemoryLog([*TOWN, *months(40)]), open_database(database_url)
    runner = Runner(engine, log, STANDARD, page=10)
    runner.catch_up(10)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(running, "_move", killed)
        with pytest.raises(KeyboardInterrupt):
            runner.catch_up()
    assert runner.position() == 10
    runner.catch_up()
    assert all(one.alike for one in replay(log, STANDARD, 49, stored=engine))
    engine.dispose()


def test_a_changed_declaration_is_rebuilt_by_itself() -> None:
    engine, log = open_database("sqlite://"), MemoryLog([*TOWN, *months(5)])
    Runner(engine, log, STANDARD).catch_up()
    doubled = replace(
        UTFALL,
        version=2,
        entries=lambda fact: (e._replace(amount_ore=2 * e.amount_ore) for e in UTFALL.entries(fact)),
    )
    newer = Runner(engine, log, [doubled, ORGANISATION])
    before = {p.name: p.material for p in newer.pointers().values()}
    newer.catch_up()
    with engine.connect() as connection:
        total = connection.execute(
            text("SELECT sum(amount_ore) FROM cube_entry WHERE material = :number"), {"number": before["utfall"]}
        ).scalar()
    assert total == 2 * kr(0 + 1 + 2 + 3 + 4)
    assert newer.pointers()["organisation"].material == before["organisation"]


def test_a_rebuild_beside_the_old_one_changes_no_byte(database_url: str) -> None:
    desk = Desk(FACTS, url=database_url)
    asked = [desk.question(r, ar=2024) for r in ("driftsammandrag", "investeringsuppfoljning", "ekonomi")]
    before = [desk.reports.ask(question).to_bytes() for question in asked]
    numbers = {name: pointer.material for name, pointer in desk.reports.runner.pointers().items()}
    assert desk.reports.runner.rebuild() == [material.name for material in desk.reports.materials]
    after = {name: pointer.material for name, pointer in desk.reports.runner.pointers().items()}
    assert not set(numbers.values()) & set(after.values())
    assert [desk.reports.ask(question).to_bytes() for question in asked] == before
    desk.close()


def test_a_deleted_read_model_comes_back(database_url: str) -> None:
    desk = Desk(FACTS, url=database_url)
    question = desk.question("driftsammandrag", ar=2024)
    before = desk.reports.ask(question).to_bytes()
    with desk.reports.engine.begin() as connection:
        for table in ("cube_entry", "cube_cell", "register_row", "projection_pointer"):
            connection.execute(text(f"DROP TABLE {table}"))
    desk.close()
    again = Desk(FACTS, url=database_url)
    assert again.reports.ask(question).to_bytes() == before
    again.close()


def test_the_thread_keeps_up_and_readers_see_their_own_writes(database_url: str) -> None:
    desk = Desk(TOWN, url=database_url)
    desk.reports.runner.start()
    for fact in months(12):
        position = desk.log.add(fact)
        assert desk.reports.runner.wait_for(position, 10)
    assert rows(desk.ask("driftsammandrag", ar=2024))["summa"]["utfall"] == kr(sum(range(12)))
    desk.close()


class FailingLog(MemoryLog):
    """Breaks off the first reads, as a database that restarts does."""

    failures = 3

    def read(
        self, after: int = 0, *, upto: int | None = None, limit: int = 10_000, postings: bool = True
    ) -> Sequence[Recorded]:
        if self.failures:
            self.failures -= 1
            why = ConnectionResetError("the server went away")
            msg = "SELECT 1"
            raise OperationalError(msg, {}, why)
        return super().read(after, upto=upto, limit=limit, postings=postings)


def test_the_thread_survives_a_database_that_fails(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "REST", 0.01)
    log, engine = FailingLog([*TOWN, *months(3)]), open_database(sqlite_url)
    runner = Runner(engine, log, STANDARD)
    runner.start()
    assert runner.wait_for(12, 10)
    runner.stop()
    engine.dispose()
    assert runner.trouble is None


def test_waiting_for_what_never_comes_ends() -> None:
    runner = Runner(open_database("sqlite://"), MemoryLog(TOWN), STANDARD)
    assert not runner.wait_for(1000, 0.2)


def test_readers_see_whole_answers_while_the_log_grows_and_the_read_model_is_rebuilt(database_url: str) -> None:
    desk = Desk(TOWN, url=database_url)
    wrong: list[Any] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            answer = desk.ask("driftsammandrag", ar=2024)
            if answer.rader[0].celler["utfall"] != kr(answer.stampel.position - len(TOWN)):
                wrong.append((answer.stampel.position, answer.rader[0].celler["utfall"]))

    desk.reports.runner.start()
    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(30):
        desk.log.add(utfall("2024-05-31", "EKON", 1))
        if number % 10 == 5:
            desk.reports.runner.rebuild(["utfall", "organisation"])
    done.set()
    for reader in readers:
        reader.join(30)
    desk.close()
    assert wrong == []


def test_the_log_played_again_equals_what_is_stored_at_any_position(database_url: str) -> None:
    desk = Desk(FACTS, url=database_url)
    seen: list[tuple[int, int]] = []
    for upto in (0, 1, 111, len(FACTS)):
        assert all(one.alike for one in desk.reports.replay(upto, lambda done, of: seen.append((done, of))))
    assert seen[-1] == (len(FACTS), len(FACTS))
    with desk.reports.engine.begin() as connection:
        connection.execute(text("UPDATE cube_entry SET amount_ore = amount_ore + 1 WHERE position > 100"))
    differing = {one.name for one in desk.reports.replay(len(FACTS)) if not one.alike}
    assert "utfall" in differing
    desk.close()
