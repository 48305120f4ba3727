"""Reading registers: rows in the order they were recorded, with the position at which each ceased to count.

Kept in memory and extended as the log grows; "known at" is a cut at a position.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Connection, select

from ledger.reporting.entry import Journal, Register
from ledger.reporting.register_writing import CEASED
from ledger.reporting.schema import ROW

T = TypeVar("T")


@dataclass(slots=True)
class Held(Generic[T]):
    """One row of a register and when it was known: from `position` until `ceased`, if ever.

    `order` is its place among what was said: a correction stands where the fact stood that it corrects.
    """

    position: int
    order: int
    n: int
    row: T
    ceased: int | None = None

    def counts(self, kand: int) -> bool:
        """Whether the row counts in what was known at a position."""
        return self.position <= kand and (self.ceased is None or self.ceased > kand)


def standing(rows: list[Held[T]], day_of: Callable[[T], date], begun: Callable[[date, int], bool]) -> Held[T]:
    """Which of several versions stands: the last begun, else the first; of one day the last that was said.

    `rows` are in the order in which they were said; `begun` judges a day and the position of the fact that names it.
    """
    ordered = sorted(rows, key=lambda held: day_of(held.row))
    passed = [held for held in ordered if begun(day_of(held.row), held.position)]
    if passed:
        return passed[-1]
    return [held for held in ordered if day_of(held.row) == day_of(ordered[0].row)][-1]


class RegisterReader:
    """One generation of one register or journal, in memory as far as it has been read."""

    def __init__(self, declared: Register | Journal, material: int) -> None:
        self._material = material
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(declared.row_type)
        self._by_key: dict[str, list[Held[Any]]] = {}
        self._by_position: dict[int, list[Held[Any]]] = {}
        self._positions: list[int] = []
        self._order_of: dict[int, int] = {}
        self._upto = 0
        self._lock = threading.Lock()

    def extend(self, connection: Connection, upto: int) -> None:
        """Read what has been stored since, to a position that the read model is known to hold."""
        with self._lock:
            if upto <= self._upto:
                return
            query = select(ROW.c.position, ROW.c.n, ROW.c.key, ROW.c.data).where(
                ROW.c.material == self._material, ROW.c.position > self._upto, ROW.c.position <= upto
            )
            for position, n, key, data in connection.execute(query.order_by(ROW.c.position, ROW.c.n)):
                if key == CEASED:
                    for held in self._by_position.get(int(data), ()):
                        held.ceased = position
                    self._order_of[position] = self._order_of.get(int(data), int(data))
                    self._note(position)
                    continue
                held = Held(position, self._order_of.get(position, position), n, self._decoder.decode(data))
                self._by_key.setdefault(key, []).append(held)
                self._by_position.setdefault(position, []).append(held)
                self._note(position)
            self._upto = upto

    def _note(self, position: int) -> None:
        if not self._positions or self._positions[-1] != position:
            self._positions.append(position)

    def all_keys(self) -> list[str]:
        """Every key, in the order in which they were first recorded."""
        return list(self._by_key)

    def rows(self, key: str, kand: int) -> list[Held[Any]]:
        """The rows under a key that count in what was known at a position, in the order in which they were said."""
        known = [held for held in self._by_key.get(key, ()) if held.counts(kand)]
        return sorted(known, key=lambda held: (held.order, held.n)) if self._order_of else known

    def ever(self, key: str, kand: int) -> list[Held[Any]]:
        """The rows under a key that were recorded by then, also those that have ceased."""
        return [held for held in self._by_key.get(key, ()) if held.position <= kand]

    def last_change(self, kand: int) -> int:
        """The newest position at or before `kand` that changed the register: what is known is the same since."""
        index = bisect_right(self._positions, kand)
        return self._positions[index - 1] if index else 0

    def changes(self, after: int, upto: int) -> list[int]:
        """The positions that changed the register after one position, to another."""
        return self._positions[bisect_right(self._positions, after) : bisect_right(self._positions, upto)]
