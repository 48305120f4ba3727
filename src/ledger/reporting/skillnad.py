"""Why two answers differ: for every cell the facts whose shares add up to the difference, exact to the öre.

First the figures of A are moved into the organisation and the projects of B, one fact at a time: what each moves is
its share. Then the facts that B counts and A did not enter, and those that A counted and B does not (an older round, a
replaced forecast) leave with reversed sign. Facts that cancel in a cell are counted, not listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ledger.reporting.answer import Stampel
from ledger.reporting.asked import Asked, Part, organisation
from ledger.reporting.entry import Register
from ledger.reporting.explain import Shares, details, shares_by_cell
from ledger.reporting.layout import Line
from ledger.reporting.layout_investering import InvesteringLayout
from ledger.reporting.material import ORGANISATION, PROJEKT
from ledger.reporting.measure import Measure, Utfall
from ledger.reporting.report import Report
from ledger.reporting.sheet import Figure, Sheet
from ledger.reporting.tree import Chart

TILLKOMMER: Final = "tillkommer"
UTGAR: Final = "utgår"
ANDRAS: Final = "ändras"
FLYTTAR: Final = "flyttar"


@dataclass(frozen=True)
class Forklaring:
    """One fact that explains a difference, and how: tillkommer, utgår, ändras (its share) or flyttar (figures)."""

    position: int
    belopp_ore: int
    hur: str


@dataclass(frozen=True)
class Cellskillnad:
    """The difference of one cell and what explains it. `netto_noll` facts came or went without changing it."""

    rad: str
    namn: str
    kolumn: str
    fran_ore: int | None
    till_ore: int | None
    skillnad_ore: int
    fakta: tuple[Forklaring, ...]
    netto_noll: int = 0


@dataclass(frozen=True)
class Skillnad:
    """Two answers compared: the cells that differ, and every fact (`positioner`) that explains some cell."""

    rapport: str
    fran: dict[str, Any]
    till: dict[str, Any]
    fran_stampel: Stampel
    till_stampel: Stampel
    celler: tuple[Cellskillnad, ...]
    positioner: tuple[int, ...]


class Difference:
    """The cells of two sheets of one report, and what explains them. Lines of a specification are left out."""

    def __init__(self, report: Report, a: Asked, b: Asked) -> None:
        self.report = report
        self.a, self.b = Sheet(report, a), Sheet(report, b)
        self._moved: dict[Figure, list[Forklaring]] = {}
        self._shown_as_b = self._move()
        self._entering = self._shares(self.b, self._shown_as_b)
        self._leaving = self._shares(self._shown_as_b, self.b)

    # ------------------------------------------------------------ organisation and projects

    def _move(self) -> Sheet:
        """A's figures in B's organisation and projects; notes what each fact on the way moves."""
        a, b = self.a.asked, self.b.asked
        way = list(steps(a, b))
        if not way:
            return self.a
        moved = Sheet(self.report, a.shown_in(b.chart, b.projects_chart))
        before = self._values(self.a)
        if self._values(moved) == before:
            return moved
        for position, chart, projects in way:
            after = self._values(Sheet(self.report, a.shown_in(chart, projects)))
            for figure in before.keys() | after.keys():
                amount = after.get(figure, 0) - before.get(figure, 0)
                if amount:
                    self._moved.setdefault(figure, []).append(Forklaring(position, amount, FLYTTAR))
            before = after
        return moved

    @staticmethod
    def _values(sheet: Sheet) -> dict[Figure, int]:
        """Every figure that is not zero. What is not there, or has no figure, counts as nothing."""
        figures = (
            (Figure(line.nyckel, column.nyckel), amount)
            for line, column, amount in sheet.figures()
            if column.formula and line.sort != "andring"
        )
        return {figure: amount for figure, amount in figures if amount}

    # ------------------------------------------------------------ facts that enter and leave

    def _shares(self, sheet: Sheet, other: Sheet) -> dict[Figure, Shares]:
        """The shares of a sheet's cells; of outcome only what the other does not count, where that is enough."""
        whole = self._wholly()

        def parts(measure: Measure) -> Iterable[Part]:
            apart = isinstance(measure, Utfall) and whole is not None and measure not in whole
            return details(sheet.asked, measure, other.asked if apart else None)

        lines = [line for line in sheet.all_lines if line.sort != "andring"]
        return dict(shares_by_cell(sheet, parts, lines))

    def _wholly(self) -> set[Measure] | None:
        """The measures of which every share must be read; None: of all.

        Outcome that both sheets count on the same rows explains nothing, except in a cell that has a figure in one of
        them only.
        """
        a, b = self._shown_as_b, self.b
        one, two = a.layout, b.layout
        if isinstance(one, InvesteringLayout) and isinstance(two, InvesteringLayout) and one.large != two.large:
            return None
        asked = [(s.asked.ansvar, s.asked.question.handelse, s.asked.question.per, s.asked.question.ar) for s in (a, b)]
        if asked[0] != asked[1]:
            return None
        differ = _blanks(a) ^ _blanks(b)
        return {
            measure
            for sheet in (a, b)
            for line in sheet.all_lines
            for column in sheet.columns
            if column.formula and Figure(line.nyckel, column.nyckel) in differ
            for _, measure in sheet.formula(line, column).terms
        }

    # ------------------------------------------------------------ the answer

    def cells(self) -> Iterator[Cellskillnad]:
        """Every cell of the two answers that differs or that facts passed through, in B's order, then A's."""
        lines: dict[str, Line] = {}
        columns: dict[str, None] = {}
        for sheet in (self.b, self.a):
            lines |= {line.nyckel: line for line in sheet.lines if line.nyckel not in lines and line.sort != "andring"}
            columns |= {column.nyckel: None for column in sheet.columns if column.formula}
        fran, till = _cells(self.a), _cells(self.b)
        for key, line in lines.items():
            for column in columns:
                figure = Figure(key, column)
                cell = self._cell(figure, line.namn, fran.get(figure), till.get(figure))
                if cell.skillnad_ore or cell.fakta or cell.netto_noll:
                    yield cell

    def _cell(self, figure: Figure, namn: str, fran: int | None, till: int | None) -> Cellskillnad:
        entering, leaving = self._entering.get(figure, {}), self._leaving.get(figure, {})
        fakta, nothing = list(self._moved.get(figure, ())), 0
        for position in sorted(entering.keys() | leaving.keys()):
            amount = entering.get(position, 0) - leaving.get(position, 0)
            if amount:
                fakta.append(Forklaring(position, amount, _how(position, entering, leaving)))
            elif (position in entering) != (position in leaving):
                nothing += 1
        ordered = tuple(sorted(fakta, key=lambda forklaring: forklaring.position))
        return Cellskillnad(figure.rad, namn, figure.kolumn, fran, till, (till or 0) - (fran or 0), ordered, nothing)


