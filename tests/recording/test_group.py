"""In a group commit every member is judged by itself, in order of arrival; a refused one disturbs no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Barrier, Event, Thread
from time import sleep
from typing import Any, cast

import pytest
from eventsourcing.persistence import OperationalError

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

    def commit_all(group: Sequence[Member]) -> tuple[()]:
        sizes.append(sum(len(member.facts) for member in group))
        return ()

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
    appender = Appender(lambda _: ())
    appender._around, appender._last_seconds = around, seconds  # noqa: SLF001 - what it learns from commits is its own
    assert appender._wanted() == wanted  # noqa: SLF001


def test_where_nobody_can_work_meanwhile_all_share_a_commit() -> None:
    appender = Appender(lambda _: (), by_halves=False)
    appender._around, appender._last_seconds = 16, 0.001  # noqa: SLF001
    assert appender._wanted() == 16  # noqa: SLF001


def test_who_is_left_when_half_is_taken_is_next() -> None:
    groups: list[list[int]] = []

    def commit_all(group: Sequence[Member]) -> tuple[()]:
        groups.append([len(member.facts) for member in group])
        return ()

    appender = Appender(commit_all, by_halves=False)
    appender._around = 3  # noqa: SLF001
    waiting = [Member([voucher(n) for n in range(size)], None) for size in range(1, 7)]
    appender._queue.extend(waiting)  # noqa: SLF001
    appender._lead(waiting[0])  # noqa: SLF001
    assert groups == [[1, 2, 3]]
    assert [member.is_done for member in waiting] == [True, True, True, False, False, False]
    # The next has been told to lead.
    assert waiting[3].turn.acquire(blocking=False)


class Steps:
    """A quick commit whose answer has to be waited for; `said` tells what it has done, by the sizes of groups."""

    def __init__(self) -> None:
        self.said: list[tuple[str, int]] = []

    def __call__(self, group: Sequence[Member]) -> Iterator[None]:
        self.said.append(("sent", len(group)))
        yield
        self.said.append(("answered", len(group)))


@pytest.fixture
def steps() -> Steps:
    return Steps()


@pytest.fixture
def quick(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> tuple[Appender, list[Member]]:
    """Three who wait, of whom one is to share the first commit, however long it takes."""
    appender = Appender(steps)
    monkeypatch.setattr(appender, "_is_quick", lambda: True)
    waiting = [Member([voucher(n)], None) for n in range(3)]
    appender._queue.extend(waiting)  # noqa: SLF001
    appender._leader = waiting[0]  # noqa: SLF001
    return appender, waiting


def test_the_next_group_is_sent_before_anybody_is_woken(quick: tuple[Appender, list[Member]], steps: Steps) -> None:
    appender, (first, second, third) = quick
    appender._lead(first)  # noqa: SLF001
    assert steps.said == [("sent", 1), ("answered", 1), ("sent", 2)]
    assert [member.is_done for member in (first, second, third)] == [True, False, False]
    # Who is first in it waits for the answer.
    assert second.turn.acquire(blocking=False)
    assert not third.turn.acquire(blocking=False)
    appender._lead(second)  # noqa: SLF001
    assert steps.said[3:] == [("answered", 2)]
    assert third.is_done
    assert third.turn.acquire(blocking=False)
    appender.submit(Member([voucher(4)], None))
    assert steps.said[4:] == [("sent", 1), ("answered", 1)]


@pytest.mark.parametrize("has_heard", [True, False])
def test_who_is_gone_waits_for_no_answer(
    quick: tuple[Appender, list[Member]], steps: Steps, *, has_heard: bool
) -> None:
    appender, (first, second, third) = quick
    second.is_gone = True
    appender._lead(first)  # noqa: SLF001
    if has_heard:
        assert third.turn.acquire(blocking=False)
    # Interrupted when it was told to lead already.
    appender._leave(third)  # noqa: SLF001
    assert steps.said[2:] == [("sent", 2), ("answered", 2)]
    assert second.is_done
    appender.submit(Member([voucher(4)], None))


def test_a_group_that_all_have_left_is_waited_for(quick: tuple[Appender, list[Member]], steps: Steps) -> None:
    appender, (first, *others) = quick
    for member in others:
        member.is_gone = True
    appender._lead(first)  # noqa: SLF001
    assert steps.said == [("sent", 1), ("answered", 1), ("sent", 2), ("answered", 2)]
    appender.submit(Member([voucher(4)], None))
    assert all(member.is_done for member in others)


def test_a_group_that_cannot_be_sent_hurts_neither_the_one_before_nor_its_own_members() -> None:
    tried: list[int] = []

    def commit_some(group: Sequence[Member]) -> Iterator[None]:
        tried.append(len(group))
        if len(group) > 1:
            raise ValueError
        yield

    appender = Appender(commit_some)
    waiting = [Member([voucher(n)], None) for n in range(3)]
    appender._queue.extend(waiting)  # noqa: SLF001
    appender._is_quick = lambda: True  # type: ignore[method-assign]  # noqa: SLF001
    appender._lead(waiting[0])  # noqa: SLF001
    assert waiting[1].turn.acquire(blocking=False)
    appender._lead(waiting[1])  # noqa: SLF001
    assert tried == [1, 2, 1, 1]
    assert all(member.is_done and member.refusal is None for member in waiting)


def test_a_leader_who_waits_is_told_when_there_are_enough() -> None:
    steps = Steps()
    appender = Appender(steps, by_halves=False)
    first, second = (Member([voucher(n)], None) for n in range(2))
    appender._around, appender._last_seconds = 2, 1_000  # noqa: SLF001
    appender._queue.append(first)  # noqa: SLF001
    appender._leader = first  # noqa: SLF001
    appender._enough = 2  # noqa: SLF001
    joining = in_thread(lambda: appender.submit(second))
    assert first.turn.acquire(timeout=PATIENCE)
    appender._lead(first)  # noqa: SLF001
    joining.join(PATIENCE)
    assert steps.said == [("sent", 2), ("answered", 2)]


def test_who_waits_for_an_interrupted_leader_is_told() -> None:
    def interrupted(_: Sequence[Member]) -> Iterator[None]:
        yield
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Appender(interrupted).submit(member := Member([voucher(1)], None))
    assert isinstance(member.refusal, InterruptedError)


#: Seconds that a thread may take to come, on a machine that is busy with more.
PATIENCE = 60


class Interrupted:
    """A turn at which Ctrl-C comes in place of what is waited for, or just when it has come."""

    def __init__(self, *, has_come: bool) -> None:
        self.stands_in_line = Event()
        self._come = Event()
        if not has_come:
            self._come.set()

    def acquire(self, *, blocking: bool = True) -> None:
        if not blocking:
            return
        self.stands_in_line.set()
        self._come.wait(PATIENCE)
        raise KeyboardInterrupt

    def release(self) -> None:
        self._come.set()


def in_thread(done: Callable[[], object]) -> Thread:
    thread = Thread(target=done, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize("is_told_to_lead", [True, False])
def test_who_is_interrupted_while_waiting_stops_nobody(*, is_told_to_lead: bool) -> None:
    first, gone, waits = (Member([voucher(n)], None) for n in range(3))
    turn = Interrupted(has_come=is_told_to_lead)
    gone.turn = cast("Any", turn)
    begun, may_end = Event(), Event()

    def commit_all(group: Sequence[Member]) -> tuple[()]:
        if first in group:
            begun.set()
            may_end.wait(PATIENCE)
        return ()

    # After a quick commit whoever waits would be sent on at once.
    appender = Appender(commit_all, by_halves=False)

    def wait_behind() -> None:
        turn.stands_in_line.wait(PATIENCE)
        in_line = in_thread(lambda: appender.submit(waits))
        while waits not in appender._queue:  # noqa: SLF001 - who stands in line is seen from inside
            sleep(0.001)
        may_end.set()
        in_line.join(PATIENCE)

    leading = in_thread(lambda: appender.submit(first))
    begun.wait(PATIENCE)
    behind = in_thread(wait_behind)
    with pytest.raises(KeyboardInterrupt):
        appender.submit(gone)
    for thread in (leading, behind):
        thread.join(PATIENCE)
    assert first.is_done
    assert waits.is_done
    assert not gone.is_done


def test_who_is_interrupted_before_it_leads_leaves_it_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    appender = Appender(lambda _: ())
    follower = Member([voucher(2)], None)
    threads: list[Thread] = []

    def interrupted(*_: object) -> None:
        monkeypatch.undo()
        threads.append(in_thread(lambda: appender.submit(follower)))
        while len(appender._queue) < 2:  # noqa: SLF001
            sleep(0.001)
        raise KeyboardInterrupt

    monkeypatch.setattr(appender, "_gather", interrupted)
    with pytest.raises(KeyboardInterrupt):
        appender.submit(Member([voucher(1)], None))
    threads[0].join(PATIENCE)
    assert follower.is_done
    # The line is open again.
    third = in_thread(lambda: appender.submit(Member([voucher(3)], None)))
    third.join(PATIENCE)
    assert not third.is_alive()


def test_all_are_told_at_once_that_the_database_is_away() -> None:
    tries: list[int] = []

    def away(group: Sequence[Member]) -> Iterator[None]:
        yield
        tries.append(len(group))
        msg = "away"
        raise OperationalError(msg)

    appender = Appender(away, by_halves=False)
    appender._around = 3  # noqa: SLF001 - as if three had stood in line
    waiting = [Member([voucher(n)], None) for n in range(3)]
    appender._queue.extend(waiting)  # noqa: SLF001
    appender._lead(waiting[0])  # noqa: SLF001
    assert tries == [3]
    assert all(isinstance(member.refusal, OperationalError) and member.is_done for member in waiting)
