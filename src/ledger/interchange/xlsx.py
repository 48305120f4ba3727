"""An answer as a spreadsheet: exact kronor in every cell, shown in the unit asked for, and formulas that recompute.

A deviation is the difference of its two columns and a sum the sum of its rows, as formulas, wherever that gives the
very figure of the answer; any other figure is written as a number. The same answer gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from ledger.domain.tal import read as read_tal
from ledger.interchange.facts_sheet import Underlag, write_facts
from ledger.interchange.printed import (
    BESIDE,
    NUMBERS,
    first_beside,
    nothing,
    printed_columns,
    stamp_day,
    stamp_text,
    subtitle,
)
from ledger.reporting.answer import Answer, Kolumn
from ledger.reporting.report import Report

#: How kronor are shown in each unit. A rounded zero has no sign (contract §3), and the minus is a real one.
FORMATS: Final = {
    "kr": '[>=0.5]#,##0;[<=-0.5]\u2212#,##0;"0"',
    "tkr": '[>=500]#,##0,;[<=-500]\u2212#,##0,;"0"',
    "mnkr": '[>=50000]#,##0.0,,;[<=-50000]\u2212#,##0.0,,;"0,0"',
}

#: Kronor and öre, whatever the unit.
EXACT: Final = "#,##0.00;\u2212#,##0.00"

#: How wide names are, in characters, and how high a line of them is, in points.
NAME_WIDTH: Final = 44
LINE_HEIGHT: Final = 15

#: Where the table begins.
HEAD: Final = 3

#: Sheet names have at most so many characters, and none of these.
LONGEST_NAME: Final = 31
FORBIDDEN: Final = str.maketrans("[]:*?/\\", "       ")

#: Rows that a sum adds up.
TERMS: Final = frozenset({"enhet", "kod", "projekt", "ofordelat"})

DEEPEST: Final = 7


def as_xlsx(answer: Answer, report: Report, facts: Underlag | None = None) -> bytes:
    """The answer as the bytes of an .xlsx file, with the facts behind it on a sheet of their own."""
    made = io.BytesIO()
    book = begun(made, answer.rubrik, answer)
    Tabellblad(book, answer, report).write()
    if facts is not None:
        write_facts(book, facts, answer.rubrik, stamp_text(answer.stampel))
    book.close()
    return made.getvalue()


def begun(made: io.BytesIO, rubrik: str, answer: Answer) -> Any:
    """An empty workbook whose dates are those of the stamp; a text is never taken for a formula."""
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    about = {"title": rubrik, "author": "Budgetliggare", "comments": stamp_text(answer.stampel)}
    book.set_properties({**about, "created": stamp_day(answer).replace(tzinfo=None)})
    return book


def sheet_name(text: str) -> str:
    """A text as the name of a sheet."""
    return text.translate(FORBIDDEN).strip()[:LONGEST_NAME].strip("' ") or "Blad"


class Tabellblad:
    """One table on a sheet of its own, under its own heading or another."""

    def __init__(self, book: Any, answer: Answer, report: Report, rubrik: str = "") -> None:
        self.rubrik = rubrik or answer.rubrik
        self.answer = answer.shown()
        seen = {column.nyckel for column in printed_columns(answer)}
        self.columns = sorted(answer.kolumner, key=lambda column: column.nyckel not in seen)
        self.printed = len(seen)
        self.place = {column.nyckel: n for n, column in enumerate(self.columns, 1)}
        self.terms = differences(report, [column.nyckel for column in self.columns])
        self.sheet = book.add_worksheet(sheet_name(self.rubrik))
        number = FORMATS.get(answer.enhet, FORMATS["kr"])
        self.formats = {
            (kind, heavy): book.add_format({"num_format": form, "bold": heavy, "top": heavy, "bottom": heavy})
            for kind, form in (("belopp", number), ("kronor", EXACT), ("antal", "#,##0"), ("ar", "0"), ("text", "@"))
            for heavy in (False, True)
        }
        self.names: dict[tuple[int, bool], Any] = {}
        self.decimals: dict[tuple[int, bool], Any] = {}
        self.book = book
        look = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}
        self.heading, self.over_figures = book.add_format(look), book.add_format({**look, "align": "right"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"italic": True, "font_color": "#444444"})
        beside = first_beside(answer.rader)
        #: The line of every row: one line is left for the words over those that stand beside the sum.
        self.line = [HEAD + 1 + n + (beside is not None and n >= beside) for n in range(len(answer.rader))]
        self.beside = beside

    def write(self) -> None:
        """The whole sheet, top to bottom."""
        answer, sheet = self.answer, self.sheet
        sheet.write_string(0, 0, self.rubrik, self.title)
        sheet.write_string(1, 0, subtitle(answer), self.note)
        self._columns()
        if self.beside is not None:
            sheet.write_string(self.line[self.beside] - 1, 0, BESIDE, self.note)
        for n in range(len(answer.rader)):
            self._row(n)
        last = max(self.line, default=HEAD)
        below = [*answer.fotnoter, "", stamp_text(answer.stampel), f"Rot {answer.stampel.root}"]
        if not answer.rader or (empty := nothing(answer, self.columns)):
            below.insert(0, empty if answer.rader else "Inga rader.")
        for n, text in enumerate(below, last + 2):
            sheet.write_string(n, 0, text, self.note)
        self._page(last)

    def _columns(self) -> None:
        """Headings and widths; columns that a narrow table leaves out are folded away."""
        self.sheet.write_string(HEAD, 0, "Benämning", self.heading)
        self.sheet.set_column(0, 0, NAME_WIDTH)
        for n, column in enumerate(self.columns, 1):
            folded = {"level": 1, "hidden": True} if n > self.printed else {}
            self.sheet.set_column(n, n, 14, None, folded)
            over = self.over_figures if column.form in NUMBERS else self.heading
            self.sheet.write_string(HEAD, n, column.rubrik, over)
        said = len(self.columns) + 1
        self.sheet.set_column(said, said, 60, None, {"collapsed": len(self.columns) > self.printed})
        if any(rad.kommentar for rad in self.answer.rader):
            self.sheet.write_string(HEAD, said, "Analys och kommentar", self.heading)

    def _row(self, n: int) -> None:
        rad, line = self.answer.rader[n], self.line[n]
        heavy = rad.sort in ("summa", "delsumma", "rubrik")
        broken = -(-(len(rad.namn) + 2 * rad.indrag) // NAME_WIDTH)
        level = {"level": min(rad.indrag, DEEPEST)} if rad.indrag else {}
        if level or broken > 1:
            self.sheet.set_row(line, LINE_HEIGHT * broken if broken > 1 else None, None, level)
        self.sheet.write_string(line, 0, rad.namn, self._name(rad.indrag, heavy=heavy))
        for column in self.columns:
            self._cell(n, column, heavy=heavy)
        if rad.kommentar:
            self.sheet.write_string(line, len(self.columns) + 1, rad.kommentar)

    def _cell(self, n: int, column: Kolumn, *, heavy: bool) -> None:
        value, at = self.answer.rader[n].celler.get(column.nyckel), (self.line[n], self.place[column.nyckel])
        kind = column.form if column.form in ("belopp", "kronor", "antal", "ar") else "text"
        form = self.formats[kind, heavy]
        if value is None:
            self.sheet.write_blank(*at, None, form)
        elif number := column.form == "tal" and read_tal(str(value)):
            self.sheet.write_number(*at, number.digits / 10**number.decimaler, self._tal(number.decimaler, heavy=heavy))
        elif not isinstance(value, int):
            self.sheet.write_string(*at, str(value), form)
        elif kind == "kronor":
            self.sheet.write_number(*at, value / 100, form)
        elif kind != "belopp":
            self.sheet.write_number(*at, value, form)
        elif formula := self._difference(n, column) or self._sum(n, column):
            self.sheet.write_formula(*at, formula, form, value / 100)
        else:
            self.sheet.write_number(*at, value / 100, form)

    def _difference(self, n: int, column: Kolumn) -> str | None:
        """What a deviation is computed of, where the difference of its two columns is its very figure."""
        cells = self.answer.rader[n].celler
        for first, second in self.terms.get(column.nyckel, ()):
            one, two = cells.get(first), cells.get(second)
            if not isinstance(one, int) or not isinstance(two, int):
                continue
            names = [xl_rowcol_to_cell(self.line[n], self.place[key]) for key in (first, second)]
            if one - two == cells[column.nyckel]:
                return f"={names[0]}-{names[1]}"
            if two - one == cells[column.nyckel]:
                return f"={names[1]}-{names[0]}"
        return None

    def _sum(self, n: int, column: Kolumn) -> str | None:
        """What a sum adds up, where the rows add up to its very figure."""
        rows = self.answer.rader
        if rows[n].sort != "summa" or rows[n].celler.get(column.nyckel) is None:
            return None
        for chosen in _addends([rad.sort for rad in rows[:n]]):
            cells = [rows[m].celler.get(column.nyckel) for m in chosen]
            amounts = [value for value in cells if isinstance(value, int)]
            if sum(amounts) == rows[n].celler[column.nyckel]:
                letter = xl_col_to_name(self.place[column.nyckel])
                return f"=SUM({','.join(_ranges(letter, [self.line[m] + 1 for m in chosen]))})"
        return None

    def _name(self, indrag: int, *, heavy: bool) -> Any:
        key = (indrag, heavy)
        if key not in self.names:
            look = {"indent": indrag, "bold": heavy, "top": heavy, "bottom": heavy, "text_wrap": True}
            self.names[key] = self.book.add_format(look)
        return self.names[key]

    def _tal(self, decimaler: int, *, heavy: bool) -> Any:
        """The look of numbers with so many decimals."""
        key = (decimaler, heavy)
        if key not in self.decimals:
            look = {"num_format": f"#,##0{'.' * bool(decimaler)}{'0' * decimaler}", "bold": heavy}
            self.decimals[key] = self.book.add_format(look)
        return self.decimals[key]

    def _page(self, last: int) -> None:
        """How it is scrolled and printed."""
        sheet = self.sheet
        sheet.freeze_panes(HEAD + 1, 1)
        sheet.outline_settings(symbols_below=not any(rad.sort == "andring" for rad in self.answer.rader))
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
        sheet.print_area(0, 0, last + len(self.answer.fotnoter) + 4, self.printed)
        sheet.set_footer(f"&L&8{stamp_text(self.answer.stampel)}&R&8Sida &P av &N")


def differences(report: Report, columns: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """The pairs of columns whose difference a column is by its formula."""
    known = {c.nyckel: c.formula.shifted(c.year) for c in report.columns if c.formula and c.nyckel in columns}
    found: dict[str, list[tuple[str, str]]] = {}
    for column, whole in known.items():
        pairs = (
            (first, second)
            for first, one in known.items()
            for second, two in known.items()
            if len({column, first, second}) == len((column, first, second))
            and sorted((one - two).terms, key=repr) == sorted(whole.terms, key=repr)
        )
        if listed := list(pairs):
            found[column] = listed
    return found


def _addends(sorts: Sequence[str]) -> Iterator[list[int]]:
    """Which rows above a sum it may add up: those since the sum before, all of them, or the sums."""
    terms = [n for n, sort in enumerate(sorts) if sort in TERMS]
    sums = [n for n, sort in enumerate(sorts) if sort == "summa"]
    since = [n for n in terms if not sums or n > sums[-1]]
    for chosen in (since, terms, sums):
        if chosen:
            yield chosen


def _ranges(letter: str, lines: Sequence[int]) -> Iterator[str]:
    """Lines as few ranges: `B5:B9`, `B12`."""
    start = before = lines[0]
    for line in [*lines[1:], -1]:
        if line != before + 1:
            yield f"{letter}{start}" if start == before else f"{letter}{start}:{letter}{before}"
            start = line
        before = line
