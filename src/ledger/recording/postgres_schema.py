"""Creating the log's tables on PostgreSQL, once, also when several processes start together.

All in one transaction: whoever comes second waits for the first at the first name that both would make, fails on it,
looks again and finds everything done. No advisory lock is needed.
"""

from __future__ import annotations

from time import sleep
from typing import Any

import psycopg
from psycopg.sql import Identifier

from ledger.recording import schema as tables

#: What PostgreSQL says to the one who came second.
CAME_SECOND = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.DuplicateTable,
    psycopg.errors.DuplicateObject,
    psycopg.errors.DuplicateFunction,
    psycopg.errors.InternalError_,
)
_TRIES = 20

_FOREIGN = "det finns redan en tabell i schemat {schema} med ett namn som liggaren behöver: {error}"


def current_schema(connection: psycopg.Connection[Any]) -> str:
    """The schema that the ledger is in: the first of the search path that exists. Errors: psycopg.ProgrammingError."""
    found = connection.execute("SELECT current_schema()").fetchone()
    if found is None or found[0] is None:
        msg = "sökvägen (search_path) nämner inget schema som finns; skapa schemat först"
        raise psycopg.ProgrammingError(msg)
    return str(found[0])


def is_created(connection: psycopg.Connection[Any], schema: str) -> bool:
    """Whether the schema holds a log: its head row is made last."""
    head = f"{Identifier(schema).as_string()}.head"
    found = connection.execute("SELECT to_regclass(%s)", (head,)).fetchone()
    if found is None or found[0] is None:
        return False
    return connection.execute(f"SELECT 1 FROM {head} WHERE id = 1").fetchone() is not None


def create(connection: psycopg.Connection[Any], schema: str) -> None:
    """Create the log's tables where they are missing. The connection is in autocommit.

    Errors: psycopg.ProgrammingError when a table of another kind has a name that the log needs.
    """
    quoted = Identifier(schema).as_string()
    for _ in range(_TRIES):
        if is_created(connection, schema):
            return
        try:
            with connection.transaction():
                for statement in tables.POSTGRES:
                    connection.execute(statement.format(s=quoted))
        except CAME_SECOND as error:
            second = error
            sleep(0.05)
        else:
            return
    raise psycopg.ProgrammingError(_FOREIGN.format(schema=schema, error=second)) from second
