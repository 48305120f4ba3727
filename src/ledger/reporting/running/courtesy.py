"""A lock for who takes it again and again: after each time others who wait for it get past."""

from __future__ import annotations

import threading
from time import sleep
from typing import Final

#: How long whoever let go of the lock stays away, in seconds: longer than it takes others to wake up.
AWAY: Final = 0.001


class Courtesy:
    """Holds a lock as `with` does. Without it a thread that lets go of one and takes it at once is always first."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        """Wait for the lock."""
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        """Let go of it, and let others past."""
        self._lock.release()
        sleep(AWAY)
