"""The figures of a sheet while units are told of one fact at a time, and projects stand still.

A fact about a unit puts some units on other rows, and may change which movements and forecasts count. What every unit
holds is summed once where it is the same; only the rows whose units, or what those hold, have changed are worked out
again. What it comes to is what a new sheet would show. For tables of the running budget whose rows are units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from ledger.reporting.entry import Key
from ledger.reporting.explaining.stepping import Step, Values
from ledger.reporting.material import ORGANISATION
from ledger.reporting.measure import Measure, Utfall
from ledger.reporting.report import Column
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.summing import vectors_of
from ledger.reporting.stored.codes import Cells
from ledger.reporting.stored.exact import added, roomy
from ledger.reporting.stored.space import Numbers, Ore
from ledger.reporting.tables.grid import NETTO, SPLIT
from ledger.reporting.tables.layout import Layout, Line
from ledger.reporting.tables.layout_drift import POST, DriftLayout
from ledger.reporting.tables.placing import Group
from ledger.reporting.tables.sheet import Sheet, columns_of, counts, layout_of, sign

#: The units in each group, by place among those that hold anything.
Members = defaultdict[Group, set[int]]


class Recipe(NamedTuple):
    """A figure of what a group holds: amounts under their factors.

    Of each of `needed` something must be held; of each pair in `split`, where the first is held, the second too.
    """

    terms: tuple[tuple[int, int], ...]
    needed: tuple[tuple[int, ...], ...]
    split: tuple[tuple[int, tuple[int, ...]], ...]

    def of(self, held: Sequence[int]) -> int:
        """What it comes to; nothing where there is no figure."""
        if not all(any(held[n] for n in one) for one in self.needed):
            return 0
        if any(held[netto] and not any(held[n] for n in parts) for netto, parts in self.split):
            return 0
        return sum(factor * held[n] for factor, n in self.terms)


NO_FIGURE: Final = Recipe((), (), ())


def can_follow(sheet: Sheet) -> bool:
    """Whether the rows of a sheet are units, and its cells sums of the running budget by unit and nothing else."""
    layout, table = sheet.layout, sheet.layout.table
    return (
        isinstance(layout, DriftLayout)
        and bool(layout.levels)
        and layout.per != POST
        and not (table.specification or table.earlier_frame or table.investments_at_foot)
        and not any(column.plan or column.rounds or column.events for column in sheet.report.columns)
        and all(measure.of == "drift" for measure in sheet.measures())
    )


class MovingUnits:
    """A sheet from whose units others are reached; only some rows and columns are looked at."""

    def __init__(self, sheet: Sheet, rows: Collection[str], columns: Sequence[str]) -> None:
        self._sheet, self._rows = sheet, rows
        known = {column.nyckel: column for column in columns_of(sheet.report, sheet.asked) if column.formula}
        self._columns = [known.get(key) for key in columns]
        self._register = sheet.asked.snapshot.register(ORGANISATION)
        self._measures = list(dict.fromkeys(sheet.measures()))
        self._vectors = {m: vectors_of(sheet.asked, m, sheet.layout.view(m.of)) for m in self._measures}
        self._number()
        self._outcome: dict[Measure, Ore] = {}
        self._recipes: dict[Hashable, Recipe] = {}

    def _number(self) -> None:
        """The units and slag that hold anything, and where each measure's amounts by slag lie beside each other."""
        codes = self._sheet.asked.kept.codes
        cells = {vector.cells for of in self._vectors.values() for vector in of}
        units = [codes.column(one, "ansvar") for one in cells]
        slags = [codes.column(one, "slag") for one in cells]
        self._units = np.unique(np.concatenate([np.zeros(1, np.int64), *units]))
        self._slags = np.unique(np.concatenate([codes.numbers((NETTO, *SPLIT)), *slags]))
        self._names = [codes.texts[n] for n in self._units.tolist()]
        self._slag_names = [codes.texts[n] for n in self._slags.tolist()]
        self._targets: dict[tuple[Cells, int], Numbers] = {}

    def follow(self, start: Values, steps: Sequence[Step]) -> Iterator[Values]:
        """The figures after each step."""
        named = self._named({position for position, _, _ in steps})
        asked, layout = self._sheet.asked, _drift(self._sheet.layout)
        members, held, lines = self._members(layout), self._held(asked, layout), self._lines(layout)
        values = start
        for position, chart, projects in steps:
            before, asked = asked, self._sheet.asked.shown_in(chart, projects)
            asked.grow_from(before, named[position])
            old, layout = layout, _drift(layout_of(self._sheet.report, asked))
            was, held = held, self._held(asked, layout)
            if _frame(old) == _frame(layout):
                touched = self._move(members, old, layout)
                touched |= {
                    g for n in np.flatnonzero((was != held).any(axis=1)).tolist() for g in self._groups(layout, n)
                }
                values = dict(values) if touched else values
            else:
                members, lines, values = self._members(layout), self._lines(layout), {}
                touched = set(members)
            for group in touched:
                amounts = held[list(members[group])].sum(axis=0).tolist()
                self._work_out(group, layout, lines, amounts, values)
            yield values

    def _named(self, positions: Collection[int]) -> dict[int, set[str]]:
        """The units that facts are about: whose rows they said, or made cease."""
        found: dict[int, set[str]] = {position: set() for position in positions}
        for code in self._register.all_keys():
            for held in self._register.column(code).held:
                for at in (held.position, held.ceased):
                    if at in found:
                        found[at].add(code)
        return found

    # ------------------------------------------------------------ where units are

    def _groups(self, layout: DriftLayout, unit: int) -> tuple[Group, ...]:
        """In which groups a unit is."""
        return layout.groups_of(Key(self._names[unit]), "drift")

    def _members(self, layout: DriftLayout) -> Members:
        """The units in every group."""
        found: Members = defaultdict(set)
        for unit in range(len(self._names)):
            for group in self._groups(layout, unit):
                found[group].add(unit)
        return found

    def _move(self, members: Members, old: DriftLayout, new: DriftLayout) -> set[Group]:
        """Move the units that lie elsewhere than before; in which groups any went or came."""
        found: set[Group] = set()
        for unit, code in enumerate(self._names):
            if old.places.get(code) == new.places.get(code):
                continue
            for group in self._groups(old, unit):
                members[group].remove(unit)
                found.add(group)
            for group in self._groups(new, unit):
                members[group].add(unit)
                found.add(group)
        return found

    def _lines(self, layout: DriftLayout) -> dict[Group, list[Line]]:
        """The rows that are looked at, by group."""
        found: dict[Group, list[Line]] = {}
        for line in layout.lines((), {}, {}):
            if line.nyckel in self._rows:
                found.setdefault(line.group, []).append(line)
        return found

    # ------------------------------------------------------------ what units hold

    def _held(self, asked: Asked, layout: DriftLayout) -> Ore:
        """What every unit (rows) holds of each measure: öre by slag, and then how many cells hold anything."""
        return np.concatenate([self._of(measure, asked, layout) for measure in self._measures], axis=1)

    def _of(self, measure: Measure, asked: Asked, layout: DriftLayout) -> Ore:
        """The same of one measure. Outcome is the same vector in every state, and summed once."""
        if measure in self._outcome:
            return self._outcome[measure]
        vectors = vectors_of(asked, measure, layout.view(measure.of))
        shape = len(self._units), len(self._slags)
        amounts: Ore = np.zeros(shape[0] * shape[1], np.int64)
        cells = np.zeros(len(amounts), np.int64)
        for vector in vectors:
            held = np.flatnonzero(vector.held)
            target = self._target(vector.cells, len(vector.held))[held]
            amounts = amounts + added(target, vector.amount[held], len(amounts))
            cells += np.bincount(target, minlength=len(cells))
        found = roomy(np.concatenate([amounts.reshape(shape), cells.reshape(shape)], axis=1), shape[0])
        if isinstance(measure, Utfall):
            self._outcome[measure] = found
        return found

    def _target(self, cells: Cells, size: int) -> Numbers:
        """For each of the first cells its unit and slag in one number."""
        name = cells, size
        if name not in self._targets:
            codes = self._sheet.asked.kept.codes
            unit = np.searchsorted(self._units, codes.column(cells, "ansvar")[:size])
            slag = np.searchsorted(self._slags, codes.column(cells, "slag")[:size])
            self._targets[name] = unit * len(self._slags) + slag
        return self._targets[name]

    # ------------------------------------------------------------ figures

    def _work_out(
        self, group: Group, layout: DriftLayout, lines: dict[Group, list[Line]], held: list[int], into: Values
    ) -> None:
        """Put the figures of a group's rows among the others."""
        if group not in lines:
            lines[group] = [line for line in self._new_lines(group, layout) if line.nyckel in self._rows]
        for line in lines[group]:
            amounts = tuple([self._recipe(line, n, column).of(held) for n, column in enumerate(self._columns)])
            if any(amounts):
                into[line.nyckel] = amounts
            else:
                into.pop(line.nyckel, None)

    def _new_lines(self, group: Group, layout: DriftLayout) -> list[Line]:
        """The rows of a unit that had none before."""
        unit = group[1] if isinstance(group, tuple) else None
        return [line for line in layout.row_lines(unit, 1, {}) if line.group == group] if unit in layout.rows else []

    def _recipe(self, line: Line, place: int, column: Column | None) -> Recipe:
        """How a row's figure in a column is worked out."""
        name = line.slag, line.sign, place
        if name not in self._recipes:
            self._recipes[name] = self._worked_out(line, column) if column else NO_FIGURE
        return self._recipes[name]

    def _worked_out(self, line: Line, column: Column) -> Recipe:
        """The figure of a row of the running budget. Rule: Sheet._figure."""
        terms, needed, split, turned = [], [], [], sign(line, column)
        for factor, measure in self._sheet.formula(line, column).terms:
            if measure.blank_with_handelse and self._sheet.asked.question.handelse:
                return NO_FIGURE
            first = 2 * len(self._slags) * self._measures.index(measure)
            held = {slag: first + len(self._slags) + n for n, slag in enumerate(self._slag_names)}
            if measure.blank_when_none:
                needed.append(tuple(held.values()))
            if line.slag:
                split.append((held[NETTO], tuple(held[slag] for slag in SPLIT)))
            terms += [
                (factor * turned, first + n) for n, slag in enumerate(self._slag_names) if counts(line, measure, slag)
            ]
        return Recipe(tuple(terms), tuple(needed), tuple(split))


def _drift(layout: Layout) -> DriftLayout:
    """A layout that can be followed. Errors: TypeError for another."""
    if not isinstance(layout, DriftLayout):
        msg = "only rows of the running budget are followed"
        raise TypeError(msg)
    return layout


def _frame(layout: DriftLayout) -> Hashable:
    """What the rows of units and sums have in common: while it is the same, a unit's row is."""
    return layout.top, layout.rule, tuple(layout.outside)
