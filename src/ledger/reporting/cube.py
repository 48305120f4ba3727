"""Reading cubes: sums by cell, and the entries behind them, within limits on both time axes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, func, select

from ledger.reporting.codec import key_of
from ledger.reporting.entry import Key, View
from ledger.reporting.schema import CELL, ENTRY
from ledger.reporting.space import Entries, Ore, Space, coarse


class Window(NamedTuple):
    """Months `first` to `last` (`202401`), known at position `kand`, effective on or before `until` (`20240331`)."""

    first: int
    last: int
    kand: int
    until: int | None


class Found(NamedTuple):
    """One entry: what cell, from which day, by which fact."""

    key: Key
    effective: int
    position: int
    amount_ore: int


class CubeReader:
    """One generation of one cube. Knows its cells; asks the database for the rest."""

    def __init__(self, material: int) -> None:
        self._material = material
        self._keys: dict[int, Key] = {}
        self._spaces: dict[View, tuple[Space, dict[int, int]]] = {}

    def space(self, connection: Connection, fields: View) -> Space:
        """The cells of a grouping."""
        return self._coarse(connection, fields)[0]

    def totals(self, connection: Connection, fields: View, window: Window) -> Ore:
        """The sum of every cell of a grouping."""
        query = (
            select(ENTRY.c.cell_id, func.sum(ENTRY.c.amount_ore)).where(self._within(window)).group_by(ENTRY.c.cell_id)
        )
        rows = connection.execute(query).all()
        space, place = self._coarse(connection, fields)
        found = np.zeros(len(space), np.int64)
        for cell, total in rows:
            found[place[cell]] += int(total)
        return found

    def columns(
        self,
        connection: Connection,
        fields: View,
        window: Window,
        *,
        beside: Window | None = None,
        wanted: NDArray[np.bool_] | None = None,
    ) -> Entries:
        """The entries within the window, in log order."""
        condition = self._within(window)
        if beside:
            condition = and_(condition, ~self._within(beside))
        query = select(ENTRY.c.cell_id, ENTRY.c.effective, ENTRY.c.position, ENTRY.c.amount_ore).where(condition)
        rows = connection.execute(query.order_by(ENTRY.c.position, ENTRY.c.n)).all()
        _, place = self._coarse(connection, fields)
        table = np.array([(place[c], d, p, a) for c, d, p, a in rows], np.int64).reshape(-1, 4)
        if wanted is not None:
            table = table[wanted[table[:, 0]]]
        return Entries(table[:, 0], table[:, 1], table[:, 2], table[:, 3])

    def _coarse(self, connection: Connection, fields: View) -> tuple[Space, dict[int, int]]:
        space, place = self._spaces.setdefault(fields, (Space(fields), {}))
        known = {key: n for n, key in enumerate(space.keys)}
        for cell, key in sorted(self.cells(connection).items()):
            if cell not in place:
                short = coarse(key, fields)
                if short not in known:
                    known[short] = len(space.keys)
                    space.keys.append(short)
                place[cell] = known[short]
        return space, place

    def sums(self, connection: Connection, window: Window) -> list[tuple[Key, int]]:
        """The sum of every cell that has entries in the window."""
        query = (
            select(ENTRY.c.cell_id, func.sum(ENTRY.c.amount_ore))
            .where(self._within(window))
            .group_by(ENTRY.c.cell_id)
            .order_by(ENTRY.c.cell_id)
        )
        rows = connection.execute(query).all()
        self._know(connection, {row[0] for row in rows})
        return [(self._keys[cell], int(total)) for cell, total in rows]

    def entries(
        self,
        connection: Connection,
        window: Window,
        *,
        beside: Window | None = None,
    ) -> Iterator[Found]:
        """The entries in the window in log order; with `beside` only those that are not in that window too."""
        condition = self._within(window)
        if beside:
            condition = and_(condition, ~self._within(beside))
        query = select(ENTRY.c.cell_id, ENTRY.c.effective, ENTRY.c.position, ENTRY.c.amount_ore).where(condition)
        rows = connection.execute(query.order_by(ENTRY.c.position, ENTRY.c.n)).all()
        self._know(connection, {row[0] for row in rows})
        for cell, effective, position, amount in rows:
            yield Found(self._keys[cell], effective, position, amount)

    def by_fact(self, connection: Connection, window: Window, cells: Collection[int]) -> list[tuple[int, int, int]]:
        """What each fact adds to some cells: its position, the first day it is effective, and the sum."""
        # Written out: a statement takes only so many parameters, and cells may be many.
        wanted: BindParameter[int] = bindparam("cells", list(cells), expanding=True, literal_execute=True)
        query = (
            select(ENTRY.c.position, func.min(ENTRY.c.effective), func.sum(ENTRY.c.amount_ore))
            .where(self._within(window), ENTRY.c.cell_id.in_(wanted))
            .group_by(ENTRY.c.position)
        )
        return [(position, effective, int(total)) for position, effective, total in connection.execute(query)]

    def cells(self, connection: Connection) -> dict[int, Key]:
        """All cells by number."""
        rows = connection.execute(select(CELL.c.cell_id, CELL.c.key).where(CELL.c.material == self._material))
        self._keys.update((number, key_of(text)) for number, text in rows if number not in self._keys)
        return self._keys

    def _within(self, window: Window) -> ColumnElement[bool]:
        condition = and_(
            ENTRY.c.material == self._material,
            ENTRY.c.period.between(window.first, window.last),
            ENTRY.c.position <= window.kand,
        )
        return condition if window.until is None else and_(condition, ENTRY.c.effective <= window.until)

    def _know(self, connection: Connection, cells: set[int]) -> None:
        if not cells <= self._keys.keys():
            self.cells(connection)
