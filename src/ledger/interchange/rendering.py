"""Answers as text for the terminal and as CSV for machines, and differences as lists of facts.

Rule: contract §3 – Swedish text has U+00A0 for thousands, decimal comma and U+2212; CSV has plain `-` and `.` and the
shown unit. `–` stands where there is no figure, never 0.
"""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from ledger.domain.money import kronor, machine, plain_digits, shown, swedish
from ledger.domain.tal import read as read_tal
from ledger.interchange.faults import shortened
from ledger.interchange.printed import (
    BESIDE,
    NUMBERS,
    UNITS,
    first_beside,
    printed_columns,
    shown_cell,
    stamp_text,
    unit_of,
)
from ledger.reporting.answer import Answer, Cell, Kolumn, Rad, Stampel
from ledger.reporting.explaining.explain import PAGE_OF_FACTS
from ledger.reporting.explaining.skillnad import Cellskillnad, Skillnad
from ledger.reporting.explaining.verkan import Verkan

#: Longer names go on over several lines.
NAME_WIDTH: Final = 60
#: Comments and footnotes are set in lines of this length.
TEXT_WIDTH: Final = 100

#: A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")

NO_ROWS: Final = "Inga rader."

_GAP: Final = "  "


def as_text(answer: Answer, *, every_column: bool = False) -> str:
    """The table as it is printed, with its comments, footnotes and stamp. `every_column`: not only the printed ones."""
    answer = answer.shown()
    blocks = [_title(answer), _table(answer, printed_columns(answer, every_column=every_column))]
    comments = [_paragraph(f"{rad.namn}: {rad.kommentar}") for rad in answer.rader if rad.kommentar]
    if comments:
        blocks.append("\n".join(["Analys och kommentar", *comments]))
    if answer.fotnoter:
        blocks.append("\n".join(_paragraph(note) for note in answer.fotnoter))
    blocks.append(stamp_line(answer.stampel))
    return "\n\n".join(blocks) + "\n"


def as_csv(answer: Answer) -> str:
    """All columns by their keys, a row a row, in the shown unit; every row says which and as of what (RFC 4180).

    What is not known is blank.
    """
    answer = answer.shown()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(
        ["nyckel", "namn", "sort", "indrag", *(k.nyckel for k in answer.kolumner), "kommentar", "enhet", "kand", "root"]
    )
    for rad in answer.rader:
        cells = [_machine(rad.celler.get(k.nyckel), k, answer.enhet) for k in answer.kolumner]
        writer.writerow(
            [rad.nyckel, rad.namn, rad.sort, rad.indrag, *cells, rad.kommentar or "", answer.enhet,
             f"@{answer.stampel.position}", answer.stampel.root]
        )  # fmt: skip
    return text.getvalue()


def as_csv_for_excel(answer: Answer) -> bytes:
    """All columns under their headings, for a spreadsheet in Swedish: semicolon, decimal comma, byte order mark."""
    answer = answer.shown()
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    heads = [column.rubrik for column in answer.kolumner]
    writer.writerow(["Nyckel", "Benämning", *map(_inert, heads), "Analys och kommentar", "Enhet", "Känt", "Rot"])
    for rad in answer.rader:
        cells = [
            _machine(value, k, answer.enhet).replace(".", ",")
            if isinstance(value, int) or (k.form == "tal" and read_tal(str(value)))
            else _inert(str(value or ""))
            for k in answer.kolumner
            for value in (rad.celler.get(k.nyckel),)
        ]
        said = [answer.enhet, f"@{answer.stampel.position}", answer.stampel.root]
        writer.writerow([_inert(rad.nyckel), _inert(rad.namn), *cells, _inert(rad.kommentar or ""), *said])
    return text.getvalue().encode("utf-8-sig")


def _inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in FORMULA_SIGNS else text


