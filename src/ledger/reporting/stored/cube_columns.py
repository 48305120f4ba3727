"""Entries as columns of narrow numbers, and the bytes in which they are kept: the same on every database.

A *part* is some entries of a cube in log order: a chunk, the entries since the last chunk, the strays of a month, the
entries of one code. Each column is a base and what is added to it, as unsigned numbers of 0, 1, 2, 4 or 8 bytes;
amounts are 4 signed bytes with the few that do not fit beside them, or 8. Little-endian, widest column first.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.stored.space import Numbers, Ore

Index = slice | NDArray[np.int64]

#: Where fewer than one of so many entries are chosen, they are picked out.
FEW: Final = 4

#: How many entries and how many amounts that do not fit in 4 bytes; widths of cell, position, period, day, amount and
#: ordinal; bases of ordinal, position, period and day.
HEADER: Final = struct.Struct("<II6B2xIqii4x")

#: In the place of a width: the period of every entry is the month of its day; the entries are consecutive.
ALIGNED: Final = 255
NO_ORDINALS: Final = 255

#: The places of two columns.
PERIOD: Final = 2
AMOUNT: Final = 4

_UNSIGNED: Final[dict[int, np.dtype[Any]]] = {
    width: np.dtype(name) for width, name in ((0, "u1"), (1, "u1"), (2, "<u2"), (4, "<u4"), (8, "<u8"))
}
_SIGNED: Final[dict[int, np.dtype[Any]]] = {4: np.dtype("<i4"), 8: np.dtype("<i8")}
_NO_VALUES: Final = np.frombuffer(bytes(1), "u1")


class Column(NamedTuple):
    """Whole numbers: a base and what each adds to it."""

    base: int
    values: NDArray[Any]

    def at(self, chosen: Index) -> Numbers:
        """The chosen numbers."""
        return self.values[chosen].astype(np.int64) + self.base


class Columns(NamedTuple):
    """Entries as plain numbers, one place each, in log order. `period` is a month number, `day` a day number."""

    cell: Numbers
    position: Numbers
    period: Numbers
    day: Numbers
    amount: Numbers

    @classmethod
    def empty(cls) -> Columns:
        """No entries."""
        return cls(*(np.zeros(0, np.int64) for _ in cls._fields))

    def some(self, chosen: slice | NDArray[Any]) -> Columns:
        """Some of the entries: a slice, a mask or places."""
        return Columns(*(column[chosen] for column in self))

    @property
    def size(self) -> int:
        """How many entries."""
        return len(self.cell)

    @property
    def aligned(self) -> bool:
        """Whether each entry's period is the month of its day."""
        return bool((self.day // 31 == self.period).all())


def joined(pieces: list[Columns]) -> Columns:
    """The entries of several pieces, one after the other."""
    if len(pieces) == 1:
        return pieces[0]
    return Columns(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))


class Part(NamedTuple):
    """Entries as they are kept. `start` is the ordinal of the first; with `ordinals` they are not consecutive.

    Cells and amounts are as narrow as they lie in the bytes: who adds them up makes them wide first.
    """

    size: int
    start: int
    ordinals: Column | None
    cell: NDArray[Any]
    position: Column
    period: Column | None
    day: Column
    amount: NDArray[Any]

    @property
    def nbytes(self) -> int:
        """Bytes that it takes in memory."""
        columns = [self.position.values, self.day.values, self.cell, self.amount]
        columns += [column.values for column in (self.ordinals, self.period) if column]
        return sum(values.nbytes for values in columns)

    def whole(self) -> Columns:
        """All entries as plain numbers."""
        every = slice(None)
        cell, amount = (values.astype(np.int64) for values in (self.cell, self.amount))
        return Columns(cell, self.position.at(every), self.month(every), self.day.at(every), amount)

    def ordinal(self, chosen: Index) -> Numbers:
        """The ordinals of the chosen entries."""
        if self.ordinals:
            return self.ordinals.at(chosen)
        return np.arange(self.start, self.start + self.size)[chosen]

    def month(self, chosen: Index) -> Numbers:
        """The month numbers of the chosen entries."""
        return self.period.at(chosen) if self.period else self.day.at(chosen) // 31

    def known(self, kand: int) -> int:
        """How many of its entries were recorded at or before a position."""
        values, after = self.position.values, kand - self.position.base
        if not self.size or after < values[0]:
            return 0
        # In the column's own width, or all of it would be made wide first.
        return self.size if after >= values[-1] else int(values.searchsorted(values.dtype.type(after), "right"))

    def within(self, first: int, last: int, until: int | None, span: tuple[int, int]) -> Chosen:
        """The entries in months `first` to `last`, on or before a day, and in a span of ordinals."""
        start, stop = self._between(*span)
        if self.period:
            ranges = [(self.period, first, last)] + ([(self.day, -1, until)] if until is not None else [])
        else:
            end = last * 31 + 30 if until is None else min(last * 31 + 30, until)
            ranges = [(self.day, first * 31, end)]
        mask = np.ones(0, np.bool_)
        for column, low, high in ranges:
            values = column.values[start:stop]
            one = (values >= max(low - column.base, 0)) & (values <= high - column.base)
            mask = mask & one if len(mask) else one
        return Chosen(self, slice(start, stop), None if mask.all() else mask)

    def _between(self, after: int, before: int) -> tuple[int, int]:
        if self.ordinals is None:
            start = min(max(after - self.start, 0), self.size)
            return start, min(max(before - self.start, start), self.size)
        found = np.searchsorted(self.ordinals.values, [after - self.ordinals.base, before - self.ordinals.base])
        return int(found[0]), int(found[1])


class Chosen(NamedTuple):
    """Some entries of a part: a span, and which of it; all where there is no mask."""

    part: Part
    span: slice
    mask: NDArray[np.bool_] | None

    @property
    def picked(self) -> Index:
        """The places of the entries in the part."""
        return self.span if self.mask is None else np.flatnonzero(self.mask) + self.span.start

    def add_to(self, out: Ore, places: Numbers | None, how: np.ufunc = np.add) -> None:
        """Add the amounts to sums, each to the place of its cell; without places they are the cells themselves.

        Or subtract them, with another `how`.
        """
        span: Index = self.span
        mask = self.mask
        if mask is not None and np.count_nonzero(mask) * FEW < len(mask):
            span, mask = self.picked, None
        amounts = self.part.amount[span]
        if mask is not None:
            # Adding nothing for the others costs less than leaving them out.
            amounts = amounts * mask
        cells = self.part.cell[span]
        to = cells.astype(np.int64) if places is None else places.take(cells, mode="clip")
        how.at(out, to, amounts.astype(out.dtype, copy=False))


def plain(columns: Columns, start: int) -> Part:
    """Entries that are not kept in bytes yet, as a part."""
    position, period, day = (Column(0, values) for values in (columns.position, columns.period, columns.day))
    return Part(columns.size, start, None, columns.cell, position, period, day, columns.amount)


def one_part(parts: Sequence[Part]) -> Part:
    """Parts of entries with ordinals, each after those of the part before, as one."""
    if len(parts) == 1:
        return parts[0]
    every = slice(None)
    whole = joined([part.whole() for part in parts])
    ordinals = Column(0, np.concatenate([part.ordinal(every) for part in parts]))
    position, day = Column(0, whole.position), Column(0, whole.day)
    period = None if all(part.period is None for part in parts) else Column(0, whole.period)
    return Part(whole.size, 0, ordinals, whole.cell, position, period, day, whole.amount)


def pack(columns: Columns) -> bytes:
    """The bytes of consecutive entries."""
    return pack_many(columns, None, [0, columns.size])[0]


def pack_many(columns: Columns, ordinals: Numbers | None, bounds: Sequence[int]) -> list[bytes]:
    """The bytes of several stretches of entries, as wide as the widest; `ordinals` where they are not consecutive."""
    aligned = columns.aligned
    narrow = [
        _narrow(columns.cell, 0),
        _narrow(columns.position),
        _narrow(columns.period[:0] if aligned else columns.period),
        _narrow(columns.day),
    ]
    small = columns.amount.astype("<i4")
    far = np.flatnonzero(small != columns.amount)
    if len(far) * 3 > columns.size:
        small, far = columns.amount.astype("<i8"), far[:0]
    widths = [width for width, _, _ in narrow]
    if aligned:
        widths[PERIOD] = ALIGNED
    bases = [base for _, base, _ in narrow[1:]]
    kept = sorted((values for _, _, values in narrow), key=lambda values: -values.itemsize)
    kept.insert(sum(values.itemsize >= small.itemsize for values in kept), small)
    packed = []
    for start, stop in pairwise(bounds):
        beyond = far[slice(*np.searchsorted(far, [start, stop]))] if len(far) else far
        exceptions = b""
        if len(beyond):
            places = (beyond - start).astype("<u4").tobytes() + bytes(4 * (len(beyond) % 2))
            exceptions = columns.amount[beyond].astype("<i8").tobytes() + places
        told, steps = NO_ORDINALS, b""
        if ordinals is not None:
            # Each as the step from the one before.
            told, _, narrowed = _narrow(np.diff(ordinals[start:stop], prepend=ordinals[start]), 0)
            steps = narrowed.tobytes()
        base = int(ordinals[start]) if ordinals is not None else 0
        header = HEADER.pack(stop - start, len(beyond), *widths, small.itemsize, told, base, *bases)
        packed.append(b"".join([header, exceptions, *(values[start:stop].tobytes() for values in kept), steps]))
    return packed


def _narrow(values: Numbers, base: int | None = None) -> tuple[int, int, NDArray[Any]]:
    """The width, base and narrowest form of a column; no bytes at all where all are alike."""
    if not len(values):
        return 0, 0, values.astype("u1")
    low = int(values.min()) if base is None else base
    far = int(values.max()) - low
    width = next(w for w in (0, 1, 2, 4, 8) if far < 1 << 8 * w)
    return width, low, (values - low).astype(_UNSIGNED[width])[: len(values) if width else 0]


def unpack(data: bytes, start: int) -> Part:
    """The entries of some bytes; their ordinals begin at `start`, or are counted from it."""
    size, exceptions, *widths, told, b_ordinal, b_position, b_period, b_day = HEADER.unpack_from(data)
    offset = HEADER.size + 8 * exceptions + 4 * (exceptions + exceptions % 2)
    found: list[NDArray[Any]] = [_NO_VALUES] * len(widths)
    for n, kind in _laid(*widths):
        if kind is None:
            # One byte, which stands for all of them.
            found[n] = np.ndarray(size, "u1", _NO_VALUES, 0, (0,))
        else:
            found[n] = np.frombuffer(data, kind, size, offset)
            offset += kind.itemsize * size
    ordinals = None
    if told != NO_ORDINALS:
        steps = np.frombuffer(data, _UNSIGNED[told], size, offset) if told else np.zeros(size, np.int64)
        ordinals = Column(start + b_ordinal, np.cumsum(steps, dtype=np.int64))
    cell, position, months, day, amount = found
    if exceptions:
        far = np.frombuffer(data, "<u4", exceptions, HEADER.size + 8 * exceptions)
        amount = amount.astype(np.int64)
        amount[far] = np.frombuffer(data, "<i8", exceptions, HEADER.size)
    period = None if widths[PERIOD] == ALIGNED else Column(b_period, months)
    return Part(size, start, ordinals, cell, Column(b_position, position), period, Column(b_day, day), amount)


@lru_cache(maxsize=1024)
def _laid(*widths: int) -> tuple[tuple[int, np.dtype[Any] | None], ...]:
    """The columns of some widths in the order in which their bytes lie: which one, and of what kind; none without."""
    kept = [(n, 0 if width == ALIGNED else width) for n, width in enumerate(widths)]
    return tuple(
        (n, (_SIGNED if n == AMOUNT else _UNSIGNED)[width] if width else None)
        for n, width in sorted(kept, key=lambda pair: -pair[1])
    )


def pack_rows(rows: NDArray[Any]) -> bytes:
    """The bytes of a table of whole numbers, column by column; nothing where it has no rows."""
    if not len(rows):
        return b""
    narrow = [_narrow(column.astype(np.int64), 0) for column in rows.T]
    header = struct.pack("<IB", len(rows), len(narrow)) + bytes(width for width, _, _ in narrow)
    return b"".join([header, *(values.tobytes() for _, _, values in narrow)])


def unpack_rows(data: bytes) -> NDArray[np.int32]:
    """The table of some bytes."""
    count, columns = struct.unpack_from("<IB", data)
    offset = 5 + columns
    rows = np.zeros((count, columns), np.int32)
    for n, width in enumerate(data[5:offset]):
        if width:
            rows[:, n] = np.frombuffer(data, _UNSIGNED[width], count, offset)
            offset += width * count
    return rows


def pack_vector(vector: Numbers) -> bytes:
    """The bytes of a vector of sums: a first byte says how wide each is."""
    small = vector.astype("<i4")
    kept = small if (small == vector).all() else vector.astype("<i8")
    return bytes((kept.itemsize,)) + kept.tobytes()


def unpack_vector(data: bytes) -> NDArray[Any]:
    """The vector of some bytes, as narrow as it is kept."""
    return np.frombuffer(data, _SIGNED[data[0]], -1, 1)
