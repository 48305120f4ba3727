"""A second process writes the same bytes, passes on every refusal, and leaves nothing half done when it is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import datetime, timedelta

import pytest

from ledger.recording import writer_process
from ledger.recording.store import ClockIsBehind, CommandIdTaken, FactLog, LogIsAway, Moved, Receipt
from ledger.recording.writer_process import WriterProcess
from tests.recording.logs import NOON, Clock, command, comment, counting_salt, open_log, voucher
from tests.recording.worker import start

PATIENCE = 250


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part comes in several pages."""
    monkeypatch.setattr(writer_process, "PAGE", 100)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(database_url: str, clock: Clock) -> Iterator[FactLog]:
    with open_log(database_url, clock) as opened:
        yield opened


def receipt(future: Future[Receipt]) -> Receipt:
    return future.result(timeout=PATIENCE)


def test_the_bytes_are_those_of_one_process(sqlite_url: str, postgres_url: str) -> None:
    parts = [[voucher(n, None if n % 3 else f"text {n}") for n in range(at, at + 300)] for at in (1, 301, 601)]
    logs = []
    for url, has_process in ((sqlite_url, False), (sqlite_url + "2", True), (postgres_url, True)):
        with open_log(url) as log, log.writer_process() as writer:
            for n, part in enumerate(parts):
                told = command(f"k-{n}", touches=[f"nyckel/{n}"], fil=f"{n}")
                done = receipt(writer.append(part, told)) if has_process else log.append_file([part], told)
                assert done == (300 * n + 1, 300 * n + 300, False)
            assert log.verify().ok
            assert log.touched(["nyckel/2"]) == {"nyckel/2": 900}
            logs.append((log.head(), log.read_raw()))
    assert logs[1] == logs[0]
    assert logs[2] == logs[0]


def test_parts_may_be_handed_over_before_the_first_is_written(log: FactLog) -> None:
    with log.writer_process() as writer:
        waiting = [writer.append([voucher(n)], command(f"k-{n}")) for n in range(1, 6)]
        assert [receipt(one).first for one in waiting] == [1, 2, 3, 4, 5]
    assert log.wait(4, 0.0) == 5


def test_refusals_come_back_as_they_were_and_the_next_part_is_written(log: FactLog, clock: Clock) -> None:
    log.append(command("k-1", voucher(7), comment(1), touches=["period/2024-03"], belopp="aa"))
    many = [voucher(n) for n in range(100, 400)]
    with log.writer_process() as writer:
        with pytest.raises(Moved) as moved:
            receipt(writer.append([*many[:250], voucher(7), *many[250:]], command("k-2")))
        assert moved.value.what == voucher(7).stream
        with pytest.raises(Moved) as moved:
            receipt(writer.append(many, command("k-3", reads=["period/2024-03"], as_of=1)))
        assert moved.value.what == "period/2024-03"
        with pytest.raises(CommandIdTaken) as taken:
            receipt(writer.append(many, command("k-1", belopp="bb")))
        assert (taken.value.fields, taken.value.first, taken.value.last) == (("belopp",), 1, 2)
        clock.now = NOON - timedelta(minutes=6)
        with pytest.raises(ClockIsBehind):
            receipt(writer.append(many, command("k-4")))
        clock.now = NOON
        assert log.head().position == 2
        assert receipt(writer.append(many, command("k-1", belopp="aa"))) == (1, 2, True)
        assert receipt(writer.append(many, command("k-5", reads=["period/2024-03"], as_of=2))) == (3, 302, False)
    assert log.verify().ok


def test_progress_is_told_page_by_page(log: FactLog) -> None:
    told: list[int] = []
    with log.writer_process() as writer:
        receipt(writer.append([voucher(n) for n in range(250)], command("k-1"), told.append))
    assert told == [100, 200, 250]


def test_a_fault_of_the_program_is_told_with_its_trace(log: FactLog) -> None:
    wrong = voucher(1)._replace(version="x")  # type: ignore[arg-type]
    with log.writer_process() as writer:
        with pytest.raises(RuntimeError, match="Expected `int`, got `str`"):
            receipt(writer.append([wrong], command("k-1")))
        assert receipt(writer.append([voucher(2)], command("k-2"))) == (1, 1, False)


class Killing:
    """A clock that kills the process that asks for it, the first time."""

    def __init__(self) -> None:
        self.writer: WriterProcess | None = None

    def __call__(self) -> datetime:
        if self.writer is not None and self.writer.pid is not None:
            os.kill(self.writer.pid, signal.SIGKILL)
            self.writer = None
        return NOON


def test_a_process_that_is_killed_leaves_nothing_and_another_takes_its_place(database_url: str) -> None:
    clock = Killing()
    with FactLog.open(database_url, clock=clock, salt=counting_salt()) as log, log.writer_process() as writer:
        clock.writer = writer
        part = [voucher(n) for n in range(1000)]
        with pytest.raises(LogIsAway, match="läs in samma uppgifter igen"):
            receipt(writer.append(part, command("k-1")))
        assert log.read_raw() == []
        assert receipt(writer.append(part, command("k-1"))) == (1, 1000, False)
        assert log.verify().ok


def test_a_process_whose_first_process_is_killed_ends_and_leaves_nothing(database_url: str) -> None:
    with open_log(database_url) as log:
        log.append(command("k-1", voucher(10**7)))
        first = start("import_part", database_url, 10**5)
        assert first.stdout is not None
        assert first.stdout.readline() == "100\n"
        first.kill()
        # Both write to the same pipe, which ends when both have.
        first.communicate(timeout=PATIENCE)
        assert log.append(command("k-2", voucher(10**7 + 1))) == (2, 2, False)
        assert log.verify().ok
