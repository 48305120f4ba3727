"""What facts become in a cube: columns with their keys numbered, by the same rule for facts and for posted rows.

Entries of one fact with the same key, period and day are one entry, where the first of them stood. Not so where the
fact's amounts together could leave 62 bits: then each stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.entry import DEBET, KREDIT, Cube, Key, cube_entries
from ledger.reporting.log import Coded, Postings, Recorded
from ledger.reporting.stored.cube_columns import Columns
from ledger.reporting.stored.cube_days import day_number, month_number
from ledger.reporting.stored.space import Numbers

#: Sums of amounts stay below this, or are not taken in 64 bits.
REACH: Final = 1 << 62

#: Keys whose codes are numbered at once: few enough to stay in the processor's cache.
AT_ONCE: Final = 1_000

Codes = tuple[str | None, ...]
Codings = Sequence[Sequence[str | None]]

_ANSVAR, _KONTO, _PROJEKT = map(Key._fields.index, ("ansvar", "konto", "projekt"))


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
    codes, numbers = _numbered(keys)
    cells, cell = _cells(codes, numbers)
    columns = Columns(cell, table[:, 0], month_number(table[:, 1]), day_number(table[:, 2]), table[:, 3])
    return PreparedCube(codes, cells, _summed(columns))


class PostedColumns(NamedTuple):
    """Posted rows as columns, worked out once for all cubes that take them; the fields as of `PreparedCube`.

    There may be codes that no cell has, and they stand in any order after None.
    """

    codes: list[list[str | None]]
    rows: NDArray[np.int32]
    columns: Columns
    serie: Coded


def posted_columns(rows: Postings) -> PostedColumns:
    """Posted rows as columns."""
    *key, serie = rows.codes
    codes = [list(field.codes) for field in key]
    cells, cell = _cells(codes, [field.numbers for field in key])
    days = day_number(rows.days)
    columns = Columns(cell, rows.positions, days // 31, days, rows.signs * rows.amounts)
    return PostedColumns(codes, cells, columns, serie)


def prepare_postings(cube: Cube, posted: PostedColumns) -> PreparedCube:
    """What posted rows add to a cube that is declared as such. Pure, and the same as of their facts."""
    if cube.by_side:
        return _by_side(posted)
    codes, rows, columns, _ = posted
    wanted, slag = cube.posted or frozenset(), Key._fields.index("slag")
    mine = np.array([code in wanted for code in codes[slag]], np.bool_)[rows[:, slag]]
    columns = columns.some(mine[columns.cell])
    columns = columns._replace(cell=(np.cumsum(mine) - 1)[columns.cell])
    return PreparedCube(*_renumbered(codes, rows[mine]), _summed(columns))


def _by_side(posted: PostedColumns) -> PreparedCube:
    """Posted rows by ansvar, serie (in the place of verksamhet), konto, side (in that of slag) and projekt."""
    codes, rows, columns, serie = posted
    side = (columns.amount < 0) + 1
    ansvar, konto, projekt = (rows[:, field][columns.cell] for field in (_ANSVAR, _KONTO, _PROJEKT))
    sides: list[str | None] = [None, DEBET, KREDIT]
    kept: list[list[str | None]] = [codes[_ANSVAR], list(serie.codes), codes[_KONTO], sides, codes[_PROJEKT], [None]]
    cells, cell = _cells(kept, [ansvar, serie.numbers, konto, side, projekt, np.zeros_like(side)])
    return PreparedCube(*_renumbered(kept, cells), _summed(columns._replace(cell=cell)))


def magnitude(amounts: NDArray[Any]) -> int:
    """The sum of the amounts without their signs, exact or at least `REACH`."""
    if not len(amounts):
        return 0
    largest = max(int(amounts.max()), -int(amounts.min()))
    if largest * len(amounts) < REACH:
        return int(np.abs(amounts).sum())
    return sum(abs(amount) for amount in amounts.tolist())


class _Numbers(dict[str | None, int]):
    """Numbers of codes in order of first appearance, given when a code is first asked for."""

    def __missing__(self, code: str | None) -> int:
        """The next number."""
        number = self[code] = len(self)
        return number


def _numbered(keys: Sequence[Codes]) -> tuple[list[list[str | None]], NDArray[np.int32]]:
    """The codes of each field, in order of first appearance after None, and which of them every key has."""
    numbers = [_Numbers({None: 0}) for _ in Key._fields]
    columns = np.empty((len(numbers), len(keys)), np.int32)
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        for number, column, told in zip(numbers, columns, zip(*some, strict=True), strict=True):
            column[start : start + len(some)] = list(map(number.__getitem__, told))
    return [list(number) for number in numbers], columns


def _cells(codes: Codings, numbers: Iterable[NDArray[Any]]) -> tuple[NDArray[np.int32], Numbers]:
    """The different keys by the numbers of their codes, in order of first appearance, and the key of each place.

    A field has few codes, so they are numbered before the keys, and the keys are told apart as whole numbers.
    """
    columns = list(numbers)
    which, first = in_order(one_number((column, len(told)) for column, told in zip(columns, codes, strict=True)))
    return np.array([column[first] for column in columns], np.int32).T.reshape(-1, len(columns)), which


def _renumbered(codes: list[list[str | None]], rows: NDArray[np.int32]) -> tuple[list[list[str | None]], Any]:
    """Some of the cells with their codes numbered anew, in order of first appearance among them."""
    kept, numbers = [], np.empty_like(rows)
    for field, told in enumerate(codes):
        column = rows[:, field]
        first = np.full(len(told), len(column))
        # Of several values for one place the last one stays: that of the first cell.
        first[column[::-1]] = np.arange(len(column) - 1, -1, -1)
        first[0] = -1
        order = np.argsort(first)[: np.count_nonzero(first < len(column))]
        number = np.zeros(len(told), np.int32)
        number[order] = np.arange(len(order))
        kept.append([told[n] for n in order.tolist()])
        numbers[:, field] = number[column]
    return kept, numbers


def _summed(columns: Columns) -> Columns:
    """The columns with entries that are one in all but the amount put together, where the first of them stood."""
    if not columns.size:
        return columns
    spans = ((column - column.min(), int(column.max()) - int(column.min()) + 1) for column in columns[:4])
    which, first = in_order(one_number(spans))
    if len(first) == columns.size:
        return columns
    if magnitude(columns.amount) >= REACH:
        which, first = _apart(columns, which)
    sums = np.zeros(len(first), np.int64)
    np.add.at(sums, which, columns.amount)
    return columns.some(first)._replace(amount=sums)


def one_number(columns: Iterable[tuple[NDArray[Any], int]]) -> Numbers:
    """Of each place one number: the same for those that are alike in all columns. Each comes with what it is below."""
    packed, reach = np.zeros(1, np.int64), 1
    for values, below in columns:
        column, size = values, below
        if reach * size >= REACH:
            distinct, packed = np.unique(packed, return_inverse=True)
            reach = len(distinct)
            if reach * size >= REACH:
                distinct, column = np.unique(values, return_inverse=True)
                size = len(distinct)
        packed = packed * size + column
        reach *= size
    return packed


def in_order(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The different numbers in order of first appearance: of each place which one, and of each where it first is."""
    order, ordered = rising(numbers)
    begins = np.empty(len(order), np.bool_)
    begins[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    by_first, first = rising(order[begins])
    rank = np.empty(len(first), np.int64)
    rank[by_first] = np.arange(len(first))
    which = np.empty(len(order), np.int64)
    which[order] = rank[np.cumsum(begins) - 1]
    return which, first


def rising(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Where numbers from 0 on stand when they are in order, those that are alike as they stood; and themselves."""
    bits = len(numbers).bit_length()
    if int(numbers.max(initial=0)) >= REACH >> bits:
        order = np.argsort(numbers, kind="stable")
        return order, numbers[order]
    # Numbers that are all different are put in order several times as fast.
    packed = np.sort(numbers << bits | np.arange(len(numbers)))
    return packed & (1 << bits) - 1, packed >> bits


def _apart(columns: Columns, which: Numbers) -> tuple[Numbers, Numbers]:
    """The same, but one for each entry of a fact whose amounts together reach too far."""
    apart = which.copy()
    for position in np.unique(columns.position).tolist():
        mine = np.flatnonzero(columns.position == position)
        if magnitude(columns.amount[mine]) >= REACH:
            apart[mine] = columns.size + mine
    return in_order(apart)
