"""A filled-in form as a small file: which line each row became, and which cell a fault of the file belongs to."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ledger.domain.language import _, said
from ledger.domain.refusal import Refused
from ledger.interchange.columns import FILSLAG
from ledger.interchange.faults import Fault
from ledger.web.registering import Kind

#: Rows of a form at first, rows that are added at a time, and rows at most; more come as a file.
ROWS: Final = 6
MORE: Final = 10
MOST: Final = 500

#: Years that a row can be repeated for.
MOST_YEARS: Final = 30

COLUMNS: Final = {kind.namn: kind.columns + kind.optional for kind in FILSLAG}


@dataclass
class Filled:
    """A form as it was filled in. `faults` are by cell (row from 1, column) and by field (row 0)."""

    kind: Kind
    fields: dict[str, str]
    rows: list[dict[str, str]]
    faults: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)
    #: What the ledger said no to, where it was the ledger.
    refused: Refused | None = None
    #: The row that each line of the file came from: the header is on line 1.
    _row_of: dict[int, int] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether no cell of the grid says anything."""
        return not any(any(row.values()) for row in self.rows)

    def file(self) -> bytes:
        """The form as a CSV file of its kind; blank rows are left out."""
        columns = COLUMNS[self.kind.slag]
        written = io.StringIO()
        lines = csv.DictWriter(written, columns, restval="", extrasaction="ignore")
        lines.writeheader()
        self._row_of.clear()
        for number, row in enumerate(self.rows, 1):
            if not any(row.values()):
                continue
            for year in self._years():
                values = {**self.fields, **dict(self.kind.fixed), **{k: v for k, v in row.items() if v}, **year}
                values |= {column: row.get(other, "") for column, other in self.kind.same_as}
                if self.kind.slag == "budget":
                    values["typ"] = self.kind.typ
                lines.writerow({name: _one_line(value) for name, value in values.items()})
                self._row_of[len(self._row_of) + 2] = number
        return written.getvalue().encode()

    def _years(self) -> list[dict[str, str]]:
        """The year of a row, or each year that it is repeated for."""
        first, last = self.fields.get("ar", ""), self.fields.get("sista_ar", "")
        if not (self.kind.over_years and first.isdecimal() and last.isdecimal()):
            return [{}]
        years = range(int(first), int(last) + 1)
        return [{"ar": str(year)} for year in years] if 0 < len(years) <= MOST_YEARS else [{}]

    def check_years(self) -> None:
        """Refuse a last year that is no year after the first."""
        first, last = self.fields.get("ar", ""), self.fields.get("sista_ar", "")
        if not self.kind.over_years or not last:
            return
        if not (last.isascii() and last.isdecimal() and first.isascii() and first.isdecimal()):
            sentence = _("”{last}” är inget år: skriv till exempel 2028, eller lämna tomt.")
            self.note(0, "sista_ar", sentence.format(last=last))
        elif not 0 <= int(last) - int(first) < MOST_YEARS:
            sentence = _("{last} är inte {first} eller ett år strax därefter: ändra något av åren.")
            self.note(0, "sista_ar", sentence.format(last=last, first=first))

    def learn(self, faults: tuple[Fault, ...]) -> None:
        """Put the faults of the file where they belong in the form."""
        shown = {column.name for column in self.kind.columns}
        shared = {one.name for one in self.kind.fields}
        for fault in faults:
            sentence = fault.refusal.sentence() + said(fault.note)
            row, column = self._row_of.get(fault.rad or 0), fault.kolumn or ""
            column = dict(self.kind.same_as).get(column, column)
            if row and column in shown:
                self.note(row, column, sentence)
            elif column in shared:
                self.note(0, column, sentence)
            elif row:
                self.note(row, self.kind.columns[0].name, sentence)
            elif sentence not in self.general:
                self.general.append(sentence)

    def note(self, row: int, column: str, sentence: str) -> None:
        """Note what is wrong with a cell, once."""
        known = self.faults.setdefault((row, column), [])
        if sentence not in known:
            known.append(sentence)

    def listed(self) -> Iterator[tuple[str, str]]:
        """Every fault with the id of its field, fields before cells: `Rad 3, Till: …`."""
        headings = {one.name: said(one.rubrik) for one in self.kind.columns}
        headings |= {one.name: said(one.rubrik).capitalize() for one in self.kind.fields}
        yield from (("", sentence) for sentence in self.general)
        for (row, column), sentences in sorted(self.faults.items(), key=lambda one: one[0][0]):
            heading = headings[column]
            where = _("Rad {row}, {heading}").format(row=row, heading=heading) if row else heading
            yield from ((cell_id(row, column), f"{where}: {sentence}") for sentence in sentences)


def cell_id(row: int, column: str) -> str:
    """The id, and the name, of a field: `rad-3-belopp`; shared fields have their own names."""
    return f"rad-{row}-{column}" if row else column


def _one_line(value: str) -> str:
    return " ".join(value.split())


def blank(kind: Kind, given: Mapping[str, str]) -> Filled:
    """An empty form; what an address gives is filled in, in the fields and on the first row."""
    fields = {one.name: given.get(one.name, "") for one in kind.fields}
    first = {column.name: given.get(column.name, "") for column in kind.columns if column.name not in fields}
    return Filled(kind, fields, [first, *({} for _ in range(ROWS - 1))])


def read(kind: Kind, sent: Mapping[str, str]) -> tuple[Filled, str]:
    """A form that was sent, and which of its buttons was pressed. Errors: ValueError for what no form sends."""
    fields = {one.name: sent.get(one.name, "") for one in kind.fields}
    numbers = [int(part) for name in sent if name.startswith("rad-") and (part := name.split("-")[1]).isdecimal()]
    count = min(max([*numbers, ROWS]), MOST)
    rows = [
        {column.name: sent.get(cell_id(row, column.name), "") for column in kind.columns} for row in range(1, count + 1)
    ]
    return Filled(kind, fields, rows), sent.get("gor", "prova")
