"""What the lines of a sheet are the sum of, fact by fact and as columns.

Entries are read once for all lines that they lie on, and only those of cells that lie on any; what two sheets count
alike is not read where only their difference is asked for.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ledger.reporting.explaining.lying import NOWHERE, Kind, Lying
from ledger.reporting.explaining.pooled import Pool, Region
from ledger.reporting.explaining.shares import Shares, joined, shared
from ledger.reporting.explaining.sources import Outcome, Registered, registered_of, stretches_of
from ledger.reporting.measure import Budget, Measure, Of
from ledger.reporting.stored.codes import Cells, Mask
from ledger.reporting.stored.cube import Window
from ledger.reporting.stored.space import Entries, Numbers
from ledger.reporting.tables.layout import Line
from ledger.reporting.tables.sheet import Sheet


class Read(NamedTuple):
    """Entries that were read, the cells that they may be in, and of which cells."""

    cells: Cells
    wanted: Mask
    entries: Entries


#: The pools of outcome, by the name of the cube and what the measures are of.
Pools = Mapping[tuple[str, Of], Pool]


class Behind:
    """The shares of lines of a sheet, by the place of the line in `lines`; where there is none, none is asked for.

    With `beside`, without what that sheet counts on the same lines: what is left is exact only beside what is left of
    that sheet without this one. With `between` only of facts from one position through another; only then are days of
    outcome known. Of outcome that lies in `pools` only the facts that are in no pile.
    """

    def __init__(
        self,
        sheet: Sheet,
        lines: Sequence[Line | None],
        beside: Sheet | None = None,
        *,
        between: tuple[int, int] | None = None,
        pools: Pools | None = None,
    ) -> None:
        self.sheet, self.lines, self.beside, self.between, self._pools = sheet, lines, beside, between, pools or {}
        self._lying = Lying(sheet, lines)
        self._held: dict[tuple[Measure, Kind], Shares] = {}
        self._given: dict[Measure, list[Read]] = {}
        self._entries: dict[Any, list[Entries]] = {}

    def on(self, measure: Measure, kind: Kind) -> Shares:
        """The shares of a measure on every line of a kind."""
        if (measure, kind) not in self._held:
            pieces = [shared(line, e.position, e.amount) for line, e in self.laid(measure, kind)]
            self._held[measure, kind] = joined(pieces)
        return self._held[measure, kind]

    def laid(self, measure: Measure, kind: Kind) -> Iterator[tuple[Numbers | int, Entries]]:
        """All that a measure is the sum of on the lines of a kind: the line of every entry, or the one of all."""
        numbers = self._lying.kinds.get(kind, {})
        yield from self._changes(measure, numbers)
        # On the one line of all there is nothing to tell cells apart by.
        alone = len(self._lying.groups) == 1 and kind.slag is None and measure.slag is None
        for read in self._read(measure, cells=not alone) if numbers else ():
            if not len(read.entries.cell):
                continue
            for lies in self._lying.layers(read.cells, len(read.wanted), measure, kind):
                yield from _taken(read, lies)

    # ------------------------------------------------------------ what is read

    def _read(self, measure: Measure, *, cells: bool) -> Iterator[Read]:
        """The entries of a measure on any of the lines."""
        asked, beside = self.sheet.asked, self.beside
        theirs = stretches_of(beside.asked, measure) if beside else ()
        for n, outcome in enumerate(stretches_of(asked, measure)):
            yield from self._outcome(outcome, measure, theirs[n] if theirs else None, cells=cells)
        if measure not in self._given:
            others = {id(one.rows.of): one for one in registered_of(beside.asked, measure)} if beside else {}
            given = registered_of(asked, measure)
            self._given[measure] = [self._registered(one, others.get(id(one.rows.of))) for one in given]
        yield from self._given[measure]

    def _registered(self, rows: Registered, other: Registered | None) -> Read:
        cells = self.sheet.asked.kept.cells
        return Read(cells, np.ones(len(cells.keys), np.bool_), rows.entries(other))

    def _outcome(self, outcome: Outcome, measure: Measure, other: Outcome | None, *, cells: bool) -> Iterator[Read]:
        """The entries of a stretch of outcome; of cells that the other sheet counts, only those that it does not."""
        if pool := self._pools.get((outcome.cube.name, measure.of)):
            yield Read(pool.space, pool.wanted, pool.mixed(Region(outcome.window, other.window if other else None)))
            return
        asked, fields = self.sheet.asked, self.sheet.layout.view(measure.of)
        space = asked.snapshot.space(outcome.cube, fields)
        # Another question may add cells meanwhile, but none that this one counts.
        size = len(space)
        wanted = outcome.counted(asked, space, size) & self._lying.lain(space, measure.of, size)
        if other is None or self.beside is None:
            yield from self._columns(outcome, fields, None, wanted, cells=cells)
            return
        both = wanted & other.counted(self.beside.asked, space, size)
        yield from self._columns(outcome, fields, other.window, both, cells=cells)
        if (wanted & ~both).any():
            yield from self._columns(outcome, fields, None, wanted & ~both, cells=cells)

    def _columns(
        self, outcome: Outcome, fields: tuple[str, ...], beside: Window | None, wanted: Mask, *, cells: bool
    ) -> Iterator[Read]:
        """The entries of some cells; measures that need the same ones share them."""
        snapshot, cube, window = self.sheet.asked.snapshot, outcome.cube, outcome.window
        if self.between:
            first, last = self.between
            beside = window._replace(kand=min(window.kand, first - 1))
            window = window._replace(kand=min(window.kand, last))
        name = (cube.name, fields, window, beside, wanted.tobytes(), cells)
        if name not in self._entries:
            self._entries[name] = snapshot.runs(
                *(cube, fields, window), beside=beside, wanted=wanted, cells=cells, days=self.between is not None
            )
        yield from (Read(snapshot.space(cube, fields), wanted, entries) for entries in self._entries[name])

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
