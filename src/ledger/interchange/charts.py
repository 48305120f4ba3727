"""Which charts an answer has, and the figures that they draw: all of them figures of answers, none worked out here.

The chart of a year and those of projects ask the same question for other months and years, so they show what was known
and decided at the same moment, in the same organisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ledger.domain.language import _, said
from ledger.interchange.chart import Diagram
from ledger.interchange.chart_bars import Bar, Words, bars
from ledger.interchange.chart_projects import Course, courses
from ledger.interchange.chart_year import Year, through_the_year
from ledger.reporting.answer import Answer, Cell, Rad
from ledger.reporting.report import Report
from ledger.reporting.reports import Reports
from ledger.reporting.rules.asked import Question

#: So many years back a course of projects is followed.
YEARS: Final = 12

MONTHS_OF_A_YEAR: Final = 12

#: The columns that a year is drawn of.
OF_A_YEAR: Final = ("utfall", "budget", "utfall_fg", "prognos")

#: Rows that a chart draws a bar for.
DRAWN: Final = frozenset({"enhet", "kod", "ofordelat"})


def has_charts(report: Report) -> bool:
    """Whether answers to a report may have charts at all."""
    columns = {column.nyckel for column in report.columns}
    return report.table is not None and ({"utfall", "budget"} <= columns or {"total_budget", "total_utfall"} <= columns)


def diagrams(reports: Reports, question: Question, answer: Answer) -> list[Diagram]:
    """The charts of an answer: of units and of the year, or of projects; none where there is nothing to draw."""
    report = reports.find(question.rapport)
    if not has_charts(report):
        return []
    answer, keys = answer.shown(), {column.nyckel for column in answer.kolumner}
    if {"total_budget", "total_utfall"} <= keys:
        found = [_projects(reports, question, answer)]
    else:
        found = [_units(answer), _year(reports, question, answer)]
    return [diagram for diagram in found if diagram]


# ---------------------------------------------------------------- units


def _units(answer: Answer) -> Diagram | None:
    """Each unit above the sum, with its budget and the year before."""
    names = {column.nyckel: column.rubrik for column in answer.kolumner}
    fg = "bokslut_fg" if answer.fraga["tom"] == MONTHS_OF_A_YEAR else "utfall_fg"
    units = [
        Bar(rad.namn, outcome, _ore(rad, "budget"), _ore(rad, "avvikelse"), _ore(rad, fg))
        for rad in inside(answer)
        if (outcome := _ore(rad, "utfall")) is not None
    ]
    words = Words(said(names["utfall"]), said(names["budget"]), said(names.get(fg, "")))
    return bars(_("Utfall mot budget"), units, answer.enhet, words)


def inside(answer: Answer) -> Iterator[Rad]:
    """The rows that the sum is the sum of."""
    for rad in answer.rader:
        if rad.nyckel == "summa":
            return
        if rad.sort in DRAWN:
            yield rad


# ---------------------------------------------------------------- the year


def _year(reports: Reports, question: Question, answer: Answer) -> Diagram | None:
    """The sum of what is shown, through the months of the year."""
    if not any(rad.nyckel == "summa" for rad in answer.rader):
        return None
    slim = replace(question, per=_widest(reports.find(question.rapport)), organisation=question.tree_day)
    slim = replace(slim, jamfor_organisation=None)
    months = [replace(slim, tom=month) for month in range(1, MONTHS_OF_A_YEAR + 1)]
    sums = [rows.get("summa", {}) for rows in reports.figures(months, OF_A_YEAR, only_sums=True)]
    year = Year(
        question.ar,
        _booked([_amount(cells, "utfall") for cells in sums[: question.tom]]),
        tuple(_amount(cells, "budget") for cells in sums),
        _booked([_amount(cells, "utfall_fg") for cells in sums]),
        _amount(sums[-1], "prognos"),
    )
    return through_the_year(_("Utfall genom året"), year, answer.enhet)


def _widest(report: Report) -> str:
    """The grouping with the fewest rows: only their sum is looked at."""
    per = report.table.per if report.table else ()
    return "namnd" if "namnd" in per else per[0]


def _booked(amounts: Sequence[int | None]) -> tuple[int | None, ...]:
    """Accumulated amounts at the end of months that something is booked in; a month without postings has none."""
    found: list[int | None] = []
    before = 0
    for amount in amounts:
        found.append(amount if amount is not None and amount != before else None)
        before = amount or 0
    return tuple(found + [None] * (MONTHS_OF_A_YEAR - len(found)))


# ---------------------------------------------------------------- projects


def _projects(reports: Reports, question: Question, answer: Answer) -> Diagram | None:
    """The accumulated outcome of each project at the end of the years until the one asked for."""
    rows = {rad.nyckel: rad for rad in answer.rader if rad.sort == "projekt" and _ore(rad, "total_utfall") is not None}
    if not rows:
        return None
    slim = replace(question, tom=MONTHS_OF_A_YEAR, organisation=question.tree_day, jamfor_organisation=None, stora=None)
    earlier: dict[int, dict[str, int | None]] = {}
    for ar in range(question.ar - 1, question.ar - YEARS, -1):
        (found,) = reports.figures([replace(slim, ar=ar)], ("total_utfall",))
        earlier[ar] = {key: _amount(cells, "total_utfall") for key, cells in found.items()}
        if not any(earlier[ar].values()):
            break
    known = dict(sorted(earlier.items()))
    drawn = []
    for key, rad in rows.items():
        totals = [(ar, cells.get(key) or 0) for ar, cells in known.items()]
        totals.append((question.ar, _ore(rad, "total_utfall") or 0))
        begun = [n for n, (_, amount) in enumerate(totals) if amount]
        points = tuple(totals[begun[0] :]) if begun else (totals[-1],)
        total = _ore(rad, "total_budget") or None
        drawn.append(Course(rad.namn, points, total, _ore(rad, "total_prognos"), _ore(rad, "slutar")))
    return courses(_("Projektens förlopp"), drawn, answer.enhet)


def _ore(rad: Rad, key: str) -> int | None:
    return _amount(rad.celler, key)


def _amount(cells: Mapping[str, Cell], key: str) -> int | None:
    value = cells.get(key)
    return value if isinstance(value, int) else None
