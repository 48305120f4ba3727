"""Floors: what the driver alone does with the very same stored rows, in the same run.

Writing: into a table with the same columns and the same keys (position, and stream with version), without triggers,
hashes, guards or commands. Reading: the same columns, not decoded. The ratio says what our own code costs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import psycopg

from benchmarks.measuring import seconds, seconds_of_threads
from ledger.recording import schema
from ledger.recording.copying import COPY_END, COPY_START, copy_rows
from ledger.recording.stamping import Row

#: So many stored facts at most are written again: the rate does not change beyond.
LARGEST: Final = 250_000
#: Rows a batch, as in an import.
PAGE: Final = 10_000
#: How long single rows are written.
SECONDS: Final = 3.0

ALL: Final = ", ".join(schema.COLUMNS)
#: What reading needs: all but the leaf.
READ: Final = ", ".join(column for column in schema.COLUMNS if column != "leaf")

Rows = list[tuple[Any, ...]]

_INSERT: Final = f"INSERT INTO golv VALUES ({', '.join('?' * len(schema.COLUMNS))})"
_ONE: Final = f"SELECT {READ} FROM facts WHERE position = ?"
_DROP: Final = "DROP TABLE IF EXISTS golv"


# ---------------------------------------------------------------- reading


def pages(url: str, columns: str, *, after: int = 0, where: str = "", limit: int | None = None) -> Iterator[Rows]:
    """Stored facts after a position in pages of 10,000, by the driver alone."""
    condition = f"position > ? {where and 'AND'} {where}"
    question = f"SELECT {columns} FROM facts WHERE {condition} ORDER BY position LIMIT {PAGE}"
    with closing(_reader(url)) as connection:
        left = limit
        while left is None or left > 0:
            page = _fetch(connection, question, after)
            if not page:
                return
            yield page if left is None else page[:left]
            after = page[-1][0]
            left = None if left is None else left - len(page)


def stored(url: str, after: int, limit: int = LARGEST) -> list[Row]:
    """Whole stored rows after a position, as they are to be written again."""
    return [Row._make(row) for page in pages(url, ALL, after=after, limit=limit) for row in page]


def reading(url: str, columns: str, where: str = "") -> float:
    """Seconds to read these columns of the whole log."""

    def read() -> None:
        for _ in pages(url, columns, where=where):
            pass

    return seconds(read)


@contextmanager
def point_reader(url: str) -> Iterator[Callable[[int], object]]:
    """What fetches one stored fact by its position: the least that a question to this database costs."""
    with closing(_reader(url)) as connection:
        if isinstance(connection, sqlite3.Connection):
            yield lambda position: connection.execute(_ONE, (position,)).fetchone()
        else:
            cursor = connection.cursor(binary=True)
            yield lambda position: cursor.execute(_ONE.replace("?", "%s"), (position,), prepare=True).fetchone()


def _reader(url: str) -> Any:
    if url.startswith("sqlite"):
        return sqlite3.connect(url.removeprefix("sqlite:///"))
    return psycopg.connect(url, autocommit=True)


def _fetch(connection: Any, question: str, after: int) -> Rows:
    if isinstance(connection, sqlite3.Connection):
        return connection.execute(question, (after,)).fetchall()
    cursor = connection.cursor(binary=True)
    found: Rows = cursor.execute(question.replace("?", "%b"), (after,)).fetchall()
    return found


# ---------------------------------------------------------------- writing in bulk


def bulk(url: str, rows: Sequence[Row]) -> float:
    """Seconds to write all rows in one durable transaction: executemany on SQLite, packed COPY BINARY on PostgreSQL."""
    return _bulk_sqlite(url, rows) if url.startswith("sqlite") else _bulk_postgres(url, rows)


def _bulk_sqlite(url: str, rows: Sequence[Row]) -> float:
    path = _bare_sqlite(url)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")

        def write() -> None:
            connection.execute("BEGIN IMMEDIATE")
            for at in range(0, len(rows), PAGE):
                connection.executemany(_INSERT, rows[at : at + PAGE])
            connection.execute("COMMIT")

        took = seconds(write)
    _forget_sqlite(path)
    return took


def _bulk_postgres(url: str, rows: Sequence[Row]) -> float:
    packed = [copy_rows(rows[at : at + PAGE]) for at in range(0, len(rows), PAGE)]
    with psycopg.connect(url) as connection:
        _bare_postgres(connection)

        def write() -> None:
            with connection.cursor().copy(f"COPY golv ({ALL}) FROM STDIN (FORMAT BINARY)".encode()) as copy:
                copy.write(COPY_START)
                for page in packed:
                    copy.write(page)
                copy.write(COPY_END)
            connection.commit()

        took = seconds(write)
        connection.execute(_DROP)
    return took


# ---------------------------------------------------------------- writing one by one


def singles(url: str, rows: Sequence[Row], threads: int) -> float:
    """Rows a second, each in a durable transaction of its own, over as many connections as there are threads.

    Ends when all rows are written, or after some seconds: many connections to one SQLite file get in each other's way.
    """
    written: list[int] = []
    if url.startswith("sqlite"):
        path = _bare_sqlite(url)
        took = seconds_of_threads([_sqlite_inserter(path, rows[n::threads], written) for n in range(threads)])
        _forget_sqlite(path)
        return sum(written) / took
    with psycopg.connect(url) as connection:
        _bare_postgres(connection)
    took = seconds_of_threads([_postgres_inserter(url, rows[n::threads], written) for n in range(threads)])
    with psycopg.connect(url) as connection:
        connection.execute(_DROP)
    return sum(written) / took


def _sqlite_inserter(path: Path, rows: Sequence[Row], written: list[int]) -> Callable[[], Any]:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=60)
    connection.execute("PRAGMA synchronous = FULL")
    return _inserter(connection, lambda row: connection.execute(_INSERT, row), rows, written)


def _postgres_inserter(url: str, rows: Sequence[Row], written: list[int]) -> Callable[[], Any]:
    connection = psycopg.connect(url, autocommit=True)
    statement = _INSERT.replace("?", "%b").encode()
    return _inserter(connection, lambda row: connection.execute(statement, row, prepare=True), rows, written)


def _inserter(
    connection: Any, insert: Callable[[Row], object], rows: Sequence[Row], written: list[int]
) -> Callable[[], Any]:
    def insert_all() -> None:
        count, deadline = 0, perf_counter() + SECONDS
        for row in rows:
            insert(row)
            count += 1
            if perf_counter() > deadline:
                break
        written.append(count)
        connection.close()

    return insert_all


# ---------------------------------------------------------------- the bare table


def _bare_sqlite(url: str) -> Path:
    """A fresh file beside the ledger, with a table like the log's own."""
    path = Path(url.removeprefix("sqlite:///") + ".golv")
    _forget_sqlite(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(schema.SQLITE[0].replace("TABLE facts", "TABLE golv"))
    return path


def _forget_sqlite(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)


def _bare_postgres(connection: psycopg.Connection[Any]) -> None:
    """A table like the log's own, in the ledger's database."""
    connection.execute(_DROP)
    connection.execute(schema.POSTGRES[0].replace("{s}.facts", "golv").encode())
    connection.commit()
