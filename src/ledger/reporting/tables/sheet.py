"""A report's figures: every row and column of one question, and the facts that each cell is the sum of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache
from itertools import repeat
from typing import Any, NamedTuple, TypeGuard

import numpy as np

from ledger.domain.language import phrase
from ledger.domain.money import round_half_away
from ledger.reporting.entry import Register
from ledger.reporting.measure import Budget, Formula, Laget, Measure, Totalutgift, Utfall
from ledger.reporting.report import MONTHS, Column, Report, Table
from ledger.reporting.rules import budget, utfall
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.laget import said
from ledger.reporting.rules.movements import Change
from ledger.reporting.rules.prognos import forecast_days
from ledger.reporting.rules.summing import is_blank, outcome_of
from ledger.reporting.rules.versions import Standing
from ledger.reporting.stored.codes import Mask
from ledger.reporting.stored.exact import added
from ledger.reporting.stored.space import Ore
from ledger.reporting.tables.earlier_frame import earlier_frame
from ledger.reporting.tables.entries import holds_entries
from ledger.reporting.tables.gathering import gathered
from ledger.reporting.tables.layout import SUMMA, Layout, Line, Shown
from ledger.reporting.tables.layout_drift import DriftLayout
from ledger.reporting.tables.layout_investering import InvesteringLayout
from ledger.reporting.tables.layout_lage import LageLayout
from ledger.reporting.tables.lines import Kind, Lines, is_counted
from ledger.reporting.tables.specification import Specification

MONTHS_OF_A_YEAR = 12


class Figure(NamedTuple):
    """Which cell: row and column by key."""

    rad: str
    kolumn: str


def columns_of(report: Report, asked: Asked) -> list[Column]:
    """The columns of a question: plan years spelled out, those that need a parameter only when it is given."""
    ar, given = asked.question.ar, frozenset(c.needs for c in report.columns if c.needs and asked.is_given(c.needs))
    plans = [
        asked.plan_years({m.of for m in measures_of([column], report)}) for column in report.columns if column.plan
    ]
    days = forecast_days(asked) if any(column.rounds for column in report.columns) else []
    events = _events(report, asked)
    name = (report.name, report.version, ar, given, tuple(map(tuple, plans)), tuple(days), events)
    found: list[Column] = asked.kept.columns_of.get(name, lambda: _spelled(report, ar, given, plans, days, events))
    return found


def _events(report: Report, asked: Asked) -> tuple[str, ...]:
    """The events that have columns of their own, where there are several."""
    measures = [m for c in report.columns if c.events for m in measures_of([c], report) if isinstance(m, Utfall)]
    found = utfall.events(asked, measures) if measures else []
    return tuple(found) if len(found) > 1 else ()


def _spelled(
    report: Report,
    ar: int,
    given: Collection[str],
    plans: list[list[int]],
    days: list[date],
    events: Collection[str],
) -> list[Column]:
    columns: list[Column] = []
    planned = iter(plans)
    for column in report.columns:
        if column.plan:
            columns.extend(column.for_year(ar, year - ar) for year in next(planned))
        elif column.events:
            columns.extend(column.for_event(handelse).for_year(ar, column.year) for handelse in events)
        elif column.rounds:
            rounds = (column.for_round(day, before) for before, day in zip([None, *days], days, strict=False))
            columns.extend(one.for_year(ar, 0) for one in rounds if one)
        elif not column.needs or column.needs in given:
            columns.append(column.for_year(ar, column.year))
    return columns


def measures_of(columns: list[Column], report: Report) -> list[Measure]:
    """Every measure that a cell of these columns needs, once."""
    formulas = [formula for column in columns for formula in column.formulas]
    if report.table and report.table.investments_at_foot:
        formulas += [formula.about("investering") for formula in formulas]
    return list(dict.fromkeys(measure for formula in formulas for _, measure in formula.terms))


def heading(column: Column, asked: Asked) -> str:
    """The heading with its year and months."""
    question = asked.question
    return _heading(column.rubrik, column.known, question.ar + column.year, question.tom, question.jamfor_prognos)


@lru_cache(maxsize=1024)
def _heading(rubrik: str, known: tuple[tuple[str, str], ...], ar: int, tom: int, jamfor: date | None) -> str:
    whole, _, part_of_year = rubrik.partition("|")
    text = whole if tom == MONTHS_OF_A_YEAR or not part_of_year else part_of_year
    months = MONTHS[0] if tom == 1 else phrase("{first}–{last}", first=MONTHS[0], last=MONTHS[tom - 1])
    return phrase(text, ar=ar, manader=months, jamfor=jamfor, **dict(known))


class Sheet:
    """All cells of one question to one report."""

    def __init__(self, report: Report, asked: Asked) -> None:
        if report.table is None:
            msg = f"{report.name} is a list and has no sums"
            raise TypeError(msg)
        self.report, self.asked = report, asked
        self.layout = layout_of(report, asked)
        self.columns = columns_of(report, asked)
        self._measures = measures_of(self.columns, report)
        #: The row of the frame as it was decided before.
        self.earlier = earlier_frame(asked, self.layout) if report.table.earlier_frame else None
        if self.earlier and self.earlier.at:
            self._measures += [m.dated(self.earlier.at) for m in self._measures if isinstance(m, Budget)]
        specified = [m for m in self._measures if is_specified(m)] if report.table.specification else []
        #: The lines of decisions.
        self.specification = Specification(asked, specified, self.layout)
        self.grids, self._none = gathered(asked, self.layout, self._measures, self.specification)
        self._lines = self._all()
        #: Also the rows that are not shown because they hold nothing.
        self.all_lines = self._lines.all
        changes = {change: self._none + 1 + n for n, change in enumerate(self.specification.changes)}
        self._groups = self._lines.groups(self.layout.placing, self._none, changes)
        self._known: dict[Measure, bool] = {}
        #: Of the columns asked about so far, by key, whether something lacks that they are worked out of (lacking.py).
        self.lacking: dict[str, bool] = {}
        #: Of the measures asked about so far, whether anything is registered of them (lacking.py).
        self.said: dict[Measure, bool] = {}
        self._figures: dict[tuple[int, Measure], tuple[Ore, Mask | None]] = {}
        self._holds = np.zeros(len(self._lines), np.bool_)
        #: The exact figures of every column, in the order of `all_lines`.
        self.figures = [self._column(column) for column in self.columns]
        shown = self._lines.shown(self._holds)
        self._is_shown = np.zeros(len(self._lines), np.bool_)
        self._is_shown[shown] = True
        self._shown: list[int] = shown.tolist()
        self.lines = [self.all_lines[n] for n in self._shown]

    def measures(self) -> list[Measure]:
        """Every measure that some cell needs, once."""
        return self._measures

    def _all(self) -> Lines:
        """All rows; those of units and sums are the same whatever they hold, and are kept."""
        layout, changes = self.layout, self.specification.lines(self.layout.direction)
        if layout.levels and not layout.table.specification:
            kept: Lines = self.asked.kept.lines.get(layout, lambda: Lines(layout.lines((), {}, changes)))
            return kept
        names = {} if layout.levels else self.asked.code_names(layout.per)
        held = np.zeros(self._none, np.bool_)
        if not layout.levels:
            for grid in self.grids.values():
                held |= grid.held()[: self._none]
        present = [layout.placing.groups[n] for n in np.flatnonzero(held).tolist()]
        lines = layout.lines(present, names, changes)
        if self.earlier:
            lines.insert(1 + max(n for n, line in enumerate(lines) if line.group == SUMMA), self.earlier)
        return Lines(lines)

    # ------------------------------------------------------------ cells

    def _percent(self, part: Formula, whole: Formula) -> list[Any]:
        """How many percent a part is of the size of the whole on every line, one decimal; none where either is none."""
        two = (self._column(Column("", "", formula, signed="bocker")) for formula in (part, whole))
        return [per_cent(a, abs(b)) if a is not None and b else None for a, b in zip(*two, strict=True)]

    def _column(self, column: Column) -> list[Any]:
        """The exact figure of every line in öre, or none."""
        if column.percent:
            return self._percent(*column.percent)
        if column.formula is None:
            return [self._attribute(line, column) for line in self.all_lines]
        figures, blank = self._figures_of(column)
        if blank is None:
            self._holds |= figures != 0
        else:
            self._holds |= (figures != 0) & ~blank
        found: list[int | None] = (figures * self._lines.signs if column.signed == "rad" else figures).tolist()
        if blank is not None:
            for n in np.flatnonzero(blank).tolist():
                found[n] = None
        return found

    def _figures_of(self, column: Column) -> tuple[Ore, Mask | None]:
        """The figures of every line, in the books' sign, and which of them are none."""
        kinds = [self._figure(kind, column) for kind in range(len(self._lines.kinds))]
        if len(kinds) == 1:
            return kinds[0]
        figures: Ore = np.zeros(len(self._lines), np.result_type(*(amounts for amounts, _ in kinds), np.int64))
        blank = np.zeros(len(self._lines), np.bool_)
        for kind, (amounts, none) in zip(self._lines.kinds, kinds, strict=True):
            figures[kind.rows] = amounts
            if none is not None:
                blank[kind.rows] = none
        return figures, blank

    def _figure(self, kind: int, column: Column) -> tuple[Ore, Mask | None]:
        """The figures of the lines of a kind, in the books' sign, and which of them are none."""
        line, rows, size = self._lines.kinds[kind]
        total: Ore | None = None
        blank: Mask | None = self._lines.headings[rows] if self._lines.has_headings else None
        for factor, measure in self.formula(line, column).terms:
            amounts, none = self._held(kind, measure)
            part = amounts if factor == 1 else factor * amounts
            total = part if total is None else total + part
            if none is not None:
                blank = none if blank is None else blank | none
        return np.zeros(size, np.int64) if total is None else total, blank

    def _held(self, kind: int, measure: Measure) -> tuple[Ore, Mask | None]:
        """What the lines of a kind hold of a measure, and which of them have no figure. Rule: contract §3, §6."""
        name = (kind, measure)
        found = self._figures.get(name)
        if found is None:
            found = self._figures[name] = self._worked_out(self._lines.kinds[kind], measure)
        return found

    def _worked_out(self, kind: Kind, measure: Measure) -> tuple[Ore, Mask | None]:
        line, rows, size = kind
        if not tells(line, measure):
            return np.zeros(size, np.int64), np.ones(size, np.bool_)
        grid, groups = self.grids[measure], self._groups[rows]
        blank: Mask | None = None
        if measure.blank_with_handelse and self.asked.question.handelse:
            blank = np.ones(size, np.bool_)
        elif measure.blank_when_none:
            # Of a register each amount is given by itself; a forecast of one slag is one of the other too.
            slags = [measure.slag] if isinstance(measure, Laget) and measure.slag else []
            blank = ~grid.held(*slags)[groups]
        if measure.of == "drift" and grid.not_split is not None:
            lacking = grid.not_split[groups] & self._lines.split[rows]
            blank = lacking if blank is None else blank | lacking
        return grid.sums(groups, lambda slags: self._lines.counting(slags, measure.slag)[rows]), blank

    @staticmethod
    def formula(line: Line, column: Column) -> Formula:
        """The column's formula, about what the row is about."""
        formula = column.formula or Formula(())
        formula = formula.about(line.of) if line.of else formula
        return formula.dated(line.at) if line.at else formula

    @staticmethod
    def _attribute(line: Line, column: Column) -> Any:
        value = getattr(line.stage, column.attribute or "", None)
        return value.year if isinstance(value, date) else value

    @cached_property
    def _place_of(self) -> dict[str, int]:
        return {column.nyckel: n for n, column in enumerate(self.columns)}

    def cell(self, line: Line, column: Column) -> int | None:
        """The exact figure in öre, or none."""
        found: int | None = self.figures[self._place_of[column.nyckel]][self._lines.places[line]]
        return found

    def netto(self, places: Sequence[int], measure: Measure) -> list[int | None]:
        """The amounts of some rows' groups that are netto, where a varav cell has none for it or is the smaller."""
        return self.grids[measure].netto(self._groups[places])

    def registered(self, measure: Measure) -> bool:
        """Whether anything at all is registered of a measure; what comes to nothing counts too."""
        if measure not in self._known:
            self._known[measure] = self._is_registered(measure)
        return self._known[measure]

    def _is_registered(self, measure: Measure) -> bool:
        for kind in range(len(self._lines.kinds)):
            held = self._figures.get((kind, measure))
            if held is not None and held[0].any():
                return True
        if self.grids[measure].holds_anything():
            return True
        parts = () if is_blank(self.asked, measure) else outcome_of(measure)
        return any(holds_entries(self.asked, self.layout, part) for part in parts)

    def holds_anything(self) -> bool:
        """Whether anything at all is registered within the question."""
        return any(self.registered(measure) for measure in self._measures)

    # ------------------------------------------------------------ rows

    def shows(self, nyckel: str) -> bool:
        """Whether a row of a key is shown."""
        return any(self._is_shown[n] for n in self._lines.keyed.get(nyckel, ()))

    def places_of(self, sort: str) -> list[int]:
        """Where the rows of a sort that are shown stand in `all_lines`."""
        places = self._lines.sorts.get(sort)
        return [] if places is None else places[self._is_shown[places]].tolist()

    def figures_of(self, column: Column, places: Sequence[int]) -> list[int | None]:
        """The exact figures of some rows in a column."""
        figures = self.figures[self._place_of[column.nyckel]]
        return [figures[n] for n in places]

    def shown_figures(self) -> list[list[Any]]:
        """The figures of the rows that are shown, column by column."""
        if len(self._shown) == len(self.all_lines):
            return self.figures
        return [[column[n] for n in self._shown] for column in self.figures]

    def rows(self) -> Iterator[tuple[Line, tuple[int | None, ...]]]:
        """Every row that is shown with its cells."""
        cells = zip(*self.shown_figures(), strict=True) if self.figures else repeat((), len(self.lines))
        return zip(self.lines, cells, strict=True)


