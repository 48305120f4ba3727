"""What a measure is the sum of, fact by fact and as columns: stretches of outcome, rows of decisions and forecasts.

The same rules as in summing.py, before anything is summed. What lies in twelfths is shared in log order (budget.py), so
the shares of a figure always add up to it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ledger.reporting.entry import Cube
from ledger.reporting.measure import Budget, Laget, Measure, Prognos, Totalprognos, Totalutgift, Utfall
from ledger.reporting.rules import budget, laget, prognos, projekt, utfall
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.movements import Counted
from ledger.reporting.rules.prognos import Newest
from ledger.reporting.rules.summing import is_blank
from ledger.reporting.stored.codes import Mask
from ledger.reporting.stored.cube import Window
from ledger.reporting.stored.space import Entries, Numbers, Ore, Space


class Outcome(NamedTuple):
    """Outcome in a window. `lacking`: only of projects, or units, that lack a forecast by this measure.

    `handelse`: only what is tagged with that event.
    """

    cube: Cube
    window: Window
    lacking: Totalprognos | None = None
    handelse: str | None = None

    def counted(self, asked: Asked, space: Space, size: int) -> Mask:
        """Which of the first cells of a space count."""
        counted = utfall.tagged(asked, self.handelse, space, size)
        if self.lacking:
            counted &= projekt.without_forecast(asked, self.lacking, space)[:size]
        return counted


class Registered(NamedTuple):
    """Decisions or forecasts, few beside outcome: rows of a register's columns, and what each adds."""

    rows: Counted | Newest
    amount: Ore

    @property
    def position(self) -> Numbers:
        """By which fact."""
        return self.rows.of.position[self.rows.rows]

    def entries(self, other: Registered | None) -> Entries:
        """Them as entries in log order, without those of facts that are the very same in another."""
        position = self.position
        order = np.argsort(position, kind="stable")
        if other:
            differ = np.concatenate((position[~self.is_in(other)], other.position[~other.is_in(self)]))
            order = order[np.isin(position[order], differ)]
        return Entries(self.rows["cell"][order], self.rows["day"][order], position[order], self.amount[order])

    def is_in(self, other: Registered) -> Mask:
        """Which rows the other has too, with the same amount."""
        theirs = np.zeros(len(self.rows.of), np.bool_)
        theirs[other.rows.rows] = True
        amounts = np.zeros(len(theirs), other.amount.dtype)
        amounts[other.rows.rows] = other.amount
        found: Mask = theirs[self.rows.rows] & (amounts[self.rows.rows] == self.amount)
        return found


def stretches_of(asked: Asked, measure: Measure) -> tuple[Outcome, ...]:
    """The outcome that a measure is the sum of; of two questions, the same number of stretches in the same order."""
    if is_blank(asked, measure):
        return ()
    if isinstance(measure, Utfall):
        return (Outcome(utfall.cube_of(measure), utfall.window(asked, measure), handelse=measure.handelse),)
    if isinstance(measure, Totalprognos):
        before, so_far = projekt.before(measure), projekt.this_year(measure)
        return (
            Outcome(utfall.cube_of(before), utfall.window(asked, before)),
            Outcome(utfall.cube_of(so_far), utfall.window(asked, so_far), measure),
        )
    return ()


def registered_of(asked: Asked, measure: Measure) -> list[Registered]:
    """The decisions and forecasts that a measure is the sum of."""
    if is_blank(asked, measure):
        return []
    given: Any
    match measure:
        case Budget() | Totalutgift():
            return [Registered(*budget.shares(asked, measure))]
        case Laget():
            given = laget.newest(asked, measure)
            return [Registered(given, given["amount"])]
        case Prognos():
            given = prognos.newest(asked, asked.question.ar + measure.year, measure.of, measure.at)
            return [Registered(given, given["amount"])]
        case Totalprognos():
            return [Registered(given, given["amount"]) for given in projekt.forecasts(asked, measure)]
    return []
