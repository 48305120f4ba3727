"""Drafts: commands made from rows, each with the lines it comes from; and the rows they are made of.

A fault in a cell is reported and the row goes on with a neutral value, so that its other cells are looked at too. Such
a draft is *broken*: it is judged for what it says of codes and texts, and nothing else that is wrong with it is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from ledger.domain.refusal import Refusal
from ledger.interchange import cells
from ledger.interchange.csv_file import Report, Table

Value = TypeVar("Value")


class Draft(NamedTuple):
    """A command with the line of each of its rows. `place` is the file's place among those given."""

    place: int
    command: Any
    lines: Sequence[int]
    is_broken: bool = False

    def line(self, rad: int | None) -> int:
        """The line of a row of the command."""
        return self.lines[rad] if rad is not None and rad < len(self.lines) else self.lines[0]


class Row:
    """One row of a file, read cell by cell; what cannot be read is reported."""

    __slots__ = ("_cells", "_report", "is_broken", "line")

    def __init__(self, line: int, named: dict[str, str], report: Report) -> None:
        """A row by its column names."""
        self.line = line
        self._cells = named
        self._report = report
        self.is_broken = False

    def text(self, column: str) -> str | None:
        """A text or code; None where it is blank or its column is left out."""
        return cells.text(self._cells.get(column, ""))

    def code(self, column: str) -> str:
        """A text that the command needs; blank where it is blank."""
        return self.text(column) or ""

    def day(self, column: str) -> date | None:
        """A day."""
        return self._read(column, cells.day(raw)) if (raw := self._raw(column)) else None

    def amount_ore(self, column: str) -> int | None:
        """An amount."""
        return self._read(column, cells.amount_ore(raw)) if (raw := self._raw(column)) else None

    def year(self, column: str) -> int | None:
        """A year."""
        return self._read(column, cells.year(raw)) if (raw := self._raw(column)) else None

    def month(self, column: str) -> int | None:
        """A month."""
        return self._read(column, cells.month(raw)) if (raw := self._raw(column)) else None

    def yes_or_no(self, column: str) -> bool | None:
        """`ja` or `nej`."""
        return self._read(column, cells.yes_or_no(raw)) if (raw := self._raw(column)) else None

    def voucher_name(self, column: str) -> tuple[str, str, int] | None:
        """Serie, number and year."""
        return self._read(column, cells.voucher_name(raw)) if (raw := self._raw(column)) else None

    def refuse(self, refusal: Refusal) -> None:
        """Report a fault; the row is broken."""
        self.is_broken = True
        self._report(self.line, refusal)

    def _raw(self, column: str) -> str:
        return self._cells.get(column, "").strip()

    def _read(self, column: str, value: Value | Refusal) -> Value | None:
        if isinstance(value, Refusal):
            value.kolumn = column
            self.refuse(value)
            return None
        return value


def rows(table: Table, report: Report) -> Iterator[Row]:
    """The rows of a table by column name, each told where a cell that must be filled in is blank."""
    for line, values in table.rows(report):
        row = Row(line, dict(zip(table.columns, values, strict=True)), report)
        for column in table.kind.required:
            if row.text(column) is None:
                row.refuse(CellIsBlank(kolumn=column))
        yield row


@dataclass(slots=True)
class CellIsBlank(Refusal):
    """Some cells are filled in on every row."""

    def sentence(self) -> str:
        """Asks for the cell."""
        return self.say("Cellen är tom, men måste fyllas i på varje rad.")
