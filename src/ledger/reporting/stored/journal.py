"""Asking journals: which facts hold every tag, are about any of some units and dated within limits, newest first.

Which blocks hold a tag or a unit is known without reading them; of those, a question is put to the few ways in which
facts are tagged before it is put to the facts. What a page skips is counted, not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ledger.reporting.entry import Journal
from ledger.reporting.stored.block_reading import NARROW, BlockReader, Seen
from ledger.reporting.stored.block_writing import SIZE
from ledger.reporting.stored.few import Few
from ledger.reporting.stored.journal_writing import (
    UNDATED,
    JournalAbout,
    JournalBlock,
    JournalPiece,
    Sets,
    Words,
    build_journal,
    unpack_journal,
)
from ledger.reporting.stored.snapshot import Snapshot

#: Blocks that are read at once: one at first, since the newest facts are often enough.
FEWEST, MOST = 1, 64

#: A day after every other.
LAST: Final = 99991231


class Wanted(NamedTuple):
    """Facts to find: known at `kand`, with every tag, about any of the units, dated `first` … `last` or undated."""

    kand: int
    tags: tuple[str, ...] = ()
    units: frozenset[str] | None = None
    first: int = UNDATED + 1
    last: int = LAST
    undated: bool = True


class JournalReader(BlockReader[JournalAbout, JournalPiece, JournalBlock]):
    """One generation of one journal. Threads may share it."""

    def __init__(self, number: int, size: int = SIZE) -> None:
        super().__init__(number, JournalAbout, JournalPiece, size, NARROW)
        self._with_tag: dict[str, list[int]] = {}
        self._with_unit: dict[str, list[int]] = {}
        self._blocks: list[int] = []

    def index(self, block: int, about: JournalAbout) -> None:
        """Remember which block holds what."""
        self._blocks.append(block)
        for where, words in ((self._with_tag, about.tags), (self._with_unit, about.units)):
            for word in words:
                where.setdefault(word, []).append(block)

    def content(self, data: bytes) -> JournalBlock:
        """The columns of a block."""
        return unpack_journal(data)

    def build(self, block: int, piece: JournalPiece) -> tuple[JournalAbout, bytes]:
        """A block that is not full yet."""
        return build_journal(block, piece, self.size)

    def newest(self, connection: Connection, wanted: Wanted, skip: int, count: int) -> list[int]:
        """The positions of the facts that are wanted, newest first: `count` of them, after the first `skip`."""
        seen = self.see(connection)
        left = list(reversed(self._candidates(seen, wanted)))
        found: list[int] = []
        at_once = FEWEST
        while left and len(found) < count:
            if self._is_whole(seen, left[0], wanted) and skip >= self.about_of(seen, left[0]).held:
                skip -= self.about_of(seen, left.pop(0)).held
                continue
            some, left = left[:at_once], left[at_once:]
            columns = self.contents(connection, seen, some)
            for block in some:
                positions = self._within(self.about_of(seen, block), columns[block], block, wanted)
                found += positions[::-1][skip : skip + count - len(found)].tolist()
                skip = max(skip - len(positions), 0)
            at_once = min(2 * at_once, MOST)
        return found

    def _is_whole(self, seen: Seen[JournalAbout, JournalBlock], block: int, wanted: Wanted) -> bool:
        """Whether everything in a block is wanted."""
        about = self.about_of(seen, block)
        dated = wanted.first <= (about.first_day or wanted.first) and about.last_day <= wanted.last
        known = (block + 1) * self.size <= wanted.kand
        return known and dated and (wanted.undated or not about.undated) and not wanted.tags and wanted.units is None

    def _candidates(self, seen: Seen[JournalAbout, JournalBlock], wanted: Wanted) -> list[int]:
        """The blocks that may hold what is wanted, as far as can be told without reading them; ascending."""
        blocks = set(self._blocks)
        for tag in wanted.tags:
            blocks.intersection_update(self._with_tag.get(tag, ()))
        if wanted.units is not None:
            blocks.intersection_update(*[{b for unit in wanted.units for b in self._with_unit.get(unit, ())}])
        some = [b for b in self.all_blocks(seen) if b in blocks or b == seen.tail_block]
        return [b for b in some if b * self.size < wanted.kand and _is_dated(self.about_of(seen, b), wanted)]

    def _within(self, about: JournalAbout, columns: JournalBlock, block: int, wanted: Wanted) -> NDArray[np.int64]:
        """The positions in a block that are wanted, ascending."""
        days, fits = columns.days, columns.tags.of > 0
        dated = (days >= wanted.first) & (days <= wanted.last)
        if wanted.undated:
            dated |= days == UNDATED
        if not dated.all():
            fits &= dated.take(columns.day_of)
        for tag in wanted.tags:
            fits &= columns.tags.with_any([tag == word for word in about.tags])
        if wanted.units is not None:
            fits &= columns.units.with_any([word in wanted.units for word in about.units])
        positions: NDArray[np.int64] = np.flatnonzero(fits) + (block * self.size + 1)
        return positions[: int(np.searchsorted(positions, wanted.kand, "right"))]

    def every(self, connection: Connection, upto: int) -> Iterator[JournalPiece]:
        """Every fact to a position, in log order, block by block."""
        seen = self.see(connection)
        for block in self.all_blocks(seen):
            about, columns = self.about_of(seen, block), self.contents(connection, seen, [block])[block]
            places = np.flatnonzero(columns.tags.of)
            positions = places + (block * self.size + 1)
            places = places[positions <= upto]
            yield JournalPiece(
                positions[positions <= upto].tolist(),
                columns.days.take(columns.day_of[places]).tolist(),
                Few((columns.tags.of[places] - 1).tolist(), _sets(columns.tags, about.tags)),
                Few((columns.units.of[places] - 1).tolist(), _sets(columns.units, about.units)),
            )

    def agrees(self, connection: Connection) -> bool:
        """Whether what is said of each block is what its columns hold."""
        seen = self.see(connection)
        for block in self.before(sorted(self.abouts), seen):
            about, columns = self.abouts[block], self.contents(connection, seen, [block])[block]
            days = columns.days[columns.day_of[columns.tags.of > 0]]
            dated = days[days != UNDATED].tolist()
            told = (about.held, about.first_day, about.last_day, about.undated)
            holds = (len(days), min(dated, default=UNDATED), max(dated, default=UNDATED), len(dated) < len(days))
            words = [len(np.unique(sets.words)) for sets in (columns.tags, columns.units)]
            if told != holds or words != [len(about.tags), len(about.units)]:
                return False
        return True


def _is_dated(about: JournalAbout, wanted: Wanted) -> bool:
    """Whether a block may hold a fact that is dated as is wanted."""
    overlaps = about.last_day >= wanted.first and about.first_day <= wanted.last
    return (overlaps and about.last_day != UNDATED) or (about.undated and wanted.undated)


def _sets(sets: Sets, named: list[str]) -> list[Words]:
    """The words of every set, in their order."""
    found: list[list[str]] = [[] for _ in range(sets.size)]
    for owner, word in zip(sets.owners.tolist(), sets.words.tolist(), strict=True):
        found[owner - 1].append(named[word])
    return [tuple(one) for one in found]


def journal_reader(snapshot: Snapshot, journal: Journal) -> JournalReader:
    """The reader of the generation that counts, shared by all questions; that of an earlier one is let go."""
    number, name = snapshot.number(journal), ("journal", journal.name)
    held: tuple[int, JournalReader] | None = snapshot.built.get(name)
    if held is None or held[0] != number:
        held = snapshot.built[name] = (number, JournalReader(number))
    return held[1]
