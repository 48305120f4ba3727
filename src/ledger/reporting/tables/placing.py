"""On which rows of a table the cells of a space lie, as columns: so that a vector of sums becomes figures at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from ledger.reporting.entry import Key, View
from ledger.reporting.measure import Of
from ledger.reporting.stored.codes import Cells, Codes
from ledger.reporting.stored.exact import padded, roomy
from ledger.reporting.stored.space import Numbers, Ore

Group = Hashable

#: Bits of a code's number, where several are put together in one.
CODE_BITS: Final = 20


#: Of cells, given as columns by field, numbers that decide in which groups each is.
Deciding = Callable[[Of, Callable[[str], Numbers]], list[Numbers]]


class Placement(NamedTuple):
    """Pairs of a cell (its place in the space) and a group (its number) that the cell is part of."""

    cell: Numbers
    group: Numbers


class Plan(NamedTuple):
    """How a vector of sums over `size` cells is gathered to groups by slag.

    `cells` in order of target; a target is a group's number times the number of `slags`, and the slag's place;
    `starts` is where each of the `targets` begins.
    """

    size: int
    placement: Placement
    slags: tuple[str, ...]
    cells: Numbers
    starts: Numbers
    targets: Numbers

    def gather(self, amounts: Ore, rows: int) -> Ore:
        """The sum of every group (rows, as many as asked for) and slag (columns)."""
        width = len(self.slags)
        held = roomy(padded(amounts, self.size), len(self.cells))
        found = np.zeros(rows * width, held.dtype)
        if len(self.cells):
            found[self.targets] = np.add.reduceat(held[self.cells], self.starts)
        return found.reshape(rows, width)


class Placing:
    """The groups of one layout, numbered as they are met. Remembers where the cells of spaces lie.

    `groups_of` says in which groups a cell is; cells with the same numbers of `deciding` are in the same. May be used
    by several threads.
    """

    def __init__(self, codes: Codes, groups_of: Callable[[Key, Of], Sequence[Group]], deciding: Deciding) -> None:
        self._codes, self._groups_of, self._deciding = codes, groups_of, deciding
        self.groups: list[Group] = []
        self._number_of: dict[Group, int] = {}
        self._plans: WeakKeyDictionary[Cells, dict[Of, Plan]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def find(self, group: Group, none: int) -> int:
        """The number of a group, or `none` where no cell is in it."""
        return self._number_of.get(group, none)

    def _number(self, group: Group) -> int:
        if group not in self._number_of:
            self._number_of[group] = len(self.groups)
            self.groups.append(group)
        return self._number_of[group]

    def place(self, space: Cells, of: Of) -> Placement:
        """Where every cell of a space lies; a cell in no group is left out, one in several stands several times."""
        return self.plan(space, of).placement

    def plan(self, space: Cells, of: Of) -> Plan:
        """How sums over a space, as far as it goes by now, are gathered."""
        with self._lock:
            plans = self._plans.setdefault(space, {})
            if of not in plans or plans[of].size < len(space.keys):
                plans[of] = self._plan(space, of)
            return plans[of]

    def _plan(self, space: Cells, of: Of) -> Plan:
        size = len(space.keys)

        def column(field: str) -> Numbers:
            return self._codes.column(space, field)[:size]

        placement = self._placed(space, of, self._deciding(of, column))
        kinds, slag = np.unique(column("slag"), return_inverse=True)
        target = placement.group * len(kinds) + slag[placement.cell]
        order = np.argsort(target, kind="stable")
        targets, starts = np.unique(target[order], return_index=True)
        slags = tuple(self._codes.texts[kind] for kind in kinds.tolist())
        return Plan(size, placement, slags, placement.cell[order], starts, targets)

    def _placed(self, space: Cells, of: Of, codes: list[Numbers]) -> Placement:
        """Cells alike in what decides are judged together."""
        packed = np.zeros(len(codes[0]), np.int64)
        for numbers in codes:
            packed = packed << CODE_BITS | numbers
        _, first, kind = np.unique(packed, return_index=True, return_inverse=True)
        groups = [[self._number(g) for g in self._groups_of(space.keys[cell], of)] for cell in first.tolist()]
        width = max(map(len, groups), default=0)
        table = np.array([[*row, *[-1] * (width - len(row))] for row in groups], np.int64).reshape(len(groups), width)
        found = table[kind]
        cell, place = np.nonzero(found >= 0)
        return Placement(cell, found[cell, place])


class Alike:
    """Codes of which it makes no difference which one a cell has: those that give the same groups."""

    def __init__(self, codes: Codes, given: Iterable[tuple[str, Sequence[Group]]]) -> None:
        first: dict[Sequence[Group], str] = {}
        same = {code: first.setdefault(groups, code) for code, groups in given}
        numbers, firsts = codes.numbers(same), codes.numbers(same.values())
        self._table = np.zeros(len(codes), np.int64)
        self._table[numbers] = firsts

    def __getitem__(self, numbers: Numbers) -> Numbers:
        """The number of one of those alike, for each code by number; 0 for any that was not given."""
        known: Numbers = np.where(numbers < len(self._table), self._table.take(numbers, mode="clip"), 0)
        return known


def view_of(per: str, of: Of) -> View:
    """The fields by which a table with such rows must know its cells; investments also by whose project they are."""
    codes = (per,) if per in {"verksamhet", "konto"} else ()
    project = ("projekt",) if of == "investering" or per == "projekt" else ()
    return ("ansvar", *codes, *project)
