"""Reading registers: rows in the order they were recorded, with the position at which each ceased to count.

Kept in memory and extended as the log grows; "known at" is a cut at a position. The rows of a key are made when the key
is first asked for.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from ledger.reporting.entry import Register
from ledger.reporting.stored.register_writing import CEASED, Places
from ledger.reporting.stored.schema import PIECE

T = TypeVar("T")

#: When a row ceases that counts still: after every position.
NEVER: Final = 2**62

#: Rows that a column has room for at first.
ROOM: Final = 64


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


class Column(Generic[T]):
    """The rows under one key as they were recorded, and what "known at" needs as arrays beside them (int64).

    It only grows, also while others read: take `len(held)` first and cut all four at it. A row counts at `kand` where
    `positions <= kand < ceased`. `plain`: none has ceased and none stands elsewhere than where it was recorded.
    """

    def __init__(self) -> None:
        self.held: list[Held[T]] = []
        self.plain = True
        self._numbers = np.empty((3, ROOM), np.int64)

    @property
    def positions(self) -> NDArray[np.int64]:
        """From which position each row is known; ascending."""
        return self._part(0)

    @property
    def ceased(self) -> NDArray[np.int64]:
        """At which position each row ceased to count; NEVER where it has not."""
        return self._part(1)

    @property
    def order(self) -> NDArray[np.int64]:
        """Where each row stands among what was said."""
        return self._part(2)

    def _part(self, which: int) -> NDArray[np.int64]:
        count = len(self.held)
        part: NDArray[np.int64] = self._numbers[which, :count]
        return part

    def known(self, kand: int) -> list[Held[T]]:
        """The rows that count in what was known at a position, in the order in which they were said."""
        recorded = self.recorded(kand)
        if self.plain:
            return recorded
        counting = np.flatnonzero(self.ceased[: len(recorded)] > kand)
        said = counting[np.argsort(self.order[counting], kind="stable")]
        return [recorded[place] for place in said.tolist()]

    def recorded(self, kand: int) -> list[Held[T]]:
        """The rows that were recorded by then, also those that have ceased."""
        return self.held[: int(np.searchsorted(self.positions, kand, "right"))]

    def add(self, rows: list[Held[T]]) -> None:
        """Rows that were recorded after those that are held."""
        count, more = len(self.held), len(self.held) + len(rows)
        if more > self._numbers.shape[1]:
            room = np.empty((3, 2 * more), np.int64)
            room[:, :count] = self._numbers[:, :count]
            self._numbers = room
        self._numbers[0, count:more] = [held.position for held in rows]
        self._numbers[1, count:more] = NEVER
        self._numbers[2, count:more] = [held.order for held in rows]
        self.plain = self.plain and all(held.order == held.position for held in rows)
        # Last, so that whoever reads finds the numbers of every row that is held.
        self.held.extend(rows)

    def cease(self, facts: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        """The rows of these facts have ceased, each fact's at the position beside it."""
        firsts, lasts = np.searchsorted(self.positions, facts), np.searchsorted(self.positions, facts, "right")
        for which in np.flatnonzero(firsts < lasts):
            for place in range(firsts[which], lasts[which]):
                self.plain = False
                self._numbers[1, place] = self.held[place].ceased = int(at[which])


class RegisterReader:
    """One generation of one register, in memory as far as it has been read. Threads may share it."""

    def __init__(self, declared: Register, number: int) -> None:
        self.number = number
        self._decoder: msgspec.json.Decoder[list[Any]] = msgspec.json.Decoder(list[declared.row_type])  # type: ignore[name-defined]
        self._keys: dict[str, None] = {}
        self._waiting: dict[str, list[tuple[Places, str]]] = {}
        self._columns: dict[str, Column[Any]] = {}
        #: Which fact's rows ceased, and at which position; and how many of them each column has been told.
        self._ceasing: list[tuple[int, int]] = []
        self._told: dict[str, int] = {}
        self._order_of: dict[int, int] = {}
        self._changed: list[int] = []
        self._read = self._upto = 0
        self._lock = threading.RLock()

    def extend(self, connection: Connection, upto: int) -> None:
        """Read what has been stored since, at least to a position that the read model is known to hold."""
        with self._lock:
            if upto <= self._upto:
                return
            query = select(PIECE.c.position, PIECE.c.key, PIECE.c.places, PIECE.c.data).where(
                PIECE.c.material == self.number, PIECE.c.position > self._read
            )
            changed: set[int] = set()
            for position, key, text, data in connection.execute(query.order_by(PIECE.c.position, PIECE.c.n)):
                places = msgspec.json.decode(text, type=Places)
                changed.update(places.positions)
                if key == CEASED:
                    self._note_ceasing(places, msgspec.json.decode(data))
                else:
                    self._keys.setdefault(key)
                    self._waiting.setdefault(key, []).append((places, data))
                self._read = position
            self._changed += sorted(changed)
            self._upto = max(upto, self._read)

    def _note_ceasing(self, places: Places, facts: list[int]) -> None:
        for position, fact in zip(places.positions, facts, strict=True):
            self._ceasing.append((fact, position))
            self._order_of[position] = self._order_of.get(fact, fact)

    def column(self, key: str) -> Column[Any]:
        """The rows under a key as a list and as columns, at least as far as the reader was extended.

        The same object every time: what was worked out of its first rows holds, but for `ceased`, which may be set
        for earlier rows too (from a later position on).
        """
        column = self._columns.get(key)
        if column is None or key in self._waiting or self._told.get(key, 0) < len(self._ceasing):
            with self._lock:
                column = self._columns.setdefault(key, Column())
                for places, data in self._waiting.get(key, ()):
                    rows = zip(places.positions, places.n, self._decoder.decode(data), strict=True)
                    column.add([Held(at, self._order_of.get(at, at), n, row) for at, n, row in rows])
                if news := self._ceasing[self._told.get(key, 0) :]:
                    told = np.array(news, np.int64)
                    column.cease(told[:, 0], told[:, 1])
                self._told[key] = len(self._ceasing)
                self._waiting.pop(key, None)
        return column

    def all_keys(self) -> list[str]:
        """Every key, in the order in which they were first recorded."""
        return list(self._keys)

    def rows(self, key: str, kand: int) -> list[Held[Any]]:
        """The rows under a key that count in what was known at a position, in the order in which they were said."""
        return self.column(key).known(kand)

    def ever(self, key: str, kand: int) -> list[Held[Any]]:
        """The rows under a key that were recorded by then, also those that have ceased."""
        return self.column(key).recorded(kand)

    def last_change(self, kand: int) -> int:
        """The newest position at or before `kand` that changed the register: what is known is the same since."""
        index = bisect_right(self._changed, kand)
        return self._changed[index - 1] if index else 0

    def changes(self, after: int, upto: int) -> list[int]:
        """The positions that changed the register after one position, to another."""
        return self._changed[bisect_right(self._changed, after) : bisect_right(self._changed, upto)]
