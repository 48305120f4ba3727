"""The tables of the read model and how its databases are opened. Everything here can be thrown away and rebuilt.

Whole numbers only: dates are `20240331`, periods `202403`, amounts öre. `material` is the number of one generation of
a cube, register or journal; a new cell, unit, account or year is a row, never a migration.
"""

from __future__ import annotations

import time
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

METADATA: Final = MetaData()

#: Which generation of each material counts, and how far it has read the log.
POINTER: Final = Table(
    "projection_pointer",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("material", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
)

CELL: Final = Table(
    "cube_cell",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("cell_id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
)

ENTRY: Final = Table(
    "cube_entry",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("cell_id", Integer, nullable=False),
    Column("period", Integer, nullable=False),
    Column("effective", Integer, nullable=False),
    Column("amount_ore", BigInteger, nullable=False),
)
# Holds all that a sum asks for, so that the table itself is not read.
Index(
    "cube_entry_sums",
    ENTRY.c.material,
    ENTRY.c.period,
    ENTRY.c.cell_id,
    ENTRY.c.effective,
    ENTRY.c.position,
    ENTRY.c.amount_ore,
)

ROW: Final = Table(
    "register_row",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("data", Text, nullable=False),
)

#: How long a writer waits for another on SQLite, in seconds.
BUSY_TIMEOUT: Final = 30

#: How often the tables are tried for when several processes start together.
CREATE_ATTEMPTS: Final = 10


def open_database(url: str) -> Engine:
    """The database of a `sqlite:///…` or `postgresql://…` address; PostgreSQL names are found by search path."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(str(parsed))
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"), isolation_level="REPEATABLE READ", pool_pre_ping=True
    )


def _open_sqlite(url: str) -> Engine:
    in_memory = make_url(url).database in {None, "", ":memory:"}
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False},
        poolclass=StaticPool if in_memory else QueuePool,
    )

    @event.listens_for(engine, "connect")
    def _(dbapi_connection: Any, _record: object) -> None:
        # The driver's own transactions begin too late and never IMMEDIATE: ours are written out.
        dbapi_connection.isolation_level = None
        dbapi_connection.execute("PRAGMA journal_mode=WAL")
        dbapi_connection.execute("PRAGMA synchronous=NORMAL")
        dbapi_connection.execute("PRAGMA cache_size=-65536")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def writer(engine: Engine) -> Engine:
    """The same database for transactions that write.

    SQLite takes the write lock at once, PostgreSQL sees what the last writer committed (the pointer row is the lock).
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(writing=True)
    return engine.execution_options(isolation_level="READ COMMITTED")


def create_tables(engine: Engine) -> None:
    """Create what is missing. Several processes may do so at once: the slower one looks again."""
    for attempt in range(CREATE_ATTEMPTS):
        try:
            with writer(engine).begin() as connection:
                METADATA.create_all(connection)
        except DBAPIError:
            if attempt == CREATE_ATTEMPTS - 1:
                raise
            time.sleep(0.05 * (attempt + 1))
        else:
            return
