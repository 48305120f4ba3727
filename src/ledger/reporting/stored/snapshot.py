"""What one question reads: all its cubes and registers as of one moment of the read model.

One transaction holds still what is stored; what was read before is kept in memory between questions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from ledger.reporting.entry import Cube, Material, Register, View
from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.cube import CubeReader, Window
from ledger.reporting.stored.cube_memory import CubeMemory
from ledger.reporting.stored.cube_sizes import SIZES
from ledger.reporting.stored.cube_tables import Row, Tables
from ledger.reporting.stored.register import Held, RegisterReader
from ledger.reporting.stored.room import keep_room
from ledger.reporting.stored.schema import POINTER, ROWS
from ledger.reporting.stored.space import Entries, Ore, Space

#: Which generations count and how far they have come. Asked by every question, so it is written out once.
COUNTING: Final = f"SELECT name, material, position FROM {POINTER.name}"  # noqa: S608 - a table of ours


class Snapshot:
    """The read model in one transaction, complete to `position`."""

    def __init__(
        self, memory: Memory, connection: Connection, numbers: dict[str, int], positions: dict[str, int]
    ) -> None:
        """The generations that count of each material, and the positions to which they are complete."""
        self._memory, self.connection, self._numbers, self._positions = memory, connection, numbers, positions
        self.position = min(positions.values(), default=0)
        self._cubes: dict[str, CubeReader] = {}

    @property
    def built(self) -> dict[tuple[Any, ...], Any]:
        """What was built of registers and may be used again, by what it was built of."""
        return self._memory.built

    def space(self, cube: Cube, fields: View) -> Space:
        """The cells of a grouping of a cube."""
        return self._cube(cube).space(fields)

    def totals(self, cube: Cube, fields: View, window: Window) -> Ore:
        """The sum of every cell of a grouping within the window: a vector over its space."""
        return self._cube(cube).totals(fields, window)

    def columns(
        self,
        cube: Cube,
        fields: View,
        window: Window,
        *,
        beside: Window | None = None,
        wanted: NDArray[np.bool_] | None = None,
        cells: bool = True,
        days: bool = True,
    ) -> Entries:
        """The entries within the window in log order, their cells those of a grouping's space.

        With `beside` only those that are not in that window too; with `wanted` (a mask over the space) only of those
        cells. Without `cells` or `days` those columns are all nothing.
        """
        return self._cube(cube).columns(fields, window, beside=beside, wanted=wanted, cells=cells, days=days)

    def runs(
        self,
        cube: Cube,
        fields: View,
        window: Window,
        *,
        beside: Window | None = None,
        wanted: NDArray[np.bool_] | None = None,
        cells: bool = True,
        days: bool = True,
    ) -> list[Entries]:
        """The same entries in a few runs, each in log order, for who need not have them in one."""
        return self._cube(cube).runs(fields, window, beside=beside, wanted=wanted, cells=cells, days=days)

    def _cube(self, cube: Cube) -> CubeReader:
        if cube.name not in self._cubes:
            memory = self._memory.cube(cube, self._numbers[cube.name])
            self._cubes[cube.name] = CubeReader(memory, self.connection, self._positions[cube.name])
        return self._cubes[cube.name]

    def read_in(self, cube: Cube, before: int | None, *, entries: bool) -> int:
        """Fetch some of a cube's entries, or of what is kept ahead, the newest before a chunk; where it came to."""
        return self._cube(cube).read_in(before, entries=entries)

    def register(self, declared: Register) -> RegisterReader:
        """A register, read as far as the snapshot goes."""
        reader = self._memory.register(declared, self._numbers[declared.name])
        reader.extend(self.connection, self.position)
        return reader

    def holds(self, declared: Material) -> bool:
        """Whether any generation counts."""
        return declared.name in self._numbers

    def number(self, declared: Material) -> int:
        """The number of the generation that counts."""
        return self._numbers[declared.name]

    def rows(self, declared: Register, key: str, kand: int) -> list[Held[Any]]:
        """The rows under a key that count in what was known at a position."""
        return self.register(declared).rows(key, kand)


class Memory:
    """What is remembered between questions: cells and register rows of what counts, and things built of them."""

    def __init__(self, engine: Engine) -> None:
        keep_room()
        self._engine = engine
        self._cubes: dict[str, CubeMemory] = {}
        self._remembered: Bounded[Any] = Bounded(SIZES.remembered)
        self._registers: dict[str, RegisterReader] = {}
        self.built: dict[tuple[Any, ...], Any] = {}

    @contextmanager
    def snapshot(self, names: Collection[str]) -> Iterator[Snapshot]:
        """The read model of these materials, held still."""
        with self._engine.connect() as connection:
            rows = _counting(connection, names)
            numbers = {name: material for name, material, _ in rows}
            try:
                yield Snapshot(self, connection, numbers, {name: position for name, _, position in rows})
            finally:
                _leave(connection)

    def read_in(self, cubes: Iterable[Cube]) -> Iterator[None]:
        """Fetch what figures are made of before anybody asks, a little at a time: the newest first, of each cube.

        First what is kept ahead of entries, which is a third of the bytes and used by most questions. A quarter of the
        room is left for what is asked for. Who comes first then waits for no disk.
        """
        for entries, cube in product((False, True), cubes):
            before = None
            while before != 0 and self._remembered.left > SIZES.remembered // 4:
                with self.snapshot([cube.name]) as snapshot:
                    before = snapshot.read_in(cube, before, entries=entries) if snapshot.holds(cube) else 0
                yield

    def cube(self, cube: Cube, number: int) -> CubeMemory:
        """The cube of a generation; that of an earlier one is let go."""
        held = self._cubes.get(cube.name)
        if held is None or held.number != number:
            held = self._cubes[cube.name] = CubeMemory(cube, number, self._remembered)
        return held

    def register(self, declared: Register, number: int) -> RegisterReader:
        """The register of a generation; that of an earlier one is let go."""
        held = self._registers.get(declared.name)
        if held is None or held.number != number:
            held = self._registers[declared.name] = RegisterReader(declared, number)
        return held


def _counting(connection: Connection, names: Collection[str]) -> list[Row]:
    """Begin to read, and what counts then of these. PostgreSQL is told both at once: every question begins so."""
    driver: Any = connection.connection.driver_connection
    with suppress(driver.Error):
        if connection.dialect.name == "sqlite":
            return [row for row in Tables(connection).rows(COUNTING) if row[0] in names]
        found = driver.pgconn.exec_(f"BEGIN ISOLATION LEVEL REPEATABLE READ; {COUNTING}".encode())
        if found.status == ROWS:
            said, every = found.get_value, range(found.ntuples)
            named = ((n, name) for n in every if (name := said(n, 0).decode()) in names)
            return [(name, int(said(n, 1)), int(said(n, 2))) for n, name in named]
        driver.rollback()
    # Asked in the ordinary way, it says what is wrong.
    return [tuple(row) for row in connection.exec_driver_sql(COUNTING) if row[0] in names]


def _leave(connection: Connection) -> None:
    """End what was begun, where nothing else was asked of PostgreSQL: to tell it so costs half of what SQLAlchemy does.

    Where something was, SQLAlchemy knows of the transaction and ends it.
    """
    if connection.dialect.name == "sqlite" or connection.invalidated or connection.in_transaction():
        return
    driver: Any = connection.connection.driver_connection
    with suppress(driver.Error):
        driver.pgconn.exec_(b"ROLLBACK")
