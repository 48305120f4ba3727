"""Codes as numbers, so that cells and rows can be compared and looked up by the thousand.

One numbering is shared by all fields of one read model: a unit, an account or a project has the same number wherever it
stands. Nothing (no code) is 0. Numbers are never told outside: they follow the order in which codes were met.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable
from typing import Final, Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.entry import Key
from ledger.reporting.stored.space import Numbers

Mask = NDArray[np.bool_]

#: The number of no code.
NOTHING: Final = 0


class Cells(Hashable, Protocol):
    """Something whose places have a key each, in an order that only grows: `space.Space` or `Keyring`."""

    keys: list[Key]


K = TypeVar("K", bound=Hashable)


class Keyring(Generic[K]):
    """The keys of a register's rows, each with a place, in the order in which they were first met. Only grows."""

    def __init__(self) -> None:
        self.keys: list[K] = []
        self._place: dict[K, int] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many cells there are so far."""
        return len(self.keys)

    def place(self, key: K) -> int:
        """The place of a key."""
        found = self._place.get(key)
        if found is None:
            with self._lock:
                found = self._place.get(key)
                if found is None:
                    found = len(self.keys)
                    self.keys.append(key)
                    self._place[key] = found
        return found


class Codes:
    """The numbering. May be used by several threads."""

    def __init__(self) -> None:
        self.texts: list[str] = [""]
        self._numbers: dict[str | None, int] = {None: NOTHING, "": NOTHING}
        self._columns: WeakKeyDictionary[Cells, dict[str, Numbers]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many numbers are taken."""
        return len(self.texts)

    def number(self, code: str | None) -> int:
        """The number of a code."""
        found = self._numbers.get(code)
        return self._add(code) if found is None else found

    def _add(self, code: str | None) -> int:
        with self._lock:
            if code not in self._numbers:
                self.texts.append(code or "")
                self._numbers[code] = len(self.texts) - 1
            return self._numbers[code]

    def numbers(self, codes: Iterable[str | None]) -> Numbers:
        """The numbers of codes."""
        wanted = list(codes)
        try:
            return np.fromiter(map(self._numbers.__getitem__, wanted), np.int64, len(wanted))
        except KeyError:
            return np.fromiter(map(self.number, wanted), np.int64, len(wanted))

    def column(self, cells: Cells, field: str) -> Numbers:
        """The number of a field of every cell there is by now."""
        size = len(cells.keys)
        columns = self._columns.setdefault(cells, {})
        known = columns.get(field)
        if known is None or len(known) < size:
            done = 0 if known is None else len(known)
            more = self.numbers(getattr(key, field) for key in cells.keys[done:size])
            known = columns[field] = more if known is None else np.concatenate((known, more))
        return known


def among(numbers: Numbers, wanted: Numbers) -> Mask:
    """Which of some numbers are among others, which are in order and each there once."""
    if not len(wanted):
        return np.zeros(len(numbers), np.bool_)
    found: Mask = wanted.take(np.searchsorted(wanted, numbers), mode="clip") == numbers
    return found


def distinct(numbers: Numbers) -> Numbers:
    """Numbers in order, each once."""
    ordered = np.sort(numbers)
    return ordered[np.diff(ordered, prepend=-1) != 0] if len(ordered) else ordered
