"""A rebuild: beside what serves, compared with the facts, put in place at once; and what is declared otherwise."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text

from ledger.domain.events import UtfallReported
from ledger.domain.fact import Fact
from ledger.reporting.entry import Cube, Entry, Listed, Material, Register
from ledger.reporting.material import ORGANISATION, STANDARD, UTFALL, Kommentar
from ledger.reporting.report import Report, listed
from ledger.reporting.reports import Reports, ReportsAreBehind
from ledger.reporting.running import generations, preparing, rebuild_workers
from ledger.reporting.running.preparing import prepare_stretch
from ledger.reporting.running.rebuild import RebuildFailed, RebuildIsUnderWay
from ledger.reporting.running.rebuild_workers import How
from ledger.reporting.running.replay import replay
from ledger.reporting.running.runner import Runner
from ledger.reporting.stored.schema import METADATA, POINTER, open_database
from tests.reporting import elsewhere
from tests.reporting.asking import Desk, report_files, rows
from tests.reporting.elsewhere import FACTS, add, open_log
from tests.reporting.memory_log import MemoryLog
from tests.reporting.town import TOWN, kr, utfall, verifikation

#: Seconds that the read model may take to come as far, on a machine that is busy with more.
PATIENCE = 120


def months(count: int) -> list[Fact]:
    return [utfall(f"2024-{1 + number % 12:02d}-28", "EKON", number) for number in range(count)]


def doubled(fact: Fact) -> Iterator[Entry]:
    return (entry._replace(amount_ore=2 * entry.amount_ore) for entry in UTFALL.entries(fact))


DOUBLED = replace(UTFALL, version=UTFALL.version + 1, entries=doubled, posted=None)


def stored(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All that counts, by the name of its material and table; the number of the generation left out."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with engine.connect() as connection:
        names = {row.material: row.name for row in connection.execute(select(POINTER))}
        for table in METADATA.sorted_tables:
            if table is not POINTER and "material" in table.c:
                kept = [column for column in table.columns if column.name != "material"]
                query = select(table.c.material, *kept).order_by(*table.primary_key.columns)
                for number, *row in connection.execute(query):
                    found.setdefault(f"{names[number]} {table.name}", []).append(tuple(row))
    return found


def numbers(engine: Engine) -> set[int]:
    """The generations that have rows."""
    found: set[int] = set()
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            if table is not POINTER and "material" in table.c:
                found |= set(connection.execute(select(table.c.material).distinct()).scalars())
    return found


# ---------------------------------------------------------------- beside the old one


def test_a_rebuild_by_several_processes_leaves_the_same_bytes(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild_workers, "MANY", 1)
    engine = open_database(database_url)
    runner = Runner(engine, MemoryLog(FACTS), STANDARD, page=40, opener=elsewhere.memory)
    alone = Runner(engine, MemoryLog(FACTS), STANDARD, page=40)
    alone.rebuild()
    before = stored(engine)
    told: list[tuple[str, int, int]] = []
    nice: set[int] = set()

    def note(*how: Any) -> None:
        told.append(how)
        nice.update(os.getpriority(os.PRIO_PROCESS, one.pid) for one in multiprocessing.active_children() if one.pid)

    assert all(one.was_alike for one in runner.rebuild(told=note))
    assert os.getpriority(os.PRIO_PROCESS, 0) + rebuild_workers.NICE in nice
    assert stored(engine) == before
    assert ("bygger om", len(FACTS), len(FACTS)) in told
    assert told[-1] == ("jämför", 2 * len(STANDARD), 2 * len(STANDARD))
    engine.dispose()


def test_the_short_cuts_of_a_long_stretch_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, straight = open_database("sqlite://"), open_database("sqlite://")
    Runner(straight, MemoryLog(FACTS), STANDARD, page=50).catch_up()
    monkeypatch.setattr(preparing, "FEW", 0)
    Runner(engine, MemoryLog(FACTS), STANDARD, page=50).catch_up()
    assert stored(engine) == stored(straight)


def test_who_is_very_far_behind_is_helped_by_other_processes(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.reporting.running.runner.MANY", 100)
    engine = open_database(sqlite_url)
    runner = Runner(engine, MemoryLog(FACTS), STANDARD, page=60, opener=elsewhere.memory)
    assert runner.catch_up() == len(FACTS)
    assert all(one.alike for one in replay(MemoryLog(FACTS), STANDARD, len(FACTS), stored=engine))
    engine.dispose()


def test_a_process_that_cannot_open_the_log_says_why(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild_workers, "MANY", 1)
    engine = open_database(sqlite_url)
    with (
        rebuild_workers.workers(cannot_open, ["utfall"], How()) as several,
        pytest.raises(RuntimeError, match="Sealed: the log is sealed"),
    ):
        list(several.stretches(0, 10))
    engine.dispose()


class Sealed(Exception):  # noqa: N818 - a name for a test
    """Cannot be taken from one process to another."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


