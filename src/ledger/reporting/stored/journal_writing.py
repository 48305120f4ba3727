"""What facts become in a journal, and how it is stored.

Many facts have the same tags, and many are about the same units: each set is kept once in a block, and a fact costs a
few small numbers. So a question is put to the sets before it is put to the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ledger.reporting.entry import Journal
from ledger.reporting.log import Recorded
from ledger.reporting.stored.block_writing import SIZE, BlockStore, Built
from ledger.reporting.stored.few import Few, few, flat, joined
from ledger.reporting.stored.packed import pack, unpack

#: The day of a fact without one.
UNDATED: Final = 0

Words = tuple[str, ...]


class JournalPiece(msgspec.Struct, array_like=True):
    """Facts of a stretch of the log: of each its position, its day (`20240331`), its tags and its units."""

    positions: list[int]
    days: list[int]
    tags: Few[Words]
    units: Few[Words]

    def part(self, first: int, last: int) -> JournalPiece:
        """The same of the facts `first` … `last` - 1."""
        cut = slice(first, last)
        return JournalPiece(
            self.positions[cut], self.days[cut], self.tags.part(first, last), self.units.part(first, last)
        )

    @staticmethod
    def joined(pieces: Sequence[JournalPiece]) -> JournalPiece:
        """Several one after the other."""
        return JournalPiece(
            [position for piece in pieces for position in piece.positions],
            [day for piece in pieces for day in piece.days],
            joined([piece.tags for piece in pieces]),
            joined([piece.units for piece in pieces]),
        )


class JournalAbout(msgspec.Struct, array_like=True):
    """What is in a block: how many facts, from when to when, some undated or none, every tag and every unit."""

    held: int
    first_day: int
    last_day: int
    undated: bool
    tags: list[str]
    units: list[str]


class Sets(NamedTuple):
    """Sets of words: of each position which set, from 1 (0: no fact), and of each word its set and its number."""

    of: NDArray[Any]
    owners: NDArray[Any]
    words: NDArray[Any]
    size: int

    def with_any(self, wanted: Sequence[bool]) -> NDArray[np.bool_]:
        """Which positions have a set that holds any of the words that are wanted, by number."""
        fits = np.zeros(self.size + 1, np.bool_)
        if any(wanted):
            fits[self.owners.compress(np.array(wanted, np.bool_).take(self.words))] = True
        return fits.take(self.of)


class JournalBlock(NamedTuple):
    """The columns of a block: of each position its tags, its units, and which of `days` (UNDATED: none, or no fact)."""

    tags: Sets
    units: Sets
    day_of: NDArray[Any]
    days: NDArray[Any]


def prepare_journal(journal: Journal, page: Sequence[Recorded]) -> JournalPiece:
    """How the facts of a page are found in a journal. Pure: needs no database."""
    tagged = list(map(journal.tags, page))
    number_of = {day: day.year * 10000 + day.month * 100 + day.day for day in {one.day for one in tagged} if day}
    return JournalPiece(
        [recorded.position for recorded in page],
        [number_of.get(one.day, UNDATED) for one in tagged],  # type: ignore[arg-type]
        few(one.tags for one in tagged),
        few(one.units for one in tagged),
    )


def build_journal(block: int, piece: JournalPiece, size: int) -> tuple[JournalAbout, bytes]:
    """A block of all that was told of its stretch."""
    places = np.array(piece.positions, np.int64) - (block * size + 1)
    every = np.zeros((3, size), np.int64)
    every[0, places] = np.array(piece.tags.numbers) + 1
    every[1, places] = np.array(piece.units.numbers) + 1
    every[2, places] = piece.days
    days, day_of = np.unique(every[2], return_inverse=True)
    tag_counts, tags, tag_words = flat(piece.tags.table)
    unit_counts, units, unit_words = flat(piece.units.table)
    dated = [day for day in days.tolist() if day != UNDATED]
    about = JournalAbout(
        len(piece.positions),
        min(dated, default=UNDATED),
        max(dated, default=UNDATED),
        UNDATED in piece.days,
        tag_words,
        unit_words,
    )
    return about, pack(every[0], tag_counts, tags, every[1], unit_counts, units, day_of, days)


def unpack_journal(data: bytes) -> JournalBlock:
    """The columns of a block from their bytes."""
    tags_of, tag_counts, tags, units_of, unit_counts, units, day_of, days = unpack(data, narrow=True)
    return JournalBlock(_sets(tags_of, tag_counts, tags), _sets(units_of, unit_counts, units), day_of, days)


def _sets(of: NDArray[Any], counts: NDArray[Any], words: NDArray[Any]) -> Sets:
    numbers = np.arange(1, len(counts) + 1, dtype=np.min_scalar_type(len(counts)))
    return Sets(of, np.repeat(numbers, counts), words, len(counts))


class JournalStore(BlockStore[JournalPiece]):
    """Writes one generation of one journal."""

    def __init__(self, number: int, size: int = SIZE) -> None:
        super().__init__(number, JournalPiece, size)

    def build(self, _connection: Connection, block: int, piece: JournalPiece) -> Built:
        """What is stored of a block that is full."""
        return Built(*build_journal(block, piece, self._size))
