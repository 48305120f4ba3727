"""Group commit: threads hand in their facts, and whoever comes first commits for all who came meanwhile.

The first thread leads: it takes the queue and commits it as one transaction. Those who arrive in the meantime wait;
when the leader is done it wakes its group and lets the first of the new queue lead. A single thread never waits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock

from ledger.recording.judge import Member

#: A group takes no further member when it has this many facts, so that nobody waits for long.
GROUP_FACTS = 2_000


class Appender:
    """The queue in front of one log. `commit` judges and writes a group, and gives every member its answer."""

    def __init__(self, commit: Callable[[Sequence[Member]], None]) -> None:
        self._commit = commit
        self._lock = Lock()
        self._queue: deque[Member] = deque()
        self._is_led = False

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
        group = self._take()
        try:
            self._commit_all(group)
        except BaseException:
            # The leader was interrupted: those who wait must not take silence for a receipt.
            for member in group:
                member.refusal = member.refusal or InterruptedError("the commit was interrupted")
            raise
        finally:
            with self._lock:
                heir = self._queue[0] if self._queue else None
                self._is_led = heir is not None
            for member in group:
                member.is_done = True
                member.turn.release()
            if heir is not None:
                heir.turn.release()

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
