"""Stretches of the log as blocks: what journals and series keep of so many positions, written once and never changed.

What is told of the stretch that is not full yet lies in the tail, write by write; when the stretch is full it becomes a
block. Where a stretch begins and ends follows from positions alone, so it does not matter how it was written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

import msgspec
from sqlalchemy import Connection, delete, insert, select

from ledger.reporting.stored.schema import BLOCK, TAIL

#: Positions a block.
SIZE: Final = 8192

#: Puts one write in the tail: the driver's own statement, for it is done in every step.
_ADD: Final = {
    "sqlite": "INSERT INTO log_tail VALUES (?, ?, ?, ?)",
    "postgresql": "INSERT INTO log_tail VALUES (%s, %s, %s, %s)",
}

Piece = TypeVar("Piece", bound="Stretched")


class Stretched(Protocol):
    """Something told of a stretch of the log: facts by position, ascending."""

    @property
    def positions(self) -> list[int]:
        """Which facts, in log order; one as often as it is told of."""

    def part(self, first: int, last: int) -> Any:
        """The same of the places `first` … `last` - 1."""

    @staticmethod
    def joined(pieces: Sequence[Any]) -> Any:
        """Several one after the other."""


class Built(NamedTuple):
    """A full block: what is in it, its columns, and checkpoints, where its kind has them."""

    about: Any
    data: bytes
    kept: bytes | None = None


class BlockStore(ABC, Generic[Piece]):
    """Writes one generation of one journal or series. `build` makes a block of what was told of its stretch."""

    def __init__(self, number: int, piece: type[Piece], size: int = SIZE) -> None:
        self._number, self._size, self._piece = number, size, piece
        self._decoder = msgspec.json.Decoder(piece)
        #: What was last put in the tail, by where its write ended: the same facts, so it need not be read again.
        self._last: tuple[int, Piece] | None = None
        #: The block that was being filled after the last write: nothing of an earlier one waits.
        self._filling = -1

    @abstractmethod
    def build(self, connection: Connection, block: int, piece: Piece) -> Built:
        """What is stored of a block that is full."""

    def write(self, connection: Connection, prepared: Piece, upto: int) -> None:
        """Add what was prepared; the generation then holds the log to the position `upto`."""
        filling = upto // self._size
        told = self._waiting(connection, filling) if filling != self._filling else {}
        was_waiting = bool(told)
        for block, piece in cut(prepared, self._size):
            told.setdefault(block, []).append(piece)
        for block in sorted(told):
            if block < filling:
                self._put(connection, block, self.build(connection, block, self._piece.joined(told[block])))
        if was_waiting:
            connection.execute(delete(TAIL).where(TAIL.c.material == self._number, TAIL.c.block < filling))
        for piece in told.get(filling, ()):
            data = msgspec.json.encode(piece).decode()
            connection.exec_driver_sql(_ADD[connection.dialect.name], (self._number, filling, upto, data))
            self._last = upto, piece
        self._filling = filling

    def _waiting(self, connection: Connection, below: int) -> dict[int, list[Piece]]:
        """What waits in the tail of blocks below one, in log order."""
        within = (TAIL.c.material == self._number) & (TAIL.c.block < below)
        query = select(TAIL.c.block, TAIL.c.position).where(within).order_by(TAIL.c.position)
        waiting = connection.execute(query).all()
        if not waiting:
            return {}
        if self._last and [position for _, position in waiting] == [self._last[0]]:
            return {waiting[0][0]: [self._last[1]]}
        told: dict[int, list[Piece]] = {}
        for block, data in connection.execute(
            select(TAIL.c.block, TAIL.c.data).where(within).order_by(TAIL.c.position)
        ):
            told.setdefault(block, []).append(self._decoder.decode(data))
        return told

    def _put(self, connection: Connection, block: int, built: Built) -> None:
        about = msgspec.json.encode(built.about).decode()
        row = {"material": self._number, "block": block, "about": about, "data": built.data, "kept": built.kept}
        connection.execute(insert(BLOCK), [row])


def cut(prepared: Piece, size: int) -> list[tuple[int, Piece]]:
    """What was prepared as one part for each block that it tells of."""
    positions, parts, first = prepared.positions, [], 0
    while first < len(positions):
        block = (positions[first] - 1) // size
        last = bisect_left(positions, (block + 1) * size + 1, first)
        parts.append((block, prepared.part(first, last)))
        first = last
    return parts
