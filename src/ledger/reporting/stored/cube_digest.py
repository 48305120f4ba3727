"""What a cube holds, as one sum of bytes: the same whatever database it lies in and however it was written.

SHA-256 over the entries in log order, so many at a time: cell, position, period, effective day and öre, column by
column; and at last the codes and the cells. Both are numbered in the order in which they were first recorded, so the
numbers say what the facts say. The fold over what facts add knows nothing of how a cube is stored: it tells whether a
rebuild holds what it should.
"""

from __future__ import annotations

import hashlib
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


def check_vectors(connection: Connection, cube: Cube, number: int) -> bool:
    """Whether the sums that are kept ahead of one generation agree with its entries, in every view and month."""
    memory, tables, state = _stored(connection, cube, number)
    return all(_agrees(memory, tables, state.chunks, view) for view in range(len(cube.views)))


def _agrees(memory: CubeMemory, tables: Tables, chunks: int, view: int) -> bool:
    """Whether the sums of the chunks and the last checkpoint of a view agree with the entries."""
    size, grouping = memory.sizes.chunk, memory.grouping(memory.views[view])
    width, end = len(grouping.space), memory.checkpoints.last(view, chunks * memory.sizes.chunk)
    years: dict[int, Numbers] = {}
    for first in range(0, chunks, AT_ONCE):
        some = range(first, min(first + AT_ONCE, chunks))
        kept = memory.pieces.sums(tables, view, some)
        for n, part in memory.chunks(tables, some):
            columns = part.whole()
            months, cells, amounts = summed(columns.period, grouping.places[columns.cell], columns.amount, width)
            if n in kept and not all(map(np.array_equal, kept[n].whole(), (months, cells, amounts))):
                return False
            for year in np.unique(months // 12).tolist() if n * size < end else ():
                mine = months // 12 == year
                of_year = years.setdefault(year, np.zeros((12, width), np.int64))
                of_year[months[mine] - year * 12, cells[mine]] += amounts[mine]
    for year, of_year in years.items():
        for n, through in enumerate(of_year.cumsum(axis=0)):
            vector = memory.checkpoints.through(tables, view, year * 12 + n, end)
            found = np.zeros(0, np.int64) if vector is None else vector
            if not np.array_equal(through[: len(found)], found) or through[len(found) :].any():
                return False
    return True


def _stored(connection: Connection, cube: Cube, number: int) -> tuple[CubeMemory, Tables, State]:
    memory, tables = CubeMemory(cube, number, Bounded(0)), Tables(connection)
    return memory, tables, memory.state(tables, 0)
