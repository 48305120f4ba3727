"""The sums of a cube's views while it is written, and the checkpoints that are made of them.

A view gets a checkpoint at the end of a chunk, when enough entries have come since its last one and the months that
changed cost no more bytes than a few for each of those. So what is kept follows from the entries alone.

Who begins to write where another left off has all entries since the last checkpoints to go through, and of a wide view
these are many. It is done in small steps, so that nobody waits for all of it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import numpy as np

from ledger.reporting.stored.cube_columns import Columns, pack, pack_vector
from ledger.reporting.stored.cube_memory import CubeMemory
from ledger.reporting.stored.cube_preparing import REACH, magnitude, rising
from ledger.reporting.stored.cube_tables import Row, Tables
from ledger.reporting.stored.space import Numbers

#: Sums are taken in a table of all months and cells where it has at most so many places an entry.
DENSE: Final = 16


#: A part of reading what is stored.
Step = Callable[[Tables], object]


class Vectors:
    """The running sums of every view by year, month and cell, at the end of the last chunk."""

    def __init__(self, memory: CubeMemory, chunks: int, cells: int) -> None:
        """As stored: so many chunks, in which so many cells are named. Nothing is known before `steps` are taken."""
        self._memory, self._chunks = memory, chunks
        self._magnitude = memory.magnitudes[chunks - 1] if chunks else 0
        self._last_months = memory.checkpoints.last_months()
        end = chunks * memory.sizes.chunk
        self._views = [
            _View(memory, view, memory.checkpoints.last(view, end), cells) for view in range(len(memory.views))
        ]

    def steps(self) -> list[Step]:
        """What reads the sums as they are stored, to be called one after the other before anything is added."""
        size, years = self._memory.sizes.chunk, self._memory.checkpoints.years
        first = min((view.end for view in self._views), default=self._chunks * size) // size
        return [
            *(step for number, view in enumerate(self._views) for year in years(number) for step in view.steps(year)),
            *(partial(self._read_chunk, n) for n in range(first, self._chunks)),
        ]

    def _read_chunk(self, n: int, tables: Tables) -> None:
        """Add a chunk to the views that have no checkpoint after it."""
        ((_, part),) = self._memory.chunks(tables, [n])
        columns = part.whole()
        self._note_months(columns)
        for view in self._views:
            if view.end <= n * columns.size:
                view.read(tables, columns)

    def add(self, tables: Tables, chunk: Columns, end: int) -> tuple[list[Row], list[Row]]:
        """Add a chunk, with which there are `end` entries; gives rows of its sums, and of the checkpoints due."""
        sums: list[Row] = []
        checkpoints: list[Row] = []
        self._magnitude += magnitude(chunk.amount)
        if self._magnitude < REACH:
            # Beyond that sums are taken of the entries: a vector has 64 bits.
            self._note_months(chunk)
            for number, view in enumerate(self._views):
                summed = view.add(tables, chunk)
                if summed.size * self._memory.sizes.sums <= chunk.size:
                    sums.append((self._memory.number, number, end // chunk.size - 1, pack(summed)))
                if view.due(end, self._last_months):
                    checkpoints += view.checkpoint(end, self._last_months)
        return sums, checkpoints

    def _note_months(self, chunk: Columns) -> None:
        for month in np.unique(chunk.period).tolist():
            self._last_months[month // 12] = max(month % 12, self._last_months.get(month // 12, 0))


class _View:
    """One view: sums by month and cell of each year that was touched, and what changed since the last checkpoint."""

    def __init__(self, memory: CubeMemory, view: int, end: int, cells: int) -> None:
        self._memory, self._view, self.end = memory, view, end
        self._grouping = memory.grouping(memory.views[view])
        named = self._grouping.places[:cells]
        self._cells = int(named.max()) + 1 if len(named) else 0
        self._sums: dict[int, Numbers] = {}
        self._changed: dict[int, int] = {}

    def steps(self, year: int) -> list[Step]:
        """What reads the sums of a year to the last checkpoint: each month by itself, then all of them from memory."""
        return [*(partial(self._through, year * 12 + n) for n in range(12)), partial(self._of_year, year)]

    def _through(self, month: int, tables: Tables) -> Numbers | None:
        return self._memory.checkpoints.through(tables, self._view, month, self.end)

    def read(self, tables: Tables, chunk: Columns) -> None:
        """Add the entries of a chunk that is stored to the sums."""
        places, years = self._grouping.places[chunk.cell], chunk.period // 12
        for year in np.unique(years).tolist():
            mine = years == year
            sums, months = self._of_year(year, tables), chunk.period[mine] - year * 12
            np.add.at(sums.reshape(-1), months * sums.shape[1] + places[mine], chunk.amount[mine])
            self._changed[year] = min(int(months.min()), self._changed.get(year, 11))

    def add(self, tables: Tables, chunk: Columns) -> Columns:
        """Add a chunk's entries to the sums; gives what they are in the chunk, as entries of the view's cells."""
        self._grouping.extend(self._memory.cells)
        places = self._grouping.places[chunk.cell]
        self._cells = max(self._cells, int(places.max()) + 1)
        months, places, amounts = summed(chunk.period, places, chunk.amount, self._cells)
        # Months come in order, so those of a year lie together.
        for year in np.unique(months // 12).tolist():
            mine = slice(*np.searchsorted(months, [year * 12, year * 12 + 12]))
            sums = self._of_year(year, tables)
            sums[months[mine] - year * 12, places[mine]] += amounts[mine]
            self._changed[year] = min(int(months[mine][0]) - year * 12, self._changed.get(year, 11))
        return Columns(places, np.zeros_like(places), months, months * 31, amounts)

    def due(self, end: int, last_months: dict[int, int]) -> bool:
        """Whether a checkpoint is due when there are `end` entries."""
        sizes, since = self._memory.sizes, end - self.end
        rows = sum(last_months[year] - first + 1 for year, first in self._changed.items())
        return since >= sizes.step and 8 * self._cells * rows <= sizes.bytes_an_entry * since

    def checkpoint(self, end: int, last_months: dict[int, int]) -> Iterator[Row]:
        """The rows of a checkpoint."""
        for year, first in sorted(self._changed.items()):
            through = self._sums[year][: last_months[year] + 1, : self._cells].cumsum(axis=0)
            for month in range(first, last_months[year] + 1):
                yield self._memory.number, end, self._view, year * 12 + month, pack_vector(through[month])
        self._changed.clear()
        self.end = end

    def _of_year(self, year: int, tables: Tables) -> Numbers:
        """The sums of a year: month by cell, with room for the cells that are known."""
        sums = self._sums.get(year)
        if sums is None:
            sums = self._sums[year] = self._stored(tables, year)
        if sums.shape[1] < self._cells:
            larger = np.zeros((12, 2 * self._cells), np.int64)
            larger[:, : sums.shape[1]] = sums
            sums = self._sums[year] = larger
        return sums

    def _stored(self, tables: Tables, year: int) -> Numbers:
        """The sums of a year that was not touched since the last checkpoint."""
        sums = np.zeros((12, self._cells), np.int64)
        through = [self._through(year * 12 + n, tables) for n in range(12)]
        for n, vector in enumerate(through):
            if vector is not None:
                sums[n, : len(vector)] = vector
        if any(vector is not None for vector in through):
            sums[1:] -= sums[:-1].copy()
        return sums


def summed(months: Numbers, cells: Numbers, amounts: Numbers, width: int) -> tuple[Numbers, Numbers, Numbers]:
    """The sum of each month and cell that has entries, in that order: months, cells, sums. Cells stay below `width`."""
    first = int(months.min())
    pairs = (months - first) * width + cells
    reach = (int(months.max()) - first + 1) * width
    if reach <= DENSE * len(pairs):
        every, has = np.zeros(reach, np.int64), np.zeros(reach, np.bool_)
        np.add.at(every, pairs, amounts)
        has[pairs] = True
        distinct = np.flatnonzero(has)
        sums = every[distinct]
    else:
        order, ordered = rising(pairs)
        begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        distinct, sums = ordered[begins], np.add.reduceat(amounts[order], begins)
    return distinct // width + first, distinct % width, sums
