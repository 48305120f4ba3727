"""How cubes speak to the database: the driver's own statements, for what is read and written most.

The same statements on both databases, written with `?`. All within the transaction of the SQLAlchemy connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

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


class Tables:
    """The cube tables through one connection."""

    def __init__(self, connection: Connection) -> None:
        # The driver begins nothing by itself on SQLite: SQLAlchemy does.
        if not connection.in_transaction():
            connection.begin()
        self._sqlite = connection.dialect.name == "sqlite"
        self._driver: Any = connection.connection.driver_connection

    def rows(self, statement: str, *values: Any) -> list[Row]:
        """The rows that a statement finds."""
        if self._sqlite:
            found: list[Row] = self._driver.execute(statement, values).fetchall()
            return found
        with self._driver.cursor(binary=True) as cursor:
            return list(cursor.execute(statement.replace("?", "%s"), values).fetchall())

    def among(self, statement: str, material: int, numbers: Sequence[int]) -> list[Row]:
        """The rows of some numbers: `… material = ? AND n = ?`."""
        if self._sqlite:
            execute = self._driver.execute
            return [row for number in numbers for row in execute(statement, (material, number)).fetchall()]
        with self._driver.cursor(binary=True) as cursor:
            every = statement.replace("n = ?", "n = ANY(%s)").replace("?", "%s")
            return list(cursor.execute(every, (material, list(numbers))).fetchall())

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