def cannot_open() -> Any:
    raise Sealed(*["the", "log is sealed"])


def test_what_an_interrupted_rebuild_leaves_is_thrown_away_by_the_next(database_url: str) -> None:
    engine = open_database(database_url)
    runner = Runner(engine, MemoryLog(FACTS), STANDARD, page=50)
    runner.catch_up()
    before, serving, pointers = stored(engine), numbers(engine), runner.pointers()

    def interrupt(_what: str, done: int, _total: int) -> None:
        if done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runner.rebuild(told=interrupt)
    assert numbers(engine) > serving
    assert runner.pointers() == pointers
    again = Runner(engine, MemoryLog(FACTS), STANDARD, page=50)
    again.rebuild()
    assert stored(engine) == before
    assert numbers(engine) <= {pointer.material for pointer in again.pointers().values()}
    assert not numbers(engine) & serving
    engine.dispose()


@pytest.mark.parametrize("a_while", [0.0, 1000.0])
def test_what_is_thrown_away_is_gone_however_quickly_it_goes(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, a_while: float
) -> None:
    monkeypatch.setattr(generations, "A_WHILE", a_while)
    monkeypatch.setattr(generations, "ROWS_AT_FIRST", 1)
    engine = open_database(sqlite_url)
    runner = Runner(engine, MemoryLog(FACTS[:40]), STANDARD, page=10)
    runner.catch_up()
    before = stored(engine)
    runner.rebuild()
    assert stored(engine) == before
    assert numbers(engine) <= {pointer.material for pointer in runner.pointers().values()}
    engine.dispose()


def test_what_does_not_hold_what_the_facts_say_is_not_put_in_place(database_url: str) -> None:
    desk = Desk(FACTS, url=database_url)
    question = desk.question("driftsammandrag", ar=2024)
    before = desk.reports.ask(question).to_bytes()
    serving = desk.reports.runner.pointers()

    def tamper(what: str, _done: int, _total: int) -> None:
        if what == "bygger om":
            with desk.reports.engine.begin() as connection:
                newest = "(SELECT max(material) FROM register_piece)"
                connection.execute(text(f"DELETE FROM register_piece WHERE material = {newest}"))

    with pytest.raises(RebuildFailed, match=r"^Det nya underlaget \w+ håller inte det som fakta säger\."):
        desk.reports.runner.rebuild(told=tamper)
    assert desk.reports.runner.pointers() == serving
    assert desk.reports.ask(question).to_bytes() == before
    desk.close()


