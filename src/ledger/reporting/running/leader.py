"""Whose turn it is: one process at a time leads the runner of a ledger, or rebuilds its read model.

A turn is a hint that spares work. Correctness is the pointer row's: who writes without a turn loses a page at worst.
It ends with the process that holds it, however that ends, and then anybody may take it at once.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import Final, Protocol

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

try:
    import fcntl
except ImportError:  # a system without it has no turns between processes
    fcntl = None  # type: ignore[assignment]

#: Turns that are taken: to keep the read model up with the log, and to build a new one beside it.
LEADING: Final = "leder"
REBUILDING: Final = "bygger"


class Turn(Protocol):
    """One thing that one process at a time does."""

    #: Whether it is ours, as far as we know.
    is_ours: bool

    def take(self) -> bool:
        """Take it, or make sure that it still is ours; whether it is. Errors: DBAPIError when the database is away."""

    def leave(self) -> None:
        """Let somebody else have it."""


def turn(engine: Engine, purpose: str) -> Turn:
    """The turn for a purpose in the ledger of a database."""
    if engine.dialect.name == "postgresql":
        return AdvisoryTurn(engine, purpose)
    path = engine.url.database
    return OwnTurn() if path in {None, "", ":memory:"} or fcntl is None else FileTurn(f"{path}-{purpose}")


class OwnTurn:
    """A database in memory belongs to one process, whose turn it always is."""

    is_ours = True

    def take(self) -> bool:
        """It is ours."""
        return True

    def leave(self) -> None:
        """Nobody else wants it."""


class FileTurn:
    """A lock on a file beside the database; the operating system lets go of it when the process ends."""

    def __init__(self, path: str) -> None:
        """Nothing is opened yet."""
        self._path = path
        self._file: int | None = None
        self.is_ours = False

    def take(self) -> bool:
        """Lock the file, unless somebody has. Where no file can be made beside the database all may have the turn."""
        if self.is_ours:
            return True
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:
            self.is_ours = True
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file, self.is_ours = file, True
        return True

    def leave(self) -> None:
        """Unlock it. The file stays: who takes it away takes it from under another's lock."""
        file, self._file, self.is_ours = self._file, None, False
        if file is not None:
            os.close(file)


class AdvisoryTurn:
    """A session's advisory lock, keyed by the ledger's schema, on a connection of its own.

    When the connection is lost the server lets go of the lock.
    """

    def __init__(self, engine: Engine, purpose: str) -> None:
        """Nothing is connected yet."""
        self._engine = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._purpose = purpose
        self._connection: Connection | None = None
        self.is_ours = False

    def take(self) -> bool:
        """Ask for the lock without waiting, or make sure that the connection which holds it is alive."""
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            if self.is_ours:
                self._connection.execute(text("SELECT 1"))
            else:
                schema = self._connection.execute(text("SELECT current_schema()")).scalar_one()
                asked = {"key": _key(f"{schema}/{self._purpose}")}
                self.is_ours = bool(self._connection.execute(text("SELECT pg_try_advisory_lock(:key)"), asked).scalar())
        except DBAPIError:
            self.leave()
            raise
        return self.is_ours

    def leave(self) -> None:
        """Let go of the lock, and close the connection: the server would not notice at once that it is closed."""
        connection, was_ours = self._connection, self.is_ours
        self._connection, self.is_ours = None, False
        if connection is not None:
            with suppress(DBAPIError), connection:
                if was_ours:
                    connection.execute(text("SELECT pg_advisory_unlock_all()"))


def _key(what: str) -> int:
    """A number of 64 bits with sign, as the lock wants it."""
    return int.from_bytes(hashlib.sha256(f"budgetliggare/{what}".encode()).digest()[:8], "big", signed=True)
