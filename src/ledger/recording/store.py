"""The log of facts as the rest of the house sees it: open, append, read, prove, wait.

Facts are only ever added. Every method may be called from any thread; several processes may have the same log open.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast

from eventsourcing.application import Application
from eventsourcing.persistence import PersistenceError as LogIsAway

from ledger.domain.fact import Fact, check_catalogue
from ledger.recording.append import Append, ClockIsBehind, CommandIdTaken, Moved, Receipt
from ledger.recording.codec import Encoded, Unreadable, decode
from ledger.recording.instant import instant_text, text_instant
from ledger.recording.judge import repeated
from ledger.recording.proof import Proof, prove
from ledger.recording.reading import IntegrityBroken
from ledger.recording.recorder import LogRecorder, Progress
from ledger.recording.stamping import Clock, Salt
from ledger.recording.tree import Frontier
from ledger.recording.verify import Verification, verify
from ledger.recording.writer_process import WriterProcess

if TYPE_CHECKING:
    from ledger.recording.lean import PostingPage

__all__ = [
    "Append",
    "ClockIsBehind",
    "CommandIdTaken",
    "FactLog",
    "Head",
    "IntegrityBroken",
    "LogIsAway",
    "Moved",
    "Proof",
    "Receipt",
    "Recorded",
    "Stored",
    "Verification",
    "not_collecting",
]


#: From so many facts on, a page is read without the garbage collector.
LARGE_PAGE = 500


class Recorded(NamedTuple):
    """A fact with its envelope. `recorded_at` is UTC; `actor` a pseudonym (katalog.py); `mandat` by which right."""

    position: int
    recorded_at: datetime
    stream: str
    version: int
    name: str
    actor: str
    mandat: str
    command_id: str
    fact: Fact


class Stored(NamedTuple):
    """A fact as it is stored: what an export carries and a verifier hashes. `recorded_at` is text.

    `private` and `salt` are None where there is no private part, and where it was blanked; then the digest remains.
    """

    position: int
    recorded_at: str
    stream: str
    version: int
    name: str
    actor: str
    mandat: str
    command_id: str
    public: bytes
    private: bytes | None
    salt: bytes | None
    private_digest: bytes | None


class Head(NamedTuple):
    """The newest position (0 for an empty log), when it was recorded, and the tree head over all facts, hex."""

    position: int
    recorded_at: datetime | None
    root: str


class FactLog:
    """The log of one ledger."""

    def __init__(self, app: Application[str], settings: Mapping[str, str]) -> None:
        """Use `FactLog.open`."""
        self._app = app
        self._settings = settings
        self._recorder = cast("LogRecorder", app.recorder)

    @staticmethod
    def open(url: str, *, clock: Clock, salt: Salt, create: bool = True) -> FactLog:
        """Open the log at `sqlite:///path.db` or `postgresql://…`; make its tables first where `create` says so.

        `clock` gives an aware now, `salt` 16 random bytes. Errors: TypeError for a catalogue that cannot be read back,
        place.NoLedger when there is no log and `create` is false.
        """
        from ledger.recording import place  # noqa: PLC0415 - takes as long to load as the rest, which `at` is without

        where = place.of(url)
        if create:
            where.create()
        elif not where.is_created():
            raise place.NoLedger(url)
        return FactLog.at(where.settings(), clock=clock, salt=salt)

    @staticmethod
    def at(settings: Mapping[str, str], *, clock: Clock, salt: Salt) -> FactLog:
        """Open a log that another process has open, told by the library's settings. Errors: TypeError as `open`."""
        check_catalogue()
        log = FactLog(Application[str](settings), settings)
        log._recorder.clock, log._recorder.salt = clock, salt
        return log

    def __enter__(self) -> Self:
        """The log itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._recorder.close()
        self._app.close()

    # ---------------------------------------------------------------- adding

    def append(self, append: Append) -> Receipt:
        """Add the facts of one command, durably, together with those of other threads.

        A command recorded before gets its first receipt again (`repeated`). Errors: Moved, CommandIdTaken,
        ClockIsBehind – nothing was added; ValueError for a command without facts.
        """
        return self._recorder.add(append.facts, append)

    def append_file(
        self, batches: Iterable[Sequence[Encoded]], append: Append, progress: Progress | None = None
    ) -> Receipt:
        """Add the facts of a file in one transaction: batches of some 10,000, `append.facts` left empty.

        Other writers wait from the first batch on, so the batches are best validated before, and must not append
        themselves: they would wait for their own file. `progress` is told the number of facts written so far.
        Errors: as `append`; and whatever `batches` raises – then nothing was added.
        """
        if append.facts:
            msg = "the facts of a file come in batches"
            raise ValueError(msg)
        return self._recorder.append_file(batches, append, progress)

    def writer_process(self) -> WriterProcess:
        """A second process that appends to the same log, for imports in several parts."""
        return WriterProcess(self._settings, self._recorder)

    def receipt(self, command_id: str, fields: Mapping[str, str]) -> Receipt | None:
        """The first answer to a command that is recorded already, None if it is not. Errors: CommandIdTaken."""
        earlier = self._recorder.command(command_id)
        return None if earlier is None else repeated(Append(command_id, fields, "-", "-"), earlier)

    # ---------------------------------------------------------------- reading

    def read(
        self, after: int = 0, *, upto: int | None = None, limit: int = 10_000, postings: bool = True
    ) -> list[Recorded]:
        """Facts at positions after+1 … upto, in order, at most `limit`.

        Without `postings`, vouchers and outcome rows are skipped, and not even read. Errors: IntegrityBroken for bytes
        that are no fact.
        """
        with not_collecting(limit):
            return [_recorded(row) for row in self._recorder.facts(after, upto, limit, postings=postings)]

    def read_postings(
        self, after: int = 0, *, upto: int | None = None, limit: int = 10_000, stamps: bool = False
    ) -> PostingPage:
        """The outcome rows at positions after+1 … upto as flat columns, of `limit` positions at most; see PostingPage.

        The same rows in the same order as from facts read whole, several times as fast. With `stamps` it also tells who
        recorded the vouchers, and in which hour. Errors: as `read`.
        """
        from ledger.recording import lean  # noqa: PLC0415 - loads numpy, which only who reads this needs

        with not_collecting(limit):
            return lean.read(self._recorder, after, upto, limit, stamps=stamps)

    def read_positions(self, positions: Sequence[int]) -> list[Recorded]:
        """The facts at some positions, in order of position. Errors: as `read`."""
        return [_recorded(row) for row in self._recorder.facts_at(positions)]

    def read_raw(self, after: int = 0, upto: int | None = None, limit: int = 10_000) -> list[Stored]:
        """Facts as they are stored, in order."""
        return [Stored._make(row) for row in self._recorder.facts(after, upto, limit)]

    def stream(self, stream: str) -> list[Recorded]:
        """All facts of one stream in order of version."""
        return [_recorded(row) for row in self._recorder.stream_facts(stream)]

    def streams(self, streams: Sequence[str]) -> list[Recorded]:
        """All facts of some streams; those of one stream in order of version."""
        return [_recorded(row) for row in self._recorder.streams_facts(streams)]

    def versions(self, streams: Sequence[str]) -> dict[str, int]:
        """The newest version of each of these streams; those that do not exist are left out."""
        return self._recorder.newest_versions(streams)

    def last_under(self, prefix: str) -> str | None:
        """The last stream key that begins with `prefix`, in the order of code points; None when there is none."""
        return self._recorder.last_stream_under(prefix)

    def touched(self, keys: Collection[str]) -> dict[str, int]:
        """Position at which each of these guard keys was last touched; those never touched are left out."""
        return self._recorder.touched_keys(keys)

    # ---------------------------------------------------------------- proof and time

    def head(self) -> Head:
        """The newest position with its instant and root. Errors: IntegrityBroken for a head that was changed."""
        row = self._recorder.head_row()
        try:
            root = Frontier(row.size, row.frontier).root().hex()
            return Head(row.size, text_instant(row.recorded_at) if row.size else None, root)
        except (TypeError, ValueError) as error:
            msg = f"loggens huvud @{row.size} går inte att läsa"
            raise IntegrityBroken(msg) from error

    def now(self) -> datetime:
        """What the clock of the log says (aware): when a fact would be recorded now."""
        return self._recorder.clock()

    def root_at(self, position: int) -> str:
        """The tree head over facts 1 … position, hex. Errors: ValueError for a position that does not exist."""
        return self._recorder.frontier_at(position).root().hex()

    def prove(self, position: int, size: int) -> Proof:
        """That a fact is in the log as it was after `size` facts. Errors: ValueError, IntegrityBroken."""
        return prove(self._recorder, position, size)

    def recorded_at(self, position: int) -> datetime:
        """When the fact at a position was recorded, UTC. Errors: ValueError for a position that does not exist."""
        text = self._recorder.recorded_at_text(position)
        if text is None:
            msg = f"there is no position {position}"
            raise ValueError(msg)
        return text_instant(text)

    def stamp_at(self, position: int) -> tuple[datetime, str]:
        """When the fact at a position was recorded, and the tree head there, hex. Errors: as `recorded_at`."""
        text, frontier = self._recorder.stamp_at(position)
        if not text:
            msg = f"there is no position {position}"
            raise ValueError(msg)
        return text_instant(text), frontier.root().hex()

    def position_at(self, instant: datetime) -> int:
        """The last position recorded at or before an instant (aware); 0 if none."""
        return self._recorder.last_at(instant_text(instant))

    def verify(self, progress: Progress | None = None) -> Verification:
        """Check the whole log; the first thing that does not hold is named by position, in Swedish."""
        return verify(self._recorder, progress)

    def wait(self, after: int, timeout: float) -> int:
        """The newest position as soon as it is past `after`, or as it is after `timeout` seconds."""
        return self._recorder.wait(after, timeout)


@contextmanager
def not_collecting(objects: int) -> Iterator[None]:
    """Spare a large number of objects the garbage collector, which would walk them again and again and find nothing.

    It halves the cost of a page of facts. Threads may overlap: whoever found the collector running starts it again.
    """
    if objects < LARGE_PAGE or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _recorded(row: tuple[Any, ...]) -> Recorded:
    position, recorded_at, stream, version, name, actor, mandat, command_id, public, private, _, digest = row
    try:
        fact = decode(name, public, private, erased=private is None and digest is not None)
    except Unreadable as error:
        msg = f"faktum @{position} går inte att läsa: {error}"
        raise IntegrityBroken(msg) from error
    return Recorded(position, text_instant(recorded_at), stream, version, name, actor, mandat, command_id, fact)
