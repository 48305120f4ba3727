"""One question in two organisations: every amount column has a twin with the figure of the same row in the other tree.

Rule: docs/decisions/0008. Both are whole sheets, so each column adds up by itself; here they are only laid side by
side. Not here: which rows and figures a tree has (layout.py, sheet.py), what differs between the trees
(tree_changes.py), and why twins differ between two answers (two_differences.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import count
from typing import Final, NamedTuple

from ledger.domain.language import phrase
from ledger.domain.refusal import refuse
from ledger.reporting.answer import Cell, Kolumn
from ledger.reporting.explaining.explain import NAMED, find
from ledger.reporting.question_refusals import CellDoesNotExist
from ledger.reporting.report import Column
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.movements import Change
from ledger.reporting.rules.tree import Chart
from ledger.reporting.rules.tree_changes import changes
from ledger.reporting.tables.fotnot import footnotes
from ledger.reporting.tables.lacking import lacks
from ledger.reporting.tables.layout import OFORDELAT, Line
from ledger.reporting.tables.sheet import Sheet, heading

#: What a twin's key has after that of its column.
TWIN: Final = "_org"

#: Rows that come in the order of their codes, in every tree.
BY_CODE: Final = frozenset({"kod", "projekt"})


class Shown(NamedTuple):
    """What an answer shows: its columns, its rows, the cells of all rows by column, and its footnotes."""

    kolumner: tuple[Kolumn, ...]
    rader: list[Line]
    celler: dict[str, list[Cell]]
    fotnoter: list[str]


class Pointed(NamedTuple):
    """One cell of an answer: the sheet that its figure is of, and its row there; none where that tree has none."""

    sheet: Sheet
    line: Line | None
    column: Column
    namn: str
    rubrik: str
    summa_ore: int | None


def shown(sheet: Sheet) -> Shown:
    """What the answer of a sheet shows; with `jamfor_organisation` each amount in both organisations."""
    if sheet.asked.question.jamfor_organisation:
        return TwoTrees(sheet).shown()
    keys = [column.nyckel for column in sheet.columns]
    columns = tuple(Kolumn(c.nyckel, heading(c, sheet.asked), c.form, lacks(sheet, c)) for c in sheet.columns)
    return Shown(columns, sheet.lines, dict(zip(keys, sheet.shown_figures(), strict=True)), footnotes(sheet))


def pointed(sheet: Sheet, rad: str, kolumn: str) -> Pointed:
    """The cell of a row and a column, both by key. Errors: Refused, both named when both are missing."""
    if sheet.asked.question.jamfor_organisation:
        return TwoTrees(sheet).pointed(rad, kolumn)
    line, column = find(sheet, rad, kolumn)
    return Pointed(sheet, line, column, line.namn, heading(column, sheet.asked), sheet.cell(line, column))


def keys_of(column: Column, asked: Asked) -> tuple[str, ...]:
    """The keys under which a column is shown: its own, and its twin's."""
    has_twin = asked.question.jamfor_organisation and column.formula
    return (column.nyckel, column.nyckel + TWIN) if has_twin else (column.nyckel,)


def split(kolumn: str) -> tuple[str, bool]:
    """The column that a key names, and whether it is the column's twin."""
    return kolumn.removesuffix(TWIN), kolumn.endswith(TWIN)


