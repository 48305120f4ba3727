"""What the lines of a sheet are the sum of, fact by fact and as columns.

Entries are read once for all lines that they lie on, and only those of cells that lie on any; what two sheets count
alike is not read where only their difference is asked for.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np

from ledger.reporting.explaining.shares import Shares, joined, shared
from ledger.reporting.explaining.sources import Outcome, Registered, registered_of, stretches_of
from ledger.reporting.measure import Budget, Measure, Of
from ledger.reporting.stored.codes import Cells, Mask
from ledger.reporting.stored.cube import Window
from ledger.reporting.stored.space import Entries, Numbers
from ledger.reporting.tables.layout import Line
from ledger.reporting.tables.sheet import Sheet, counts

#: No line.
NOWHERE: Final = -1


class Kind(NamedTuple):
    """What lines have in common that count the same amounts of a group: their slag, what they are about, and as of."""

    slag: tuple[str, ...] | None
    of: Of | None
    at: date | None


class Read(NamedTuple):
    """Entries that were read, the cells that they may be in, and of which cells."""

    cells: Cells
    wanted: Mask
    entries: Entries


class Behind:
    """The shares of lines of a sheet, by the place of the line in `lines`; where there is none, none is asked for.

    With `beside`, without what that sheet counts on the same lines: what is left is exact only beside what is left of
    that sheet without this one. With `between` only of facts from one position through another; only then are days of
    outcome known.
    """

    def __init__(
        self,
        sheet: Sheet,
        lines: Sequence[Line | None],
        beside: Sheet | None = None,
        *,
        between: tuple[int, int] | None = None,
    ) -> None:
        self.sheet, self.lines, self.beside, self.between = sheet, lines, beside, between
        self._groups = {line.group for line in lines if line}
        self._kinds: dict[Kind, dict[Hashable, int]] = {}
        for n, line in enumerate(lines):
            if line:
                self._kinds.setdefault(kind_of(line), {})[line.group] = n
        self._held: dict[tuple[Measure, Kind], Shares] = {}
        self._entries: dict[Any, Entries] = {}

    def on(self, measure: Measure, kind: Kind) -> Shares:
        """The shares of a measure on every line of a kind."""
        if (measure, kind) not in self._held:
            pieces = [shared(line, e.position, e.amount) for line, e in self.laid(measure, kind)]
            self._held[measure, kind] = joined(pieces)
        return self._held[measure, kind]

    def laid(self, measure: Measure, kind: Kind) -> Iterator[tuple[Numbers | int, Entries]]:
        """All that a measure is the sum of on the lines of a kind: the line of every entry, or the one of all."""
        numbers = self._kinds.get(kind, {})
        yield from self._changes(measure, numbers)
        # On the one line of all there is nothing to tell cells apart by.
        alone = len(self._groups) == 1 and kind.slag is None and measure.slag is None
        for read in self._read(measure, cells=not alone) if numbers else ():
            if not len(read.entries.cell):
                continue
            slags = self._slags(read, measure, kind)
            for lies in self._layers(read, measure.of, numbers, slags):
                yield from _taken(read, lies)

    # ------------------------------------------------------------ what is read

    def _read(self, measure: Measure, *, cells: bool) -> Iterator[Read]:
        """The entries of a measure on any of the lines."""
        asked, beside = self.sheet.asked, self.beside
        theirs = stretches_of(beside.asked, measure) if beside else ()
        for n, outcome in enumerate(stretches_of(asked, measure)):
            yield from self._outcome(outcome, measure, theirs[n] if theirs else None, cells=cells)
        others = {id(one.rows.of): one for one in registered_of(beside.asked, measure)} if beside else {}
        for one in registered_of(asked, measure):
            yield self._registered(one, others.get(id(one.rows.of)))

    def _registered(self, rows: Registered, other: Registered | None) -> Read:
        cells = self.sheet.asked.kept.cells
        return Read(cells, np.ones(len(cells.keys), np.bool_), rows.entries(other))

    def _outcome(self, outcome: Outcome, measure: Measure, other: Outcome | None, *, cells: bool) -> Iterator[Read]:
        """The entries of a stretch of outcome; of cells that the other sheet counts, only those that it does not."""
        asked, fields = self.sheet.asked, self.sheet.layout.view(measure.of)
        space = asked.snapshot.space(outcome.cube, fields)
        # Another question may add cells meanwhile, but none that this one counts.
        size = len(space)
        wanted = outcome.counted(asked, space, size) & self._lain(space, measure.of, size)
        if other is None or self.beside is None:
            yield self._columns(outcome, fields, None, wanted, cells=cells)
            return
        both = wanted & other.counted(self.beside.asked, space, size)
        yield self._columns(outcome, fields, other.window, both, cells=cells)
        if (wanted & ~both).any():
            yield self._columns(outcome, fields, None, wanted & ~both, cells=cells)

    def _columns(
        self, outcome: Outcome, fields: tuple[str, ...], beside: Window | None, wanted: Mask, *, cells: bool
    ) -> Read:
        """The entries of some cells; measures that need the same ones share them."""
        snapshot, cube, window = self.sheet.asked.snapshot, outcome.cube, outcome.window
        if self.between:
            first, last = self.between
            beside = window._replace(kand=min(window.kand, first - 1))
            window = window._replace(kand=min(window.kand, last))
        name = (cube.name, fields, window, beside, wanted.tobytes(), cells)
        if name not in self._entries:
            self._entries[name] = snapshot.columns(
                *(cube, fields, window), beside=beside, wanted=wanted, cells=cells, days=self.between is not None
            )
        return Read(snapshot.space(cube, fields), wanted, self._entries[name])

    def _changes(self, measure: Measure, numbers: dict[Hashable, int]) -> Iterator[tuple[Numbers, Entries]]:
        """The movements on lines of a specification, which have no cells."""
        specification = self.sheet.specification
        number = np.array([numbers.get(change, NOWHERE) for change in specification.changes], np.int64)
        if not isinstance(measure, Budget) or not specification.specifies(measure) or not (number != NOWHERE).any():
            return
        line, counted, amount = specification.laid(measure)
        line, position = number[line], counted["position"]
        order = np.lexsort((counted["day"], position))
        order = order[line[order] != NOWHERE]
        nowhere = np.full(len(order), NOWHERE)
        yield line[order], Entries(nowhere, counted["day"][order], position[order], amount[order])

    # ------------------------------------------------------------ where it lies

    def _lain(self, cells: Cells, of: Of, size: int) -> Mask:
        """Which cells lie on any of the lines."""
        cell, group = self.sheet.layout.placing.place(cells, of)
        wanted = np.array([known in self._groups for known in self.sheet.layout.placing.groups], np.bool_)
        found = np.zeros(size, np.bool_)
        on = cell[wanted[group]]
        found[on[on < size]] = True
        return found

    def _slags(self, read: Read, measure: Measure, kind: Kind) -> Mask | None:
        """Which cells are of a slag that counts; none where all are."""
        if kind.slag is None and measure.slag is None:
            return None
        line = Line("", "", None, "", slag=kind.slag)
        codes = self.sheet.asked.kept.codes
        counted = np.array([counts(line, measure, slag) for slag in codes.texts], np.bool_)
        found: Mask = counted[codes.column(read.cells, "slag")[: len(read.wanted)]]
        return found

    def _layers(self, read: Read, of: Of, numbers: dict[Hashable, int], counted: Mask | None) -> Iterator[Numbers]:
        """The line of every cell; a cell that lies on several has them in one layer after another."""
        placing, size = self.sheet.layout.placing, len(read.wanted)
        cell, group = placing.place(read.cells, of)
        line = np.array([numbers.get(known, NOWHERE) for known in placing.groups], np.int64)[group]
        on = (line != NOWHERE) & (cell < size)
        cell, line = cell[on], line[on]
        if counted is not None:
            cell, line = cell[counted[cell]], line[counted[cell]]
        while len(cell):
            lies = np.full(size, NOWHERE, np.int64)
            # Backwards, so that of several lines of a cell the first is the one that stays.
            lies[cell[::-1]] = line[::-1]
            yield lies
            rest = lies[cell] != line
            cell, line = cell[rest], line[rest]


def kind_of(line: Line) -> Kind:
    """The kind of a line."""
    return Kind(line.slag, line.of, line.at)


def _taken(read: Read, lies: Numbers) -> Iterator[tuple[Numbers | int, Entries]]:
    """The entries that lie on any line, with it."""
    entries = read.entries
    lines = lies[read.wanted]
    if (lines == lines[0]).all():
        if lines[0] != NOWHERE:
            yield int(lines[0]), entries
        return
    line = lies[entries.cell]
    on = line != NOWHERE
    yield (line, entries) if on.all() else (line[on], Entries(*(column[on] for column in entries)))
