"""The posted rows in a flat table of a database, with an index that holds all that the question asks for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
import psycopg

from benchmarks.built import file_of
from benchmarks.databases import Databases
from benchmarks.truth import Flat
from ledger.reporting.stored.cube import Window

#: Gives sums by unit and slag, zeros left out.
Ask = Callable[[Window], dict[tuple[str, str], int]]

TABLE: Final = "CREATE TABLE flat (position integer, unit text, slag text, month integer, amount bigint)"
#: By month first: the year to date is at most a tenth of the rows.
INDEX: Final = "CREATE INDEX flat_question ON flat (month, unit, slag, position, amount)"
QUESTION: Final = (
    "SELECT unit, slag, sum(amount) FROM flat WHERE month BETWEEN ? AND ? AND position <= ? "
    "GROUP BY unit, slag HAVING sum(amount) <> 0"
)
PAGE: Final = 100_000
#: By name: it is installed for benchmarks alone.
LIBRARY: Final = "duckdb"


@contextmanager
def sql(databases: Databases, backend: str, rows: Flat) -> Iterator[Ask]:
    """The table in a database of one of our own two kinds."""
    url = databases.new(backend)
    try:
        yield from _sqlite(url, rows) if backend == "sqlite" else _postgres(url, rows)
    finally:
        databases.drop(url)


@contextmanager
def duckdb(folder: Path, rows: Flat) -> Iterator[Ask]:
    """The table in a DuckDB file. It keeps columns apart and needs no index."""
    path = folder / "peer.duckdb"
    library: Any = import_module(LIBRARY)
    with closing(library.connect(str(path))) as connection:
        connection.execute(TABLE)
        units, slags = _texts(rows)
        columns = {
            "position": rows.position, "unit": units, "slag": slags, "month": rows.day // 100, "amount": rows.amount
        }  # fmt: skip
        connection.register("columns", columns)
        connection.execute("INSERT INTO flat SELECT position, unit, slag, month, amount FROM columns")
        connection.execute("CHECKPOINT")
        yield lambda window: _sums(connection.execute(QUESTION, [window.first, window.last, window.kand]).fetchall())
    path.unlink()


def _sqlite(url: str, rows: Flat) -> Iterator[Ask]:
    with closing(sqlite3.connect(file_of(url), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(TABLE)
        connection.execute("BEGIN")
        for page in _pages(rows):
            connection.executemany("INSERT INTO flat VALUES (?, ?, ?, ?, ?)", page)
        connection.execute("COMMIT")
        connection.execute(INDEX)
        connection.execute("ANALYZE")
        yield lambda window: _sums(connection.execute(QUESTION, (window.first, window.last, window.kand)).fetchall())


def _postgres(url: str, rows: Flat) -> Iterator[Ask]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
        with connection.cursor().copy("COPY flat FROM STDIN") as copy:
            for page in _pages(rows):
                copy.write("".join("\t".join(map(str, row)) + "\n" for row in page))
        connection.execute(INDEX)
        connection.execute("VACUUM ANALYZE flat")
        question = QUESTION.replace("?", "%s").encode()

        def ask(window: Window) -> dict[tuple[str, str], int]:
            limits = window.first, window.last, window.kand
            return _sums(connection.execute(question, limits, prepare=True).fetchall())

        yield ask


def _pages(rows: Flat) -> Iterator[list[tuple[int, str, str, int, int]]]:
    names = [(str(ansvar), str(slag)) for ansvar, slag, _ in rows.cells]
    for at in range(0, len(rows.position), PAGE):
        part = slice(at, at + PAGE)
        columns = (column[part].tolist() for column in (rows.position, rows.cell, rows.day // 100, rows.amount))
        yield [(position, *names[cell], month, amount) for position, cell, month, amount in zip(*columns, strict=True)]


def _texts(rows: Flat) -> tuple[Any, Any]:
    """Unit and slag of every row."""
    units = np.array([str(ansvar) for ansvar, _, _ in rows.cells], dtype=object)
    slags = np.array([str(slag) for _, slag, _ in rows.cells], dtype=object)
    return units[rows.cell], slags[rows.cell]


def _sums(found: list[Any]) -> dict[tuple[str, str], int]:
    return {(unit, slag): int(total) for unit, slag, total in found}
