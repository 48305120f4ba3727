"""A group written in one statement is judged as strictly as one under the lock, whoever else writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, cast

import psycopg
import pytest

from ledger.recording.append import CommandIdTaken, Moved
from ledger.recording.store import FactLog
from tests.recording.logs import NOON, TICK, Clock, command, comment, open_log, voucher


@pytest.fixture
def log(postgres_url: str) -> Iterator[FactLog]:
    """A log whose writer knows the head: it has written one fact, and touched x."""
    with open_log(postgres_url) as opened:
        opened.append(command("k-0", comment(1), touches=["x"], belopp="aa"))
        yield opened


@pytest.fixture
def other(postgres_url: str) -> Iterator[FactLog]:
    """The same log, opened by somebody else."""
    with open_log(postgres_url) as opened:
        yield opened


@pytest.fixture
def ways(log: FactLog, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ways that the writer takes, in order."""
    taken: list[str] = []
    recorder = cast("Any", log._recorder)  # noqa: SLF001 - how it writes is seen only from inside

    def noted(name: str) -> Callable[..., bool]:
        way: Callable[..., bool] = getattr(recorder, f"_write_{name}")

        def written(*arguments: Any) -> bool:
            taken.append(name)
            return way(*arguments)

        return written

    for name in ("at_once", "in_two"):
        monkeypatch.setattr(recorder, f"_write_{name}", noted(name))
    return taken


def test_who_writes_alone_writes_at_once(log: FactLog, ways: list[str]) -> None:
    for n in range(2, 5):
        assert log.append(command(f"k-{n}", voucher(n, "text"), reads=["x", "y"], as_of=1, touches=["y"][: n == 4]))
    assert ways == ["at_once"] * 3
    assert log.touched(["x", "y"]) == {"x": 1, "y": 4}
    assert log.verify().ok


def test_another_writer_is_noticed_and_nothing_is_lost(log: FactLog, other: FactLog, ways: list[str]) -> None:
    assert other.append(command("k-1", voucher(1))) == (2, 2, False)
    assert log.append(command("k-2", voucher(2))) == (3, 3, False)
    assert log.append(command("k-3", voucher(3))) == (4, 4, False)
    assert ways == ["at_once", "in_two", "at_once"]
    assert [fact.command_id for fact in log.read()] == ["k-0", "k-1", "k-2", "k-3"]
    assert log.verify().ok


def test_a_key_that_was_touched_since_it_was_read_is_moved(log: FactLog, other: FactLog) -> None:
    with pytest.raises(Moved) as moved:
        log.append(command("k-1", voucher(1), reads=["x"], as_of=0))
    assert moved.value.what == "x"
    log.append(command("k-2", voucher(2)))
    other.append(command("k-3", voucher(3), touches=["y"]))
    with pytest.raises(Moved) as moved:
        log.append(command("k-4", voucher(4), reads=["y"], as_of=2))
    assert moved.value.what == "y"
    assert log.head().position == 3


def test_a_place_that_is_taken_is_moved(log: FactLog, other: FactLog) -> None:
    other.append(command("k-1", voucher(1)))
    for n in (2, 3):
        with pytest.raises(Moved) as moved:
            log.append(command(f"k-{n}", voucher(1)))
        assert moved.value.what == voucher(1).stream
        log.append(command(f"l-{n}", voucher(n)))
    assert log.verify().ok


def test_a_command_that_is_recorded_is_answered_as_the_first_time(log: FactLog, other: FactLog) -> None:
    other.append(command("k-1", voucher(1), belopp="bb"))
    for who in (log, other, log):
        assert who.append(command("k-0", comment(1), belopp="aa")) == (1, 1, True)
        assert who.append(command("k-1", voucher(1), belopp="bb")) == (2, 2, True)
        with pytest.raises(CommandIdTaken):
            who.append(command("k-0", comment(1), belopp="bb"))
    assert log.head().position == 2


def test_a_head_of_the_same_size_with_another_past_is_noticed(log: FactLog, postgres_url: str, ways: list[str]) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE head SET frontier = sha256('restored')")
    log.append(command("k-1", voucher(1)))
    assert ways == ["at_once", "in_two"]


def test_the_clock_and_the_salts_are_asked_once_though_it_is_judged_twice(postgres_url: str) -> None:
    moments: list[datetime] = []

    def clock() -> datetime:
        moments.append(NOON + len(moments) * TICK)
        return moments[-1]

    salts: list[bytes] = []

    def salt() -> bytes:
        salts.append(len(salts).to_bytes(16, "big"))
        return salts[-1]

    with FactLog.open(postgres_url, clock=clock, salt=salt) as log, open_log(postgres_url, Clock()) as other:
        log.append(command("k-1", voucher(1, "text")))
        other.append(command("k-2", voucher(2)))
        log.append(command("k-3", voucher(3, "text")))
        assert (len(moments), len(salts)) == (2, 2)
        assert log.read_raw(2)[0].salt == salts[1]
        assert log.verify().ok
