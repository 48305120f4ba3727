"""In a group commit every member is judged by itself, in order of arrival; a refused one disturbs no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Barrier, Thread
from typing import Any

import pytest

from ledger.recording.append import Append, CommandIdTaken, Moved
from ledger.recording.appender import Appender
from ledger.recording.codec import Encoded
from ledger.recording.judge import Member
from ledger.recording.store import FactLog
from tests.recording.logs import command, comment, commit, open_log, voucher


@pytest.fixture
def log(database_url: str) -> Iterator[FactLog]:
    with open_log(database_url) as opened:
        yield opened


def test_a_refused_member_leaves_no_trace_and_fails_no_other(log: FactLog) -> None:
    log.append(command("k-0", comment(1), touches=["x"]))
    first, taken, moved, last = commit(
        log,
        command("k-1", voucher(1)),
        command("k-2", voucher(2), comment(1), touches=["y"]),
        command("k-3", voucher(3), reads=["x"], as_of=0),
        command("k-4", voucher(4)),
    )
    assert first == (2, 2, False)
    assert isinstance(taken, Moved)
    assert taken.what == comment(1).stream
    assert isinstance(moved, Moved)
    assert moved.what == "x"
    assert last == (3, 3, False)
    assert [fact.command_id for fact in log.read()] == ["k-0", "k-1", "k-4"]
    assert log.touched(["y"]) == {}
    assert log.verify().ok


def test_a_member_sees_what_those_before_it_did(log: FactLog) -> None:
    touched, moved, taken = commit(
        log,
        command("k-1", voucher(1), touches=["x"]),
        command("k-2", voucher(2), reads=["x"], as_of=0),
        command("k-3", voucher(1)),
    )
    assert touched == (1, 1, False)
    assert isinstance(moved, Moved)
    assert isinstance(taken, Moved)
    assert taken.what == voucher(1).stream


def test_two_members_with_one_command_id_are_one_command(log: FactLog) -> None:
    first, again, other = commit(
        log,
        command("k-1", voucher(1), voucher(2), belopp="aa"),
        command("k-1", voucher(1), voucher(2), belopp="aa"),
        command("k-1", voucher(3), belopp="bb"),
    )
    assert first == (1, 2, False)
    assert again == (1, 2, True)
    assert isinstance(other, CommandIdTaken)
    assert other.fields == ("belopp",)
    assert log.head().position == 2


def test_a_group_where_all_are_refused_writes_nothing(log: FactLog) -> None:
    log.append(command("k-0", voucher(1), touches=["x"]))
    (refusal,) = commit(log, command("k-1", voucher(2), reads=["x"]))
    assert isinstance(refusal, Moved)
    assert log.head().position == 1
    assert log.append(command("k-1", voucher(2))) == (2, 2, False)


def test_a_member_that_cannot_be_stored_fails_alone(log: FactLog) -> None:
    broken = Encoded("verifikation/\ud800", 1, "verifikation_posted.v1", b"{}", None)
    answers: dict[str, Any] = {}
    start = Barrier(8)

    def add(append: Append) -> None:
        start.wait()
        try:
            answers[append.command_id] = log.append(append)
        except UnicodeEncodeError as error:
            answers[append.command_id] = error

    appends = [command(f"k-{n}", voucher(n)) for n in range(7)] + [command("bad", broken)]
    threads = [Thread(target=add, args=(append,)) for append in appends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert isinstance(answers.pop("bad"), UnicodeEncodeError)
    assert sorted(receipt.first for receipt in answers.values()) == list(range(1, 8))
    assert log.verify().ok


def test_the_waiting_lead_in_turn_and_groups_are_bounded() -> None:
    sizes: list[int] = []

    def commit_all(group: Sequence[Member]) -> None:
        sizes.append(sum(len(member.facts) for member in group))

    appender = Appender(commit_all)
    facts = [voucher(n) for n in range(150)]
    threads = [Thread(target=lambda: appender.submit(Member(facts, None))) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sizes) == 64 * 150
    assert max(sizes) <= 2_000


@pytest.mark.parametrize(
    ("around", "seconds", "wanted"), [(1, 0.001, 1), (1, 0.00001, 1), (16, 0.001, 8), (7, 0.001, 4), (16, 0.005, 16)]
)
def test_half_of_those_who_stand_in_line_share_a_quick_commit(around: int, seconds: float, wanted: int) -> None:
    appender = Appender(lambda _: None)
    appender._around, appender._last_seconds = around, seconds  # noqa: SLF001 - what it learns from commits is its own
    assert appender._wanted() == wanted  # noqa: SLF001


def test_where_nobody_can_work_meanwhile_all_share_a_commit() -> None:
    appender = Appender(lambda _: None, by_halves=False)
    appender._around, appender._last_seconds = 16, 0.001  # noqa: SLF001
    assert appender._wanted() == 16  # noqa: SLF001


def test_who_is_left_when_half_is_taken_is_next() -> None:
    groups: list[list[int]] = []
    appender = Appender(lambda group: groups.append([len(member.facts) for member in group]))
    appender._around = 6  # noqa: SLF001
    waiting = [Member([voucher(n) for n in range(size)], None) for size in range(1, 7)]
    appender._queue.extend(waiting)  # noqa: SLF001
    appender._lead()  # noqa: SLF001
    assert groups == [[1, 2, 3]]
    assert [member.is_done for member in waiting] == [True, True, True, False, False, False]
    # The next has been told to lead.
    assert waiting[3].turn.acquire(blocking=False)


def test_who_waits_for_an_interrupted_leader_is_told() -> None:
    def interrupted(_: Sequence[Member]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Appender(interrupted).submit(member := Member([voucher(1)], None))
    assert isinstance(member.refusal, InterruptedError)
