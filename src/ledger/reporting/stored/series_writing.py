"""What facts become in a series, and how it is stored: numbers in blocks of the log, with runs kept at their ends.

The runs of a key at the end of a block are all that its numbers so far come to; they are few, so whoever asks begins
with them. Where they are many they are kept more seldom, so that they never take more room than the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from ledger.reporting.entry import Numbered, Series
from ledger.reporting.log import Recorded
from ledger.reporting.stored.few import Few, few, joined
from ledger.reporting.stored.packed import pack, unpack, whole
from ledger.reporting.stored.runs import Runs

#: So many runs of a key are kept at the end of every block that has numbers of it; more than these are to be earned.
FEW_RUNS: Final = 64


class SeriesPiece(msgspec.Struct, array_like=True):
    """Numbers told of in a stretch of the log: of each its position, itself, its day (`20240331`) and its key."""

    positions: list[int]
    numbers: list[int]
    days: list[int]
    keys: Few[str]

    def part(self, first: int, last: int) -> SeriesPiece:
        """The same of the numbers at the places `first` … `last` - 1."""
        cut = slice(first, last)
        return SeriesPiece(self.positions[cut], self.numbers[cut], self.days[cut], self.keys.part(first, last))

    @staticmethod
    def joined(pieces: Sequence[SeriesPiece]) -> SeriesPiece:
        """Several one after the other."""
        return SeriesPiece(
            [position for piece in pieces for position in piece.positions],
            [number for piece in pieces for number in piece.numbers],
            [day for piece in pieces for day in piece.days],
            joined([piece.keys for piece in pieces]),
        )


class KeyAbout(msgspec.Struct, array_like=True):
    """What a block holds of a key: how many numbers, and from when to when.

    `since`: how many there are since runs of the key were last kept, none where they are kept here; `first_ever` and
    `last_ever` are the days of all numbers so far.
    """

    key: str
    held: int
    first_day: int
    last_day: int
    since: int
    first_ever: int
    last_ever: int


class SeriesBlock(NamedTuple):
    """The columns of a block: of each number its key (by number in the block), position, the number, and its day."""

    keys: NDArray[Any]
    positions: NDArray[Any]
    numbers: NDArray[Any]
    days: NDArray[Any]


def prepare_series(series: Series, page: Sequence[Recorded]) -> SeriesPiece:
    """The numbers of the facts of a page. Pure: needs no database."""
    positions: list[int] = []
    found: list[Numbered] = []
    for recorded in page:
        for numbered in series.numbers(recorded.fact):
            positions.append(recorded.position)
            found.append(numbered)
    number_of = {day: day.year * 10000 + day.month * 100 + day.day for day in {one.day for one in found}}
    return SeriesPiece(
        positions, [one.number for one in found], [number_of[one.day] for one in found], few(one.key for one in found)
    )


def build_series(piece: SeriesPiece) -> tuple[list[KeyAbout], SeriesBlock]:
    """A block of all that was told of its stretch; what it says of each key says nothing of earlier blocks."""
    columns = SeriesBlock(
        np.array(piece.keys.numbers, np.int64),
        np.array(piece.positions, np.int64),
        whole(piece.numbers),
        np.array(piece.days, np.int64),
    )
    abouts = []
    for number, key in enumerate(piece.keys.table):
        days = columns.days[columns.keys == number]
        first, last = int(days.min()), int(days.max())
        abouts.append(KeyAbout(key, len(days), first, last, len(days), first, last))
    return abouts, columns


def unpack_series(data: bytes) -> SeriesBlock:
    """The columns of a block from their bytes."""
    return SeriesBlock(*unpack(data))


def pack_runs(several: Sequence[Runs]) -> bytes:
    """The runs of several keys as bytes."""
    return pack(*(column for runs in several for column in runs))


def unpack_runs(data: bytes) -> list[Runs]:
    """The runs of several keys from their bytes."""
    columns = iter(unpack(data))
    return [Runs(firsts, lasts) for firsts, lasts in zip(columns, columns, strict=True)]
