"""The tables of the read model and how its databases are opened. Everything here can be thrown away and rebuilt.

Whole numbers only: dates are `20240331`, periods `202403`, amounts öre. `material` is the number of one generation of
a cube, register or journal; a new cell, unit, account or year is a row, never a migration.
"""

from __future__ import annotations

import time
from select import POLLIN, poll
from typing import Any, Final

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool, StaticPool

METADATA: Final = MetaData()

#: How the tables are laid out. A ledger whose read model has another number builds it from the beginning.
LAYOUT: Final = 2

#: Which generation of each material counts, and how far it has read the log.
POINTER: Final = Table(
    "projection_pointer",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("material", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
)

#: The codes of each field (its place in a key), numbered by `n` in order of first appearance, from 1.
CUBE_CODE: Final = Table(
    "cube_code",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("field", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
)

#: So many consecutive entries, the same number in every chunk, and the cells that they are the first to name.
CUBE_CHUNK: Final = Table(
    "cube_chunk",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("last_position", BigInteger, nullable=False),
    Column("magnitude", BigInteger, nullable=False),
    Column("first_month", Integer, nullable=False),
    Column("last_month", Integer, nullable=False),
    Column("aligned", Integer, nullable=False),
    Column("cells_before", Integer, nullable=False),
    Column("homes", LargeBinary, nullable=False),
    Column("cells", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

#: The entries after the last chunk, as they were written; `first` is the ordinal of the first.
CUBE_TAIL: Final = Table(
    "cube_tail",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("entries", Integer, nullable=False),
    Column("cells_before", Integer, nullable=False),
    Column("cells", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

#: The sums of a view through a month of the first `e` entries.
CUBE_CHECKPOINT: Final = Table(
    "cube_checkpoint",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("e", BigInteger, primary_key=True, autoincrement=False),
    Column("view", Integer, primary_key=True, autoincrement=False),
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

#: The sums of a view in one chunk, by month and cell, where these are few.
CUBE_SUM: Final = Table(
    "cube_sum",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("view", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

#: A block's entries of a month, from the chunks in which the month is not at home.
CUBE_STRAY: Final = Table(
    "cube_stray",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

#: A block's entries of one code, for who takes a cell apart.
CUBE_NEAR: Final = Table(
    "cube_near",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("code", Integer, primary_key=True, autoincrement=False),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("first_month", Integer, nullable=False),
    Column("last_month", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

CUBE_TABLES: Final = (CUBE_CODE, CUBE_CHUNK, CUBE_TAIL, CUBE_CHECKPOINT, CUBE_SUM, CUBE_STRAY, CUBE_NEAR)

for _table in CUBE_TABLES:
    # Bytes as narrow as these do not shrink: the database shall not try.
    for _column in ("data", "cells"):
        if _column in _table.c:
            _statement = f"ALTER TABLE {_table.name} ALTER COLUMN {_column} SET STORAGE EXTERNAL"
            _external = DDL(_statement)  # type: ignore[no-untyped-call]
            event.listen(_table, "after_create", _external.execute_if(dialect="postgresql"))

#: What one write told of one key of a register: the places of its rows in the log, and the rows as JSON.
PIECE: Final = Table(
    "register_piece",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("places", Text, nullable=False),
    Column("data", Text, nullable=False),
)

#: What a journal or series keeps of a full stretch of the log: what is in it (JSON), its columns, and checkpoints.
BLOCK: Final = Table(
    "log_block",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("about", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("kept", LargeBinary),
)

#: What single writes told of the stretch that is not full yet (JSON).
TAIL: Final = Table(
    "log_tail",
    METADATA,
    Column("material", Integer, primary_key=True, autoincrement=False),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("data", Text, nullable=False),
)

#: How long a writer waits for another on SQLite, in seconds.
BUSY_TIMEOUT: Final = 30

#: A connection that has rested so long is asked whether it is good before it is used, in seconds.
RESTED: Final = 1.0

#: What libpq says of an empty question, and of one that found rows.
EMPTY, ROWS = 0, 2

#: How often the tables are tried for when several processes start together.
CREATE_ATTEMPTS: Final = 10


def open_database(url: str) -> Engine:
    """The database of a `sqlite:///…` or `postgresql://…` address; PostgreSQL names are found by search path."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(str(parsed))
    return _open_postgres(str(parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)))


def _open_postgres(url: str) -> Engine:
    engine = create_engine(url, isolation_level="REPEATABLE READ")

    @event.listens_for(engine, "checkin")
    def _(_driver: object, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _(driver: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        now = time.monotonic()
        if not _is_open(driver, now - record.info.get("used", now)):
            raise InvalidatePoolError

    return engine


def _is_open(driver: Any, rested: float) -> bool:
    """Whether a connection that nobody has used for so many seconds is good.

    A server that goes away says so: one used a moment ago is good while nothing has come from there, and is not asked.
    """
    try:
        ear = poll()
        ear.register(driver.pgconn.socket, POLLIN)
        if rested < RESTED and not ear.poll(0):
            return True
        return bool(driver.pgconn.exec_(b"").status == EMPTY)
    except driver.OperationalError:
        return False


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
        raw: Any = connection.connection.dbapi_connection
        if raw is not None and connection.get_execution_options().get("writing", False):
            _begin_writing(raw)
        elif raw is not None:
            # By the driver itself: every question begins here.
            raw.execute("BEGIN")

    return engine


def _begin_writing(raw: Any) -> None:
    """Take SQLite's write lock, with a patience that is short at first: its own sleeps longer for every try."""
    deadline, pause = time.monotonic() + BUSY_TIMEOUT, 0.0002
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except raw.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(pause)
                pause = min(pause * 1.5, 0.01)
            else:
                return
    finally:
        raw.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT * 1000}")


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
