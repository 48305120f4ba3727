"""What can be asked of the log's tables: the same questions, in the same words, on SQLite and PostgreSQL.

Questions are SQL with `?` for a parameter and `{s}` before a table; a backend turns them into its own dialect once.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.persistence import Notification, StoredEvent

from ledger.recording.judge import Command
from ledger.recording.schema import COLUMNS, IS_NO_POSTING
from ledger.recording.tree import FRONTIER_STEP, Frontier

#: A position after every other.
END = 2**62

#: After every other character in the order of code points.
LAST_CHARACTER = "\U0010ffff"

#: So many keys are looked up in one question.
KEYS_AT_ONCE = 20_000

#: So many streams are read by one question: each is a parameter of its own.
STREAMS_AT_ONCE = 500

#: So many positions are read by one question.
POSITIONS_AT_ONCE = 500

_ROW = ", ".join(COLUMNS)
_FACT = "position, recorded_at, stream, version, name, actor, mandat, command_id, public, private, salt, private_digest"
_EVENT = "stream, version, name, public, private, private IS NULL AND private_digest IS NOT NULL"

#: What is looked for lies from `low` to `high`. The last row has found it, unless the fact in the middle is missing.
_HALVING = """
    WITH RECURSIVE halving(low, high) AS (
        SELECT CAST(0 AS bigint), size FROM {s}head WHERE id = 1
        UNION ALL SELECT CASE WHEN recorded_at <= ? THEN position ELSE low END,
                         CASE WHEN recorded_at <= ? THEN high ELSE position - 1 END
            FROM halving JOIN {s}facts ON position = (low + high + 1) / 2 WHERE low < high)
    SELECT low, high FROM halving ORDER BY high - low LIMIT 1"""

#: The frontier kept at a position, before every fact from there to another.
_EDGE = """
    SELECT position, '' AS recorded_at, frontier FROM {s}frontiers WHERE position = ?
    UNION ALL SELECT position, recorded_at, leaf FROM {s}facts WHERE position >= ? AND position <= ?"""


@dataclass(frozen=True)
class StoredFact(StoredEvent):
    """A fact as the library's stored event: its public part is the state, its private part lies beside."""

    private: bytes | None = None
    is_erased: bool = False


@dataclass(frozen=True)
class NotedFact(Notification):
    """A fact as the library's notification, with its private part beside."""

    private: bytes | None = None
    is_erased: bool = False


class HeadRow(NamedTuple):
    """The head of the log as it is stored. `recorded_at` is empty for a log without facts."""

    size: int
    recorded_at: str
    frontier: bytes


class IntegrityBroken(Exception):  # noqa: N818 - named as what is so
    """The log contradicts itself: it was changed from outside, or the disk lost something."""


