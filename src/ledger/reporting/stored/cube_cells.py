"""The cells of one generation of a cube: its finest keys, numbered in the order in which they were first recorded.

A code is kept once for each field, a cell is six small numbers: the codes' numbers, 0 where there is none. Groupings
are worked out from these columns, for the new cells only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.entry import Key, View
from ledger.reporting.stored.space import ALWAYS, Numbers, Space

#: Rows are told apart by a table of all combinations of codes where it has at most so many places a row.
TABLE: Final = 16

#: A cell is found by one number of so many bits.
MOST_BITS: Final = 62

FIELDS: Final = Key._fields

#: The codes of each field, by number.
Codes = Sequence[Sequence[str | None]]


class Growing:
    """Rows of whole numbers that are only added to. What was read of it stays as it was."""

    def __init__(self, width: int = 1, kind: type[np.signedinteger[Any]] = np.int32) -> None:
        self.count = 0
        self._rows: NDArray[Any] = np.zeros((64, width), kind)

    def add(self, rows: NDArray[Any]) -> None:
        """Put rows after the last."""
        needed = self.count + len(rows)
        if needed > len(self._rows):
            larger = np.zeros((max(needed, 2 * len(self._rows)), self._rows.shape[1]), self._rows.dtype)
            larger[: self.count] = self._rows[: self.count]
            self._rows = larger
        self._rows[self.count : needed] = rows
        self.count = needed

    @property
    def rows(self) -> NDArray[Any]:
        """All rows so far."""
        return self._rows[: self.count]


class Numbering:
    """Codes and cells, numbered in the order in which they were first recorded."""

    def __init__(self, codes: Codes | None = None) -> None:
        """Begin with codes that have numbers; their cells are told by `know`."""
        codes = [[None] for _ in FIELDS] if codes is None else codes
        self.codes = [list(told) for told in codes]
        self._code_numbers = [{code: n for n, code in enumerate(told)} for told in codes]
        self._cells = Growing(len(FIELDS))
        self._bits: tuple[int, ...] = ()
        self._names: NDArray[Any] = np.zeros(0, np.int64)
        self._numbers: Numbers = np.zeros(0, np.int64)

    def know(self, cells: NDArray[np.int32]) -> None:
        """The next cells, as they are stored."""
        self._cells.add(cells)
        self._bits = ()

    def number(self, codes: Codes, rows: NDArray[np.int32]) -> tuple[Numbers, NDArray[np.int32]]:
        """The numbers of cells that are given by codes of their own; and those that are new, as rows of ours."""
        ours = np.empty_like(rows)
        for field, told in enumerate(codes):
            number_of = self._code_numbers[field]
            for code in told:
                if code not in number_of:
                    number_of[code] = len(number_of)
                    self.codes[field].append(code)
            ours[:, field] = np.array([number_of[code] for code in told], np.int32)[rows[:, field]]
        names = self._named(ours)
        order = np.argsort(names)
        names = names[order]
        places = np.searchsorted(self._names, names)
        known = np.zeros(len(names), np.bool_)
        inside = places < len(self._names)
        known[inside] = self._names[places[inside]] == names[inside]
        numbers = np.empty(len(names), np.int64)
        numbers[order[known]] = self._numbers[places[known]]
        new = np.sort(order[~known])
        numbers[new] = np.arange(len(new)) + self._cells.count
        if len(new):
            self._cells.add(ours[new])
            self._names = np.insert(self._names, places[~known], names[~known])
            self._numbers = np.insert(self._numbers, places[~known], numbers[order[~known]])
        return numbers, ours[new]

    def _named(self, rows: NDArray[np.int32]) -> NDArray[Any]:
        """Each row as one number that no other has; as bytes where the codes are too many for that."""
        bits = tuple(len(codes).bit_length() for codes in self.codes)
        if bits != self._bits:
            self._bits = bits
            names = self._named(self._cells.rows)
            self._numbers = np.argsort(names)
            self._names = names[self._numbers]
        if sum(bits) > MOST_BITS:
            return rows.astype(">i4").view(f"S{4 * rows.shape[1]}")[:, 0]
        packed = np.zeros(len(rows), np.int64)
        for column, width in zip(rows.T, bits, strict=True):
            packed = packed << width | column
        return packed


def _names(rows: NDArray[np.int32]) -> list[bytes]:
    """Each row as bytes, which a dictionary finds faster than numbers."""
    names: list[bytes] = np.ascontiguousarray(rows).view(f"V{rows.shape[1] * rows.itemsize}")[:, 0].tolist()
    return names


class Cells:
    """Codes and cells as they are stored, as far as they are known here."""

    def __init__(self, near: str) -> None:
        self.codes: list[list[str | None]] = [[None] for _ in FIELDS]
        self._rows = Growing(len(FIELDS))
        self.near = FIELDS.index(near)
        self._ranks = Growing()
        self._rank_after: Numbers = np.zeros(1, np.int64)

    def __len__(self) -> int:
        return self._rows.count

    @property
    def rows(self) -> NDArray[np.int32]:
        """The code numbers of every cell: one row a cell, one column a field."""
        return self._rows.rows

    @property
    def ranks(self) -> NDArray[np.int32]:
        """The place of every cell among those with its near code."""
        return self._ranks.rows[:, 0]

    def add(self, rows: NDArray[Any]) -> None:
        """Put new cells after the last, as rows of code numbers."""
        codes = rows[:, self.near].astype(np.int64)
        if len(self._rank_after) < len(self.codes[self.near]):
            more = np.zeros(2 * len(self.codes[self.near]) - len(self._rank_after), np.int64)
            self._rank_after = np.concatenate([self._rank_after, more])
        order = np.argsort(codes, kind="stable")
        ordered = codes[order]
        begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        lengths = np.diff(np.r_[begins, len(ordered)])
        ranks = np.empty(len(codes), np.int64)
        ranks[order] = np.arange(len(codes)) - np.repeat(begins, lengths) + self._rank_after[ordered]
        self._rank_after[ordered[begins]] += lengths
        self._ranks.add(ranks[:, None])
        # Last, for by their number the cells are known to be there.
        self._rows.add(rows)

    def keys(self, rows: NDArray[Any], fields: Sequence[int] = range(len(FIELDS))) -> list[Key]:
        """The keys of some rows of code numbers, of which only these fields are told."""
        columns: list[list[str | None]] = [[None] * len(rows)] * len(FIELDS)
        for place, field in enumerate(fields):
            columns[field] = np.array(self.codes[field], object)[rows[:, place]].tolist()
        return [Key(*codes) for codes in zip(*columns, strict=True)]

    def with_near_code(self, code: int) -> Numbers:
        """The cells with a near code, by their place among them."""
        return np.flatnonzero(self.rows[:, self.near] == code)


class Grouping:
    """Which cell of a grouping each fine cell belongs to."""

    def __init__(self, fields: View) -> None:
        self.space = Space(fields)
        self._columns = [FIELDS.index(field) for field in FIELDS if field in {*fields, *ALWAYS}]
        self._place_of: dict[bytes, int] = {}
        self._places = Growing(kind=np.int64)

    @property
    def places(self) -> Numbers:
        """For each fine cell its place in the space."""
        found: Numbers = self._places.rows[:, 0]
        return found

    def extend(self, cells: Cells) -> None:
        """Place the cells that are new."""
        rows = cells.rows[self._places.count :]
        if not len(rows):
            return
        rows = rows[:, self._columns]
        firsts, group = first_seen(rows, [len(cells.codes[field]) for field in self._columns])
        distinct = rows[firsts]
        known, before = self._place_of, len(self.space)
        places = np.array([known.setdefault(name, len(known)) for name in _names(distinct)], np.int32)
        self.space.keys.extend(cells.keys(distinct[places >= before], self._columns))
        self._places.add(places[group][:, None])


def first_seen(rows: NDArray[Any], sizes: Sequence[int]) -> tuple[Numbers, Numbers]:
    """Where each distinct row stands first, in that order, and which of them every row is.

    `sizes` says below which number each column stays.
    """
    packed = np.zeros(len(rows), np.int64)
    reach = 1
    for column, size in zip(rows.T, sizes, strict=True):
        if reach * size >= 1 << 62:
            packed = np.unique(packed, return_inverse=True)[1]
            reach = len(rows)
        packed = packed * size + column
        reach *= size
    if reach <= TABLE * len(rows):
        first_of = np.full(reach, -1, np.int64)
        first_of[packed[::-1]] = np.arange(len(rows))[::-1]
        first = first_of[packed]
        firsts = np.flatnonzero(first == np.arange(len(rows)))
        number_of = np.zeros(len(rows), np.int64)
        number_of[firsts] = np.arange(len(firsts))
        return firsts, number_of[first]
    _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
    order = np.argsort(first)
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    return first[order], number[inverse]
