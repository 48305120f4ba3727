"""Hears that another process has recorded something. NOTIFY is only a hint: who misses one polls."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Any, Final

import psycopg
from eventsourcing.persistence import OperationalError
from psycopg.sql import Identifier

#: How long it waits before it makes another connection, in seconds.
REST: Final = 0.2

Connection = psycopg.Connection[tuple[Any, ...]]


class Listener:
    """Hears NOTIFY from other processes and passes it on; when its connection is lost it makes another."""

    def __init__(self, connect: Callable[[], Connection], channel: str, heard: Callable[[], None]) -> None:
        """Begin to listen."""
        self._connect, self._channel, self._heard = connect, channel, heard
        self._is_stopped = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop; returns when the connection is closed."""
        self._is_stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_stopped.is_set():
            try:
                with self._connect() as connection:
                    connection.execute(f"LISTEN {Identifier(self._channel).as_string()}")
                    self._heard()
                    while not self._is_stopped.is_set():
                        for _ in connection.notifies(timeout=0.2, stop_after=1):
                            self._heard()
            except (OperationalError, psycopg.Error):
                self._is_stopped.wait(REST)
