"""A report's figures: every row and column of one question, and the facts that each cell is the sum of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.reporting import budget, prognos, projekt, utfall
from ledger.reporting.asked import Asked, Part
from ledger.reporting.layout import DriftLayout, Line
from ledger.reporting.layout_investering import InvesteringLayout
from ledger.reporting.measure import Budget, Formula, Measure, Prognos, Totalprognos, Totalutgift, Utfall
from ledger.reporting.placing import Group
from ledger.reporting.report import MONTHS, Column, Report

MONTHS_OF_A_YEAR = 12

#: Amounts of one measure by group and slag.
Amounts = dict[Group, dict[str, int]]

#: slag of which a netto amount may not yet have been split.
SPLIT = frozenset({"kostnad", "intakt"})


class Figure(NamedTuple):
    """Which cell: row and column by key."""

    rad: str
    kolumn: str


def columns_of(report: Report, asked: Asked) -> list[Column]:
    """The columns of a question: plan years spelled out, those that need a parameter only when it is given."""
    columns: list[Column] = []
    for column in report.columns:
        if column.needs and getattr(asked.question, column.needs) is None:
            continue
        if column.plan:
            years = asked.plan_years({measure.of for measure in measures_of([column], report)})
            columns.extend(column.for_year(asked.question.ar, year - asked.question.ar) for year in years)
        else:
            columns.append(column.for_year(asked.question.ar, column.year))
    return columns


def measures_of(columns: list[Column], report: Report) -> list[Measure]:
    """Every measure that a cell of these columns needs, once."""
    formulas = [column.formula for column in columns if column.formula]
    if report.table and report.table.investments_at_foot:
        formulas += [formula.about("investering") for formula in formulas]
    return list(dict.fromkeys(measure for formula in formulas for _, measure in formula.terms))


def heading(column: Column, asked: Asked) -> str:
    """The heading with its year and months."""
    whole, _, part_of_year = column.rubrik.partition("|")
    tom = asked.question.tom
    text = whole if tom == MONTHS_OF_A_YEAR or not part_of_year else part_of_year
    months = MONTHS[0] if tom == 1 else f"{MONTHS[0]}–{MONTHS[tom - 1]}"
    return text.format(ar=asked.question.ar + column.year, manader=months, jamfor=asked.question.jamfor_prognos)


def parts_of(asked: Asked, measure: Measure) -> Iterable[Part]:
    """Everything that a measure is the sum of, by the rule of its kind; outcome summed by cell."""
    if measure.blank_with_handelse and asked.question.handelse:
        return ()
    if measure.at and asked.until(measure.at) is None:
        return ()
    match measure:
        case Utfall():
            return utfall.parts(asked, measure)
        case Budget():
            return budget.parts(asked, measure)
        case Totalutgift():
            return budget.totalutgift(asked, measure)
        case Prognos():
            return prognos.parts(asked, measure)
        case Totalprognos():
            return projekt.parts(asked, measure)
    msg = f"no rule sums {measure!r}"
    raise TypeError(msg)


class Sheet:
    """All cells of one question to one report."""

    def __init__(self, report: Report, asked: Asked) -> None:
        if report.table is None:
            msg = f"{report.name} is a list and has no sums"
            raise TypeError(msg)
        self.report, self.asked = report, asked
        self.layout = layout_of(report, asked)
        self.columns = columns_of(report, asked)
        self.amounts: dict[Measure, Amounts] = {}
        for measure in self.measures():
            self.amounts[measure] = self._sum(measure)
        present = {group for amounts in self.amounts.values() for group in amounts}
        #: Also the rows that are not shown because they hold nothing.
        self.all_lines = self.layout.lines(present)
        self.lines = self._shown(self.all_lines)

    def measures(self) -> list[Measure]:
        """Every measure that some cell needs, once."""
        return measures_of(self.columns, self.report)

    def _sum(self, measure: Measure) -> Amounts:
        amounts: Amounts = {}
        groups_of, of = self.layout.groups, measure.of
        for part in parts_of(self.asked, measure):
            slag = part.key.slag or ""
            for group in groups_of(part, of):
                by_slag = amounts.setdefault(group, {})
                by_slag[slag] = by_slag.get(slag, 0) + part.amount_ore
        return amounts

    # ------------------------------------------------------------ cells

    def cell(self, line: Line, column: Column) -> int | None:
        """The exact figure in öre, or none."""
        if column.formula is None:
            return self._attribute(line, column)
        total = 0
        for factor, measure in self.formula(line, column).terms:
            amount = self._amount(line, measure)
            if amount is None:
                return None
            total += factor * amount
        return total * sign(line, column)

    @staticmethod
    def formula(line: Line, column: Column) -> Formula:
        """The column's formula, about what the row is about."""
        formula = column.formula or Formula(())
        return formula.about(line.of) if line.of else formula

    @staticmethod
    def _attribute(line: Line, column: Column) -> int | None:
        value = getattr(line.stage, column.attribute or "", None)
        return value.year if value else None

    def _amount(self, line: Line, measure: Measure) -> int | None:
        """What a row holds of a measure; none where the contract says that there is no figure."""
        if measure.blank_with_handelse and self.asked.question.handelse:
            return None
        held = self.amounts[measure].get(line.group, {})
        if not held and measure.blank_when_none:
            return None
        if self.not_split(line, measure):
            return None
        return sum(amount for slag, amount in held.items() if counts(line, measure, slag))

    def not_split(self, line: Line, measure: Measure) -> bool:
        """Whether a varav cell is asked of an amount that is netto only."""
        if not line.slag or measure.of != "drift":
            return False
        held = self.amounts[measure].get(line.group, {})
        return "netto" in held and not SPLIT & held.keys()

    # ------------------------------------------------------------ rows

    def _shown(self, lines: list[Line]) -> list[Line]:
        """The rows that are always there and those with something to show."""
        shown = {line.nyckel for line in lines if line.always or self._holds(line)}
        shown |= {line.head for line in lines if line.head and line.nyckel in shown}
        return [line for line in lines if (line.head or line.nyckel) in shown]

    def _holds(self, line: Line) -> bool:
        return any(self.cell(line, column) for column in self.columns if column.formula)

    def figures(self) -> Iterator[tuple[Line, Column, int | None]]:
        """Every cell, also of rows that are not shown because they hold nothing."""
        for line in self.all_lines:
            for column in self.columns:
                yield line, column, self.cell(line, column)


def sign(line: Line, column: Column) -> int:
    """What turns the books' sign into the cell's: the row's own direction, or nothing for a deviation."""
    return line.sign if column.signed == "rad" else 1


def counts(line: Line, measure: Measure, slag: str) -> bool:
    """Whether an amount of a slag is in the row's figure of a measure."""
    return (line.slag is None or slag in line.slag) and measure.slag in {None, slag}


def layout_of(report: Report, asked: Asked) -> DriftLayout | InvesteringLayout:
    """The rows of a report."""
    if report.table is None:
        msg = f"{report.name} is a list and has no rows to sum on"
        raise TypeError(msg)
    kind = DriftLayout if report.table.of == "drift" else InvesteringLayout
    return kind(asked, report.table)
