"""A group written in one statement is judged as strictly as one under the lock, whoever else writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from math import inf
from typing import Any, cast

import psycopg
import pytest

from ledger.recording import judge
from ledger.recording.append import CommandIdTaken, Moved
from ledger.recording.judge import Member
from ledger.recording.store import FactLog
from tests.recording.logs import NOON, TICK, Clock, command, comment, commit, open_log, voucher


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


def test_what_the_writer_touched_itself_is_remembered(log: FactLog, ways: list[str]) -> None:
    log.append(command("k-1", voucher(1), touches=["y"]))
    log.append(command("k-2", voucher(2), reads=["x", "y", "z"], as_of=2))
    assert ways == ["at_once"] * 2
    with pytest.raises(Moved) as moved:
        log.append(command("k-3", voucher(3), reads=["y"], as_of=1))
    assert moved.value.what == "y"
    assert ways == ["at_once"] * 2 + ["in_two"]
    assert log.head().position == 3


def test_a_key_that_was_looked_up_is_remembered(log: FactLog, other: FactLog, ways: list[str]) -> None:
    other.append(command("k-1", voucher(1)))
    for n in (2, 3, 4):
        log.append(command(f"k-{n}", voucher(n), reads=["x", "never"], as_of=1))
    assert ways == ["at_once", "in_two", "at_once", "at_once"]
    # Of another key is only known that nobody has touched it since; that was after the decision was made.
    log.append(command("k-5", voucher(5), reads=["other"], as_of=1))
    assert ways[4:] == ["in_two"]


def test_a_memory_that_is_full_is_begun_anew(log: FactLog, ways: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "LARGEST_MEMORY", 3)
    log.append(command("k-1", voucher(1), touches=["a", "b", "c", "d"]))
    log.append(command("k-2", voucher(2)))
    with pytest.raises(Moved):
        log.append(command("k-3", voucher(3), reads=["d"], as_of=1))
    log.append(command("k-4", voucher(4), reads=["d", "e"], as_of=2))
    assert log.touched(["d"]) == {"d": 2}
    assert ways == ["at_once", "at_once", "in_two", "in_two"]


def test_members_of_one_group_are_told_apart(log: FactLog, ways: list[str]) -> None:
    assert commit(log, command("a", voucher(1)), command("b", voucher(2, "text"), voucher(3))) == [
        (2, 2, False),
        (3, 4, False),
    ]
    first, again, other, taken, touching, moved, last = commit(
        log,
        command("c", voucher(4), belopp="aa"),
        command("c", voucher(4), belopp="aa"),
        command("c", voucher(5), belopp="bb"),
        command("d", voucher(1)),
        command("e", voucher(6), touches=["z"]),
        command("f", voucher(7), reads=["z"], as_of=4),
        command("g", voucher(8), reads=["x"], as_of=4),
    )
    assert ways == ["at_once", "in_two"]
    assert (first, again, touching, last) == ((5, 5, False), (5, 5, True), (6, 6, False), (7, 7, False))
    assert isinstance(other, CommandIdTaken)
    assert isinstance(taken, Moved)
    assert isinstance(moved, Moved)
    assert [fact.command_id for fact in log.read(4)] == ["c", "e", "g"]
    assert log.verify().ok


def test_commands_of_one_fact_each_are_written_together(log: FactLog, other: FactLog, ways: list[str]) -> None:
    recorder = cast("Any", log._recorder)  # noqa: SLF001 - how it writes is seen only from inside
    recorder._next_notify = inf  # noqa: SLF001 - nobody is told, as between two NOTIFY
    receipts = [(2, 2, False), (3, 3, False), (4, 4, False)]
    commands = [command("a", voucher(1), belopp="aa"), command("b", voucher(2, "text")), command("c", comment(2))]
    assert commit(log, *commands) == receipts
    assert recorder.sql.ones in recorder._writer._names  # noqa: SLF001
    assert commit(log, *commands) == [(first, last, True) for first, last, _ in receipts]
    other.append(command("k-1", voucher(3)))
    taken, new = commit(log, command("d", voucher(3)), command("e", voucher(4)))
    assert isinstance(taken, Moved)
    assert new == (6, 6, False)
    # The second time nothing can be written at once, and nothing is left that the third could rest on.
    assert ways == ["at_once", "at_once", "in_two", "in_two"]
    assert [fact.command_id for fact in log.read(1)] == ["a", "b", "c", "k-1", "e"]
    assert log.verify().ok


def test_a_group_that_has_to_wait_for_the_lock_holds_up_nobody_before_it(log: FactLog, ways: list[str]) -> None:
    append = command("k-1", voucher(1), reads=["x"])
    steps = iter(log._recorder.commit([member := Member(append.facts, append)]))  # noqa: SLF001
    next(steps)
    assert ways == []
    for _ in steps:
        pass
    assert ways == ["in_two"]
    assert isinstance(member.refusal, Moved)


def test_facts_of_all_kinds_of_groups_prove_one_another(log: FactLog) -> None:
    for n in range(1, 300):
        if n % 7:
            log.append(command(f"k-{n}", voucher(n, "text" if n % 2 else None)))
        else:
            commit(log, *(command(f"k-{n}-{m}", voucher(1000 * n + m), touches=[str(m)]) for m in range(3)))
    assert log.head().position == 1 + 299 - 42 + 3 * 42
    assert log.verify().ok


def test_an_error_of_the_database_strikes_who_caused_it(log: FactLog, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute(
            "CREATE FUNCTION strike() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = 'disk_full'; END $$"
        )
        connection.execute(
            "CREATE TRIGGER strike BEFORE INSERT ON facts FOR EACH ROW WHEN (NEW.command_id LIKE 'bad%') "
            "EXECUTE FUNCTION strike()"
        )
    for n in range(1, 4):
        # The first time in one statement, the second under the lock.
        bad = command(f"bad-{n}", voucher(100 + n), voucher(200 + n))
        with pytest.raises(psycopg.errors.DiskFull):
            commit(log, command(f"k-{n}", voucher(n)), bad)
        with pytest.raises(psycopg.errors.DiskFull):
            log.append(bad)
        assert log.head().position == n
        assert log.append(command(f"k-{n}", voucher(n))) == (1 + n, 1 + n, False)
    assert log.verify().ok


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
