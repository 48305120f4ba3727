"""How cubes speak to the database: the driver's own statements, for what is read and written most.

The same statements on both databases, written with `?`. All within the transaction of the SQLAlchemy connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

Row = tuple[Any, ...]

#: What COPY is told of the columns of a table.
_TYPES: Final = {
    "cube_code": ("int4", "int4", "int4", "text"),
    "cube_chunk": ("int4", "int4", "int8", "int8", "int4", "int4", "int4", "int4", "bytea", "bytea", "bytea"),
    "cube_tail": ("int4", "int8", "int4", "int4", "bytea", "bytea"),
    "cube_checkpoint": ("int4", "int8", "int4", "int4", "bytea"),
    "cube_sum": ("int4", "int4", "int4", "bytea"),
    "cube_stray": ("int4", "int4", "int4", "bytea"),
    "cube_near": ("int4", "int4", "int4", "int4", "int4", "bytea"),
}

#: Pieces of a cube: what they are, what they are found by, and their bytes.
_CHUNK: Final = "SELECT 'chunk', n, 0, data FROM cube_chunk WHERE material = ? AND n = ?"
_SUMS: Final = "SELECT 'sum', n, 0, data FROM cube_sum WHERE material = ? AND view = ? AND n >= ? AND n <= ?"
_VECTOR: Final = (
    "SELECT 'vector', e, month, data FROM cube_checkpoint WHERE material = ? AND view = ? AND e = ? AND month = ?"
)


class Wanted(NamedTuple):
    """Pieces of a cube: chunks, and of a view the sums of chunks, and vectors of checkpoints by end and month."""

    view: int
    chunks: list[int]
    sums: list[int]
    vectors: list[tuple[int, int]]


class Tables:
    """The cube tables through one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._sqlite = connection, connection.dialect.name == "sqlite"

    @cached_property
    def _driver(self) -> Any:
        """The driver's own connection, in a transaction that SQLAlchemy knows of; most questions need neither."""
        # The driver begins nothing by itself on SQLite: SQLAlchemy does.
        if not self._connection.in_transaction():
            self._connection.begin()
        return self._connection.connection.driver_connection

    def rows(self, statement: str, *values: Any) -> list[Row]:
        """The rows that a statement finds."""
        return self._found(statement, values)

    def _found(self, statement: str, values: Sequence[Any]) -> list[Row]:
        if self._sqlite:
            found: list[Row] = self._driver.execute(statement, values).fetchall()
            return found
        with self._driver.cursor(binary=True) as cursor:
            return list(cursor.execute(statement.replace("?", "%s"), values).fetchall())

    def pieces(self, material: int, wanted: Wanted) -> list[Row]:
        """Some pieces: what each is, its number or end, its month, and its bytes; also sums that lie between others.

        On PostgreSQL in one message, for that costs more than most pieces.
        """
        view, chunks, sums, vectors = wanted
        asked: list[Row] = [(_CHUNK, material, n) for n in chunks]
        if not self._sqlite and len(chunks) > 1:
            asked = [(_CHUNK.replace("n = ?", "n = ANY(?)"), material, chunks)]
        if sums:
            asked.append((_SUMS, material, view, sums[0], sums[-1]))
        asked += [(_VECTOR, material, view, e, month) for e, month in vectors]
        if self._sqlite:
            return [row for statement, *values in asked for row in self._found(statement, values)]
        statement = " UNION ALL ".join(statement for statement, *_ in asked)
        return self._found(statement, [value for _, *values in asked for value in values])

    def run(self, statement: str, *values: Any) -> None:
        """A statement that finds nothing."""
        self._driver.execute(statement if self._sqlite else statement.replace("?", "%s"), values)

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """Put rows into a table, in the order of its columns."""
        kinds, rows = _TYPES[table], list(rows)
        if not rows:
            return
        marks = ",".join("?" if self._sqlite else "%s" for _ in kinds)
        if self._sqlite or len(rows) == 1:
            with_marks = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - a table of ours
            cursor = self._driver.cursor()
            cursor.executemany(with_marks, rows)
            cursor.close()
            return
        with self._driver.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(kinds)
            for row in rows:
                copy.write_row(row)
