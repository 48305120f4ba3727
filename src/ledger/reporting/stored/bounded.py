"""What is kept in memory for as long as there is room: the things used last.

Whoever keeps something here finds it by what it follows from, and that never changes: so it is never wrong, and may be
shared by threads.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

V = TypeVar("V")


class Bounded(Generic[V]):
    """Things by key, in so much room. The ones not used for longest go first; what alone is too large is not kept."""

    def __init__(self, room: int) -> None:
        """`room` is counted as `size` is: in things, or in bytes."""
        self._room, self._taken = room, 0
        self._held: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """How much room is left."""
        return self._room - self._taken

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """What is kept under a key, made where it is not; who made it first is right."""
        found = self.peek(key)
        return self._keep(key, make(), 1, anew=False) if found is None else found

    def peek(self, key: Hashable) -> V | None:
        """What is kept under a key, if anything."""
        return self.peek_all([key])[0]

    def peek_all(self, keys: Iterable[Hashable]) -> list[V | None]:
        """What is kept under each of some keys, if anything."""
        with self._lock:
            found: list[V | None] = []
            for key in keys:
                held = self._held.get(key)
                if held is not None:
                    self._held.move_to_end(key)
                found.append(held and held[0])
            return found

    def put(self, key: Hashable, value: V, size: int = 1) -> None:
        """Keep something of a size in place of what was kept."""
        self._keep(key, value, size, anew=True)

    def _keep(self, key: Hashable, value: V, size: int, *, anew: bool) -> V:
        with self._lock:
            before = self._held.get(key)
            if before is not None and not anew:
                return before[0]
            if before is not None:
                self._taken -= self._held.pop(key)[1]
            if size <= self._room:
                self._held[key] = value, size
                self._taken += size
            while self._taken > self._room:
                self._taken -= self._held.popitem(last=False)[1][1]
            return value
