"""How often to look whether the log has grown, for who cannot be told: often while it grows, seldom while it rests."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

#: Seconds between looks while the log grows.
QUICK: Final = 0.01

#: Seconds between looks, at the most, while it rests and nobody says when it grows.
SELDOM: Final = 0.1

#: The pause is so great a share of the time that the log has rested.
SHARE: Final = 0.05


class Pulse:
    """How lively a log has been. Threads may share one: what they overwrite of each other's is only a pause."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Nothing is known: begin as if the log had just grown."""
        self._clock = clock
        self._size = -1
        self._stirred = clock()

    def note(self, size: int) -> None:
        """The log was seen to be so large."""
        if size != self._size:
            self._size, self._stirred = size, self._clock()

    def pause(self, seldom: float) -> float:
        """How long to wait until the next look, in seconds; never longer than `seldom`, or SELDOM if that is more."""
        rested = self._clock() - self._stirred
        return min(max(QUICK, SHARE * rested), max(seldom, SELDOM))