class Reading(ABC):
    """The questions. A backend gives `fetch` and the look-ups by many keys."""

    @abstractmethod
    def fetch(self, question: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of the answer to a question, as plain tuples with `bytes` for binary columns."""

    @abstractmethod
    def latest(self, streams: Sequence[str]) -> list[tuple[str, int | None]]:
        """(stream, newest version) for some of these streams, None or left out where there is none."""

    @abstractmethod
    def positions_of(self, keys: Sequence[str]) -> list[tuple[str, int]]:
        """(guard key, position) for those of these keys that were ever touched."""

    def head_row(self) -> HeadRow:
        """The head of the log."""
        (row,) = self.fetch("SELECT size, recorded_at, frontier FROM {s}head WHERE id = 1")
        return HeadRow(row[0], row[1], bytes(row[2]))

    def size(self) -> int:
        """Position of the newest fact, 0 when there is none."""
        size: int = self.fetch("SELECT size FROM {s}head WHERE id = 1")[0][0]
        return size

    def facts(self, after: int, upto: int | None, limit: int, *, postings: bool = True) -> list[tuple[Any, ...]]:
        """Stored facts in order of position: all columns but the leaf."""
        where = "" if postings else f"AND {IS_NO_POSTING}"
        question = (
            f"SELECT {_FACT} FROM {{s}}facts WHERE position > ? AND position <= ? {where} ORDER BY position LIMIT ?"
        )
        return self.fetch(question, (after, END if upto is None else upto, limit))

    def facts_at(self, positions: Sequence[int]) -> list[tuple[Any, ...]]:
        """The stored facts at some positions, in order of position: all columns but the leaf."""
        found: list[tuple[Any, ...]] = []
        wanted = sorted(positions)
        for at in range(0, len(wanted), POSITIONS_AT_ONCE):
            some = wanted[at : at + POSITIONS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            found += self.fetch(f"SELECT {_FACT} FROM {{s}}facts WHERE position IN ({marks}) ORDER BY position", some)
        return found

    def publics(self, after: int, upto: int, *, stamps: bool = False) -> list[tuple[Any, ...]]:
        """(position, name, public part) of all facts in order of position: to choose among them costs more there.

        With `stamps` also by whom they were recorded, and in which hour: `a-17 2024-05-28T12`.
        """
        stamp = ", actor || ' ' || substr(recorded_at, 1, 13)" if stamps else ""
        where = "position > ? AND position <= ?"
        return self.fetch(
            f"SELECT position, name, public{stamp} FROM {{s}}facts WHERE {where} ORDER BY position", (after, upto)
        )

    def stream_facts(self, stream: str) -> list[tuple[Any, ...]]:
        """Stored facts of one stream in order of version: all columns but the leaf."""
        return self.fetch(f"SELECT {_FACT} FROM {{s}}facts WHERE stream = ? ORDER BY version", (stream,))

    def streams_facts(self, streams: Sequence[str]) -> list[tuple[Any, ...]]:
        """All facts of some streams, in order of position within every few hundred streams."""
        found: list[tuple[Any, ...]] = []
        for at in range(0, len(streams), STREAMS_AT_ONCE):
            some = streams[at : at + STREAMS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            found += self.fetch(f"SELECT {_FACT} FROM {{s}}facts WHERE stream IN ({marks}) ORDER BY position", some)
        return found

    def rows(self, after: int, upto: int) -> list[tuple[Any, ...]]:
        """Whole rows in order of position, for who checks the tree."""
        question = f"SELECT {_ROW} FROM {{s}}facts WHERE position > ? AND position <= ? ORDER BY position"
        return self.fetch(question, (after, upto))

    def frontiers(self, after: int, upto: int) -> dict[int, bytes]:
        """Kept frontiers by position."""
        found = self.fetch(
            "SELECT position, frontier FROM {s}frontiers WHERE position > ? AND position <= ?", (after, upto)
        )
        return dict(found)

    def recorded_at_text(self, position: int) -> str | None:
        """When a fact was recorded, None when there is no such position."""
        found = self.fetch("SELECT recorded_at FROM {s}facts WHERE position = ?", (position,))
        return found[0][0] if found else None

    def last_at(self, instant: str) -> int:
        """Position of the last fact recorded at or before an instant, found by halving: both columns grow together."""
        low, high = self.fetch(_HALVING, (instant, instant))[0]
        if low < high:
            msg = f"faktum @{(low + high + 1) // 2} saknas"
            raise IntegrityBroken(msg)
        position: int = low
        return position

    def last_stream_under(self, prefix: str) -> str | None:
        """The last stream key that begins with this, in the order of code points."""
        question = "SELECT stream FROM {s}facts WHERE stream >= ? AND stream < ? ORDER BY stream DESC LIMIT 1"
        found = self.fetch(question, (prefix, prefix + LAST_CHARACTER))
        return found[0][0] if found else None

    def newest_versions(self, streams: Sequence[str]) -> dict[str, int]:
        """Newest version of each of these streams that exists."""
        found: dict[str, int] = {}
        for at in range(0, len(streams), KEYS_AT_ONCE):
            found.update({s: v for s, v in self.latest(streams[at : at + KEYS_AT_ONCE]) if v is not None})
        return found

    def touched_keys(self, keys: Collection[str]) -> dict[str, int]:
        """Position at which each of these guard keys was last touched; keys never touched are left out."""
        wanted = list(keys)
        found: dict[str, int] = {}
        for at in range(0, len(wanted), KEYS_AT_ONCE):
            found.update(self.positions_of(wanted[at : at + KEYS_AT_ONCE]))
        return found

    def command(self, command_id: str) -> Command | None:
        """A recorded command, None when the id was never used."""
        found = self.fetch("SELECT fields, first, last FROM {s}commands WHERE id = ?", (command_id,))
        return Command(json.loads(found[0][0]), found[0][1], found[0][2]) if found else None

    def frontier_at(self, position: int) -> Frontier:
        """The tree's edge at any position; at most 255 leaves are read. Errors: IntegrityBroken, ValueError."""
        head = self.head_row()
        if not 0 <= position <= head.size:
            msg = f"there is no position {position} in a log of {head.size} facts"
            raise ValueError(msg)
        if position == head.size:
            return Frontier(head.size, head.frontier)
        kept = position - position % FRONTIER_STEP
        packed = self.fetch("SELECT frontier FROM {s}frontiers WHERE position = ?", (kept,))
        leaves = self.fetch(
            "SELECT leaf FROM {s}facts WHERE position > ? AND position <= ? ORDER BY position", (kept, position)
        )
        if len(leaves) != position - kept or (kept and not packed):
            msg = f"loggen är inte hel mellan @{kept} och @{position}"
            raise IntegrityBroken(msg)
        frontier = Frontier(kept, bytes(packed[0][0]) if kept else b"")
        frontier.extend([leaf for (leaf,) in leaves])
        return frontier

    def stamp_at(self, position: int) -> tuple[str, Frontier]:
        """When a fact was recorded, and the tree's edge there, in one question. Errors: as `frontier_at`."""
        kept = position - position % FRONTIER_STEP
        found = sorted(self.fetch(_EDGE, (kept, kept, position)))
        if position < 1 or len(found) != position - kept + (2 if kept else 0):
            # Asked one after the other, they say what is wrong.
            return self.recorded_at_text(position) or "", self.frontier_at(position)
        frontier = Frontier(kept, bytes(found[0][2]) if kept else b"")
        frontier.extend([leaf for _, _, leaf in found[2 if kept else 0 :]])
        return found[-1][1], frontier

    # ---------------------------------------------------------------- the library's questions

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """A stream's facts as the library's stored events."""
        question = f"SELECT {_EVENT} FROM {{s}}facts WHERE stream = ? AND version > ? AND version <= ? "
        question += f"ORDER BY version {'DESC' if desc else 'ASC'} LIMIT ?"
        bounds = (-1 if gt is None else gt, END if lte is None else lte, END if limit is None else limit)
        found = self.fetch(question, (str(originator_id), *bounds))
        return [
            StoredFact(stream, version, name, public, private, bool(is_erased))
            for stream, version, name, public, private, is_erased in found
        ]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Facts in order of position as the library's notifications."""
        after = -1 if start is None else start - inclusive_of_start
        where = f"AND name IN ({', '.join('?' * len(topics))})" if topics else ""
        question = f"SELECT {_EVENT}, position FROM {{s}}facts WHERE position > ? AND position <= ? {where} "
        question += "ORDER BY position LIMIT ?"
        found = self.fetch(question, (after, END if stop is None else stop, *topics, limit))
        return [
            NotedFact(stream, version, name, public, position, private, bool(is_erased))
            for stream, version, name, public, private, is_erased, position in found
        ]

    def max_notification_id(self) -> int | None:
        """Position of the newest fact, None when there is none."""
        return self.size() or None
