"""The facts behind a table: every fact of every cell of its rows, with its share, on a sheet of its own.

The shares of a row and a column add up to the figure on the first sheet, to the öre. What is long is cut, and says so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np

from ledger.domain.events import VerifikationPosted
from ledger.reporting.answer import Answer
from ledger.reporting.explaining.behind import Behind
from ledger.reporting.explaining.explain import of_cell
from ledger.reporting.log import Log, Recorded
from ledger.reporting.report import Column
from ledger.reporting.reports import Reports
from ledger.reporting.rules.asked import Asked, Question
from ledger.reporting.tables.sheet import Sheet, heading
from ledger.reporting.told import told

#: So many lines are listed at most.
MOST: Final = 10_000

#: Rows whose facts are listed; where a table has none, those of its sums are.
LISTED: Final = frozenset({"enhet", "kod", "projekt", "ofordelat"})

#: Kronor and ören, with a real minus.
KRONOR: Final = "#,##0.00;\u2212#,##0.00;0.00"

#: So many units of one fact are named.
NAMED: Final = 3


class Bakom(NamedTuple):
    """What one fact adds to one cell, in öre, and what the fact is."""

    rad: str
    kolumn: str
    position: int
    datum: str
    slag: str
    beslut: str
    text: str
    enheter: str
    vem: str
    registrerad: str
    belopp_ore: int


@dataclasses.dataclass(frozen=True)
class Underlag:
    """The facts behind a table: those that are listed, and how many lines there are in all."""

    rader: tuple[Bakom, ...]
    antal: int

    @property
    def sentence(self) -> str:
        """What the list holds, and what it does not."""
        what = "Varje rad är ett faktums andel av en cell; andelarna summerar till cellen på öret."
        if len(self.rader) < self.antal:
            shown, every = (f"{n:,}".replace(",", "\u00a0") for n in (len(self.rader), self.antal))
            return (
                f"De första {shown} av {every} rader visas. {what} Resten fås för en enhet i taget med --ansvar, "
                "eller cell för cell på webbsidan."
            )
        return what if self.rader else "Inga fakta ligger bakom tabellen."


def underlag(reports: Reports, question: Question, answer: Answer, most: int = MOST) -> Underlag | None:
    """The facts behind the printed columns of an answer; none for a list, which is one of facts itself."""
    report = reports.find(question.rapport)
    if report.table is None:
        return None
    with reports.snapshot(question) as snapshot:
        sheet = Sheet(report, Asked(dataclasses.replace(question, jamfor_organisation=None), snapshot))
        return _gathered(sheet, _columns(sheet, answer), reports.log, most)


def _gathered(sheet: Sheet, columns: Sequence[Column], log: Log, most: int) -> Underlag:
    lines = [line for line in sheet.lines if line.sort in LISTED]
    lines = lines or [line for line in sheet.lines if line.sort == "summa"]
    rows: list[tuple[int, int, int, int]] = []
    antal = 0
    for line, at in enumerate(lines):
        behind = Behind(sheet, [at])
        for n, column in enumerate(columns):
            shares = of_cell(behind, at, column)
            changing = np.flatnonzero(shares.amount)
            antal += len(changing)
            taken = shares.some(changing[: most - len(rows)])
            rows += [(line, n, *share) for share in zip(taken.position.tolist(), taken.amount.tolist(), strict=True)]
    known = log.read_positions(sorted({position for _, _, position, _ in rows}))
    described = {recorded.position: _described(recorded) for recorded in known}
    heads = [heading(column, sheet.asked) for column in columns]
    listed = (
        Bakom(lines[line].namn, heads[n], position, *described[position], amount) for line, n, position, amount in rows
    )
    return Underlag(tuple(listed), antal)


def _columns(sheet: Sheet, answer: Answer) -> list[Column]:
    """The printed columns that sum one thing; what is a difference of columns follows from them."""
    shown = set(answer.utskrift) or {column.nyckel for column in answer.kolumner}
    return [c for c in sheet.columns if c.nyckel in shown and c.formula and len(c.formula.terms) == 1]


def _described(recorded: Recorded) -> tuple[str, str, str, str, str, str, str]:
    """A fact as the columns between its position and its amount."""
    fact, words = recorded.fact, told(recorded.fact)
    days = sorted({day for _, day in _fields(fact) if isinstance(day, date)})
    when = "" if not days else days[0].isoformat() if len(days) == 1 else f"{days[0]} – {days[-1]}"
    units = list(dict.fromkeys(text for name, text in _fields(fact) if name.endswith("ansvar") and text))
    more = f" och {len(units) - NAMED} till" if len(units) > NAMED else ""
    instant = recorded.recorded_at.strftime("%Y-%m-%d %H:%M:%S")
    named = ", ".join(units[:NAMED]) + more
    voucher = f"{fact.serie} {fact.vernr}" if isinstance(fact, VerifikationPosted) else ""
    return when, words.kind, words.decision or voucher, words.line, named, recorded.actor, instant


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    """Every field of a fact and of the rows that it holds, by name."""
    if dataclasses.is_dataclass(value):
        named = [(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)]
    elif hasattr(value, "_fields"):
        named = list(zip(value._fields, value, strict=True))
    else:
        named = [("", one) for one in value] if isinstance(value, tuple | list) else []
    for name, inner in named:
        if name:
            yield name, inner
        yield from _fields(inner)


# ---------------------------------------------------------------- the sheet

#: The columns of the sheet, and how wide they are.
COLUMNS: Final = (
    ("Rad", 34),
    ("Kolumn", 20),
    ("Position", 9),
    ("Datum", 12),
    ("Faktum", 16),
    ("Beslut eller verifikation", 34),
    ("Text", 44),
    ("Enheter", 26),
    ("Registrerat av", 13),
    ("Registrerat (UTC)", 19),
    ("Belopp, kronor", 18),
)

#: Where the list begins.
HEAD: Final = 3


def write_facts(book: Any, facts: Underlag, rubrik: str, stampel: str) -> None:
    """The sheet, with a filter over every column. The order of its columns is that of `Bakom`."""
    sheet = book.add_worksheet("Fakta bakom tabellen")
    note = book.add_format({"italic": True, "font_color": "#444444"})
    money, head = book.add_format({"num_format": KRONOR}), book.add_format({"bold": True, "bottom": 1})
    sheet.write_string(0, 0, f"Fakta bakom {rubrik}", book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, facts.sentence, note)
    for n, (name, width) in enumerate(COLUMNS):
        sheet.set_column(n, n, width)
        sheet.write_string(HEAD, n, name, head)
    last = len(COLUMNS) - 1
    for line, rad in enumerate(facts.rader, HEAD + 1):
        *said, amount = rad
        for n, value in enumerate(said):
            if isinstance(value, int):
                sheet.write_number(line, n, value)
            else:
                sheet.write_string(line, n, value)
        sheet.write_number(line, last, amount / 100, money)
    end = HEAD + len(facts.rader)
    sheet.autofilter(HEAD, 0, max(end, HEAD + 1), last)
    sheet.write_string(end + 2, 0, stampel, note)
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
    sheet.set_footer(f"&L&8{stampel}&R&8Sida &P av &N")
