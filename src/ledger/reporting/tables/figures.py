"""The figures of a sheet by the keys of its rows and columns, to be laid beside those of another."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.reporting.tables.layout import Line
from ledger.reporting.tables.sheet import Sheet


class Figures:
    """All figures of a sheet, also of rows that are not shown because they hold nothing."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        #: Of several rows with one key the first.
        self._place = {line.nyckel: n for n, line in reversed(list(enumerate(sheet.all_lines)))}
        self.columns = {column.nyckel: column for column in sheet.columns if column.formula}
        columns = zip(sheet.columns, sheet.figures, strict=True)
        self._figures = {column.nyckel: figures for column, figures in columns if column.formula}

    def lines(self, rows: Sequence[str]) -> list[Line | None]:
        """The rows of some keys, none where the sheet lacks them."""
        places = map(self._place.get, rows)
        return [None if n is None else self.sheet.all_lines[n] for n in places]

    def column(self, kolumn: str, rows: Sequence[str]) -> list[int | None]:
        """The figures of some rows in a column; none also where the sheet lacks the row or the column."""
        figures = self._figures.get(kolumn)
        if figures is None:
            return [None] * len(rows)
        places = map(self._place.get, rows)
        return [None if n is None else figures[n] for n in places]
