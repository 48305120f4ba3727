"""How a cube is stored: entries as they come, then chunks of them, and with every chunk or block what reading needs.

All of it follows from the entries in log order, however many were written at a time: the same bytes on any database.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from itertools import pairwise
from typing import Final

from sqlalchemy import Connection

from ledger.reporting.entry import Cube
from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.cube_blocks import home_months, near_copies, strays
from ledger.reporting.stored.cube_cells import Numbering
from ledger.reporting.stored.cube_columns import Columns, joined, pack, pack_rows
from ledger.reporting.stored.cube_memory import CubeMemory
from ledger.reporting.stored.cube_preparing import REACH, PreparedCube, magnitude
from ledger.reporting.stored.cube_tables import Row, Tables
from ledger.reporting.stored.cube_vectors import Step, Vectors

#: Bytes of decoded pieces that a store remembers: it reads few of them twice.
REMEMBERED: Final = 4 * 2**20


class CubeStore:
    """Writes one generation of one cube. Remembers what it has written; after a rollback it is thrown away."""

    def __init__(self, cube: Cube, number: int) -> None:
        self._cube, self._number = cube, number
        self._known: _Known | None = None

    def write(self, connection: Connection, prepared: PreparedCube, upto: int) -> None:
        """Add what was prepared; the generation then holds the log to the position `upto`."""
        del upto
        if prepared.columns.size:
            tables = Tables(connection)
            self._know(tables).add(tables, prepared)

    def get_ready(self, connection: Connection) -> None:
        """Learn what is stored, so that the first write need not."""
        self._know(Tables(connection))

    def _know(self, tables: Tables) -> _Known:
        """What is stored: read the first time, and when another process was the last to write."""
        found = _stored(tables, self._number)
        if self._known is None or self._known.stored != found:
            self._known = _Known(self._cube, self._number, tables, found)
        return self._known


Stored = tuple[int, int, int | None]


def _stored(tables: Tables, number: int) -> Stored:
    """How many chunks are stored, where the entries after them end, and how many cells the chunks name."""
    ((chunks, end, cells),) = tables.rows(
        "SELECT (SELECT max(n) + 1 FROM cube_chunk WHERE material = ?), max(first + entries), min(cells_before)"
        " FROM cube_tail WHERE material = ?",
        number,
        number,
    )
    return chunks or 0, end or 0, cells


class _Known:
    """What a store knows of what is stored, and adds to it."""

    def __init__(self, cube: Cube, number: int, tables: Tables, stored: Stored) -> None:
        self.stored = stored
        self._number = number
        self._memory = CubeMemory(cube, number, Bounded(REMEMBERED))
        state = self._memory.state(tables, 0)
        self._cells = self._memory.cells
        self._numbering = Numbering(self._cells.codes)
        self._numbering.know(self._cells.rows)
        self._chunks = state.chunks
        self._loose = [state.tail.whole()]
        self._count = state.tail.size
        #: So many cells are named in chunks.
        self._cells_in_chunks = len(self._cells) if stored[2] is None else stored[2]
        self._vectors = Vectors(self._memory, self._chunks, self._cells_in_chunks)
        begun = self._chunks - self._chunks % self._memory.sizes.block
        self._block: list[Columns] = []
        #: What is left to read before a chunk can be made.
        self._steps: deque[Step] = deque(self._vectors.steps())
        self._steps.extend(partial(self._read_into_block, n) for n in range(begun, self._chunks))

    def add(self, tables: Tables, prepared: PreparedCube) -> None:
        """Store what was prepared."""
        before = len(self._cells)
        columns = self._numbered(tables, prepared)
        self._loose.append(columns)
        first = self._chunks * self._memory.sizes.chunk + self._count
        self._read_some(tables, columns.size)
        self._count += columns.size
        if self._count >= self._memory.sizes.chunk:
            self._add_chunks(tables)
            tables.run("DELETE FROM cube_tail WHERE material = ?", self._number)
            (columns,), before = self._loose, self._cells_in_chunks
            first = self._chunks * self._memory.sizes.chunk
        if columns.size:
            cells = pack_rows(self._cells.rows[before:])
            tables.add("cube_tail", [(self._number, first, columns.size, before, cells, pack(columns))])
        end = first + columns.size if self._count else 0
        self.stored = self._chunks, end, self._cells_in_chunks if self._count else None

    def _numbered(self, tables: Tables, prepared: PreparedCube) -> Columns:
        """The entries with the cells' own numbers; cells and codes that nobody has seen are entered."""
        cells, new = self._numbering.number(prepared.codes, prepared.rows)
        if len(new):
            codes: list[Row] = []
            for field, told in enumerate(self._numbering.codes):
                known = self._cells.codes[field]
                codes += [(self._number, field, n, told[n]) for n in range(len(known), len(told))]
                known += told[len(known) :]
            tables.add("cube_code", codes)
            self._cells.add(new)
        return prepared.columns._replace(cell=cells[prepared.columns.cell])

    # ------------------------------------------------------------ chunks

    def _read_some(self, tables: Tables, entries: int) -> None:
        """Read as large a part of what a chunk needs as these entries take of the room that is left in it.

        So the write that fills a chunk has no more to read than the others.
        """
        room = self._memory.sizes.chunk - self._count
        for _ in range(-(-len(self._steps) * min(entries, room) // room)):
            self._steps.popleft()(tables)

    def _read_into_block(self, n: int, tables: Tables) -> None:
        ((_, part),) = self._memory.chunks(tables, [n])
        self._block.append(part.whole())

    def _add_chunks(self, tables: Tables) -> None:
        """Make chunks of the entries that fill them; the rest stays loose."""
        size, block = self._memory.sizes.chunk, self._memory.sizes.block
        loose = joined(self._loose)
        chunks: list[Row] = []
        sums: list[Row] = []
        checkpoints: list[Row] = []
        stray: list[Row] = []
        near: list[Row] = []
        for start, stop in pairwise(range(0, loose.size + 1, size)):
            chunk = loose.some(slice(start, stop))
            chunks.append(self._chunk(chunk))
            self._chunks += 1
            summed, due = self._vectors.add(tables, chunk, self._chunks * size)
            sums += summed
            checkpoints += due
            self._block.append(chunk)
            if len(self._block) == block:
                name = self._chunks // block - 1
                stray += strays(self._number, name, self._block, self._memory.sizes.home)
                near += near_copies(self._number, name, joined(self._block), self._cells)
                self._block = []
        for table, rows in (
            ("cube_chunk", chunks),
            ("cube_sum", sums),
            ("cube_checkpoint", checkpoints),
            ("cube_stray", stray),
            ("cube_near", near),
        ):
            tables.add(table, rows)
        rest = loose.some(slice(len(chunks) * size, None))
        self._loose, self._count = [rest], rest.size

    def _chunk(self, chunk: Columns) -> Row:
        """The row of the next chunk."""
        before = self._cells_in_chunks
        self._cells_in_chunks = max(before, int(chunk.cell.max()) + 1)
        months = home_months(chunk, self._memory.sizes.home)
        return (
            self._number,
            self._chunks,
            int(chunk.position[-1]),
            min(magnitude(chunk.amount), REACH),
            int(chunk.period.min()),
            int(chunk.period.max()),
            int(chunk.aligned),
            before,
            months.astype("<u4").tobytes(),
            pack_rows(self._cells.rows[before : self._cells_in_chunks]),
            pack(chunk),
        )
