"""What facts on organisation and projects move: a sheet shown in another organisation, one fact at a time.

The figures are worked out between the facts, so whatever a fact changes (whose a unit is, its sign, the round of its
nämnd) is its share, exact to the öre. Facts after which nothing has moved are passed over together. While only
projects change the figures are followed from one state to the next (moving_projects.py), and of rows of units while
only units are told of (moving_units.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from ledger.reporting.entry import Register
from ledger.reporting.explaining.moving_projects import MovingProjects
from ledger.reporting.explaining.moving_units import MovingUnits, can_follow
from ledger.reporting.explaining.stepping import Step, Values
from ledger.reporting.material import ORGANISATION, PROJEKT
from ledger.reporting.rules.asked import Asked, organisation
from ledger.reporting.rules.tree import Chart
from ledger.reporting.tables.sheet import Sheet

#: The registers that say where figures are shown.
WHERE: Final[tuple[Register, ...]] = (ORGANISATION, PROJEKT)


#: From so many steps on in which only projects or only units change the figures are followed, not worked out anew.
WORTH_FOLLOWING: Final = 4


class Reorganising:
    """The way of A's figures from A's organisation and projects to B's; only some rows and columns are looked at."""

    def __init__(self, a: Sheet, b: Asked, rows: Sequence[str], columns: Sequence[str]) -> None:
        self._a, self._b, self._rows, self._columns = a, b, frozenset(rows), columns
        self._steps = list(steps(a.asked, b))
        self._known: dict[int, Values] = {}
        #: What can be followed where nothing else moves.
        self._followed = (PROJEKT, ORGANISATION) if can_follow(a) else (PROJEKT,)
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
        """The figures after so many steps."""
        if taken not in self._known:
            for moving in self._followed if 0 < taken < len(self._steps) else ():
                first, last = self._stretch(taken, moving)
                if first < taken and last - first >= WORTH_FOLLOWING:
                    self._follow_stretch(first, last, moving)
                    return self._known[taken]
            self._known[taken] = self._shown(self.shown if taken == len(self._steps) else self._sheet(taken))
        return self._known[taken]

    def _stretch(self, taken: int, moving: Register) -> tuple[int, int]:
        """The first and last state around one between which only what one register tells changes."""
        first = last = taken
        while first and self._moves_only(moving, first):
            first -= 1
        while last < len(self._steps) and self._moves_only(moving, last + 1):
            last += 1
        return first, last

    def _moves_only(self, moving: Register, taken: int) -> bool:
        """Whether a step leaves all but one register as it was; of units it may not be another day."""
        asked = self._a.asked
        before = self._steps[taken - 2] if taken > 1 else Step(0, asked.chart, asked.projects_chart)
        after = self._steps[taken - 1]
        if moving == PROJEKT:
            return self._stands(ORGANISATION, before.chart, after.chart)
        return before.chart[1:] == after.chart[1:] and self._stands(PROJEKT, before.projects, after.projects)

    def _stands(self, register: Register, before: Chart, after: Chart) -> bool:
        """Whether a register says the same in two states."""
        last_change = self._b.snapshot.register(register).last_change
        return before[1:] == after[1:] and last_change(before.kand) == last_change(after.kand)

    def _follow_stretch(self, first: int, last: int, moving: Register) -> None:
        """Find the figures after every step from one state to another."""
        sheet = self._sheet(first)
        start = self._known.setdefault(first, self._shown(sheet))
        make = MovingProjects if moving == PROJEKT else MovingUnits
        follower = make(sheet, self._rows, self._columns)
        for taken, values in enumerate(follower.follow(start, self._steps[first:last]), first + 1):
            self._known.setdefault(taken, values)

    def _shown(self, sheet: Sheet) -> Values:
        """The figures of a sheet."""
        place = {column.nyckel: n for n, column in enumerate(sheet.columns)}
        wanted = [place.get(column) for column in self._columns]
        rows = {
            line.nyckel: tuple([0 if n is None else cells[n] or 0 for n in wanted])
            for line, cells in sheet.rows()
            if line.nyckel in self._rows
        }
        return {row: amounts for row, amounts in rows.items() if any(amounts)}

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
            if before.get(row) == after.get(row):
                continue
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
