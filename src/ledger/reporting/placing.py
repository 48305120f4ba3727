"""On which rows of a table the cells of a space lie, as columns: so that a vector of sums becomes figures at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import numpy as np

from ledger.reporting.entry import Key, View
from ledger.reporting.measure import Of
from ledger.reporting.space import Numbers, Space

Group = Hashable


class Placement(NamedTuple):
    """Pairs of a cell (its place in the space) and a group (its number) that the cell is part of."""

    cell: Numbers
    group: Numbers


class Placing:
    """The groups of one layout, numbered as they are met. Remembers where the cells of a space lie."""

    def __init__(self, groups_of: Callable[[Key, Of], Sequence[Group]]) -> None:
        self._groups_of = groups_of
        self.groups: list[Group] = []
        self._number_of: dict[Group, int] = {}
        self._pairs: dict[tuple[int, Of], tuple[int, list[int], list[int]]] = {}

    def number(self, group: Group) -> int:
        """The number of a group."""
        if group not in self._number_of:
            self._number_of[group] = len(self.groups)
            self.groups.append(group)
        return self._number_of[group]

    def place(self, space: Space, of: Of) -> Placement:
        """Where every cell of a space lies; a cell in no group is left out, one in several stands several times."""
        done, cells, groups = self._pairs.get((id(space), of), (0, [], []))
        for cell in range(done, len(space)):
            for group in self._groups_of(space.keys[cell], of):
                cells.append(cell)
                groups.append(self.number(group))
        self._pairs[id(space), of] = (len(space), cells, groups)
        return Placement(np.array(cells, np.int64), np.array(groups, np.int64))


def view_of(per: str, of: Of) -> View:
    """The fields by which a table with such rows must know its cells; investments also by whose project they are."""
    codes = (per,) if per in {"verksamhet", "konto"} else ()
    project = ("projekt",) if of == "investering" or per == "projekt" else ()
    return ("ansvar", *codes, *project)
