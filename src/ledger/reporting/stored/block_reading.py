"""Reading blocks: which there are and what is in them is kept in memory, their columns as far as there is room.

A reader serves many questions at once, and not all of them see the same moment of the read model: what a question may
look at is what its own connection sees (`Seen`).
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Connection, func, select

from ledger.reporting.stored.block_writing import Stretched
from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.schema import BLOCK, TAIL

About = TypeVar("About")
Piece = TypeVar("Piece", bound=Stretched)
Content = TypeVar("Content")

#: So many blocks are kept in memory with their columns, where they are as narrow as they lie, and else.
NARROW, WIDE = 512, 64


@dataclass(frozen=True)
class Seen(Generic[About, Content]):
    """What one moment of the read model holds: blocks below `full`, and what is told of that which is not full.

    `tail_position` is where the last write ended that lies in the tail.
    """

    full: int
    tail_position: int = 0
    tail_block: int = -1
    told: Any = None
    tail_about: About | None = None
    tail: Content | None = None


class BlockReader(ABC, Generic[About, Piece, Content]):
    """One generation of one journal or series. Threads may share it."""

    def __init__(self, number: int, about: type[About], piece: type[Piece], size: int, in_memory: int) -> None:
        self._number, self.size = number, size
        self._about: msgspec.json.Decoder[About] = msgspec.json.Decoder(about)
        self._piece, self._decoder = piece, msgspec.json.Decoder(piece)
        #: What is in each block, by its number.
        self.abouts: dict[int, About] = {}
        self._seen: Seen[About, Content] = Seen(0)
        self._contents: Bounded[Content] = Bounded(in_memory)
        self._lock = threading.Lock()

    # ------------------------------------------------------------ what each kind gives

    @abstractmethod
    def index(self, block: int, about: About) -> None:
        """Remember where something is: called once for each block, in their order."""

    @abstractmethod
    def content(self, data: bytes) -> Content:
        """The columns of a block."""

    @abstractmethod
    def build(self, block: int, piece: Piece) -> tuple[About, bytes]:
        """What is in a block that is not full yet, and its columns as bytes."""

    # ------------------------------------------------------------ what there is

    def see(self, connection: Connection) -> Seen[About, Content]:
        """What the connection sees; remembered, unless others have seen more already."""
        last = select(func.max(BLOCK.c.block)).where(BLOCK.c.material == self._number).scalar_subquery()
        tail = select(func.max(TAIL.c.position)).where(TAIL.c.material == self._number).scalar_subquery()
        newest, position = connection.execute(select(last, tail)).one()
        now = (-1 if newest is None else newest) + 1, position or 0
        with self._lock:
            seen = self._seen
            before = (seen.full, seen.tail_position)
            if now != before:
                self._read_abouts(connection)
                seen = self._read_tail(connection, *now)
                if now > before:
                    self._seen = seen
        return seen

    def see_blocks(self, connection: Connection) -> Seen[About, Content]:
        """The full blocks that the connection sees, without what is told of others. For who writes, alone."""
        self._read_abouts(connection)
        return Seen(max(self.abouts, default=-1) + 1)

    def about_of(self, seen: Seen[About, Content], block: int) -> About:
        """What is in a block that is seen."""
        return seen.tail_about if block == seen.tail_block and seen.tail_about is not None else self.abouts[block]

    def all_blocks(self, seen: Seen[About, Content]) -> list[int]:
        """Every block that is seen, in log order."""
        tail = [seen.tail_block] if seen.tail is not None else []
        return self.before(sorted(self.abouts), seen) + tail

    def _read_abouts(self, connection: Connection) -> None:
        known = max(self.abouts, default=-1)
        query = select(BLOCK.c.block, BLOCK.c.about).where(BLOCK.c.material == self._number, BLOCK.c.block > known)
        for block, text in connection.execute(query.order_by(BLOCK.c.block)):
            about = self._about.decode(text)
            self.abouts[block] = about
            self.index(block, about)

    def _read_tail(self, connection: Connection, full: int, position: int) -> Seen[About, Content]:
        """What is told of the block that is not full; of one that was seen before, only what is new."""
        goes_on = self._seen.tail_block >= full and self._seen.tail_position <= position
        before: Seen[About, Content] = self._seen if goes_on else Seen(0)
        query = select(TAIL.c.block, TAIL.c.data).where(
            TAIL.c.material == self._number, TAIL.c.block >= full, TAIL.c.position > before.tail_position
        )
        rows = connection.execute(query.order_by(TAIL.c.position)).all()
        pieces = ([before.told] if before.told else []) + [self._decoder.decode(data) for _, data in rows]
        if not pieces:
            return Seen(full, position)
        block = rows[0][0] if rows else before.tail_block
        told = self._piece.joined(pieces)
        about, data = self.build(block, told)
        return Seen(full, position, block, told, about, self.content(data))

    # ------------------------------------------------------------ columns

    def contents(self, connection: Connection, seen: Seen[About, Content], blocks: Sequence[int]) -> dict[int, Content]:
        """The columns of some blocks that are seen; those that are not remembered are read at once."""
        found: dict[int, Content] = {}
        missing = []
        for block in blocks:
            content = seen.tail if block == seen.tail_block else self._contents.peek(block)
            if content is None:
                missing.append(block)
            else:
                found[block] = content
        if missing:
            query = select(BLOCK.c.block, BLOCK.c.data).where(BLOCK.c.material == self._number)
            for block, data in connection.execute(query.where(BLOCK.c.block.in_(missing))):
                found[block] = self.content(data)
                self._contents.put(block, found[block])
        return found

    def before(self, blocks: list[int], seen: Seen[Any, Any]) -> list[int]:
        """Those of some ascending blocks that are full as far as is seen."""
        return blocks[: bisect_left(blocks, seen.full)]
