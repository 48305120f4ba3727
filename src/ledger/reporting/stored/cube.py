"""Reading cubes: sums by cell, and the entries behind them, within limits on both time axes.

A sum is the vector of the nearest checkpoint at or before what was known, and the entries recorded after that. A day
inside a month leaves that month to its entries: the chunks where it is at home, and its strays. The cost does not grow
with the log. Whole numbers throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ledger.reporting.entry import View
from ledger.reporting.stored.cube_columns import Chosen, Column, Index, Part, unpack
from ledger.reporting.stored.cube_days import day_number, day_of, ends_month, month_number
from ledger.reporting.stored.cube_memory import CubeMemory, MadeOf
from ledger.reporting.stored.cube_pieces import AT_ONCE
from ledger.reporting.stored.cube_preparing import REACH
from ledger.reporting.stored.cube_sums import add_sums
from ledger.reporting.stored.cube_tables import Tables, Wanted
from ledger.reporting.stored.space import Entries, Numbers, Ore, Space

#: Entries of more months than these are read from all chunks.
MANY_MONTHS: Final = 24


class Window(NamedTuple):
    """Months `first` to `last` (`202401`), known at position `kand`, effective on or before `until` (`20240331`)."""

    first: int
    last: int
    kand: int
    until: int | None


class Limits(NamedTuple):
    """A window in the cube's own numbers: months, a day, and how many entries were recorded."""

    first: int
    last: int
    until: int | None
    entries: int


class Picked(NamedTuple):
    """Some entries of a part, and how many."""

    part: Part
    places: Index
    size: int

    def bounds(self) -> tuple[int, int]:
        """The ordinals of the first and the last."""
        part, index = self.part, self.places
        first, last = (index.start, index.stop - 1) if isinstance(index, slice) else (int(index[0]), int(index[-1]))
        if part.ordinals is None:
            return part.start + first, part.start + last
        base, values = part.ordinals
        return base + int(values[first]), base + int(values[last])


