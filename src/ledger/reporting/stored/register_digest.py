"""What a register, journal or series holds, as one sum of bytes: the same however and wherever it is stored.

    rows_digest(connection, material, number, upto) -> (rows, sha256 hex)    # read back from what is stored
    fold = RowsFold(material); fold.add(prepared) …; fold.result()           # the same of `prepare`d pages in log order

A line a row: its position, and what is kept of it as canonical JSON.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from ledger.reporting.entry import Journal, Register, Series
from ledger.reporting.stored.block_writing import SIZE
from ledger.reporting.stored.codec import dumps
from ledger.reporting.stored.journal import JournalReader
from ledger.reporting.stored.journal_writing import JournalPiece
from ledger.reporting.stored.register_writing import Places, PreparedRow
from ledger.reporting.stored.schema import PIECE
from ledger.reporting.stored.series import SeriesReader
from ledger.reporting.stored.series_writing import SeriesPiece

Listing = Register | Journal | Series

#: In place of the sum of bytes, where what is said of the rows does not follow from them.
CONTRADICTION: Final = "det som hålls samlat stämmer inte med raderna"

#: Rows of a register that are read from the database at once.
AT_ONCE: Final = 1_000


class RowsFold:
    """The digest of what facts add to a register, journal or series, in the making."""

    def __init__(self, material: Listing) -> None:
        self._lines: Callable[[Any], list[str]] = _register_lines
        if not isinstance(material, Register):
            self._lines = _journal_lines if isinstance(material, Journal) else _series_lines
        self._sha, self._count = hashlib.sha256(), 0

    def add(self, prepared: Any) -> None:
        """Go on with what the next stretch of the log adds."""
        lines = self._lines(prepared)
        self._sha.update("".join(lines).encode())
        self._count += len(lines)

    def result(self) -> tuple[int, str]:
        """How many rows, and the sum of their bytes."""
        return self._count, self._sha.hexdigest()


def rows_digest(
    connection: Connection, material: Listing, number: int, upto: int, *, size: int = SIZE
) -> tuple[int, str]:
    """How many rows a generation holds of the facts to a position, and the sum of their bytes (hex).

    What is said of blocks, and runs that are kept, are checked against the rows. `size`: positions a block.
    """
    fold = RowsFold(material)
    if isinstance(material, Register):
        for rows in _stored_rows(connection, number, upto):
            fold.add(rows)
        return fold.result()
    reader = JournalReader(number, size) if isinstance(material, Journal) else SeriesReader(number, size)
    for piece in reader.every(connection, upto):
        fold.add(piece)
    count, sha256 = fold.result()
    return count, sha256 if reader.agrees(connection) else CONTRADICTION


def _stored_rows(connection: Connection, number: int, upto: int) -> Iterator[list[PreparedRow]]:
    """The rows of a register in log order, write by write: what one write told lies by key."""
    query = select(PIECE.c.position, PIECE.c.key, PIECE.c.places, PIECE.c.data).where(PIECE.c.material == number)
    stored = connection.execution_options(yield_per=AT_ONCE).execute(query.order_by(PIECE.c.position, PIECE.c.n))
    for _, pieces in groupby(stored, lambda piece: int(piece[0])):
        rows = [row for _, key, places, data in pieces for row in _piece_rows(key, places, data)]
        yield sorted(row for row in rows if row.position <= upto)


def _piece_rows(key: str, text: str, data: str) -> Iterator[PreparedRow]:
    places = msgspec.json.decode(text, type=Places)
    rows = msgspec.json.decode(data, type=list[msgspec.Raw])
    for position, n, row in zip(places.positions, places.n, rows, strict=True):
        yield PreparedRow(position, n, key, bytes(row).decode())


def _register_lines(rows: Sequence[PreparedRow]) -> list[str]:
    return [f"{row.position} {row.n} {row.key} {row.data}\n" for row in rows]


def _journal_lines(piece: JournalPiece) -> list[str]:
    tags, units = [dumps(words) for words in piece.tags.table], [dumps(words) for words in piece.units.table]
    held = zip(piece.positions, piece.days, piece.tags.numbers, piece.units.numbers, strict=True)
    return [f"{position} {day} {tags[tag]} {units[unit]}\n" for position, day, tag, unit in held]


def _series_lines(piece: SeriesPiece) -> list[str]:
    keys = [dumps(key) for key in piece.keys.table]
    held = zip(piece.positions, piece.keys.numbers, piece.numbers, piece.days, strict=True)
    return [f"{position} {keys[key]} {number} {day}\n" for position, key, number, day in held]
