"""What facts become in a cube, and how it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from ledger.reporting.codec import key_of, key_text
from ledger.reporting.entry import Cube, Key, cube_entries
from ledger.reporting.log import Postings, Recorded
from ledger.reporting.schema import CELL, ENTRY

#: (cell key, period, effective, amount, position, n).
PreparedCube = list[tuple[Any, ...]]


def prepare_cube(cube: Cube, page: Sequence[Recorded]) -> PreparedCube:
    """What the facts of a page add to a cube. Pure: needs no database."""
    prepared: PreparedCube = []
    for recorded in page:
        position = recorded.position
        summed: dict[tuple[Key, int, int], int] = {}
        for key, period, effective, amount_ore in cube_entries(cube, recorded.fact):
            day = effective.year * 10000 + effective.month * 100 + effective.day
            at = (key, period, day)
            summed[at] = summed.get(at, 0) + amount_ore
        prepared.extend((*at, amount, position, n) for n, (at, amount) in enumerate(summed.items()))
    return prepared


def prepare_postings(cube: Cube, rows: Postings) -> PreparedCube:
    """What posted rows add to a cube that is declared as such. Pure, and the same as of their facts."""
    summed: dict[tuple[int, Key, int, int], int] = {}
    wanted = cube.posted or frozenset()
    for position, sign, day, key, amount in zip(
        rows.positions, rows.signs, rows.days, rows.keys, rows.amounts, strict=True
    ):
        if key[3] in wanted:
            at = (position, Key(*key), day // 100, day)
            summed[at] = summed.get(at, 0) + sign * amount
    return [(*at[1:], amount, at[0], n) for n, (at, amount) in enumerate(summed.items())]


class CubeStore:
    """Writes one generation of one cube. New cells are numbered inside the transaction that holds the pointer."""

    def __init__(self, cube: Cube, number: int) -> None:
        self._cube, self._number = cube, number
        self._number_of: dict[Key, int] = {}

    def write(self, connection: Connection, prepared: PreparedCube, upto: int) -> None:
        """Add what was prepared; the generation then holds the log to the position `upto`."""
        del upto
        if not prepared:
            return
        number_of = self._cells(connection, {row[0] for row in prepared})
        rows = [
            {
                "material": self._number,
                "cell_id": number_of[key],
                "period": period,
                "effective": effective,
                "amount_ore": amount,
                "position": position,
                "n": n,
            }
            for key, period, effective, amount, position, n in prepared
        ]
        connection.execute(insert(ENTRY), rows)

    def _cells(self, connection: Connection, keys: set[Key]) -> dict[Key, int]:
        """The numbers of these cells; those that nobody has seen are entered."""
        if keys - self._number_of.keys():
            self._refresh(connection)
        new = sorted(keys - self._number_of.keys(), key=key_text)
        if new:
            first = len(self._number_of) + 1
            numbered = {key: first + index for index, key in enumerate(new)}
            connection.execute(
                insert(CELL),
                [{"material": self._number, "cell_id": n, "key": key_text(key)} for key, n in numbered.items()],
            )
            # A rollback after this leaves numbers that the table lacks; the runner then makes a new store.
            self._number_of.update(numbered)
        return self._number_of

    def _refresh(self, connection: Connection) -> None:
        known = connection.execute(select(func.count()).where(CELL.c.material == self._number)).scalar_one()
        if known > len(self._number_of):
            rows = connection.execute(select(CELL.c.key, CELL.c.cell_id).where(CELL.c.material == self._number))
            self._number_of = {key_of(text): number for text, number in rows}


def forget_cube(connection: Connection, number: int) -> None:
    """Take away all that is stored of a generation."""
    for table in (ENTRY, CELL):
        connection.execute(delete(table).where(table.c.material == number))
