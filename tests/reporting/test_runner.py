"""The read model keeps up with the log, whoever runs it and whatever happens to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ledger.domain.fact import Fact
from ledger.reporting.material import STANDARD
from ledger.reporting.running import courtesy, keeping
from ledger.reporting.running import pointer as pointers
from ledger.reporting.running.courtesy import Courtesy
from ledger.reporting.running.replay import replay
from ledger.reporting.running.runner import Runner
from ledger.reporting.stored.cube_writing import CubeStore
from ledger.reporting.stored.schema import METADATA, open_database
from tests.reporting import elsewhere
from tests.reporting.asking import Desk, rows
from tests.reporting.elsewhere import FACTS
from tests.reporting.memory_log import MemoryLog, Recorded
from tests.reporting.town import TOWN, kr, utfall

#: Seconds that the read model may take to come as far, on a machine that is busy with more.
PATIENCE = 120


def months(count: int) -> list[Fact]:
    return [utfall(f"2024-{1 + number % 12:02d}-28", "EKON", number) for number in range(count)]


def test_any_page_size_gives_the_same_read_model(database_url: str) -> None:
    whole = open_database("sqlite://")
    Runner(whole, MemoryLog(FACTS), STANDARD).catch_up()
    paged = open_database(database_url)
    Runner(paged, MemoryLog(FACTS), STANDARD, page=7).catch_up()
    found = [replay(MemoryLog(FACTS), STANDARD, len(FACTS), stored=engine) for engine in (whole, paged)]
    assert found[0] == found[1]
    assert all(one.alike for one in found[0])
    paged.dispose()


def test_processes_that_run_at_once_lose_and_double_nothing(database_url: str) -> None:
    for process in [elsewhere.start("alone", database_url) for _ in range(3)]:
        elsewhere.finish(process)
    engine = open_database(database_url)
    compared = replay(MemoryLog(FACTS), STANDARD, len(FACTS), stored=engine)
    assert all(one.alike for one in compared)
    engine.dispose()


def test_a_process_that_is_killed_leaves_whole_pages(database_url: str) -> None:
    engine = open_database(database_url)
    runner = Runner(engine, MemoryLog(FACTS), STANDARD)
    for _ in range(2):
        before = runner.position()
        process = elsewhere.start("alone", database_url)
        while runner.position() == before and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.communicate()
        assert all(one.alike for one in replay(MemoryLog(FACTS), STANDARD, runner.position(), stored=engine))
    runner.catch_up()
    assert all(one.alike for one in replay(MemoryLog(FACTS), STANDARD, len(FACTS), stored=engine))
    engine.dispose()


def test_a_page_that_is_cut_off_leaves_no_trace(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    log, engine = MemoryLog([*TOWN, *months(40)]), open_database(database_url)
    runner = Runner(engine, log, STANDARD, page=10)
    runner.catch_up(10)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pointers, "move", killed)
        with pytest.raises(KeyboardInterrupt):
            runner.catch_up()
    assert runner.position() == 10
    runner.catch_up()
    assert all(one.alike for one in replay(log, STANDARD, 49, stored=engine))
    engine.dispose()


def test_a_rebuild_beside_the_old_one_changes_no_byte(database_url: str) -> None:
    desk = Desk(FACTS, url=database_url)
    asked = [desk.question(r, ar=2024) for r in ("driftsammandrag", "investeringsuppfoljning", "ekonomi")]
    before = [desk.reports.ask(question).to_bytes() for question in asked]
    numbers = {name: pointer.material for name, pointer in desk.reports.runner.pointers().items()}
    rebuilt = desk.reports.runner.rebuild()
    assert [(one.name, one.was_alike) for one in rebuilt] == [(m.name, True) for m in desk.reports.materials]
    after = {name: pointer.material for name, pointer in desk.reports.runner.pointers().items()}
    assert not set(numbers.values()) & set(after.values())
    assert [desk.reports.ask(question).to_bytes() for question in asked] == before
    desk.close()


def test_a_deleted_read_model_comes_back(database_url: str) -> None:
    desk = Desk(FACTS, url=database_url)
    question = desk.question("driftsammandrag", ar=2024)
    before = desk.reports.ask(question).to_bytes()
    with desk.reports.engine.begin() as connection:
        METADATA.drop_all(connection)
    desk.close()
    again = Desk(FACTS, url=database_url)
    assert again.reports.ask(question).to_bytes() == before
    again.close()


def test_the_thread_keeps_up_and_readers_see_their_own_writes(database_url: str) -> None:
    desk = Desk(TOWN, url=database_url)
    desk.reports.runner.start()
    for fact in months(12):
        position = desk.log.add(fact)
        assert desk.reports.runner.wait_for(position, PATIENCE)
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
    monkeypatch.setattr(keeping, "REST", 0.01)
    log, engine = FailingLog([*TOWN, *months(3)]), open_database(sqlite_url)
    runner = Runner(engine, log, STANDARD)
    runner.start()
    assert runner.wait_for(12, PATIENCE)
    runner.stop(PATIENCE)
    engine.dispose()
    assert runner.trouble is None


def test_who_begins_to_lead_learns_what_is_stored_before_anything_comes(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, has_learnt = open_database(database_url), threading.Event()
    runner = Runner(engine, MemoryLog(FACTS), STANDARD)
    runner.catch_up()
    monkeypatch.setattr(CubeStore, "get_ready", lambda *_: has_learnt.set())
    runner.start()
    assert has_learnt.wait(PATIENCE)
    runner.stop(PATIENCE)
    engine.dispose()


def test_who_takes_a_lock_again_and_again_lets_others_past(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, could = threading.RLock(), []

    def away(_seconds: float) -> None:
        other = threading.Thread(target=lambda: could.append(lock.acquire(blocking=False)))
        other.start()
        other.join()

    monkeypatch.setattr(courtesy, "sleep", away)
    with Courtesy(lock):
        assert not could
    assert could == [True]


def test_waiting_for_what_never_comes_ends() -> None:
    runner = Runner(open_database("sqlite://"), MemoryLog(TOWN), STANDARD)
    assert not runner.wait_for(1000, 0.2)


def test_who_asks_while_the_database_is_away_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(TOWN)
    desk.ask("driftsammandrag", ar=2024)
    monkeypatch.setattr("ledger.reporting.running.runner.AWAY", 0.01)
    monkeypatch.setattr(desk.reports, "patience", 3600)
    monkeypatch.setattr(desk.reports.runner, "_serve_oneself", lambda *_: None)
    desk.reports.runner.doubt()
    desk.reports.runner.fault = "OperationalError: away"

    def away(_names: object) -> None:
        raise OperationalError(None, None, OSError())

    monkeypatch.setattr(desk.reports._memory, "snapshot", away)  # noqa: SLF001 - what only a real outage does
    with pytest.raises(OperationalError):
        desk.ask("driftsammandrag", ar=2024)
    desk.close()


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
        reader.join()
    desk.close()
    assert wrong == []


def test_the_log_played_again_equals_what_is_stored_at_any_position(database_url: str) -> None:
    desk = Desk(FACTS, url=database_url)
    seen: list[tuple[int, int]] = []
    for upto in (0, 1, 111, len(FACTS)):
        assert all(one.alike for one in desk.reports.replay(upto, lambda _, done, of: seen.append((done, of))))
    assert seen[-1] == (len(FACTS), len(FACTS))
    with desk.reports.engine.begin() as connection:
        connection.execute(text("UPDATE register_piece SET data = replace(data, '1', '2')"))
    differing = {one.name for one in desk.reports.replay(len(FACTS)) if not one.alike}
    assert {"budget", "organisation"} <= differing
    assert "utfall" not in differing
    desk.close()
