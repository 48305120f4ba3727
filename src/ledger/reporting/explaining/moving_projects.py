"""The figures of a sheet while projects change one fact at a time, and the organisation stands still.

A change of a project moves what the project holds from groups to groups, and nothing else: only the rows of those
groups are worked out again. What it comes to is what a new sheet would show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from ledger.reporting.entry import Key
from ledger.reporting.explaining.stepping import Step, Values
from ledger.reporting.material import PROJEKT, Projektlage
from ledger.reporting.measure import Measure
from ledger.reporting.report import Column
from ledger.reporting.rules.summing import Vector, vectors_of
from ledger.reporting.rules.tree import Chart
from ledger.reporting.rules.versions import DAYS
from ledger.reporting.stored.register import standing
from ledger.reporting.tables.layout import Line
from ledger.reporting.tables.placing import Group
from ledger.reporting.tables.sheet import Sheet, counts, sign

#: Of a measure: how many cells hold anything, beside what they hold by slag.
HELD: Final = None

#: What is held, by the number of a measure and slag.
Amounts = defaultdict[int, int]


class Move(NamedTuple):
    """What lies on some groups, and then on others."""

    amounts: Amounts
    before: tuple[Group, ...]
    after: tuple[Group, ...]


class Sum(NamedTuple):
    """A figure: amounts under their factors, and what must be held for there to be a figure."""

    terms: tuple[tuple[int, int], ...]
    needed: tuple[int, ...]

    def of(self, held: Amounts) -> int:
        """What it comes to."""
        if not all(held[n] for n in self.needed):
            return 0
        return sum(factor * held[n] for factor, n in self.terms)


NO_FIGURE: Final = Sum((), ())


class MovingProjects:
    """A sheet from whose projects others are reached; only some rows and columns are looked at."""

    def __init__(self, sheet: Sheet, rows: Collection[str], columns: Sequence[str]) -> None:
        self._sheet, self._rows = sheet, rows
        known = {column.nyckel: column for column in sheet.columns if column.formula}
        self._columns = [known.get(key) for key in columns]
        self._register = sheet.asked.snapshot.register(PROJEKT)
        # A layout of its own, whose projects change as they are followed.
        self._projects = dict(sheet.layout.shown.projects)
        shown = sheet.layout.shown._replace(projects=self._projects)
        self._layout = type(sheet.layout)(shown, sheet.layout.table, sheet.asked.kept.codes)
        self._numbers: dict[tuple[Measure, str | None], int] = {}
        self._vectors = [
            (measure, vector)
            for measure in sheet.measures()
            if measure.of == "investering"
            for vector in vectors_of(sheet.asked, measure, sheet.layout.view(measure.of))
        ]

    def follow(self, start: Values, steps: Sequence[Step]) -> Iterator[Values]:
        """The figures after each step."""
        moves = list(self._moves(steps))
        groups = {group for made in moves for move in made for group in (*move.before, *move.after)}
        held = self._held(groups)
        lines: dict[Group, list[Line]] = {}
        for line in self._layout.lines(groups, {}, {}) if groups else ():
            if line.group in groups and line.nyckel in self._rows:
                lines.setdefault(line.group, []).append(line)
        sums = {line: self._sums(line) for of in lines.values() for line in of}
        values = start
        for made in moves:
            touched = set[Group]()
            for amounts, before, after in made:
                for group in before:
                    _add(held[group], amounts, -1)
                for group in after:
                    _add(held[group], amounts, 1)
                touched.update(before, after)
            if touched:
                values = dict(values)
            for group in touched:
                for line in lines.get(group, ()):
                    values[line.nyckel] = tuple([one.of(held[group]) for one in sums[line]])
                    if not any(values[line.nyckel]):
                        del values[line.nyckel]
            yield values

    # ------------------------------------------------------------ what moves

    def _moves(self, steps: Sequence[Step]) -> Iterator[list[Move]]:
        """What every step moves."""
        named = self._named({position for position, _, _ in steps})
        held = self._of_projects({code for codes in named.values() for code in codes})
        lies = {key: self._layout.groups_of(key, "investering") for of in held.values() for key in of}
        for position, _, chart in steps:
            found = []
            for code in named[position]:
                self._stand(code, chart)
                for key, amounts in held.get(code, {}).items():
                    groups = self._layout.groups_of(key, "investering")
                    if groups != lies[key]:
                        found.append(Move(amounts, lies[key], groups))
                        lies[key] = groups
            yield found

    def _named(self, positions: Collection[int]) -> dict[int, list[str]]:
        """The projects that facts are about: whose rows they said, or made cease."""
        found: dict[int, list[str]] = {position: [] for position in positions}
        for code in self._register.all_keys():
            rows = self._register.column(code).held
            for position in {at for held in rows for at in (held.position, held.ceased) if at in found}:
                found[position].append(code)
        return found

    def _stand(self, code: str, chart: Chart) -> None:
        """Let a project be as it stands."""
        rows = self._register.rows(code, chart.kand)
        if rows:
            stage: Projektlage = standing(rows, DAYS[PROJEKT], chart.begun).row
            self._projects[code] = stage
        else:
            self._projects.pop(code, None)

    # ------------------------------------------------------------ what is held

    def _number(self, measure: Measure, slag: str | None) -> int:
        return self._numbers.setdefault((measure, slag), len(self._numbers))

    def _of_projects(self, projects: Collection[str]) -> dict[str, dict[Key, Amounts]]:
        """What projects hold, by project and then by all that decides where it lies."""
        found: dict[str, dict[Key, Amounts]] = {code: {} for code in projects}
        codes = self._sheet.asked.kept.codes
        wanted = np.unique(codes.numbers(projects))
        for measure, (cells, amount, held) in self._vectors:
            of_projects = np.isin(codes.column(cells, "projekt")[: len(held)], wanted)
            for cell in np.flatnonzero(held & of_projects).tolist():
                key = cells.keys[cell]
                place = Key(key.ansvar, key.verksamhet, key.konto, projekt=key.projekt)
                amounts = found[key.projekt or ""].setdefault(place, defaultdict(int))
                amounts[self._number(measure, key.slag)] += int(amount[cell])
                amounts[self._number(measure, HELD)] += 1
        return found

    def _held(self, groups: Collection[Group]) -> dict[Group, Amounts]:
        """What groups hold at first."""
        found: dict[Group, Amounts] = {group: defaultdict(int) for group in groups}
        for measure, vector in self._vectors:
            self._gather(measure, vector, found)
        return found

    def _gather(self, measure: Measure, vector: Vector, into: dict[Group, Amounts]) -> None:
        placing = self._sheet.layout.placing
        plan = placing.plan(vector.cells, measure.of)
        rows = len(placing.groups)
        amounts = plan.gather(vector.amount, rows)
        cells = plan.gather(vector.held.astype(np.int64), rows).sum(axis=1)
        slags = [self._number(measure, slag) for slag in plan.slags]
        held = self._number(measure, HELD)
        for group, of in into.items():
            row = placing.find(group, rows)
            if row < rows:
                of[held] += int(cells[row])
                for n, number in enumerate(slags):
                    of[number] += int(amounts[row, n])

    # ------------------------------------------------------------ figures

    def _sums(self, line: Line) -> list[Sum]:
        return [self._sum(line, column) if column else NO_FIGURE for column in self._columns]

    def _sum(self, line: Line, column: Column) -> Sum:
        """The figure of a line of investments. Rule: Sheet._figure."""
        terms, needed, turned = [], [], sign(line, column)
        for factor, measure in self._sheet.formula(line, column).terms:
            if measure.blank_with_handelse and self._sheet.asked.question.handelse:
                return NO_FIGURE
            if measure.blank_when_none:
                needed.append(self._number(measure, HELD))
            terms += [
                (factor * turned, number)
                for (of, slag), number in self._numbers.items()
                if of == measure and slag is not HELD and counts(line, measure, slag)
            ]
        return Sum(tuple(terms), tuple(needed))


def _add(held: Amounts, amounts: Amounts, factor: int) -> None:
    for number, amount in amounts.items():
        held[number] += factor * amount
