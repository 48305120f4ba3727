"""Group commit: threads hand in their facts, and whoever comes first commits for all who came meanwhile.

The first thread leads: it takes the queue and commits it as one transaction. Those who arrive in the meantime wait;
when the leader is done it wakes its group and lets the first of the new queue lead. A single thread never waits; a
leader after a group gives that group's threads a moment to come back, or every other commit would carry one of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from time import monotonic, sleep

from ledger.recording.judge import Member

#: A group takes no further member when it has this many facts, so that nobody waits for long.
GROUP_FACTS = 2_000

#: A leader waits for a group as large as the last at most this share of the last commit, and never longer than this.
SHARE_OF_A_COMMIT = 0.25
LONGEST_WAIT = 0.001


class Appender:
    """The queue in front of one log. `commit` judges and writes a group, and gives every member its answer."""

    def __init__(self, commit: Callable[[Sequence[Member]], None]) -> None:
        self._commit = commit
        self._lock = Lock()
        self._queue: deque[Member] = deque()
        self._is_led = False
        self._last_size = 1
        self._last_seconds = 0.0

    def submit(self, member: Member) -> None:
        """Return when the member has its receipt. Errors: its refusal, or what went wrong in the database."""
        with self._lock:
            self._queue.append(member)
            leads = not self._is_led
            self._is_led = True
        if not leads:
            member.turn.acquire()
        if not member.is_done:
            self._lead()
        if member.refusal is not None:
            raise member.refusal

    def _lead(self) -> None:
        self._gather()
        group = self._take()
        begun = monotonic()
        try:
            self._commit_all(group)
        except BaseException:
            # The leader was interrupted: those who wait must not take silence for a receipt.
            for member in group:
                member.refusal = member.refusal or InterruptedError("the commit was interrupted")
            raise
        finally:
            self._last_size, self._last_seconds = len(group), monotonic() - begun
            with self._lock:
                heir = self._queue[0] if self._queue else None
                self._is_led = heir is not None
            for member in group:
                member.is_done = True
                member.turn.release()
            if heir is not None:
                heir.turn.release()

    def _gather(self) -> None:
        """Give the threads of the last group a moment to hand in their next facts."""
        deadline = monotonic() + min(SHARE_OF_A_COMMIT * self._last_seconds, LONGEST_WAIT)
        while len(self._queue) < self._last_size and monotonic() < deadline:
            sleep(LONGEST_WAIT / 20)

    def _take(self) -> list[Member]:
        with self._lock:
            group = [self._queue.popleft()]
            facts = len(group[0].facts)
            while self._queue and facts + len(self._queue[0].facts) <= GROUP_FACTS:
                group.append(self._queue.popleft())
                facts += len(group[-1].facts)
        return group

    def _commit_all(self, group: list[Member]) -> None:
        """Commit together; when that fails as a whole, each by itself, so that one member cannot fail the others."""
        try:
            self._commit(group)
        except Exception as error:  # noqa: BLE001 - whatever happened belongs to the thread that asked for it
            if len(group) == 1:
                group[0].refusal = error
                return
            for member in group:
                self._commit_all([member])
