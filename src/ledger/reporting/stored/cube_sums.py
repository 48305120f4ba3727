"""The sums of a view in a chunk, as they are read: in order of month, so that those of some months lie together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.stored.cube_columns import unpack
from ledger.reporting.stored.space import Numbers, Ore


class Sums(NamedTuple):
    """The sum of each month and cell that has entries in the chunk; those of `months[n]` stand from `starts[n]`."""

    months: list[int]
    starts: list[int]
    cell: NDArray[Any]
    amount: NDArray[Any]

    @property
    def nbytes(self) -> int:
        """Bytes that it takes in memory."""
        return self.cell.nbytes + self.amount.nbytes

    def whole(self) -> tuple[Numbers, Numbers, Numbers]:
        """Months, cells and sums as plain numbers, one place each."""
        months = np.repeat(np.array(self.months, np.int64), np.diff(self.starts))
        return months, self.cell.astype(np.int64), self.amount.astype(np.int64)


def unpack_sums(data: bytes) -> Sums:
    """The sums of some bytes."""
    part = unpack(data, 0)
    days = part.day.values
    starts = [0, *(np.flatnonzero(days[1:] != days[:-1]) + 1).tolist()]
    months = [(part.day.base + day) // 31 for day in days[starts].tolist()]
    return Sums(months, [*starts, part.size], part.cell, part.amount)


def add_sums(of_chunks: Iterable[Sums], first: int, last: int, out: Ore) -> None:
    """Add the sums of the months from the first to the last in some chunks, each to its cell."""
    cells, amounts = [], []
    for sums in of_chunks:
        begin, end = sums.starts[bisect_left(sums.months, first)], sums.starts[bisect_right(sums.months, last)]
        cells.append(sums.cell[begin:end])
        amounts.append(sums.amount[begin:end])
    if cells:
        # Wide at once: numbers of one kind are added many times faster than mixed ones.
        np.add.at(out, np.concatenate(cells, dtype=np.int64), np.concatenate(amounts, dtype=np.int64))