def test_what_counts_is_on_disk_when_the_switch_is_made(postgres_url: str) -> None:
    engine = open_database(postgres_url)
    runner = Runner(engine, MemoryLog(FACTS), STANDARD, page=100)
    runner.catch_up()
    said: list[list[str]] = [[]]

    def note(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        said[-1].append(statement)

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", lambda _: said.append([]))
    runner.rebuild()
    waiting = ["SET LOCAL synchronous_commit = off" in transaction for transaction in said]
    switching = [any(s.startswith("UPDATE projection_pointer SET name") for s in told) for told in said]
    assert sum(waiting) >= len(FACTS) // 100
    assert sum(switching) == 1
    assert not any(may_wait and switches for may_wait, switches in zip(waiting, switching, strict=True))
    engine.dispose()


def test_a_rebuild_says_that_the_old_one_was_wrong_and_puts_it_right(database_url: str) -> None:
    desk = Desk(FACTS, url=database_url)
    desk.reports.runner.catch_up()
    with desk.reports.engine.begin() as connection:
        connection.execute(text("UPDATE register_piece SET data = replace(data, '1', '2')"))
    rebuilt = {one.name: one.was_alike for one in desk.reports.runner.rebuild()}
    assert not rebuilt["organisation"]
    assert rebuilt["utfall"]
    assert all(one.alike for one in desk.reports.replay(len(FACTS)))
    desk.close()


def test_two_rebuilds_do_not_meet(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.reporting.running.runner.TURN", 0.01)
    engine = open_database(database_url)
    other = Runner(engine, MemoryLog(FACTS), STANDARD)
    runner = Runner(engine, MemoryLog(FACTS), STANDARD)
    refused: list[str] = []

    def meanwhile(_what: str, _done: int, _total: int) -> None:
        with pytest.raises(RebuildIsUnderWay) as error:
            other.rebuild()
        refused.append(str(error.value))

    runner.rebuild(told=meanwhile)
    assert set(refused) == {"En ombyggnad pågår redan. Försök igen när den är klar."}
    engine.dispose()


def test_readers_in_another_process_never_wait_and_see_no_mixture(database_url: str) -> None:
    engine = open_database(database_url)
    with open_log(database_url) as log:
        add(log, "orter", *TOWN)
        reports = Reports(engine, log, report_files())
        runner = reports.runner
        runner.catch_up()
        runner.start()
        reader = elsewhere.start("read", database_url)
        assert elsewhere.said(reader) == "redo"
        for number in range(24):
            add(log, str(number), verifikation("2024-05-31", number + 1, "EKON", 1))
            if number % 8 == 3:
                runner.rebuild(["utfall", "organisation"])
        runner.stop(PATIENCE)
        printed = elsewhere.finish(reader).splitlines()
    engine.dispose()
    assert len(printed) == 1
    assert int(printed[0].split()[0]) > 0


# ---------------------------------------------------------------- declared otherwise


def waiting(runner: Runner, until: Callable[[], bool]) -> bool:
    """Whether something becomes so while a runner keeps up."""
    return any(until() or runner.wait_for(10**9, 0.05) for _ in range(2400))


def test_a_changed_declaration_is_rebuilt_while_the_old_one_serves(database_url: str) -> None:
    engine, log = open_database(database_url), MemoryLog([*TOWN, *months(5)])
    before = Runner(engine, log, STANDARD)
    before.catch_up()
    old = before.pointers()
    materials = [DOUBLED if m is UTFALL else m for m in STANDARD]
    newer = Runner(engine, log, materials)
    newer.catch_up()
    assert newer.pointers() == old
    assert newer.is_outdated(["utfall"])
    assert newer.wait_for(14, 0, ["utfall", "organisation"])
    newer.start()
    assert waiting(newer, lambda: not newer.has_outdated())
    newer.stop(PATIENCE)
    now = newer.pointers()
    assert [name for name in now if now[name].material != old[name].material] == ["utfall"]
    assert now["utfall"].version == DOUBLED.version
    assert all(one.alike for one in replay(log, materials, 14, stored=engine))
    engine.dispose()


def test_without_a_thread_who_asks_beyond_the_old_one_builds_the_new() -> None:
    engine, log = open_database("sqlite://"), MemoryLog([*TOWN, *months(5)])
    Runner(engine, log, STANDARD).catch_up()
    log.add(*months(1))
    newer = Runner(engine, log, [DOUBLED, ORGANISATION])
    assert newer.wait_for(15, PATIENCE, ["utfall"])
    assert newer.pointers()["utfall"].version == DOUBLED.version


def test_another_layout_of_the_tables_begins_anew(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(FACTS, url=database_url)
    question = desk.question("driftsammandrag", ar=2024)
    before = desk.reports.ask(question).to_bytes()
    desk.close()
    monkeypatch.setattr("ledger.reporting.running.generations.LAYOUT", 4711)
    again = Desk(FACTS, url=database_url)
    assert again.reports.runner.position() == 0
    assert again.reports.ask(question).to_bytes() == before
    again.close()


# ---------------------------------------------------------------- a material that raises

BROKEN = {"is_broken": True}


def strict_rows(fact: Fact) -> Iterator[Listed]:
    if isinstance(fact, UtfallReported):
        if BROKEN["is_broken"] and fact.rader[0].rad.belopp_ore == kr(3):
            msg = "tre kronor tål den inte"
            raise ValueError(msg)
        yield Listed("alla", Kommentar(fact.ansvar, "en rad"))


def strict_entries(fact: Fact) -> Iterator[Entry]:
    list(strict_rows(fact))
    return iter(())


STRICT = Register("strangt", Kommentar, strict_rows)
REPORT = Report("strang", "Sträng", (listed("rad", "Rad"),), listing=lambda _: (), material=(STRICT,))


@pytest.fixture
def broken() -> Iterator[None]:
    BROKEN["is_broken"] = True
    yield
    BROKEN["is_broken"] = True


@pytest.mark.usefixtures("broken")
def test_a_material_that_raises_stops_by_itself(database_url: str) -> None:
    desk = Desk([*TOWN, *months(6)], url=database_url, reports=[*report_files(), REPORT])
    runner = desk.reports.runner
    assert rows(desk.ask("driftsammandrag", ar=2024))["summa"]["utfall"] == kr(0 + 1 + 2 + 3 + 4 + 5)
    with pytest.raises(ReportsAreBehind, match="underlaget strangt stannar vid @13: ValueError: tre kronor tål den"):
        desk.ask("strang")
    assert runner.wait_for(15, 0)
    assert runner.pointers()["strangt"].position == 12
    assert runner.trouble_of(["utfall"]) is None
    with pytest.raises(RebuildFailed, match="underlaget strangt stannar vid @13"):
        runner.rebuild()
    desk.log.add(*months(2))
    assert rows(desk.ask("driftsammandrag", ar=2024))["summa"]["utfall"] == kr(0 + 1 + 2 + 3 + 4 + 5 + 0 + 1)
    desk.close()
    BROKEN["is_broken"] = False
    mended = Desk(url=database_url, reports=[REPORT])
    mended.log.add(*TOWN, *months(6), *months(2))
    assert mended.ask("strang").stampel.position == 17
    assert mended.reports.runner.trouble is None
    mended.close()


@pytest.mark.usefixtures("broken")
def test_a_material_that_raised_is_tried_again_while_the_thread_runs(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.reporting.running.runner.REPRIEVE", 0.01)
    engine, log = open_database(database_url), MemoryLog([*TOWN, *months(6)])
    strict: list[Material] = [*STANDARD, STRICT, Cube("strang", strict_entries)]
    runner = Runner(engine, log, strict)
    runner.start()
    assert runner.wait_for(15, PATIENCE)
    assert waiting(runner, lambda: "@13" in (runner.trouble or ""))
    BROKEN["is_broken"] = False
    assert waiting(runner, lambda: runner.trouble is None)
    runner.stop(PATIENCE)
    assert all(one.alike for one in replay(log, strict, 15, stored=engine))
    engine.dispose()


def test_a_stretch_goes_as_far_as_a_material_can_take_it(monkeypatch: pytest.MonkeyPatch) -> None:
    log = MemoryLog([*TOWN, *months(6)])
    for few in (500, 0):
        monkeypatch.setattr(preparing, "FEW", few)
        stretch = prepare_stretch(log, [STRICT, ORGANISATION], 0, 15)
        assert (stretch["strangt"].upto, stretch["organisation"].upto) == (12, 15)
        assert stretch["strangt"].failure is not None
