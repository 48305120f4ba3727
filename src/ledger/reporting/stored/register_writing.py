"""What facts become in a register, and how it is stored: what one write tells of one key is one row of the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, insert

from ledger.reporting.entry import Ceased, Register, register_rows
from ledger.reporting.log import Recorded
from ledger.reporting.stored.codec import dumps
from ledger.reporting.stored.schema import PIECE

#: Under this key a register keeps that the rows of an earlier fact have ceased.
CEASED: Final = "\u2020"


class PreparedRow(NamedTuple):
    """A row as canonical JSON, told as number `n` by the fact at a position."""

    position: int
    n: int
    key: str
    data: str


class Places(NamedTuple):
    """Where the rows of a piece stand in the log, in their order: which fact, and which of its rows."""

    positions: list[int]
    n: list[int]


def prepare_register(register: Register, page: Sequence[Recorded]) -> list[PreparedRow]:
    """What the facts of a page add to a register. Pure: needs no database."""
    prepared: list[PreparedRow] = []
    for recorded in page:
        for n, row in enumerate(register_rows(register, recorded.fact)):
            if isinstance(row, Ceased):
                prepared.append(PreparedRow(recorded.position, n, CEASED, str(row.position)))
            else:
                prepared.append(PreparedRow(recorded.position, n, row.key, dumps(row.row)))
    return prepared


class RegisterStore:
    """Writes one generation of one register."""

    def __init__(self, number: int) -> None:
        self._number = number

    def write(self, connection: Connection, prepared: Sequence[PreparedRow], upto: int) -> None:
        """Add what was prepared; the generation then holds the log to the position `upto`."""
        by_key: dict[str, list[PreparedRow]] = {}
        for row in prepared:
            by_key.setdefault(row.key, []).append(row)
        pieces = [
            {
                "material": self._number,
                "position": upto,
                "n": n,
                "key": key,
                "places": msgspec.json.encode(Places([r.position for r in rows], [r.n for r in rows])).decode(),
                "data": f"[{','.join(row.data for row in rows)}]",
            }
            for n, (key, rows) in enumerate(by_key.items())
        ]
        if pieces:
            connection.execute(insert(PIECE), pieces)