class TwoTrees:
    """A sheet, and beside it the same in the organisation of another day."""

    def __init__(self, sheet: Sheet) -> None:
        self.main, asked = sheet, sheet.asked
        day = asked.question.jamfor_organisation or asked.question.tree_day
        self.other = Sheet(sheet.report, asked.shown_in(Chart(asked.question.kand, day), asked.projects_chart))
        self.name = phrase("organisation {day}", day=day.isoformat())
        named = named_alike(self.main.all_lines, self.other.all_lines)
        self.lines = merged(self.main.lines, [replace(line, nyckel=named[line]) for line in self.other.lines])
        self._own = [
            {line.nyckel: line for line in self.main.all_lines},
            {named[line]: line for line in self.other.all_lines},
        ]

    def shown(self) -> Shown:
        """What the answer shows."""
        keyed = [(kolumn, column, sheet) for column in self.main.columns for kolumn, sheet in self._columns(column)]
        cells: dict[str, list[Cell]] = {
            kolumn.nyckel: [self._cell(line, column, sheet) for line in self.lines] for kolumn, column, sheet in keyed
        }
        return Shown(tuple(kolumn for kolumn, _, _ in keyed), self.lines, cells, self._notes())

    def pointed(self, rad: str, kolumn: str) -> Pointed:
        """The cell of a row and a column. Errors: Refused."""
        keyed = {
            shown.nyckel: (shown, column, sheet)
            for column in self.main.columns
            if column.formula
            for shown, sheet in self._columns(column)
        }
        row = next((line for line in self.lines if line.nyckel == rad), None)
        if row is None or kolumn not in keyed:
            rows = tuple(line.nyckel for line in self.lines)
            chosen = (("rad", rad, row is None, rows), ("kolumn", kolumn, kolumn not in keyed, tuple(keyed)))
            refusals = [
                CellDoesNotExist(kolumn=name, varde=key, choices=known[:NAMED])
                for name, key, is_missing, known in chosen
                if is_missing
            ]
            raise refuse(*refusals)
        shown, column, sheet = keyed[kolumn]
        line = self._line(rad, sheet)
        return Pointed(sheet, line, column, row.namn, shown.rubrik, self._cell(row, column, sheet))

    def _columns(self, column: Column) -> list[tuple[Kolumn, Sheet]]:
        """A column as it is shown, and its twin where it is an amount."""
        own = Kolumn(column.nyckel, heading(column, self.main.asked), column.form, lacks(self.main, column))
        twin = Kolumn(
            own.nyckel + TWIN,
            phrase("{rubrik} ({name})", rubrik=own.rubrik, name=self.name),
            own.form,
            lacks(self.other, column),
        )
        return [(own, self.main), (twin, self.other)] if column.formula else [(own, self.main)]

    def _line(self, nyckel: str, sheet: Sheet) -> Line | None:
        """The row of a key as one of the sheets has it."""
        return self._own[sheet is self.other].get(nyckel)

    def _cell(self, line: Line, column: Column, sheet: Sheet) -> int | None:
        """The figure of a row in one of the sheets; where that tree has no such row, what a sum over nothing is."""
        own = self._line(line.nyckel, sheet)
        if own or line.over:
            return sheet.cell(own, column) if own else None
        if column.formula is None:
            return self.other.cell(line, column)
        handelse = sheet.asked.question.handelse
        measures = [measure for _, measure in Sheet.formula(line, column).terms]
        is_blank = any(m.blank_when_none or (m.blank_with_handelse and handelse) for m in measures)
        return None if is_blank else 0

    def _notes(self) -> list[str]:
        """The footnotes of the main columns, what differs between the trees, and what the other tree adds."""
        own = footnotes(self.main)
        added = [
            phrase("I kolumnerna med {name}: {note}", name=self.name, note=note)
            for note in footnotes(self.other)
            if note not in own
        ]
        said = phrase("Kolumnerna med {name} visar samma fakta i den organisationen.", name=self.name)
        return [*own, said, *changes(self.main, self.other), *added]


# ---------------------------------------------------------------- rows of both trees


def named_alike(main: Sequence[Line], other: Sequence[Line]) -> dict[Line, str]:
    """The keys of the other tree's rows: a decision has the number that it has in the main one, or one after those."""
    known: dict[Hashable, str] = {line.group: line.nyckel for line in main if isinstance(line.group, Change)}
    taken = {line.nyckel for line in main}
    named: dict[Line, str] = {}
    for line in other:
        key = known.get(line.group, line.nyckel)
        if isinstance(line.group, Change) and line.group not in known:
            stem, _, _ = line.nyckel.rpartition(".")
            key = next(key for n in count(1) if (key := f"{stem}.{n}") not in taken)
        taken.add(key)
        named[line] = key
    return named


def merged(main: Sequence[Line], other: Sequence[Line]) -> list[Line]:
    """The rows of one tree with those that only the other has, each after the row that it follows there."""
    known = {line.nyckel for line in main}
    found: list[Line] = []
    for mine, theirs in zip(_parts(main), _parts(other), strict=True):
        found += _woven(mine, theirs, known)
    return found


def _parts(lines: Sequence[Line]) -> list[list[Line]]:
    """The rows above the first sum, and each sum, which both trees have, with what follows it."""
    parts: list[list[Line]] = [[]]
    for line in lines:
        if line.sort == "summa":
            parts.append([])
        parts[-1].append(line)
    return parts


def _woven(mine: Sequence[Line], theirs: Sequence[Line], known: set[str]) -> list[Line]:
    """The rows of one part of both. `known` are all rows of the main tree: some may stand in another part of it."""
    found = list(mine)
    for at, line in enumerate(theirs):
        if line.nyckel not in known:
            found.insert(_place(found, theirs, at), line)
    return found


def _place(found: Sequence[Line], theirs: Sequence[Line], at: int) -> int:
    """Where a row of the other tree stands: by its code, else after the one before it there, or before the next."""
    line, keys = theirs[at], [row.nyckel for row in found]
    if line.nyckel == OFORDELAT:
        return len(keys)
    end = keys.index(OFORDELAT) if OFORDELAT in keys else len(keys)
    if line.sort in BY_CODE:
        return next((n for n, row in enumerate(found) if row.sort == line.sort and row.nyckel > line.nyckel), end)
    before = next((row.nyckel for row in reversed(theirs[:at]) if row.nyckel in keys), None)
    if before:
        return keys.index(before) + 1
    return next((keys.index(row.nyckel) for row in theirs[at:] if row.nyckel in keys), end)