def stamp_line(stampel: Stampel) -> str:
    """From what an answer was worked out: position, instant, tree head, version, and whether the ledger was open."""
    return f"{stamp_text(stampel)}\nRot {stampel.root}"


def _title(answer: Answer) -> str:
    asked = [
        f"{name} {value}"
        for name, value in answer.fraga.items()
        if value not in (None, "", "nej") and name not in ("enhet", "kand", "organisation")
    ]
    return f"{', '.join(part for part in (answer.rubrik, unit_of(answer)) if part)}\n{' · '.join(asked)}"


# ---------------------------------------------------------------- the table


def _table(answer: Answer, columns: Sequence[Kolumn]) -> str:
    """Names to the left, figures to the right under their headings; a double rule under every sum."""
    cells = [[_shown(rad, column, answer.enhet) for column in columns] for rad in answer.rader]
    names = [_name(rad) for rad in answer.rader]
    first = max([0, *(len(line) for lines in names for line in lines)])
    widths = [
        max([len(line) for line in _heading(column)] + [len(row[n]) for row in cells])
        for n, column in enumerate(columns)
    ]
    lines = list(_headings(columns, first, widths))
    rule = len(_line("", [""] * len(columns), first, widths, columns))
    lines.append("─" * rule)
    beside = first_beside(answer.rader)
    for n, (rad, name, row) in enumerate(zip(answer.rader, names, cells, strict=True)):
        if n == beside:
            lines.extend(["", BESIDE])
        lines.append(_line(name[0], row, first, widths, columns))
        lines.extend(name[1:])
        if rad.sort == "summa":
            lines.append("═" * rule)
        if rad.sort == "rubrik" and rad.celler.get("antal") == 0:
            lines.append(f"  {NO_ROWS}")
    if not answer.rader:
        lines.append(NO_ROWS)
    return "\n".join(line.rstrip(" ") for line in lines)


def _name(rad: Rad) -> list[str]:
    blank = "  " * rad.indrag
    return textwrap.wrap(rad.namn, NAME_WIDTH, initial_indent=blank, subsequent_indent=blank + "  ") or [blank]


def _heading(column: Kolumn) -> list[str]:
    """A heading on as many lines as it has words of some length."""
    return textwrap.wrap(column.rubrik, 14, break_long_words=False) or [""]


def _headings(columns: Sequence[Kolumn], first: int, widths: Sequence[int]) -> Iterator[str]:
    wrapped = [_heading(column) for column in columns]
    height = max([1, *(len(lines) for lines in wrapped)])
    for n in range(height):
        at = [lines[n - height + len(lines)] if n >= height - len(lines) else "" for lines in wrapped]
        yield _line("", at, first, widths, columns)


def _line(name: str, row: Sequence[str], first: int, widths: Sequence[int], columns: Sequence[Kolumn]) -> str:
    set_cells = (
        cell.rjust(width) if column.form in NUMBERS else cell.ljust(width)
        for cell, width, column in zip(row, widths, columns, strict=True)
    )
    return _GAP.join([name.ljust(first), *set_cells])


def _shown(rad: Rad, column: Kolumn, enhet: str) -> str:
    """A cell as Swedish text, of a length that a line can hold."""
    text = shown_cell(rad, column, enhet)
    return shortened(text) if column.form == "text" else text


def _machine(value: Cell, column: Kolumn, enhet: str) -> str:
    if column.form == "belopp" and (value is None or isinstance(value, int)):
        return machine(value, enhet)
    if column.form == "kronor" and isinstance(value, int):
        return ("-" if value < 0 else "") + plain_digits(abs(value), 2)
    return "" if value is None else str(value)


def _paragraph(text: str) -> str:
    return textwrap.fill(text, TEXT_WIDTH, subsequent_indent="  ", break_on_hyphens=False)


# ---------------------------------------------------------------- what a dry run would change


