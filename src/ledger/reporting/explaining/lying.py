"""On which lines of a sheet the cells of a space lie: those that count the same amounts of a group, kind by kind."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np

from ledger.reporting.measure import Measure, Of
from ledger.reporting.stored.codes import Cells, Mask
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.layout import Line
from ledger.reporting.tables.sheet import Sheet, counts

#: No line.
NOWHERE: Final = -1


class Kind(NamedTuple):
    """What lines have in common that count the same amounts of a group: their slag, what they are about, and as of."""

    slag: tuple[str, ...] | None
    of: Of | None
    at: date | None


def kind_of(line: Line) -> Kind:
    """The kind of a line."""
    return Kind(line.slag, line.of, line.at)


class Lying:
    """The lines of a sheet by kind and group, each known by its place in `lines`."""

    def __init__(self, sheet: Sheet, lines: Sequence[Line | None]) -> None:
        self.sheet = sheet
        self.groups = {line.group for line in lines if line}
        #: Of every kind, the line of each group.
        self.kinds: dict[Kind, dict[Hashable, int]] = {}
        for n, line in enumerate(lines):
            if line:
                self.kinds.setdefault(kind_of(line), {})[line.group] = n
        self._layers: dict[Any, list[Numbers]] = {}

    def lain(self, cells: Cells, of: Of, size: int) -> Mask:
        """Which of the first cells lie on any of the lines."""
        cell, group = self.sheet.layout.placing.place(cells, of)
        wanted = np.array([known in self.groups for known in self.sheet.layout.placing.groups], np.bool_)
        found = np.zeros(size, np.bool_)
        on = cell[wanted[group]]
        found[on[on < size]] = True
        return found

    def layers(self, cells: Cells, size: int, measure: Measure, kind: Kind) -> list[Numbers]:
        """The line of each of the first cells; a cell that lies on several has them in one layer after another."""
        name = (cells, size, measure.of, measure.slag, kind)
        if name not in self._layers:
            self._layers[name] = list(self._laid(cells, size, measure, kind))
        return self._layers[name]

    def _laid(self, cells: Cells, size: int, measure: Measure, kind: Kind) -> Iterator[Numbers]:
        placing, numbers = self.sheet.layout.placing, self.kinds.get(kind, {})
        cell, group = placing.place(cells, measure.of)
        line = np.array([numbers.get(known, NOWHERE) for known in placing.groups], np.int64)[group]
        on = (line != NOWHERE) & (cell < size)
        cell, line = cell[on], line[on]
        counted = self._counted(cells, measure, kind)
        if counted is not None:
            cell, line = cell[counted[cell]], line[counted[cell]]
        while len(cell):
            lies = np.full(size, NOWHERE, np.int64)
            # Backwards, so that of several lines of a cell the first is the one that stays.
            lies[cell[::-1]] = line[::-1]
            yield lies
            rest = lies[cell] != line
            cell, line = cell[rest], line[rest]

    def _counted(self, cells: Cells, measure: Measure, kind: Kind) -> Mask | None:
        """Which cells are of a slag that counts; none where all are."""
        if kind.slag is None and measure.slag is None:
            return None
        line = Line("", "", None, "", slag=kind.slag)
        codes = self.sheet.asked.kept.codes
        of_slag = np.array([counts(line, measure, slag) for slag in codes.texts], np.bool_)
        found: Mask = of_slag[codes.column(cells, "slag")]
        return found
