"""The envelope of a fact, given under the lock, or for a head that the lock confirms: position, instant, salt, leaf.

Rule: positions are 1, 2, 3 …; recorded_at = max(clock, previous + 1 µs); refused when the clock is over five minutes
behind. One call of the clock per command and one of the salt per private part, in order, so that two ledgers fed with
the same clock, salts and commands hold the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, repeat
from typing import Generic, NamedTuple, TypeVar

from ledger.recording.append import ClockIsBehind
from ledger.recording.codec import Encoded
from ledger.recording.instant import naive_text, naive_texts
from ledger.recording.tree import FRONTIER_STEP, Frontier, envelope_fields, leaf_hash, leaf_hashes, private_digest

Clock = Callable[[], datetime]
Salt = Callable[[], bytes]
Given = TypeVar("Given")

#: How far the clock may be behind the newest fact.
PATIENCE = timedelta(minutes=5)
SALT_SIZE = 16

#: So few facts are stamped one by one; more are stamped in columns, which pays from here on.
FEW = 3

_TICK = timedelta(microseconds=1)


class Row(NamedTuple):
    """One row of table `facts`: the ten fields of the leaf, what opens the private part, and the leaf itself."""

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
    leaf: bytes


#: Makes a row from its fields in order, at half the cost of its own constructor.
_row: Callable[[type[Row], tuple[object, ...]], Row] = tuple.__new__


class Noted(Generic[Given]):
    """A clock or a salt that can be gone through again: after `rewind` it gives what it has given, then what is new."""

    def __init__(self, source: Callable[[], Given]) -> None:
        self._source = source
        self._given: list[Given] = []
        self._at = 0

    def __call__(self) -> Given:
        """The next."""
        if self._at == len(self._given):
            self._given.append(self._source())
        self._at += 1
        return self._given[self._at - 1]

    def rewind(self) -> None:
        """Begin from the beginning."""
        self._at = 0


class Stamper:
    """Stamps facts after the head of the log. `size`, `recorded_at` and `frontier` are the head as it becomes."""

    def __init__(self, size: int, recorded_at: str, packed: bytes, clock: Clock, salt: Salt) -> None:
        """Take up the log at its head. `recorded_at` is empty for a log without facts."""
        self.frontier = Frontier(size, packed)
        self.recorded_at = recorded_at
        #: Frontiers to be kept, as (position, packed).
        self.kept: list[tuple[int, bytes]] = []
        self._clock, self._salt = clock, salt
        self._previous = datetime.fromisoformat(recorded_at).replace(tzinfo=None) if recorded_at else None
        self._moment = datetime.min  # noqa: DTZ901 - replaced by `begin` before it is used

    @property
    def size(self) -> int:
        """Number of facts, which is the position of the last one."""
        return self.frontier.size

    def begin(self) -> None:
        """Look at the clock for a command. Errors: ClockIsBehind."""
        now = self._clock().astimezone(UTC).replace(tzinfo=None)
        if self._previous is None:
            self._moment = now
            return
        if now < self._previous - PATIENCE:
            raise ClockIsBehind(naive_text(now), self.recorded_at)
        self._moment = max(now, self._previous + _TICK)

    def stamp(self, facts: Sequence[Encoded], actor: str, mandat: str, command_id: str) -> list[Row]:
        """Rows for facts of one command, next to one another."""
        if len(facts) < FEW:
            return [self._stamp_one(fact, actor, mandat, command_id) for fact in facts]
        streams, versions, names, publics, privates = zip(*facts, strict=True)
        last = self._moment + (len(facts) - 1) * _TICK
        positions = range(self.size + 1, self.size + len(facts) + 1)
        instants = list(islice(naive_texts(self._moment), len(facts)))
        salts = [None if private is None else self._salt() for private in privates]
        digests = list(map(_digest, privates, salts))
        envelopes = {name: envelope_fields(name, actor, mandat, command_id) for name in set(names)}
        leaves = leaf_hashes(
            positions, instants, streams, versions, map(envelopes.__getitem__, names), publics,
            (digest or b"" for digest in digests),
        )  # fmt: skip
        self.kept += self.frontier.extend(leaves)
        self._previous, self._moment, self.recorded_at = last, last + _TICK, instants[-1]
        of_all = repeat(actor), repeat(mandat), repeat(command_id)
        columns = positions, instants, streams, versions, names, *of_all, publics, privates, salts, digests, leaves
        return list(map(_row, repeat(Row), zip(*columns, strict=False)))

    def _stamp_one(self, fact: Encoded, actor: str, mandat: str, command_id: str) -> Row:
        """The same for one fact, in half the time."""
        stream, version, name, public, private = fact
        position, instant = self.size + 1, naive_text(self._moment)
        salt = None if private is None else self._salt()
        digest = _digest(private, salt)
        leaf = leaf_hash(position, instant, stream, version, name, actor, mandat, command_id, public, digest or b"")
        self.frontier.add(leaf)
        if not position % FRONTIER_STEP:
            self.kept.append((position, self.frontier.pack()))
        self._previous, self._moment, self.recorded_at = self._moment, self._moment + _TICK, instant
        columns = position, instant, stream, version, name, actor, mandat, command_id
        return _row(Row, (*columns, public, private, salt, digest, leaf))


def _digest(private: bytes | None, salt: bytes | None) -> bytes | None:
    return None if private is None or salt is None else private_digest(salt, private)
