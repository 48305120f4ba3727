"""What one measure comes to on every row group of a table, by slag: vectors over cells gathered to groups.

Groups are rows by number; the row after them is of no group and empty; then come the lines of a specification.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.rules.summing import Vector
from ledger.reporting.stored.codes import Mask
from ledger.reporting.stored.exact import settled
from ledger.reporting.stored.space import Numbers, Ore
from ledger.reporting.tables.placing import Plan

#: slag of which a netto amount may not yet have been split.
SPLIT: Final = ("kostnad", "intakt")
NETTO: Final = "netto"


class Gathered(Protocol):
    """Öre, and whether anything is held, by group (rows) and slag (columns)."""

    @property
    def slags(self) -> tuple[str, ...]:
        """Which slag each column is of."""

    @property
    def amount(self) -> Ore:
        """Öre."""

    @property
    def held(self) -> Mask:
        """Whether anything is held."""


class Given(NamedTuple):
    """Amounts that were gathered before, of the first rows; the others hold nothing."""

    slags: tuple[str, ...]
    amount: Ore
    held: Mask

    @staticmethod
    def of(part: Gathered, rows: int) -> Given:
        """The first rows of some amounts."""
        return Given(part.slags, part.amount[:rows], part.held[:rows])

    def up_to(self, rows: int) -> Given:
        """The same with so many rows."""
        if rows == len(self.amount):
            return self
        return Given(self.slags, _with(self.amount, rows), _with(self.held, rows))


def _with(of: NDArray[Any], rows: int) -> NDArray[Any]:
    found = np.zeros((rows, of.shape[1]), of.dtype)
    found[: len(of)] = of
    return found


class FromCells:
    """A vector over cells, gathered when it is first needed."""

    def __init__(self, vector: Vector, plan: Plan, rows: int) -> None:
        self._vector, self._plan, self._rows = vector, plan, rows
        self.slags: tuple[str, ...] = plan.slags

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

    def sums(self, groups: Numbers, counting: Callable[[tuple[str, ...]], Numbers]) -> Ore:
        """The sum of some groups, each over the slag that count; `counting` says of some slag which do (1, else 0)."""
        found: Ore = np.zeros(len(groups), np.int64)
        for part in self._parts:
            # A table is as wide as there are slag, three at most: to add along so short rows costs more than this.
            found = found + np.einsum("ij,ij->i", part.amount.take(groups, axis=0), counting(part.slags))
        return found

    def held(self, *slags: str) -> Mask:
        """Which groups hold anything, of some slag where they are named."""
        found = np.zeros(self._rows, np.bool_)
        for part in self._parts:
            for n, slag in enumerate(part.slags):
                if not slags or slag in slags:
                    found |= part.held[:, n]
        return found

    def holds_anything(self) -> bool:
        """Whether any group holds anything."""
        return any(part.held.any() for part in self._parts)

    def has(self, slag: str) -> bool:
        """Whether anything of a slag may be held."""
        return any(slag in part.slags for part in self._parts)

    @cached_property
    def not_split(self) -> Mask | None:
        """Which groups hold amounts that are netto only; none where no group does."""
        if not self.has(NETTO):
            return None
        found = self.held(NETTO) & ~self.held(*SPLIT)
        return found if found.any() else None

    def netto(self, groups: Numbers) -> list[int | None]:
        """The netto amount of some groups; none of those that hold none or one that is wholly split."""
        amounts = np.zeros(len(groups), np.int64)
        held, is_split = np.zeros((2, len(groups)), np.bool_)
        for part in self._parts:
            for n, slag in enumerate(part.slags):
                if slag == NETTO:
                    amounts = amounts + part.amount[groups, n]
                    held |= part.held[groups, n]
                elif slag in SPLIT:
                    is_split |= part.held[groups, n]
        unsplit = held & ((amounts != 0) | ~is_split)
        return [amount if lacks else None for amount, lacks in zip(amounts.tolist(), unsplit.tolist(), strict=True)]
