"""What facts on organisation and projects move: a sheet shown in another organisation, one fact at a time.

The figures are worked out between the facts, so whatever a fact changes (whose a unit is, its sign, the round of its
nämnd) is its share, exact to the öre. Facts after which nothing has moved are passed over together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from ledger.reporting.entry import Register
from ledger.reporting.material import ORGANISATION, PROJEKT
from ledger.reporting.rules.asked import Asked, organisation
from ledger.reporting.rules.tree import Chart
from ledger.reporting.tables.sheet import Sheet

#: The figures of every row that has any. What is not there, or has no figure, counts as nothing.
Values = dict[str, tuple[int, ...]]

#: The registers that say where figures are shown.
WHERE: Final[tuple[Register, ...]] = (ORGANISATION, PROJEKT)


class Step(NamedTuple):
    """A fact, and the state of organisation and projects after it."""

    position: int
    chart: Chart
    projects: Chart


class Reorganising:
    """The way of A's figures from A's organisation and projects to B's; only some rows and columns are looked at."""

    def __init__(self, a: Sheet, b: Asked, rows: Sequence[str], columns: Sequence[str]) -> None:
        self._a, self._b, self._rows, self._columns = a, b, frozenset(rows), columns
        self._steps = list(steps(a.asked, b))
        self._known: dict[int, Values] = {}
        #: A's figures as B shows them.
        self.shown = self._sheet(len(self._steps))
        #: What each fact moves in each cell, by column and then row.
        self.moved: dict[str, dict[str, list[tuple[int, int]]]] = {}
        self._follow(0, len(self._steps))

    def _sheet(self, taken: int) -> Sheet:
        """A's figures after so many steps."""
        if not taken:
            return self._a
        chart, projects = self._b.chart, self._b.projects_chart
        if taken < len(self._steps):
            _, chart, projects = self._steps[taken - 1]
        return Sheet(self._a.report, self._a.asked.shown_in(chart, projects))

    def _values(self, taken: int) -> Values:
        if taken not in self._known:
            sheet = self.shown if taken == len(self._steps) else self._sheet(taken)
            place = {column.nyckel: n for n, column in enumerate(sheet.columns)}
            wanted = [place.get(column) for column in self._columns]
            rows = {
                line.nyckel: tuple([0 if n is None else cells[n] or 0 for n in wanted])
                for line, cells in sheet.rows()
                if line.nyckel in self._rows
            }
            self._known[taken] = {row: amounts for row, amounts in rows.items() if any(amounts)}
        return self._known[taken]

    def _follow(self, first: int, last: int) -> None:
        """Find what the steps after `first`, to `last`, move."""
        if first == last or self._values(first) == self._values(last):
            return
        if last - first > 1:
            middle = (first + last) // 2
            self._follow(first, middle)
            self._follow(middle, last)
            return
        before, after, none = self._values(first), self._values(last), (0,) * len(self._columns)
        for row in before.keys() | after.keys():
            for column, was, becomes in zip(self._columns, before.get(row, none), after.get(row, none), strict=True):
                if becomes != was:
                    moved = self.moved.setdefault(column, {}).setdefault(row, [])
                    moved.append((self._steps[first].position, becomes - was))


# ---------------------------------------------------------------- from one organisation to another


def steps(a: Asked, b: Asked) -> Iterator[Step]:
    """From A's organisation and projects to B's, one fact at a time.

    First what was learned between the two positions, then what took effect between the two days. Towards an earlier
    moment the same steps are taken backwards.
    """
    chart, projects = a.chart, a.projects_chart
    for position, kand in _learned(a, b):
        chart, projects = chart._replace(kand=kand), projects._replace(kand=kand)
        yield Step(position, chart, projects)
    chart, projects = chart._replace(kand=b.chart.kand), projects._replace(kand=b.chart.kand)
    for position, moved in _effective(chart, b.chart, organisation(b.snapshot, b.chart.kand).days()):
        yield Step(position, moved, projects)
    for position, moved in _effective(projects, b.projects_chart, _project_days(b)):
        yield Step(position, b.chart, moved)


def _learned(a: Asked, b: Asked) -> list[tuple[int, int]]:
    """The facts on organisation and projects recorded between two positions, each with what is known after it."""
    first, last = sorted((a.chart.kand, b.chart.kand))
    positions = sorted({p for register in WHERE for p in b.snapshot.register(register).changes(first, last)})
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
