"""A workbook on its way in: the sheet with a known header, as the CSV file it would have been.

Rule: contract §4 – the same columns as an XLSX sheet. A row of the sheet is the same line of the file, so that faults
name the row that a person sees.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import BinaryIO, Final

from python_calamine import CalamineError, CalamineWorkbook

from ledger.domain.language import _
from ledger.domain.refusal import Refusal
from ledger.interchange.cells import text
from ledger.interchange.columns import FILSLAG, recognised

Value = int | float | str | bool | time | date | datetime | timedelta

#: What a workbook may be unpacked, in bytes: a zip can hold a thousand times its own size.
LARGEST: Final = 600_000_000

#: Digits that a spreadsheet keeps of a number.
DIGITS: Final = 15


def as_csv(stream: BinaryIO) -> bytes | Refusal:
    """The sheet of a workbook that can be imported, as CSV; or why there is none."""
    try:
        with zipfile.ZipFile(stream) as packed:
            names = packed.namelist()
            size = sum(one.file_size for one in packed.infolist())
        if "xl/workbook.xml" not in names:
            return WorkbookIsUnreadable()
        if size > LARGEST:
            return WorkbookIsTooLarge(size)
        stream.seek(0)
        workbook = CalamineWorkbook.from_filelike(stream)
        sheets = {name: _rows(workbook, name) for name in workbook.sheet_names}
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return WorkbookIsUnreadable()
    fitting = [name for name, rows in sheets.items() if _is_known(rows)]
    if len(fitting) > 1:
        return WorkbookHasSeveralSheets(tuple(fitting))
    # A workbook of one sheet is looked at whatever its header says, so that its columns are told of.
    chosen = fitting or [name for name, rows in sheets.items() if rows]
    if len(chosen) != 1:
        return WorkbookHasNoSheet(tuple(sheets))
    return _written(sheets[chosen[0]])


def _rows(workbook: CalamineWorkbook, name: str) -> list[list[Value]]:
    return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _is_known(rows: list[list[Value]]) -> bool:
    """Whether the first row that says something is the header of a kind of file."""
    first = next((row for row in rows if any(value != "" for value in row)), [])
    names = [(text(_cell(value)) or "").casefold() for value in first]
    while names and not names[-1]:
        names.pop()
    return bool(names) and recognised(names) is not None


def _written(rows: list[list[Value]]) -> bytes:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return lines.getvalue().encode()


def _cell(value: Value) -> str:
    """A cell as it stands in a CSV file: numbers with a point, days as ISO days, one line each."""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return _number(value)
    return " ".join(str(value).splitlines()) if isinstance(value, str) else str(value)


def _number(value: float) -> str:
    """A number with the digits that the spreadsheet itself keeps: 0.1 + 0.2 is `0.3` there too."""
    plain = f"{value:.{DIGITS}g}"
    return f"{value:.0f}" if "e" in plain and value == int(value) else plain


@dataclass(slots=True)
class WorkbookIsUnreadable(Refusal):
    """A workbook can be opened."""

    def sentence(self) -> str:
        """Says how to go on."""
        return self.say(
            "Filen ser ut som en arbetsbok men går inte att öppna som XLSX: öppna den i kalkylprogrammet, ta bort "
            "eventuellt lösenord och spara den igen som XLSX, eller som CSV UTF-8.",
        )


@dataclass(slots=True)
class WorkbookIsTooLarge(Refusal):
    """A workbook is unpacked in memory."""

    size: int

    def sentence(self) -> str:
        """Gives the size, and the way for large files."""
        return self.say(
            "Arbetsboken är {size} MB uppackad, och högst {largest} MB läses in: spara bladet som CSV UTF-8, som kan "
            "vara hur stort som helst.",
            size=self.size // 1_000_000,
            largest=LARGEST // 1_000_000,
        )


@dataclass(slots=True)
class WorkbookHasSeveralSheets(Refusal):
    """A file is of one kind."""

    sheets: tuple[str, ...]

    def sentence(self) -> str:
        """Names the sheets."""
        return self.say(
            "Arbetsboken har flera blad som går att läsa in ({sheets}): spara vart och ett som en egen fil och läs in "
            "filerna tillsammans.",
            sheets=", ".join(self.sheets),
        )


@dataclass(slots=True)
class WorkbookHasNoSheet(Refusal):
    """One sheet begins with the header of a kind of file."""

    sheets: tuple[str, ...]

    def sentence(self) -> str:
        """Names the sheets there are, and the kinds."""
        kinds = ", ".join(kind.namn for kind in FILSLAG)
        return self.say(
            "Inget blad i arbetsboken ({sheets}) börjar med en rubrikrad som hör till ett slags fil ({kinds}): skriv "
            "kolumnernas namn på bladets första rad.",
            sheets=", ".join(self.sheets) or _("inga blad"),
            kinds=kinds,
        )