class CubeReader:
    """One generation of one cube as one transaction sees it, in which it is complete to the position `upto`."""

    def __init__(self, memory: CubeMemory, connection: Connection, upto: int) -> None:
        self._memory = memory
        self._tables = Tables(connection)
        self._state = memory.state(self._tables, upto)

    def space(self, fields: View) -> Space:
        """The cells of a grouping."""
        return self._memory.grouping(fields).space

    def read_in(self, before: int | None, *, entries: bool) -> int:
        """Fetch some chunks before one, or the last ones, or what is kept ahead of them; the number of the first."""
        end = self._state.chunks if before is None else before
        first = max(end - AT_ONCE, 0)
        if entries:
            self._memory.pieces.gathered(self._tables, Wanted(0, list(range(first, end)), [], []))
        else:
            self._memory.read_in_ahead(self._tables, first, end)
        return first

    def totals(self, fields: View, window: Window) -> Ore:
        """The sum of every cell of a grouping."""
        grouping, made_of = self._memory.grouping(fields), self._made_of(fields, window)
        limits = self._limits(window, made_of and made_of.part)
        far = self._memory.reach(self._state, limits.entries) >= REACH
        out: Ore = np.zeros(len(grouping.space), object if far else np.int64)
        if limits.first > limits.last:
            return out
        if far or made_of is None or (limits.until is not None and not self._straight(limits.entries)):
            for chosen in self._pieces(limits, 0, limits.entries):
                chosen.add_to(out, grouping.places)
            return out
        # A day within a month leaves that month to its entries.
        whole = limits if limits.until is None else limits._replace(last=limits.last - 1, until=None)
        if whole.first <= whole.last:
            self._add_whole_months(made_of, grouping.places, whole, out)
        if limits.until is not None:
            for chosen in self._pieces(limits._replace(first=limits.last), 0, limits.entries):
                chosen.add_to(out, grouping.places)
        return out

    def _made_of(self, fields: View, window: Window) -> MadeOf | None:
        """What the sums of the whole months of a window are made of; none where the grouping is no view."""
        view = self._memory.view(fields)
        if view is None:
            return None
        first, last = month_number(window.first), month_number(window.last)
        if window.until is not None:
            until = day_number(window.until)
            last = min(last, until // 31 - (not ends_month(until)))
        return self._memory.made_of(self._tables, self._state, view, window.kand, (first, last))

    def _add_whole_months(self, made_of: MadeOf, places: Numbers, limits: Limits, out: Ore) -> None:
        """Add the sums of whole months: the nearest checkpoint, the sums of chunks after it, and the last entries."""
        months, end, sums, part = (limits.first, limits.last), limits.entries, made_of.sums, made_of.part
        for vector, how in made_of.vectors:
            of_vector = out[: len(vector)]
            how(of_vector, vector, out=of_vector)
        if part and made_of.of_part and 2 * (end - part.start) > part.size:
            # Most of the last chunk counts: all of it, less the entries that came later.
            sums = [*sums, made_of.of_part]
            part.within(*months, None, (end, part.start + part.size)).add_to(out, places, np.subtract)
        elif end > made_of.entries:
            (part or self._state.tail).within(*months, None, (made_of.entries, end)).add_to(out, places)
        add_sums(sums, *months, out)
        for _, chunk in self._memory.chunks(self._tables, made_of.without):
            chunk.within(*months, None, (0, end)).add_to(out, places)

    def columns(
        self,
        fields: View,
        window: Window,
        *,
        beside: Window | None = None,
        wanted: NDArray[np.bool_] | None = None,
        cells: bool = True,
        days: bool = True,
    ) -> Entries:
        """The entries within the window, in log order; without `cells` or `days` those columns are all nothing."""
        found, other = self._picked(fields, window, beside, wanted)
        return self._entries(fields, found, other, cells=cells, days=days)

    def runs(
        self,
        fields: View,
        window: Window,
        *,
        beside: Window | None = None,
        wanted: NDArray[np.bool_] | None = None,
        cells: bool = True,
        days: bool = True,
    ) -> list[Entries]:
        """The same in two runs, each in log order: to put many and few in one order takes longer than all else."""
        found, other = self._picked(fields, window, beside, wanted)
        return [self._entries(fields, run, other, cells=cells, days=days) for run in _following(found) if run]

    def _picked(
        self, fields: View, window: Window, beside: Window | None, wanted: NDArray[np.bool_] | None
    ) -> tuple[list[Picked], Limits | None]:
        """The entries within the window, and other limits within which none of them count."""
        limits, after, other = self._limits(window), 0, None
        if beside:
            limits, after, other = self._not_in(limits, self._limits(beside))
        places = self._memory.grouping(fields).places
        of_cells = None if wanted is None else _padded(wanted, len(self.space(fields))).take(places)
        found = [_among(chosen, of_cells) for chosen in self._asked(limits, after, of_cells)]
        return [picked for picked in found if picked.size], other

    def _entries(self, fields: View, found: list[Picked], other: Limits | None, *, cells: bool, days: bool) -> Entries:
        """Entries in log order, without those within other limits."""
        order = _in_log_order(found, other)
        size = sum(picked.size for picked in found)
        position = _numbers([part.position for part, *_ in found], found, size)[order]
        amount = _numbers([Column(0, part.amount) for part, *_ in found], found, size)[order]
        cell = day = np.broadcast_to(np.int64(0), len(position))
        if cells:
            fine = _numbers([Column(0, part.cell) for part, *_ in found], found, size)[order]
            cell = self._memory.grouping(fields).places.take(fine)
        if days:
            day = _written(_numbers([part.day for part, *_ in found], found, size)[order])
        return Entries(cell, day, position, amount)

    # ------------------------------------------------------------ limits

    def _limits(self, window: Window, last_chunk: Part | None = None) -> Limits:
        """The limits of a window; the chunk in which its position lies, where it is at hand, need not be found."""
        first, last = month_number(window.first), month_number(window.last)
        if last_chunk:
            count = last_chunk.start + last_chunk.known(window.kand)
        else:
            count = self._memory.count(self._tables, self._state, window.kand, (first, last))
        until = None if window.until is None else day_number(window.until)
        if until is not None and self._straight(count):
            # The month of a day says when it is: later months hold nothing, and the last one may be whole.
            month = until // 31
            if month > last or ends_month(until):
                until = None
            last = min(last, month)
        return Limits(first, last, until, count)

    def _straight(self, count: int) -> bool:
        """Whether the first entries all have the month of their day as period."""
        crooked, size = self._memory.crooked, self._memory.sizes.chunk
        if crooked is not None and crooked * size < count:
            return False
        return self._state.straight or count <= self._state.tail.start

    @staticmethod
    def _not_in(limits: Limits, other: Limits) -> tuple[Limits, int, Limits | None]:
        """Where entries lie that another window lacks: narrower limits, and the entries to pass over.

        And the other limits, where what lies there must still be judged by them.
        """
        days = other.until is None or (limits.until is not None and other.until >= limits.until)
        months = other.first <= limits.first and limits.last <= other.last
        if days and months:
            return limits, other.entries, None
        if days and limits.entries <= other.entries:
            if other.first <= limits.first <= other.last:
                return limits._replace(first=other.last + 1), 0, None
            if other.first <= limits.last <= other.last:
                return limits._replace(last=other.first - 1), 0, None
        return limits, 0, other

    # ------------------------------------------------------------ entries

    def _asked(self, limits: Limits, after: int, of_cells: NDArray[np.bool_] | None) -> Iterator[Chosen]:
        """The entries within limits after some; only those of the wanted cells are sure to be among them."""
        first, last = self._state.months
        if max(limits.first, first) > min(limits.last, last) or after >= limits.entries:
            return
        near = None if of_cells is None else self._near_codes(of_cells)
        if near is None:
            yield from self._pieces(limits, after, limits.entries)
            return
        size = self._memory.sizes.chunk * self._memory.sizes.block
        blocks = min(self._state.chunks // self._memory.sizes.block, -(-limits.entries // size))
        yield from self._near(near, limits, after, blocks)
        yield from self._scan(limits, max(after, blocks * size), limits.entries)

    def _pieces(self, limits: Limits, after: int, before: int) -> Iterator[Chosen]:
        """The entries within limits and a span of ordinals: where their months are at home, and their strays."""
        memory, sizes = self._memory, self._memory.sizes
        blocks = self._state.chunks // sizes.block
        begun, ended = after // sizes.chunk, min(-(-before // sizes.chunk), blocks * sizes.block)
        months = range(limits.first, limits.last + 1)
        chunks = sorted({n for m in months[:MANY_MONTHS] for n in memory.homes_of.get(m, ()) if begun <= n < ended})
        if len(months) > MANY_MONTHS or 2 * len(chunks) > ended - begun:
            yield from self._scan(limits, after, before)
            return
        for n, part in memory.chunks(self._tables, chunks):
            for first, last in _runs([month for month in memory.homes[n] if month in months]):
                yield part.within(first, last, limits.until, (after, before))
        for part in memory.pieces.strays(self._tables, months, blocks):
            yield part.within(limits.first, limits.last, limits.until, (after, before))
        yield from self._scan(limits, max(after, blocks * sizes.block * sizes.chunk), before)

    def _scan(self, limits: Limits, after: int, before: int) -> Iterator[Chosen]:
        """The entries within limits and a span of ordinals, from the chunks that may have some, and the tail."""
        memory, size = self._memory, self._memory.sizes.chunk
        numbers = range(after // size, min(-(-before // size), self._state.chunks))
        chunks = [n for n in numbers if memory.may_have(n, (limits.first, limits.last))]
        for _, part in memory.chunks(self._tables, chunks):
            yield part.within(limits.first, limits.last, limits.until, (after, before))
        tail = self._state.tail
        if before > tail.start:
            yield tail.within(limits.first, limits.last, limits.until, (after, before))

    # ------------------------------------------------------------ near copies

    def _near_codes(self, of_cells: NDArray[np.bool_]) -> list[int] | None:
        """The near codes of the wanted cells, where they are few."""
        cells = self._memory.cells
        codes = np.unique(cells.rows[: len(of_cells), cells.near][of_cells]).tolist()
        return codes if len(codes) <= self._memory.sizes.few_codes else None

    def _near(self, codes: list[int], limits: Limits, after: int, blocks: int) -> Iterator[Chosen]:
        """The entries of some codes within limits, from their copies in whole blocks."""
        size = self._memory.sizes.chunk * self._memory.sizes.block
        statement = (
            "SELECT code, block, data FROM cube_near WHERE material = ? AND code = ?"
            " AND block >= ? AND block < ? AND first_month <= ? AND last_month >= ? ORDER BY block"
        )
        for code in codes:
            cells = self._memory.cells.with_near_code(code).astype(np.uint32)
            found = self._tables.rows(
                statement, self._memory.number, code, after // size, blocks, limits.last, limits.first
            )
            for _, block, data in found:
                part = unpack(data, block * size)
                part = part._replace(cell=cells[part.cell])
                yield part.within(limits.first, limits.last, limits.until, (after, limits.entries))


def _among(chosen: Chosen, of_cells: NDArray[np.bool_] | None) -> Picked:
    """The chosen entries that are of wanted cells."""
    part, index = chosen.part, chosen.picked
    size = chosen.span.stop - chosen.span.start if isinstance(index, slice) else len(index)
    if of_cells is None:
        return Picked(part, index, size)
    among = of_cells.take(part.cell[index])
    count = int(np.count_nonzero(among))
    if count < size:
        index = np.flatnonzero(among) + chosen.span.start if isinstance(index, slice) else index[among]
    return Picked(part, index, count)


def _following(found: list[Picked]) -> tuple[list[Picked], list[Picked]]:
    """The entries of parts that follow each other from the first on, and of those that lie between them."""
    following: list[Picked] = []
    between: list[Picked] = []
    end = -1
    for picked in found:
        first, last = picked.bounds()
        if first > end:
            following.append(picked)
            end = last
        else:
            between.append(picked)
    return following, between


def _numbers(columns: Iterable[Column], found: list[Picked], size: int) -> Numbers:
    """The numbers of picked entries, piece after piece; there are so many."""
    numbers, at = np.empty(size, np.int64), 0
    for column, (_, index, many) in zip(columns, found, strict=True):
        here = numbers[at : at + many]
        here[:] = column.values[index] if isinstance(index, slice) else column.values.take(index)
        if column.base:
            here += column.base
        at += many
    return numbers


def _in_log_order(found: list[Picked], other: Limits | None) -> Index:
    """The places, piece after piece, of entries in log order; without those within other limits."""
    follows = not _following(found)[1]
    if not found or (follows and other is None):
        return slice(None)
    ordinal = np.concatenate([part.ordinal(index) for part, index, _ in found])
    order: Index = slice(None) if follows else np.argsort(ordinal, kind="stable")
    if other:
        month = np.concatenate([part.month(index) for part, index, _ in found])
        day = np.concatenate([part.day.at(index) for part, index, _ in found])
        kept = ~_inside(other, ordinal, month, day)
        order = np.arange(len(kept))[order]
        order = order[kept[order]]
    return order


def _inside(limits: Limits, ordinal: Numbers, month: Numbers, day: Numbers) -> NDArray[np.bool_]:
    """Which entries lie within limits."""
    inside = (ordinal < limits.entries) & (month >= limits.first) & (month <= limits.last)
    return inside if limits.until is None else inside & (day <= limits.until)


def _padded(mask: NDArray[np.bool_], size: int) -> NDArray[np.bool_]:
    """A mask over a space, also over the cells that came after it was made."""
    return mask if len(mask) >= size else np.concatenate([mask, np.zeros(size - len(mask), np.bool_)])


def _runs(months: list[int]) -> Iterator[tuple[int, int]]:
    """The months as runs without gaps: first and last."""
    first = 0
    for n, month in enumerate(months):
        if n + 1 == len(months) or months[n + 1] != month + 1:
            yield months[first], month
            first = n + 1


def _written(day: Numbers) -> Numbers:
    """Days as they are written (`20240331`). Of very many entries each day that may occur is worked out once."""
    if not len(day) or int(day.max()) - int(day.min()) > len(day):
        return day_of(day)
    first = int(day.min())
    return np.take(day_of(np.arange(first, int(day.max()) + 1)), day - first)
