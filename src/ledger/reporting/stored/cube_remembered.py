"""Decoded pieces of what is stored, kept in memory up to a number of bytes: the ones used last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any


class Remembered:
    """Pieces by name. What is stored never changes, so a piece is right for as long as it is here."""

    def __init__(self, most: int) -> None:
        self._most, self._bytes = most, 0
        self._pieces: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: Hashable) -> Any:
        """A piece, or None."""
        with self._lock:
            found = self._pieces.get(name)
            if found is None:
                return None
            self._pieces.move_to_end(name)
            return found[0]

    def put(self, name: Hashable, piece: Any, size: int) -> None:
        """Keep a piece of so many bytes; the ones not used for longest make room."""
        with self._lock:
            if name in self._pieces or size > self._most:
                return
            self._pieces[name] = piece, size
            self._bytes += size
            while self._bytes > self._most:
                self._bytes -= self._pieces.popitem(last=False)[1][1]
