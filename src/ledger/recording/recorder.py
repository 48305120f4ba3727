"""What our two recorders have in common: the ways in, the group commit, and the wait for what is new."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from itertools import chain
from threading import Condition, Event, Thread
from time import monotonic
from typing import Any, Protocol

from eventsourcing.persistence import ApplicationRecorder, ListenNotifySubscription, StoredEvent

from ledger.recording.append import Append, Receipt
from ledger.recording.appender import Appender
from ledger.recording.codec import Encoded
from ledger.recording.judge import Addition, Ground, Member, check_guards, repeated
from ledger.recording.reading import Reading
from ledger.recording.stamping import SALT_SIZE, Clock, Row, Salt
from ledger.recording.waking import Pulse

Progress = Callable[[int], None]


class Repeated(Exception):  # noqa: N818 - an answer, not an error
    """The command was recorded before. `receipt` says where."""

    def __init__(self, receipt: Receipt) -> None:
        """Keep the receipt of the first time."""
        self.receipt = receipt
        super().__init__(f"already recorded at @{receipt.first} to @{receipt.last}")


class FileWriter(Protocol):
    """One transaction that holds the head row and takes in any number of facts."""

    ground: Ground

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows. Errors: Moved when a stream and version is taken."""

    def finish(self, addition: Addition) -> None:
        """Write commands, guard keys, frontiers and head, and commit."""


class Signal:
    """Wakes those who wait for facts, within this process."""

    def __init__(self) -> None:
        self._condition = Condition()
        self.count = 0

    def give(self) -> None:
        """Something is new."""
        with self._condition:
            self.count += 1
            self._condition.notify_all()

    def wait(self, seen: int, timeout: float) -> None:
        """Return when a signal was given after `seen`, or after `timeout` seconds."""
        with self._condition:
            if self.count == seen:
                self._condition.wait(timeout)


class LogRecorder(Reading, ApplicationRecorder):
    """Our half of a recorder; the other half is the library's recorder of the backend."""

    #: Seconds between looks at the head row when nobody signals.
    poll: float

    #: Whether a commit leaves this process time to judge what comes next.
    by_halves: bool

    def set_up(self) -> None:
        """Ready the queue and the signal; clock and salt are the real ones until others are given."""
        self.clock: Clock = _now
        self.salt: Salt = _random_salt
        self.signal, self.pulse = Signal(), Pulse()
        self.appender = Appender(self.commit, by_halves=self.by_halves)

    @abstractmethod
    def commit(self, group: Sequence[Member]) -> Iterable[None]:
        """Judge and write a group in one transaction; every member gets its receipt or refusal.

        To be gone through to its end. It may stop wherever it would wait for the database, and go on in another thread.
        """

    @abstractmethod
    def file_writer(self, append: Append) -> AbstractContextManager[FileWriter]:
        """A transaction for a whole file; its ground knows the command and the guard keys of `append`."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is the recorder's own; the library's datastore is closed by its application."""

    def watch(self) -> None:
        """Begin to listen to other processes, where the backend can."""

    # ---------------------------------------------------------------- ways in

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, append: Append | None = None, **_: Any
    ) -> Sequence[int] | None:
        """Add facts (`app.events.put(facts, append=…)`) or the library's plain stored events; returns positions.

        Errors: Moved, CommandIdTaken, ClockIsBehind; Repeated when the command was recorded before.
        """
        if not stored_events and append is None:
            return []
        receipt = self.add([_encoded(event) for event in stored_events], append)
        if receipt.repeated:
            raise Repeated(receipt)
        return list(range(receipt.first, receipt.last + 1))

    def add(self, facts: Sequence[Encoded], append: Append | None) -> Receipt:
        """Add the facts of one command, together with those of other threads.

        Errors: Moved, CommandIdTaken, ClockIsBehind; ValueError for a command without facts.
        """
        if not facts and append is not None:
            msg = f"the command {append.command_id} has no facts to add"
            raise ValueError(msg)
        member = Member(facts, append)
        self.appender.submit(member)
        if member.receipt is None:
            msg = "a member left the group without receipt"
            raise RuntimeError(msg)
        return member.receipt

    def append_file(self, batches: Iterable[Sequence[Encoded]], append: Append, progress: Progress | None) -> Receipt:
        """Add the facts of a file in one transaction; the head row is locked when the first batch is ready.

        Errors: as `insert_events` but Repeated; whatever the iterator raises. Then nothing was added.
        """
        earlier = self.command(append.command_id)
        if earlier is not None:
            return repeated(append, earlier)
        waiting = iter(batches)
        first_batch = next((batch for batch in waiting if batch), None)
        if first_batch is None:
            msg = f"the command {append.command_id} has no facts to add"
            raise ValueError(msg)
        receipt = self._write_file(chain([first_batch], waiting), append, progress)
        self.signal.give()
        return receipt

    def _write_file(self, batches: Iterator[Sequence[Encoded]], append: Append, progress: Progress | None) -> Receipt:
        with self.file_writer(append) as writer:
            earlier = writer.ground.commands.get(append.command_id)
            if earlier is not None:
                return repeated(append, earlier)
            addition = Addition(writer.ground, self.clock, self.salt)
            addition.stamper.begin()
            check_guards(append, writer.ground)
            first = addition.stamper.size + 1
            for batch in batches:
                writer.write(addition.stamper.stamp(batch, append.actor, append.mandat, append.command_id))
                if progress is not None:
                    progress(addition.stamper.size - first + 1)
            addition.conclude(append, first, writer.ground)
            writer.finish(addition)
            return Receipt(first, addition.stamper.size, repeated=False)

    # ---------------------------------------------------------------- waiting

    def wait(self, after: int, timeout: float) -> int:
        """The head's position as soon as it is past `after`, or as it is after `timeout` seconds."""
        deadline = monotonic() + timeout
        self.watch()
        while True:
            seen = self.signal.count
            size = self.size()
            self.pulse.note(size)
            remaining = deadline - monotonic()
            if size > after or remaining <= 0:
                return size
            self.signal.wait(seen, min(remaining, self.pulse.pause(self.poll)))

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> LogSubscription:
        """The library's endless iterator over facts, on both backends."""
        return LogSubscription(self, gt, topics)


class LogSubscription(ListenNotifySubscription[LogRecorder]):
    """A subscription that waits the way the log does."""

    def __init__(self, recorder: LogRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        """Begin after position `gt`."""
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._ended = Event()
        self._watch_thread = Thread(target=self._watch, daemon=True)
        self._watch_thread.start()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        """Stop both threads."""
        try:
            super().__exit__(*args, **kwargs)
        finally:
            self._watch_thread.join()

    def _watch(self) -> None:
        seen = self._last_notification_id or 0
        try:
            while not self._has_been_stopped:
                size = self._recorder.wait(seen, 0.1)
                if size > seen:
                    seen = size
                    self._has_been_notified.set()
        except BaseException as error:  # noqa: BLE001 - the reading thread raises it
            self._thread_error = self._thread_error or error
            self.stop()


def _encoded(event: StoredEvent | Encoded) -> Encoded:
    if isinstance(event, Encoded):
        return event
    return Encoded(str(event.originator_id), event.originator_version, event.topic, event.state, None)


def _now() -> datetime:
    return datetime.now(UTC)


def _random_salt() -> bytes:
    return os.urandom(SALT_SIZE)
