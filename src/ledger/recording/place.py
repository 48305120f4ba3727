"""Where a ledger is kept: what `LIGGARE_DATABASE` says, and how the library is told.

`sqlite:///path.db` (relative), `sqlite:////absolute.db` or `postgresql://…`; on PostgreSQL the ledger is the first
schema of the search path.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Protocol, cast

import psycopg
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from ledger.recording import postgres_schema, sqlite

#: Execution option of SQLAlchemy for who is going to write: readers must not wait for writers.
WRITING = "writing"


class NoLedger(Exception):  # noqa: N818 - named as what is so
    """There is no ledger at the address."""

    def __init__(self, url: str) -> None:
        """Say where."""
        self.url = url
        super().__init__(f"det finns ingen liggare i {shown(url)}; skapa den med `liggare init`")


class Place(Protocol):
    """One ledger's database."""

    def create(self) -> None:
        """Make the log's tables where they are missing; safe when several processes do so at once."""

    def is_created(self) -> bool:
        """Whether the log's tables are there."""

    def settings(self) -> dict[str, str]:
        """The library's settings for an Application on this database."""

    def engine(self) -> Engine:
        """SQLAlchemy's engine on this database, for what is not the log."""


#: Whatever the process's environment says to the library, this is how our log is kept.
_ALWAYS = {
    "MAPPER_TOPIC": "ledger.recording.mapper:FactMapper",
    "ORIGINATOR_ID_TYPE": "text",
    "CREATE_TABLE": "n",
    "POSTGRES_ENABLE_DB_FUNCTIONS": "n",
    "IS_SNAPSHOTTING_ENABLED": "n",
    "TRANSCODER_TOPIC": "",
    "COMPRESSOR_TOPIC": "",
    "CIPHER_TOPIC": "",
    "CIPHER_KEY": "",
}


class SQLitePlace:
    """A ledger in a file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def create(self) -> None:
        """Make the log's tables."""
        sqlite.create(self.path)

    def is_created(self) -> bool:
        """Whether the file is there and holds a log."""
        return sqlite.is_created(self.path)

    def settings(self) -> dict[str, str]:
        """The library's settings."""
        return {
            **_ALWAYS,
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "APPLICATION_RECORDER_TOPIC": "ledger.recording.sqlite:SQLiteLogRecorder",
            "SQLITE_DBNAME": self.path,
            "SQLITE_LOCK_TIMEOUT": str(sqlite.BUSY_TIMEOUT),
        }

    def engine(self) -> Engine:
        """An engine whose writing transactions begin with BEGIN IMMEDIATE, as the log's own do."""
        made = create_engine("sqlite://", creator=lambda: sqlite.connect(self.path), poolclass=QueuePool)

        @event.listens_for(made, "begin")
        def begin(connection: Connection) -> None:
            raw = connection.connection.dbapi_connection
            if raw is not None and connection.get_execution_options().get(WRITING):
                sqlite.begin(cast("sqlite3.Connection", raw))

        return made


class PostgresPlace:
    """A ledger in a schema: the first of the address's search path."""

    def __init__(self, url: str) -> None:
        self.url = url

    def create(self) -> None:
        """Make the log's tables."""
        with self._connect() as connection:
            postgres_schema.create(connection, postgres_schema.current_schema(connection))

    def is_created(self) -> bool:
        """Whether the schema holds a log."""
        with self._connect() as connection:
            return postgres_schema.is_created(connection, postgres_schema.current_schema(connection))

    def settings(self) -> dict[str, str]:
        """The library's settings."""
        with self._connect() as connection:
            schema = postgres_schema.current_schema(connection)
        return {
            **_ALWAYS,
            "PERSISTENCE_MODULE": "ledger.recording.postgres:LogFactory",
            "APPLICATION_RECORDER_TOPIC": "ledger.recording.postgres:PostgresLogRecorder",
            "POSTGRES_CONNINFO": self.url,
            "POSTGRES_SCHEMA": schema,
        }

    def engine(self) -> Engine:
        """An engine that qualifies every table with the ledger's schema."""
        with self._connect() as connection:
            schema = postgres_schema.current_schema(connection)
        made = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(self.url))
        return made.execution_options(schema_translate_map={None: schema})

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.url, autocommit=True)


def of(url: str) -> Place:
    """The place that an address names. Errors: ValueError for an address of another kind."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ValueError(str(error)) from error
    backend = address.get_backend_name()
    if backend == "sqlite" and address.database and address.database != ":memory:":
        return SQLitePlace(address.database)
    if backend == "postgresql" and address.drivername == "postgresql":
        return PostgresPlace(url)
    msg = f"LIGGARE_DATABASE är varken sqlite:///fil.db eller postgresql://…: {shown(url)}"
    raise ValueError(msg)


def engine(url: str) -> Engine:
    """SQLAlchemy's engine for the database at an address."""
    return of(url).engine()


def shown(url: str) -> str:
    """An address without its password, for messages."""
    return make_url(url).render_as_string(hide_password=True)
