"""Group commit: threads hand in their facts, and whoever comes first commits for all who came meanwhile.

The first thread leads: it takes the queue and commits it as one transaction. Those who arrive in the meantime wait;
when the leader is done it lets the first of the new queue lead and wakes its group. A single thread never waits.

Where a commit is slow, a leader gives the threads of the last group a moment to come back, so that all who post share
it. Where it is quick, and most of it another process's work, it is better that half of them judge what comes next while
the other half is committed. Then the leader sends the next group too, before it wakes its own, and leaves it to the
first of that group to wait for the answer: the database need not rest while threads wake.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Lock
from time import monotonic

from eventsourcing.persistence import OperationalError

from ledger.recording.judge import Member

#: A group takes no further member when it has this many facts, so that nobody waits for long.
GROUP_FACTS = 2_000

#: A leader waits for others at most this share of the last commit, and never longer than this.
SHARE_OF_A_COMMIT = 0.25
LONGEST_WAIT = 0.001

#: About what a thread does between two commits, in seconds: a commit is quick that takes less for each thread.
OWN_WORK = 0.00015

#: Judges and writes a group, and gives every member its answer. It may stop wherever it would wait for the database,
#: and wait when it is gone on with, by whichever thread.
Commit = Callable[[Sequence[Member]], Iterable[None]]


class Flight:
    """A group on its way: what is left of its commit, and when it began."""

    __slots__ = ("begun", "group", "steps")

    def __init__(self, group: list[Member]) -> None:
        self.group = group
        self.begun = monotonic()
        self.steps: Iterator[None] = iter(())


class Appender:
    """The queue in front of one log."""

    def __init__(self, commit: Commit, *, by_halves: bool = True) -> None:
        """`by_halves`: whether others can work while a group is committed."""
        self._commit = commit
        self._by_halves = by_halves
        self._lock = Lock()
        self._queue: deque[Member] = deque()
        #: Who leads, or has been told to; None when nobody waits.
        self._leader: Member | None = None
        #: The group that the leader has been told to wait for.
        self._flight: Flight | None = None
        #: How many in the queue wake a leader who waits for them; 0 while nobody does.
        self._enough = 0
        #: How many threads stood in line when the last commit was made, those that it carried included.
        self._around = 1
        self._last_seconds = 0.0

    def submit(self, member: Member) -> None:
        """Return when the member has its receipt. Errors: its refusal, or what went wrong in the database."""
        try:
            with self._lock:
                self._queue.append(member)
                leader = self._leader
                if leader is None:
                    self._leader = member
                elif 0 < self._enough <= len(self._queue):
                    self._enough = 0
                    leader.turn.release()
            if leader is not None:
                member.turn.acquire()
            if not member.is_done:
                self._lead(member)
        except BaseException:
            self._leave(member)
            raise
        if member.refusal is not None:
            raise member.refusal

    def _leave(self, member: Member) -> None:
        """Whoever is interrupted, waiting or leading, leaves the line to the others."""
        with self._lock:
            member.is_gone = True
            if member in self._queue:
                self._queue.remove(member)
            if self._leader is not member:
                return
            self._enough = 0
            # Whether it had heard that it leads or not.
            member.turn.acquire(blocking=False)
            flight = self._flight
            if flight is None:
                self._pass_on(self._queue)
        if flight is not None:
            self._land(flight)

    def _pass_on(self, heirs: Iterable[Member]) -> None:
        """Let the first of those who wait lead. Under the lock."""
        self._leader = next((member for member in heirs if not member.is_gone), None)
        if self._leader is not None:
            self._leader.turn.release()

    def _lead(self, member: Member) -> None:
        flight = self._flight
        if flight is None:
            wanted = self._wanted()
            self._gather(wanted, member)
            with self._lock:
                group = self._take(wanted)
            flight = Flight(group)
            try:
                self._go_on(flight, self._depart)
            except BaseException:
                self._hand_over(flight)
                raise
        self._land(flight)

    def _land(self, flight: Flight) -> None:
        """Wait for a group's answer, and for the next leader's start."""
        try:
            self._go_on(flight, _arrive)
        finally:
            self._hand_over(flight)

    def _hand_over(self, landed: Flight) -> None:
        """Send those who wait, if they are enough; let the first of them lead; wake who has an answer."""
        self._last_seconds = monotonic() - landed.begun
        with self._lock:
            self._flight = None
            self._around = len(landed.group) + len(self._queue)
            wanted = self._wanted()
            group = self._take(GROUP_FACTS) if self._is_quick() and len(self._queue) >= wanted else []
        following = Flight(group) if group else None
        try:
            if following is not None:
                self._go_on(following, self._depart)
        finally:
            with self._lock:
                self._flight = following
                self._pass_on(self._queue if following is None else group)
                are_gone = following is not None and self._leader is None
                if are_gone:
                    # Nobody leads meanwhile.
                    self._leader = group[0]
            for member in landed.group:
                member.is_done = True
                member.turn.release()
            if following is not None and are_gone:
                self._land(following)

    def _is_quick(self) -> bool:
        return self._by_halves and self._last_seconds < OWN_WORK * self._around

    def _wanted(self) -> int:
        """How many are to share the next commit."""
        return -(-self._around // 2) if self._is_quick() else self._around

    def _gather(self, wanted: int, leader: Member) -> None:
        """Give threads that were around a moment to hand in their next facts."""
        with self._lock:
            if len(self._queue) >= wanted:
                return
            self._enough = wanted
        leader.turn.acquire(timeout=min(SHARE_OF_A_COMMIT * self._last_seconds, LONGEST_WAIT))
        with self._lock:
            self._enough = 0
        # Whoever told the leader just after it had given up has left its turn open.
        leader.turn.acquire(blocking=False)

    def _take(self, wanted: int) -> list[Member]:
        """So many of the queue, and no more than a group may have. Under the lock."""
        group = [self._queue.popleft()]
        facts = len(group[0].facts)
        while len(group) < wanted and self._queue and facts + len(self._queue[0].facts) <= GROUP_FACTS:
            group.append(self._queue.popleft())
            facts += len(group[-1].facts)
        return group

    def _depart(self, flight: Flight) -> None:
        flight.steps = iter(self._commit(flight.group))
        next(flight.steps, None)

    def _go_on(self, flight: Flight, step: Callable[[Flight], None]) -> None:
        """Go on with a commit; when it fails as a whole, each by itself, so that one member cannot fail the others.

        Where the database cannot be had it is nobody's fault: all are told, after one wait for it.
        """
        group = flight.group
        try:
            step(flight)
        except OperationalError as error:
            for member in group:
                member.refusal = error
        except Exception as error:  # noqa: BLE001 - whatever happened belongs to the thread that asked for it
            if len(group) == 1:
                group[0].refusal = error
                return
            for member in group:
                self._go_on(alone := Flight([member]), self._depart)
                self._go_on(alone, _arrive)
        except BaseException:
            # The leader was interrupted: those who wait must not take silence for a receipt.
            for member in group:
                member.refusal = member.refusal or InterruptedError("the commit was interrupted")
            raise


def _arrive(flight: Flight) -> None:
    for _ in flight.steps:
        pass
