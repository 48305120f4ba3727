"""What one question reads: all its cubes and registers as of one moment of the read model.

One transaction holds still what is stored; what was read before is kept in memory between questions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, select

from ledger.reporting.cube import CubeReader, Found, Window
from ledger.reporting.entry import Cube, Journal, Key, Register, View
from ledger.reporting.register import Held, RegisterReader
from ledger.reporting.schema import POINTER
from ledger.reporting.space import Entries, Ore, Space


class Snapshot:
    """The read model in one transaction, complete to `position`."""

    def __init__(self, memory: Memory, connection: Connection, numbers: dict[str, int], position: int) -> None:
        self._memory, self.connection, self._numbers, self.position = memory, connection, numbers, position

    @property
    def built(self) -> dict[tuple[Any, ...], Any]:
        """What was built of registers and may be used again, by what it was built of."""
        return self._memory.built

    def space(self, cube: Cube, fields: View) -> Space:
        """The cells of a grouping of a cube."""
        return self._memory.cube(self._numbers[cube.name]).space(self.connection, fields)

    def totals(self, cube: Cube, fields: View, window: Window) -> Ore:
        """The sum of every cell of a grouping within the window: a vector over its space."""
        return self._memory.cube(self._numbers[cube.name]).totals(self.connection, fields, window)

    def columns(
        self,
        cube: Cube,
        fields: View,
        window: Window,
        *,
        beside: Window | None = None,
        wanted: NDArray[np.bool_] | None = None,
    ) -> Entries:
        """The entries within the window in log order, their cells those of a grouping's space.

        With `beside` only those that are not in that window too; with `wanted` (a mask over the space) only of those
        cells.
        """
        reader = self._memory.cube(self._numbers[cube.name])
        return reader.columns(self.connection, fields, window, beside=beside, wanted=wanted)

    def sums(self, cube: Cube, window: Window) -> list[tuple[Key, int]]:
        """The sum of every cell of a cube that has entries in the window."""
        return self._memory.cube(self._numbers[cube.name]).sums(self.connection, window)

    def entries(self, cube: Cube, window: Window, *, beside: Window | None = None) -> Iterator[Found]:
        """The entries of a cube in the window, in log order; with `beside` only those not in that window too."""
        return self._memory.cube(self._numbers[cube.name]).entries(self.connection, window, beside=beside)

    def by_fact(self, cube: Cube, window: Window, cells: Collection[int]) -> list[tuple[int, int, int]]:
        """What each fact adds to some cells of a cube: position, first effective day, sum."""
        return self._memory.cube(self._numbers[cube.name]).by_fact(self.connection, window, cells)

    def cells(self, cube: Cube) -> dict[int, Key]:
        """All cells of a cube by number."""
        return self._memory.cube(self._numbers[cube.name]).cells(self.connection)

    def register(self, declared: Register | Journal) -> RegisterReader:
        """A register, read as far as the snapshot goes."""
        reader = self._memory.register(declared, self._numbers[declared.name])
        reader.extend(self.connection, self.position)
        return reader

    def number(self, declared: Register | Journal | Cube) -> int:
        """The number of the generation that counts."""
        return self._numbers[declared.name]

    def rows(self, declared: Register | Journal, key: str, kand: int) -> list[Held[Any]]:
        """The rows under a key that count in what was known at a position."""
        return self.register(declared).rows(key, kand)


class Memory:
    """What is remembered between questions: cells and register rows by generation, and things built of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._cubes: dict[int, CubeReader] = {}
        self._registers: dict[int, RegisterReader] = {}
        self.built: dict[tuple[Any, ...], Any] = {}

    @contextmanager
    def snapshot(self, names: Collection[str]) -> Iterator[Snapshot]:
        """The read model of these materials, held still."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(POINTER.c.name, POINTER.c.material, POINTER.c.position).where(POINTER.c.name.in_(list(names)))
            ).all()
            numbers = {name: material for name, material, _ in rows}
            yield Snapshot(self, connection, numbers, min((row[2] for row in rows), default=0))

    def cube(self, number: int) -> CubeReader:
        """The cube of a generation."""
        return self._cubes.setdefault(number, CubeReader(number))

    def register(self, declared: Register | Journal, number: int) -> RegisterReader:
        """The register of a generation."""
        if number not in self._registers:
            self._registers.setdefault(number, RegisterReader(declared, number))
        return self._registers[number]
