"""The cells that sums run over: a sum is a vector with one place for each, entries are columns that name them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.entry import Key, View

#: Whole öre: int64, or Python's own integers (dtype object) where a sum could leave 64 bits.
Ore = NDArray[Any]
Numbers = NDArray[np.int64]

#: The fields that every grouping has besides its own.
ALWAYS: Final = ("slag", "handelse")


class Space:
    """The cells of one grouping of a cube, in the order in which they were first recorded. Only grows."""

    def __init__(self, fields: View) -> None:
        self.fields = fields
        self.keys: list[Key] = []

    def __len__(self) -> int:
        """How many cells there are so far."""
        return len(self.keys)


class Entries(NamedTuple):
    """Entries as columns, in log order: cell (its place in the space), day (`20240331`), log position, öre."""

    cell: Numbers
    day: Numbers
    position: Numbers
    amount: Ore