def _cells(sheet: Sheet) -> dict[Figure, int | None]:
    return {Figure(line.nyckel, column.nyckel): amount for line, column, amount in sheet.figures()}


def _blanks(sheet: Sheet) -> set[Figure]:
    """The cells of a sheet that have no figure."""
    return {figure for figure, amount in _cells(sheet).items() if amount is None}


def _how(position: int, entering: Shares, leaving: Shares) -> str:
    if position not in leaving:
        return TILLKOMMER
    return ANDRAS if position in entering else UTGAR


# ---------------------------------------------------------------- from one organisation to another


def steps(a: Asked, b: Asked) -> Iterator[tuple[int, Chart, Chart]]:
    """From A's organisation and projects to B's, one fact at a time: the fact, and the state after it.

    First what was learned between the two positions, then what took effect between the two days. Towards an earlier
    moment the same steps are taken backwards.
    """
    chart, projects = a.chart, a.projects_chart
    for position, kand in _learned(a, b):
        chart, projects = chart._replace(kand=kand), projects._replace(kand=kand)
        yield position, chart, projects
    chart, projects = chart._replace(kand=b.chart.kand), projects._replace(kand=b.chart.kand)
    for position, moved in _effective(chart, b.chart, organisation(b.snapshot, b.chart.kand).days()):
        yield position, moved, projects
    for position, moved in _effective(projects, b.projects_chart, _project_days(b)):
        yield position, b.chart, moved


def _learned(a: Asked, b: Asked) -> list[tuple[int, int]]:
    """The facts on organisation and projects recorded between two positions, each with what is known after it."""
    first, last = sorted((a.chart.kand, b.chart.kand))
    registers: tuple[Register, ...] = (ORGANISATION, PROJEKT)
    positions = sorted({p for r in registers for p in b.snapshot.register(r).changes(first, last)})
    if a.chart.kand <= b.chart.kand:
        return [(position, position) for position in positions]
    return [(position, position - 1) for position in reversed(positions)]


def _effective(start: Chart, end: Chart, days: dict[date, list[int]]) -> Iterator[tuple[int, Chart]]:
    """The facts that take effect between two days, each with the state after it."""
    first, last = sorted((start.day, end.day))
    happened = [(day, p) for day in sorted(days) if first < day <= last for p in sorted(set(days[day]))]
    if start.day <= end.day:
        for day, position in happened:
            yield position, end._replace(day=day, cut=position)
    else:
        for day, position in reversed(happened):
            yield position, end._replace(day=day, cut=position - 1)


def _project_days(asked: Asked) -> dict[date, list[int]]:
    register = asked.snapshot.register(PROJEKT)
    days: dict[date, list[int]] = {}
    for code in register.all_keys():
        for held in register.rows(code, asked.projects_chart.kand):
            days.setdefault(held.row.statusdatum, []).append(held.position)
    return days