def per_cent(part: int, whole: int) -> str:
    """A share in percent as text with one decimal: `-2.3`."""
    tenths = round_half_away(1000 * part, whole)
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"


def is_specified(measure: Measure) -> TypeGuard[Budget]:
    """Whether a specification tells a measure by decision: the running budget of the year asked for and of its plan."""
    return isinstance(measure, Budget) and measure.of == "drift" and measure.year >= 0 and measure.at is None


def tells(line: Line, measure: Measure) -> bool:
    """Whether a row has a figure of a measure: a decision has none but of the budget, an earlier frame neither."""
    if isinstance(line.group, Change):
        return is_specified(measure)
    return line.at is None or isinstance(measure, Budget)


def sign(line: Line, column: Column) -> int:
    """What turns the books' sign into the cell's: the row's own direction, or nothing for a deviation."""
    return line.sign if column.signed == "rad" else 1


def counts(line: Line, measure: Measure, slag: str) -> bool:
    """Whether an amount of a slag is in the row's figure of a measure."""
    return is_counted(slag, line.slag, measure.slag)


def layout_of(report: Report, asked: Asked) -> Layout:
    """The rows of a report, kept for the state of organisation and projects that they follow from."""
    table = report.table
    if table is None:
        msg = f"{report.name} is a list and has no rows to sum on"
        raise TypeError(msg)
    if table.register:
        return _layout_of_register(table, table.register, asked)
    invests = table.of == "investering"
    stages = asked.stages if invests or table.investments_at_foot else Standing((), {})
    large = large_projects(asked) if invests and asked.question.stora == "separat" else None
    shown = Shown(asked.tree, stages.rows, asked.question.per, asked.ansvar, large)
    make = InvesteringLayout if invests else DriftLayout
    name = (table, shown.per, shown.top, asked.grown, stages.name, large)
    found: Layout = asked.kept.layouts.get(name, lambda: make(shown, table, asked.kept.codes))
    return found


def _layout_of_register(table: Table, register: Register, asked: Asked) -> Layout:
    """The rows of a register of what stands."""
    told = said(asked, register)
    shown = Shown(asked.tree, {}, asked.question.per, asked.ansvar)
    name = (table, shown.per, shown.top, asked.grown, told.name)
    found: Layout = asked.kept.layouts.get(name, lambda: LageLayout(shown, table, asked.kept.codes, told.rows))
    return found


def large_projects(asked: Asked) -> frozenset[str]:
    """Projects whose decided total is large."""
    shares = budget.shares(asked, Totalutgift())
    totals = added(shares.counted["projekt"], shares.amount, len(asked.kept.codes))
    large = np.flatnonzero(totals >= asked.question.stora_fran_ore)
    return frozenset(asked.kept.codes.texts[n] for n in large.tolist() if n)
