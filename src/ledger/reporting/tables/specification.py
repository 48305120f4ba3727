"""Specifikation av förändringar: the lines of a unit's frame that changes have, and what each comes to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from ledger.reporting.measure import Budget
from ledger.reporting.rules import budget
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.budget import Shares
from ledger.reporting.rules.movements import Change
from ledger.reporting.stored.codes import Mask, among
from ledger.reporting.stored.exact import added, settled
from ledger.reporting.stored.space import Numbers, Ore


class Specified:
    """What one measure comes to on the lines of a specification, after `groups` other rows."""

    def __init__(self, asked: Asked, lines: Numbers, shares: Shares, groups: int) -> None:
        counted = shares.counted
        mine = among(counted["change"], lines)
        line = np.searchsorted(lines, counted["change"][mine]) + groups
        kinds, slag = np.unique(counted["slag"][mine], return_inverse=True)
        rows, width = groups + len(lines), max(len(kinds), 1)
        place = line * width + slag
        self.slags: Sequence[str] = [asked.kept.codes.texts[kind] for kind in kinds.tolist()]
        self.amount: Ore = settled(added(place, shares.amount[mine], rows * width)).reshape(rows, width)
        held = np.zeros(rows * width, np.bool_)
        held[place] = True
        self.held: Mask = held.reshape(rows, width)


class Specification:
    """The changes behind some measures of some units."""

    def __init__(self, asked: Asked, measures: Sequence[Budget], units: Collection[str]) -> None:
        self._asked = asked
        self._shares = {m: budget.shares(asked, m) for m in measures}
        first: dict[int, int] = {}
        wanted = np.unique(asked.kept.codes.numbers(units))
        for counted, _ in self._shares.values():
            mine = (counted["change"] >= 0) & among(counted["ansvar"], wanted)
            for line, n in zip(counted["change"][mine].tolist(), counted["n"][mine].tolist(), strict=True):
                first[line] = min(n, first.get(line, n))
        #: The lines by number, in order of number.
        self.lines: Numbers = np.array(sorted(first), np.int64)
        self.changes: list[Change] = [asked.kept.changes.keys[line] for line in self.lines.tolist()]
        #: The changes of each unit in order of decision.
        self.by_unit: dict[str, list[Change]] = {}
        order = {change: first[line] for change, line in zip(self.changes, self.lines.tolist(), strict=True)}
        for change in sorted(self.changes, key=lambda one: (one.effective, one.position, order[one])):
            self.by_unit.setdefault(change.ansvar, []).append(change)

    def of(self, measure: Budget, groups: int) -> Specified:
        """What a measure comes to on every line."""
        return Specified(self._asked, self.lines, self._shares[measure], groups)
