"""Specifikation av förändringar, and ramhistorik: a line for each decision behind the frame of a row, for each reason.

A line holds what the decision does to the row and all under it, so what only moves money within the row has none.
Decisions recorded in several parts are one. Rule: contract §6, decision 0003.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from ledger.domain.kodstrang import ANDRANDE
from ledger.domain.language import phrase
from ledger.reporting.material import Beslutsrad
from ledger.reporting.measure import Budget
from ledger.reporting.rules import budget
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.budget import Shares
from ledger.reporting.rules.decisions import decision_at, same_decision
from ledger.reporting.rules.movements import ANDRING, FORSLAG, URSPRUNG, Change, Counted, Reason
from ledger.reporting.stored.codes import Mask, among, distinct
from ledger.reporting.stored.exact import added, settled
from ledger.reporting.stored.space import Numbers, Ore
from ledger.reporting.tables.layout import Layout, Line

#: What a line is of: the original budget, a change of it, or a proposal that waits; in the order in which they stand.
SORTS: Final = (URSPRUNG, ANDRING, FORSLAG)

#: What a nämnd hands down is original budget; where changes are specified it is one, for who gets it.
INTERNBUDGET: Final = "internbudget"

#: Bits of a row's number in its fact, beside the place of the fact in one number.
N_BITS: Final = 22

#: No row, and no line.
NOWHERE: Final = -1


class Made(NamedTuple):
    """A decision, and the first of the facts that tell it: it may be recorded in several parts."""

    row: Beslutsrad
    first: int


class Laid(NamedTuple):
    """Movements on lines: the line of each, by number, which movement it is, and what it adds."""

    line: Numbers
    counted: Counted
    amount: Ore


class Specified:
    """What one measure comes to on the lines of a specification, after `groups` other rows."""

    def __init__(self, asked: Asked, laid: Laid, groups: int, lines: int) -> None:
        kinds, slag = np.unique(laid.counted["slag"], return_inverse=True)
        rows, width = groups + lines, max(len(kinds), 1)
        place = (laid.line + groups) * width + slag
        self.slags: tuple[str, ...] = tuple(asked.kept.codes.texts[kind] for kind in kinds.tolist())
        self.amount: Ore = settled(added(place, laid.amount, rows * width)).reshape(rows, width)
        held = np.zeros(rows * width, np.bool_)
        held[place] = True
        self.held: Mask = held.reshape(rows, width)


class Specification:
    """The decisions behind some measures of the rows of a table."""

    def __init__(self, asked: Asked, measures: Sequence[Budget], layout: Layout) -> None:
        self._asked, self._every = asked, layout.table.specification == "beslut"
        self._rows = list(dict.fromkeys(row for layer in layout.specified for row in layer.values()))
        self._layers = [self._layer(layer) for layer in layout.specified]
        self._shares = {m: self._told(budget.shares(asked, m)) for m in measures} if self._rows else {}
        # Another question may add reasons meanwhile, but none that these movements have.
        self._reasons: list[Reason] = asked.kept.reasons.keys
        self._size = len(self._reasons)
        self._made = self._decisions()
        #: The lines, in order.
        self.changes: list[Change] = []
        self._pairs, self._line = self._number()

    def lines(self, direction: Callable[[str], int]) -> dict[str, list[Line]]:
        """The lines as rows of the table, by the row that they are under; `direction` gives the sign of that row."""
        found: dict[str, list[Line]] = {}
        for row, changes in self._by_row().items():
            numbers = dict.fromkeys(SORTS, 0)
            for change in changes:
                numbers[change.sort] += 1
                key = f"{row}.{change.sort}.{numbers[change.sort]}"
                line = Line(key, self._name(change), change, "andring", 2, sign=direction(row))
                found.setdefault(row, []).append(line)
        return found

    def _by_row(self) -> dict[str, list[Change]]:
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.row, []).append(change)
        return found

    def _name(self, change: Change) -> str:
        """The text of the decision; where every decision is told, after where the minutes have it."""
        said = change.about or phrase("Utan text")
        if self._every:
            made = self._made.get(change.position)
            where = made.row.reference if made else change.typ
            said = ": ".join(filter(None, (f"{where[:1].upper()}{where[1:]}", change.about)))
        return phrase("{said} (beslut ej klart)", said=said) if change.sort == FORSLAG else said

    def specifies(self, measure: object) -> bool:
        """Whether the lines have figures of a measure: of the budget asked for and its plan, not of earlier years."""
        return measure in self._shares

    def of(self, measure: Budget, groups: int) -> Specified:
        """What a measure comes to on every line."""
        return Specified(self._asked, self.laid(measure), groups, len(self.changes))

    def laid(self, measure: Budget) -> Laid:
        """The movements of a measure on the lines: one may lie on that of a unit and on that of the whole."""
        counted, amounts = self._shares[measure]
        lines, places = [], []
        for pair in self._paired(counted):
            at = np.searchsorted(self._pairs, pair).clip(max=max(len(self._pairs) - 1, 0))
            on = np.flatnonzero(self._pairs[at] == pair) if len(self._pairs) else np.zeros(0, np.int64)
            lines.append(self._line[at[on]])
            places.append(on)
        line, place = (np.concatenate(of) if of else np.zeros(0, np.int64) for of in (lines, places))
        return Laid(line, Counted(counted.of, counted.rows[place]), amounts[place])

    # ------------------------------------------------------------ which lines there are

    def _told(self, shares: Shares) -> Shares:
        """The movements that are told of: all, or those that change a frame or hand one down."""
        if self._every:
            return shares
        counted, amounts = shares
        mask = among(counted["typ"], np.sort(self._asked.kept.codes.numbers((*ANDRANDE, INTERNBUDGET))))
        return Shares(counted.where(mask), amounts[mask])

    def _layer(self, layer: Mapping[str, str]) -> Numbers:
        """The number of the row of every unit by its own; NOWHERE where it lies on none."""
        number = {row: n for n, row in enumerate(self._rows)}
        units = self._asked.kept.codes.numbers(layer)
        found = np.full(len(self._asked.kept.codes), NOWHERE, np.int64)
        found[units] = [number[row] for row in layer.values()]
        return found

    def _paired(self, counted: Counted) -> Iterator[Numbers]:
        """Row and reason of every movement as one number, layer by layer; below 0 where it is on no row."""
        units = counted["ansvar"]
        for layer in self._layers:
            row = np.where(units < len(layer), layer.take(units, mode="clip"), NOWHERE)
            yield np.where(row >= 0, row * self._size + counted["reason"], NOWHERE)

    def _number(self) -> tuple[Numbers, Numbers]:
        """Find the lines, in order; pairs of row and reason in order, and the line of each."""
        totals: dict[Change, dict[Budget, int]] = {}
        first: dict[Change, int] = {}
        lines: dict[int, Change] = {}
        for measure, (counted, amounts) in self._shares.items():
            for pair in self._paired(counted):
                on = pair >= 0
                pairs, place = np.unique(pair[on], return_inverse=True)
                sums = added(place, amounts[on], len(pairs)).tolist()
                begins = np.full(len(pairs), np.iinfo(np.int64).max)
                np.minimum.at(begins, place, counted["order"][on] << N_BITS | counted["n"][on])
                for one, total, n in zip(pairs.tolist(), sums, begins.tolist(), strict=True):
                    change = lines[one] = lines.get(one) or self._change(one)
                    of = totals.setdefault(change, {})
                    of[measure] = of.get(measure, 0) + total
                    first[change] = min(n, first.get(change, n))
        shown = [change for change, of in totals.items() if any(of.values())]
        shown.sort(key=lambda c: (SORTS.index(c.sort), c.effective, first[c]))
        self.changes = shown
        number = {change: n for n, change in enumerate(shown)}
        kept = sorted((pair, number[change]) for pair, change in lines.items() if change in number)
        return np.array([p for p, _ in kept], np.int64), np.array([n for _, n in kept], np.int64)

    def _change(self, pair: int) -> Change:
        """The line of a row and a reason."""
        row, number = divmod(pair, self._size)
        reason = self._reasons[number]
        made = self._made.get(reason.position)
        sort = ANDRING if not self._every or reason.typ in ANDRANDE else URSPRUNG
        if self._every and made and made.row.utfall == "forslag":
            sort = FORSLAG
        position = made.first if made else reason.position
        return Change(self._rows[row], sort, reason.effective, position, reason.typ, reason.about)

    def _decisions(self) -> dict[int, Made]:
        """The decision of every fact that a movement is of, and the first of the facts that the decision is told by."""
        positions = [counted["position"] for counted, _ in self._shares.values()]
        found: dict[int, Made] = {}
        first: dict[object, int] = {}
        for position in distinct(np.concatenate(positions)).tolist() if positions else ():
            row = decision_at(self._asked.snapshot, position)
            if row:
                found[position] = Made(row, first.setdefault(same_decision(row), position))
        return found
