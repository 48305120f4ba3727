"""What one measure comes to on every row group of a table, by slag: vectors over cells gathered to groups.

Groups are rows by number; the row after them is of no group and empty; then come the lines of a specification.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final, Protocol

import numpy as np

from ledger.reporting.rules.summing import Vector
from ledger.reporting.stored.codes import Mask
from ledger.reporting.stored.exact import settled
from ledger.reporting.stored.space import Ore
from ledger.reporting.tables.placing import Plan

#: slag of which a netto amount may not yet have been split.
SPLIT: Final = ("kostnad", "intakt")
NETTO: Final = "netto"


class Gathered(Protocol):
    """Öre, and whether anything is held, by group (rows) and slag (columns)."""

    @property
    def slags(self) -> Sequence[str]:
        """Which slag each column is of."""

    @property
    def amount(self) -> Ore:
        """Öre."""

    @property
    def held(self) -> Mask:
        """Whether anything is held."""


class FromCells:
    """A vector over cells, gathered when it is first needed."""

    def __init__(self, vector: Vector, plan: Plan, rows: int) -> None:
        self._vector, self._plan, self._rows = vector, plan, rows
        self.slags: Sequence[str] = plan.slags

    @cached_property
    def amount(self) -> Ore:
        """Öre."""
        return settled(self._plan.gather(self._vector.amount, self._rows))

    @cached_property
    def held(self) -> Mask:
        """Whether any cell holds anything."""
        found: Mask = self._plan.gather(self._vector.held.astype(np.int64), self._rows) > 0
        return found


class Grid:
    """One measure by group and slag."""

    def __init__(self, parts: Sequence[Gathered], rows: int) -> None:
        self._parts, self._rows = parts, rows

    def __len__(self) -> int:
        return self._rows

    def sums(self, counts: Callable[[str], bool]) -> Ore:
        """The sum of each group over the slag that count."""
        found: Ore = np.zeros(self._rows, np.int64)
        for part in self._parts:
            of = [n for n, slag in enumerate(part.slags) if counts(slag)]
            for n in of:
                found = found + part.amount[:, n]
        return found

    def held(self, *slags: str) -> Mask:
        """Which groups hold anything, of some slag where they are named."""
        found = np.zeros(self._rows, np.bool_)
        for part in self._parts:
            for n, slag in enumerate(part.slags):
                if not slags or slag in slags:
                    found |= part.held[:, n]
        return found

    @cached_property
    def not_split(self) -> Mask:
        """Which groups hold amounts that are netto only."""
        netto = self.held(NETTO)
        return netto & ~self.held(*SPLIT) if netto.any() else netto

    @cached_property
    def netto(self) -> tuple[Ore, Mask]:
        """The netto amount of each group, and which groups hold one that is not wholly split."""
        amounts = self.sums(lambda slag: slag == NETTO)
        held = self.held(NETTO)
        return amounts, held & ((amounts != 0) | ~self.held(*SPLIT)) if held.any() else held