def effects_text(effects: Sequence[Verkan], *, complete: bool) -> str:
    """The report cells that a dry run would change, in the largest unit in which every change shows.

    `complete`: all facts were tried.
    """
    if not effects:
        return "Verkan på rapporterna: inga belopp ändras."
    enhet = next((unit for unit in ("mnkr", "tkr") if all(shown(_change_ore(one), unit) for one in effects)), "kr")
    lines = [f"Verkan på rapporterna, i {UNITS[enhet]}:"]
    width = max(len(effect.namn) for effect in effects)
    for (rapport, ar), cells in groupby(effects, key=lambda effect: (effect.rapport, effect.ar)):
        lines.append(f"{rapport} {ar}")
        for cell in cells:
            change = _change_ore(cell)
            sign = "+" if change > 0 else ""
            moved = f"{swedish(cell.fore_ore, enhet)} → {swedish(cell.efter_ore, enhet)}"
            lines.append(f"  {cell.namn.ljust(width)}  {cell.rubrik}: {moved} ({sign}{swedish(change, enhet)})")
    if not complete:
        lines.append("Filerna är så stora att bara början av dem har prövats mot rapporterna.")
    return "\n".join(lines)


def _change_ore(cell: Verkan) -> int:
    return (cell.efter_ore or 0) - (cell.fore_ore or 0)


# ---------------------------------------------------------------- differences


def difference_text(skillnad: Skillnad, described: Mapping[int, str], sida: int = 1) -> str:
    """Every cell that differs, to the öre, with the facts that explain it. `described` says what each fact is.

    `sida` is the page that is listed of the facts of a cell that has several, where it is the only one asked for.
    """
    between = f"{_moment(skillnad.fran)} → {_moment(skillnad.till)}"
    blocks = [f"Skillnad i {skillnad.rapport}: {between}"]
    blocks.extend(_cell(cell, described, sida) for cell in skillnad.celler)
    if not skillnad.celler:
        blocks.append("Ingen cell skiljer sig.")
    blocks.append(f"Från: {stamp_line(skillnad.fran_stampel)}\nTill: {stamp_line(skillnad.till_stampel)}")
    return "\n\n".join(blocks) + "\n"


def _moment(fraga: Mapping[str, object]) -> str:
    beslutad = f", beslutad {fraga['beslutad']}" if fraga.get("beslutad") else ""
    return f"{fraga.get('kand')}{beslutad}"


def _cell(cell: Cellskillnad, described: Mapping[int, str], sida: int) -> str:
    before, after = ("–" if value is None else kronor(value) for value in (cell.fran_ore, cell.till_ore))
    lines = [f"{cell.namn} ({cell.rad}), {cell.kolumn}: {before} → {after} kr, skillnad {kronor(cell.skillnad_ore)} kr"]
    width = max([0, *(len(kronor(fact.belopp_ore)) for fact in cell.fakta)])
    lines.extend(
        f"  {kronor(fact.belopp_ore).rjust(width)} kr  @{fact.position} {fact.hur}: {described.get(fact.position, '')}"
        for fact in cell.fakta
    )
    if cell.sidor > 1:
        lines.append(f"  {_rest(cell, sida)}")
    if cell.netto_noll:
        what = "faktum tar" if cell.netto_noll == 1 else "fakta tar"
        lines.append(f"  {cell.netto_noll} {what} ut varandra i cellen.")
    return "\n".join(lines)


def _rest(cell: Cellskillnad, sida: int) -> str:
    """How many facts there are besides those listed, and how to see them."""
    if sida == cell.sidor:
        return f"Sida {sida} av {cell.sidor}, {cell.antal} fakta."
    if len(cell.fakta) < PAGE_OF_FACTS:
        here, following = f"De första {len(cell.fakta)} av", 1
    else:
        here, following = f"Sida {sida} av {cell.sidor},", sida + 1
    return f"{here} {cell.antal} fakta. Visa fler: --rad {cell.rad} --kolumn {cell.kolumn} --sida {following}"
