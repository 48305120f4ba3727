"""What a cube holds, as one sum of bytes: the same whatever database it lies in and however it was written.

SHA-256 over the entries in log order, so many at a time: cell, position, period, effective day and öre, column by
column; and at last the codes and the cells. Both are numbered in the order in which they were first recorded, so the
numbers say what the facts say. The fold over what facts add knows nothing of how a cube is stored: it tells whether a
rebuild holds what it should.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import chain
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ledger.reporting.entry import Cube
from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.cube_cells import Codes, Numbering
from ledger.reporting.stored.cube_columns import Columns, joined
from ledger.reporting.stored.cube_memory import CubeMemory, State
from ledger.reporting.stored.cube_pieces import AT_ONCE
from ledger.reporting.stored.cube_preparing import PreparedCube
from ledger.reporting.stored.cube_tables import Tables
from ledger.reporting.stored.cube_vectors import summed
from ledger.reporting.stored.space import Numbers

#: Entries that are summed at a time. Another number gives other digests.
RUN: Final = 4_096


class CubeFold:
    """A digest in the making, of what facts add to one cube."""

    def __init__(self) -> None:
        self._numbering = Numbering()
        self._cells: list[NDArray[np.int32]] = []
        self._sum = _Sum()

    def add(self, prepared: PreparedCube) -> None:
        """Go on with what the next stretch of the log adds."""
        cells, new = self._numbering.number(prepared.codes, prepared.rows)
        self._cells.append(new)
        self._sum.add(prepared.columns._replace(cell=cells[prepared.columns.cell]))

    def result(self) -> tuple[int, str]:
        """How many entries so far, and the sum of their bytes (hex)."""
        none = np.zeros((0, len(self._numbering.codes)), np.int32)
        return self._sum.result(self._numbering.codes, np.concatenate([none, *self._cells]))


class _Sum:
    def __init__(self) -> None:
        self._sha, self._rows = hashlib.sha256(), 0
        self._waiting = Columns.empty()

    def add(self, columns: Columns) -> None:
        columns = joined([self._waiting, columns])
        whole = columns.size - columns.size % RUN
        for start in range(0, whole, RUN):
            _add(self._sha, columns.some(slice(start, start + RUN)))
        self._rows += whole
        self._waiting = columns.some(slice(whole, None))

    def result(self, codes: Codes, cells: NDArray[np.int32]) -> tuple[int, str]:
        sha = self._sha.copy()
        _add(sha, self._waiting)
        named = [told[: int(column.max(initial=0)) + 1] for told, column in zip(codes, cells.T, strict=True)]
        sha.update(msgspec.json.encode(named))
        sha.update(cells.astype("<i4").tobytes())
        return self._rows + self._waiting.size, sha.hexdigest()


def _add(sha: hashlib._Hash, columns: Columns) -> None:
    for column, kind in zip(columns, ("<u4", "<i8", "<i4", "<i4", "<i8"), strict=True):
        sha.update(column.astype(kind).tobytes())


def cube_digest(connection: Connection, cube: Cube, number: int, upto: int) -> tuple[int, str]:
    """How many entries one generation of a cube holds of facts to a position, and the sum of their bytes (hex)."""
    memory, tables, state = _stored(connection, cube, number)
    found, cells = _Sum(), 0
    chunks = (part for _, part in memory.chunks(tables, range(state.chunks)))
    for part in chain(chunks, [state.tail]):
        columns = part.whole().some(slice(0, part.known(upto)))
        cells = max(cells, int(columns.cell.max(initial=-1)) + 1)
        found.add(columns)
    return found.result(memory.cells.codes, memory.cells.rows[:cells])


def check_vectors(connection: Connection, cube: Cube, number: int, view: int) -> bool:
    """Whether the sums that one generation keeps ahead for a view agree with its entries, in every month."""
    memory, tables, state = _stored(connection, cube, number)
    size, grouping = memory.sizes.chunk, memory.grouping(memory.views[view])
    width, end = len(grouping.space), memory.checkpoints.last(view, state.chunks * size)
    years = _Years(width)
    for first in range(0, state.chunks, AT_ONCE):
        some = range(first, min(first + AT_ONCE, state.chunks))
        kept = memory.pieces.sums(tables, view, some)
        for n, part in memory.chunks(tables, some):
            columns = part.whole()
            entries = columns.period, grouping.places[columns.cell], columns.amount
            if n in kept:
                entries = summed(*entries, width)
                if not all(map(np.array_equal, kept[n].whole(), entries)):
                    return False
            if n * size < end:
                years.add(*entries)
    for month, through in years.through():
        vector = memory.checkpoints.through(tables, view, month, end)
        found = np.zeros(0, np.int64) if vector is None else vector
        if not np.array_equal(through[: len(found)], found) or through[len(found) :].any():
            return False
    return True


class _Years:
    """Sums by month and cell, of each year that has entries."""

    def __init__(self, width: int) -> None:
        """So many cells at most."""
        self._width = width
        self._years: dict[int, Numbers] = {}

    def add(self, months: Numbers, cells: Numbers, amounts: Numbers) -> None:
        """Add amounts, each to its month and cell."""
        years = months // 12
        for year in np.unique(years).tolist():
            mine = years == year
            sums = self._years.setdefault(year, np.zeros(12 * self._width, np.int64))
            np.add.at(sums, (months[mine] - year * 12) * self._width + cells[mine], amounts[mine])

    def through(self) -> Iterator[tuple[int, Numbers]]:
        """The sums from January through each month of each year."""
        for year, sums in self._years.items():
            yield from enumerate(sums.reshape(12, self._width).cumsum(axis=0), year * 12)


def _stored(connection: Connection, cube: Cube, number: int) -> tuple[CubeMemory, Tables, State]:
    memory, tables = CubeMemory(cube, number, Bounded(0)), Tables(connection)
    return memory, tables, memory.state(tables, 0)
