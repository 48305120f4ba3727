"""What facts become in a cube: columns with their keys numbered, by the same rule for facts and for posted rows.

Entries of one fact with the same key, period and day are one entry, where the first of them stood. Not so where the
fact's amounts together could leave 62 bits: then each stands for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.entry import Cube, Key, cube_entries
from ledger.reporting.log import Postings, Recorded
from ledger.reporting.stored.cube_columns import Columns
from ledger.reporting.stored.cube_days import day_number, month_number
from ledger.reporting.stored.space import Numbers

#: Sums of amounts stay below this, or are not taken in 64 bits.
REACH: Final = 1 << 62

Codes = tuple[str | None, ...]


class PreparedCube(NamedTuple):
    """What a stretch of the log adds to a cube.

    `codes` are those of each field, in order of first appearance after None; `rows` the cells by the numbers of their
    codes, also in that order; the columns name the cells by their place there.
    """

    codes: list[list[str | None]]
    rows: NDArray[np.int32]
    columns: Columns


def prepare_cube(cube: Cube, page: Sequence[Recorded]) -> PreparedCube:
    """What the facts of a page add to a cube. Pure: needs no database."""
    keys: list[Codes] = []
    rows: list[tuple[int, int, int, int]] = []
    for recorded in page:
        position = recorded.position
        for key, period, effective, amount_ore in cube_entries(cube, recorded.fact):
            keys.append(key)
            rows.append((position, period, effective.year * 10000 + effective.month * 100 + effective.day, amount_ore))
    table = np.array(rows, np.int64).reshape(-1, 4)
    distinct, cell = _numbered(keys)
    return _prepared(
        distinct, Columns(cell, table[:, 0], month_number(table[:, 1]), day_number(table[:, 2]), table[:, 3])
    )


class PostedColumns(NamedTuple):
    """Posted rows as columns, whose cells name their keys by place: worked out once for all cubes that take them."""

    keys: list[Codes]
    columns: Columns


def posted_columns(rows: Postings) -> PostedColumns:
    """Posted rows as columns."""
    positions, signs, days, amounts = (
        np.asarray(column, np.int64) for column in (rows.positions, rows.signs, rows.days, rows.amounts)
    )
    days = day_number(days)
    keys, cell = _numbered(rows.keys)
    return PostedColumns(keys, Columns(cell, positions, days // 31, days, signs * amounts))


def prepare_postings(cube: Cube, posted: PostedColumns) -> PreparedCube:
    """What posted rows add to a cube that is declared as such. Pure, and the same as of their facts."""
    keys, columns = posted
    wanted, slag = cube.posted or frozenset(), Key._fields.index("slag")
    mine = np.array([key[slag] in wanted for key in keys], np.bool_)
    columns = columns.some(mine[columns.cell])
    columns = columns._replace(cell=(np.cumsum(mine) - 1)[columns.cell])
    return _prepared(list(compress(keys, mine.tolist())), columns)


def magnitude(amounts: NDArray[Any]) -> int:
    """The sum of the amounts without their signs, exact or at least `REACH`."""
    if not len(amounts):
        return 0
    largest = max(int(amounts.max()), -int(amounts.min()))
    if largest * len(amounts) < REACH:
        return int(np.abs(amounts).sum())
    return sum(abs(amount) for amount in amounts.tolist())


class _Numbers(dict[Codes, int]):
    """Numbers of keys in order of first appearance, given when a key is first asked for."""

    def __missing__(self, key: Codes) -> int:
        """The next number."""
        number = self[key] = len(self)
        return number


def _numbered(keys: Sequence[Codes]) -> tuple[list[Codes], Numbers]:
    """The different keys in order of first appearance, and of each place the number of its key."""
    numbers = _Numbers()
    cell = np.array(list(map(numbers.__getitem__, keys)), np.int64)
    return list(numbers), cell


def _prepared(distinct: list[Codes], columns: Columns) -> PreparedCube:
    """Entries as columns whose cells are places among some different keys."""
    codes, rows = [], np.empty((len(distinct), len(Key._fields)), np.int32)
    for field, told in enumerate(zip(*distinct, strict=True) if distinct else [()] * len(Key._fields)):
        number = {code: n for n, code in enumerate(dict.fromkeys((None, *told)))}
        codes.append(list(number))
        rows[:, field] = np.fromiter(map(number.__getitem__, told), np.int32, len(told))
    return PreparedCube(codes, rows, _summed(columns))


def _summed(columns: Columns) -> Columns:
    """The columns with entries that are one in all but the amount put together, where the first of them stood."""
    if not columns.size:
        return columns
    alike = _alike(columns)
    ordered = np.sort(alike)
    if not (ordered[1:] == ordered[:-1]).any():
        return columns
    _, first, which = np.unique(alike, return_index=True, return_inverse=True)
    if magnitude(columns.amount) >= REACH:
        which = _apart(columns, which)
        first = np.unique(which, return_index=True)[1]
    sums = np.zeros(len(first), np.int64)
    np.add.at(sums, which, columns.amount)
    order = np.argsort(first)
    return columns.some(first[order])._replace(amount=sums[order])


def _alike(columns: Columns) -> Numbers:
    """A number for each entry: the same for those of one fact with the same cell, period and day."""
    packed, reach = np.zeros(columns.size, np.int64), 1
    for column in (columns.position, columns.cell, columns.day, columns.period):
        low = int(column.min())
        size = int(column.max()) - low + 1
        if reach * size >= REACH:
            packed = np.unique(packed, return_inverse=True)[1]
            low, size, reach = 0, columns.size, columns.size
            packed = packed * size + np.unique(column, return_inverse=True)[1]
        else:
            packed = packed * size + (column - low)
        reach *= size
    return packed


def _apart(columns: Columns, which: Numbers) -> Numbers:
    """The same numbers, but one for each entry of a fact whose amounts together reach too far."""
    apart = np.arange(columns.size)
    for position in np.unique(columns.position).tolist():
        mine = columns.position == position
        if magnitude(columns.amount[mine]) < REACH:
            apart[mine] = which[mine] + columns.size
    return np.unique(apart, return_inverse=True)[1]
