"""What a page of facts becomes in the read model: the entries and rows of each material, ready to insert."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from ledger.reporting.codec import dumps, key_of, key_text
from ledger.reporting.entry import Ceased, Cube, Journal, Key, Listed, Material, Register, cube_entries, register_rows
from ledger.reporting.log import Recorded
from ledger.reporting.schema import CELL, ENTRY, ROW

#: Under this key a register keeps that the rows of an earlier fact have ceased.
CEASED: Final = "\u2020"

#: (cell key, period, effective, amount, position, n) of a cube; (position, n, key, data) of a register.
Prepared = list[tuple[Any, ...]]


def prepare(material: Material, page: Sequence[Recorded]) -> Prepared:
    """What the facts of a page add to one material. Pure: needs no database."""
    if isinstance(material, Cube):
        return _prepare_cube(material, page)
    return _prepare_rows(material, page)


def _prepare_cube(cube: Cube, page: Sequence[Recorded]) -> Prepared:
    prepared: Prepared = []
    for recorded in page:
        position = recorded.position
        summed: dict[tuple[Key, int, int], int] = {}
        for key, period, effective, amount_ore in cube_entries(cube, recorded.fact):
            day = effective.year * 10000 + effective.month * 100 + effective.day
            at = (key, period, day)
            summed[at] = summed.get(at, 0) + amount_ore
        prepared.extend((*at, amount, position, n) for n, (at, amount) in enumerate(summed.items()))
    return prepared


def _prepare_rows(material: Register | Journal, page: Sequence[Recorded]) -> Prepared:
    prepared: Prepared = []
    for recorded in page:
        told = material.rows(recorded) if isinstance(material, Journal) else register_rows(material, recorded.fact)
        for n, row in enumerate(told):
            if isinstance(row, Ceased):
                prepared.append((recorded.position, n, CEASED, str(row.position)))
            else:
                prepared.append((recorded.position, n, row.key, dumps(row.row)))
    return prepared


class Cells:
    """The numbers of the cells of one cube. New ones are given inside the transaction that holds the pointer."""

    def __init__(self, material: int) -> None:
        self.material = material
        self.number_of: dict[Key, int] = {}

    def number(self, connection: Connection, keys: set[Key]) -> dict[Key, int]:
        """The numbers of these cells; those that nobody has seen are entered."""
        if keys - self.number_of.keys():
            self._refresh(connection)
        new = sorted(keys - self.number_of.keys(), key=key_text)
        if new:
            first = len(self.number_of) + 1
            numbered = {key: first + index for index, key in enumerate(new)}
            connection.execute(
                insert(CELL),
                [
                    {"material": self.material, "cell_id": number, "key": key_text(key)}
                    for key, number in numbered.items()
                ],
            )
            # A rollback after this leaves numbers that the table lacks; the runner then forgets them.
            self.number_of.update(numbered)
        return self.number_of

    def _refresh(self, connection: Connection) -> None:
        known = connection.execute(select(func.count()).where(CELL.c.material == self.material)).scalar_one()
        if known > len(self.number_of):
            rows = connection.execute(select(CELL.c.key, CELL.c.cell_id).where(CELL.c.material == self.material))
            self.number_of = {key_of(text): number for text, number in rows}


def write(connection: Connection, material: Material, number: int, prepared: Prepared, cells: Cells) -> None:
    """Insert what was prepared under the material's number."""
    if not prepared:
        return
    if isinstance(material, Cube):
        number_of = cells.number(connection, {row[0] for row in prepared})
        rows = [
            {
                "material": number,
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
        return
    connection.execute(
        insert(ROW),
        [
            {"material": number, "position": position, "n": n, "key": key, "data": data}
            for position, n, key, data in prepared
        ],
    )


__all__ = ["CEASED", "Cells", "Listed", "Prepared", "prepare", "write"]
