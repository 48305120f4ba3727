"""Group commit: threads hand in their facts, and whoever comes first commits for all who came meanwhile.

The first thread leads: it takes the queue and commits it as one transaction. Those who arrive in the meantime wait;
when the leader is done it lets the first of the new queue lead and wakes its group. A single thread never waits.

Where a commit is slow, a leader gives the threads of the last group a moment to come back, so that all who post share
it. Where it is quick, and most of it another process's work, it is better that half of them judge what comes next while
the other half is committed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from time import monotonic, sleep

from eventsourcing.persistence import OperationalError

from ledger.recording.judge import Member

#: A group takes no further member when it has this many facts, so that nobody waits for long.
GROUP_FACTS = 2_000

#: A leader waits for others at most this share of the last commit, and never longer than this.
SHARE_OF_A_COMMIT = 0.25
LONGEST_WAIT = 0.001

#: About what a thread does between two commits, in seconds: a commit is quick that takes less for each thread.
OWN_WORK = 0.00015


class Appender:
    """The queue in front of one log. `commit` judges and writes a group, and gives every member its answer."""

    def __init__(self, commit: Callable[[Sequence[Member]], None], *, by_halves: bool = True) -> None:
        """`by_halves`: whether others can work while a group is committed."""
        self._commit = commit
        self._by_halves = by_halves
        self._lock = Lock()
        self._queue: deque[Member] = deque()
        #: Who leads, or has been told to; None when nobody waits.
        self._leader: Member | None = None
        #: How many threads stood in line when the last commit was made, those that it carried included.
        self._around = 1
        self._last_seconds = 0.0

    def submit(self, member: Member) -> None:
        """Return when the member has its receipt. Errors: its refusal, or what went wrong in the database."""
        try:
            with self._lock:
                self._queue.append(member)
                leads = self._leader is None
                if leads:
                    self._leader = member
            if not leads:
                member.turn.acquire()
            if not member.is_done:
                self._lead()
        except BaseException:
            self._leave(member)
            raise
        if member.refusal is not None:
            raise member.refusal

    def _leave(self, member: Member) -> None:
        """Whoever is interrupted, waiting or leading, leaves the line to the others."""
        with self._lock:
            if member in self._queue:
                self._queue.remove(member)
            if self._leader is member:
                self._pass_on()

    def _pass_on(self) -> None:
        """Let the first of those who wait lead. Under the lock."""
        self._leader = self._queue[0] if self._queue else None
        if self._leader is not None:
            self._leader.turn.release()

    def _lead(self) -> None:
        wanted = self._wanted()
        self._gather(wanted)
        group = self._take(wanted)
        begun = monotonic()
        try:
            self._commit_all(group)
        except BaseException:
            # The leader was interrupted: those who wait must not take silence for a receipt.
            for member in group:
                member.refusal = member.refusal or InterruptedError("the commit was interrupted")
            raise
        finally:
            self._last_seconds = monotonic() - begun
            with self._lock:
                self._around = len(group) + len(self._queue)
                self._pass_on()
            for member in group:
                member.is_done = True
                member.turn.release()

    def _wanted(self) -> int:
        """How many are to share the next commit."""
        is_quick = self._by_halves and self._last_seconds < OWN_WORK * self._around
        return -(-self._around // 2) if is_quick else self._around

    def _gather(self, wanted: int) -> None:
        """Give threads that were around a moment to hand in their next facts."""
        deadline = monotonic() + min(SHARE_OF_A_COMMIT * self._last_seconds, LONGEST_WAIT)
        while len(self._queue) < wanted and monotonic() < deadline:
            sleep(LONGEST_WAIT / 20)

    def _take(self, wanted: int) -> list[Member]:
        with self._lock:
            group = [self._queue.popleft()]
            facts = len(group[0].facts)
            while len(group) < wanted and self._queue and facts + len(self._queue[0].facts) <= GROUP_FACTS:
                group.append(self._queue.popleft())
                facts += len(group[-1].facts)
        return group

    def _commit_all(self, group: list[Member]) -> None:
        """Commit together; when that fails as a whole, each by itself, so that one member cannot fail the others.

        Where the database cannot be had it is nobody's fault: all are told, after one wait for it.
        """
        try:
            self._commit(group)
        except OperationalError as error:
            for member in group:
                member.refusal = error
        except Exception as error:  # noqa: BLE001 - whatever happened belongs to the thread that asked for it
            if len(group) == 1:
                group[0].refusal = error
                return
            for member in group:
                self._commit_all([member])
