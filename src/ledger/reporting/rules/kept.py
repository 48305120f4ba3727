"""What is kept between questions because the next one may need it: worked out once, thrown away when little used.

Everything here follows from immutable facts and is found by what it follows from, so it is never wrong and may be
shared by threads. Nothing here holds a connection.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from ledger.reporting.entry import Key
from ledger.reporting.stored.codes import Codes, Keyring

if TYPE_CHECKING:
    from ledger.reporting.stored.snapshot import Snapshot

V = TypeVar("V")

#: How many of each are kept: states of the organisation and of projects, trees, and layouts with their placings.
STATES: Final = 64
TREES: Final = 128
LAYOUTS: Final = 128
SENTENCES: Final = 10_000
#: How many years of decisions, and of forecasts, are kept as columns.
COLUMNS: Final = 256


class Bounded(Generic[V]):
    """So many things by key; the least lately used goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Any, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any, make: Callable[[], V]) -> V:
        """What is kept under a key, made where it is not."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            found = self._held.setdefault(key, made)
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
            return found

    def peek(self, key: Any) -> V | None:
        """What is kept under a key, if anything."""
        with self._lock:
            return self._held.get(key)

    def put(self, key: Any, value: V) -> None:
        """Keep something in place of what was kept."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)


class Kept:
    """All that sums keep of one read model."""

    def __init__(self) -> None:
        self.codes = Codes()
        #: Cells of decisions and forecasts.
        self.cells: Keyring[Key] = Keyring()
        #: Lines of specifications.
        self.changes: Keyring[Any] = Keyring()
        self.states: Bounded[Any] = Bounded(STATES)
        self.trees: Bounded[Any] = Bounded(TREES)
        self.layouts: Bounded[Any] = Bounded(LAYOUTS)
        #: Rows of layouts, spelled out columns, and sentences of footnotes.
        self.lines: Bounded[Any] = Bounded(LAYOUTS)
        self.columns_of: Bounded[Any] = Bounded(LAYOUTS)
        self.sentences: Bounded[Any] = Bounded(SENTENCES)
        self.columns: Bounded[Any] = Bounded(COLUMNS)


def kept(snapshot: Snapshot) -> Kept:
    """What is kept of the read model that a snapshot is of."""
    found: Kept | None = snapshot.built.get(("kept",))
    return found or snapshot.built.setdefault(("kept",), Kept())
