"""What is kept of a block of chunks besides the chunks: entries far from home, and those of each code together."""

from __future__ import annotations

import numpy as np

from ledger.reporting.stored.cube_cells import Cells
from ledger.reporting.stored.cube_columns import Columns, joined, pack_many
from ledger.reporting.stored.cube_tables import Row
from ledger.reporting.stored.space import Numbers


def home_months(chunk: Columns, part: int) -> Numbers:
    """The months that have at least one of so many entries of a chunk: they are at home there."""
    first = int(chunk.period.min())
    counts = np.bincount(chunk.period - first)
    return np.flatnonzero(counts * part >= chunk.size) + first


def strays(number: int, block: int, chunks: list[Columns], part: int) -> list[Row]:
    """The entries of a block in months that are not at home in their chunks: a row for each month."""
    size = chunks[0].size
    found, ordinals = [], []
    for n, chunk in enumerate(chunks):
        first = int(chunk.period.min())
        at_home = np.zeros(int(chunk.period.max()) - first + 1, np.bool_)
        at_home[home_months(chunk, part) - first] = True
        places = np.flatnonzero(~at_home[chunk.period - first])
        found.append(chunk.some(places))
        ordinals.append(places + n * size)
    entries, ordinal = joined(found), np.concatenate(ordinals)
    if not entries.size:
        return []
    order = np.argsort(entries.period, kind="stable")
    months, bounds = _stretches(entries.period[order])
    packed = pack_many(entries.some(order), ordinal[order], bounds)
    return [(number, month, block, data) for month, data in zip(months.tolist(), packed, strict=True)]


def near_copies(number: int, block: int, entries: Columns, cells: Cells) -> list[Row]:
    """The entries of a block by near code, their cells numbered among those of the code: a row for each code."""
    codes = cells.rows[:, cells.near][entries.cell].astype(np.int64)
    # Numbers of two bytes are put in order many times faster.
    short = codes.astype(np.uint16) if len(cells.codes[cells.near]) < 1 << 16 else codes
    order = np.argsort(short, kind="stable")
    found, bounds = _stretches(codes[order])
    near = entries._replace(cell=cells.ranks[entries.cell].astype(np.int64)).some(order)
    first_months = np.minimum.reduceat(near.period, bounds[:-1])
    last_months = np.maximum.reduceat(near.period, bounds[:-1])
    packed = pack_many(near, order, bounds)
    told = zip(found.tolist(), first_months.tolist(), last_months.tolist(), packed, strict=True)
    return [(number, code, block, first, last, data) for code, first, last, data in told]


def _stretches(ordered: Numbers) -> tuple[Numbers, list[int]]:
    """The distinct numbers of an ordered column, and where each begins; at last where the column ends."""
    begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    return ordered[begins], [*begins.tolist(), len(ordered)]
