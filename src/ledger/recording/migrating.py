"""Migrations, run from the program itself: Alembic on a connection of ours, inside a transaction of ours.

The ledger's own writer lock keeps processes that start together apart – the head row on PostgreSQL, BEGIN IMMEDIATE on
SQLite – so no other lock is needed, and a migration never meets a half-written fact.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from threading import Lock
from typing import Any

from sqlalchemy import Select, column, select, table
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ledger.migrations import NEWEST
from ledger.recording import place

#: Alembic keeps the migration under way in a global; threads of one process take turns.
_one_at_a_time = Lock()


def migrate(url: str) -> None:
    """Bring the tables that SQLAlchemy owns to their newest form. The log's tables must be there (`katalog.prepare`).

    Idempotent; several processes may do so at once.
    """
    engine = place.engine(url)
    try:
        if _is_newest(engine):
            return
        with _one_at_a_time, engine.execution_options(**{place.WRITING: True}).begin() as connection:
            schema = engine.get_execution_options().get("schema_translate_map", {}).get(None)
            _upgrade(connection, schema)
    finally:
        engine.dispose()


def _is_newest(engine: Engine) -> bool:
    """Whether there is nothing to do. Asked without a lock, so that who only reads never waits for a writer."""
    written: Select[Any] = select(column("version_num")).select_from(table("migrations"))
    try:
        with engine.connect() as connection:
            return connection.execute(written).scalar() == NEWEST
    except DBAPIError:
        return False


def _upgrade(connection: Connection, schema: str | None) -> None:
    """Run what has not been run, under the ledger's writer lock."""
    from alembic import command  # noqa: PLC0415 - takes half a second to load, and is needed once in a ledger's life
    from alembic.config import Config  # noqa: PLC0415

    head = connection.dialect.identifier_preparer.quote_schema(schema) + ".head" if schema else "head"
    lock = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
    connection.exec_driver_sql(f"SELECT size FROM {head} WHERE id = 1{lock}")
    with as_file(files("ledger.migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        config.attributes["schema"] = schema
        command.upgrade(config, "head")
