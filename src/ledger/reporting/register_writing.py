"""What facts become in a register or journal, and how it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, insert

from ledger.reporting.codec import dumps
from ledger.reporting.entry import Ceased, Journal, Register, register_rows
from ledger.reporting.log import Recorded
from ledger.reporting.schema import ROW

#: Under this key a register keeps that the rows of an earlier fact have ceased.
CEASED: Final = "\u2020"

#: (position, n, key, data).
PreparedRows = list[tuple[Any, ...]]


def prepare_rows(material: Register | Journal, page: Sequence[Recorded]) -> PreparedRows:
    """What the facts of a page add to a register or journal. Pure: needs no database."""
    prepared: PreparedRows = []
    for recorded in page:
        told = material.rows(recorded) if isinstance(material, Journal) else register_rows(material, recorded.fact)
        for n, row in enumerate(told):
            if isinstance(row, Ceased):
                prepared.append((recorded.position, n, CEASED, str(row.position)))
            else:
                prepared.append((recorded.position, n, row.key, dumps(row.row)))
    return prepared


class RowStore:
    """Writes one generation of one register or journal."""

    def __init__(self, number: int) -> None:
        self._number = number

    def write(self, connection: Connection, prepared: PreparedRows, upto: int) -> None:
        """Add what was prepared; the generation then holds the log to the position `upto`."""
        del upto
        if prepared:
            connection.execute(
                insert(ROW),
                [
                    {"material": self._number, "position": position, "n": n, "key": key, "data": data}
                    for position, n, key, data in prepared
                ],
            )


def forget_rows(connection: Connection, number: int) -> None:
    """Take away all that is stored of a generation."""
    connection.execute(delete(ROW).where(ROW.c.material == number))
