"""The budget round in force: which movements count for a year.

A `budget` decision opens a round for every nämnd and year it names, an `investeringsram` for every project (or unit)
and year. A movement belongs to the round in force for its year on its own day (before the first: the first). Judged
when asked, so the order of recording does not matter. Rule: contract §3 (Omgång) and decision 0003.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import numpy as np

from ledger.reporting.measure import Of
from ledger.reporting.rules.columns import DAY_BITS, LAST_DAY, day_of
from ledger.reporting.rules.movements import Counted, Decided
from ledger.reporting.stored.codes import distinct
from ledger.reporting.stored.space import Numbers

#: The latest round that is looked at, of each of some holders, as days; `LAST_DAY`: no limit.
Limit = Callable[[Numbers], Numbers]


class Rounds(NamedTuple):
    """The rounds of one year: holder and day packed into one number, in order; and whose every movement is.

    A holder is the number of a nämnd, or what an investment is kept for (`movements.pot`).
    """

    opened: Numbers
    holder: Numbers

    def all_days(self) -> list[date]:
        """Every day on which somebody had a round."""
        return [day_of(day) for day in distinct(self.opened & LAST_DAY).tolist()]

    def latest(self, holders: Numbers, limits: Numbers) -> tuple[Numbers, Numbers]:
        """Of each holder its first round and the newest not after a limit (before the first, if none), by place."""
        base = holders << DAY_BITS
        return np.searchsorted(self.opened, base), np.searchsorted(self.opened, base | limits, "right") - 1

    def newest(self, holders: Numbers) -> Numbers:
        """The day of each holder's newest round; 0 where it has none."""
        first, last = self.latest(holders, np.full(len(holders), LAST_DAY))
        found: Numbers = np.where(last >= first, self._day(last), 0)
        return found

    def of(self, counted: Counted) -> Numbers:
        """The day of the round that each movement belongs to; 0 where its holder never had one."""
        holders = self.holder[counted.rows]
        first, last = self.latest(holders, np.full(len(holders), LAST_DAY))
        _, own = self.latest(holders, counted["day"])
        found: Numbers = np.where(last >= first, self._day(np.maximum(own, first)), 0)
        return found

    def _day(self, places: Numbers) -> Numbers:
        """The day of rounds by place; any day where the place is none."""
        return self.opened.take(places, mode="clip") & LAST_DAY if len(self.opened) else np.zeros_like(places)


def rounds(decided: Decided, of: Of, holder: Numbers) -> Rounds:
    """The rounds that the movements of one year open. `holder` says whose each movement is."""
    opening = decided.about(of) & decided.of["opens"]
    return Rounds(distinct(holder[opening] << DAY_BITS | decided.of["day"][opening]), holder)


def in_force(decided: Decided, of: Of, year: Rounds, limit: Limit) -> Counted:
    """The movements of one year that count: those of the newest round of their holder, not later than its limit."""
    counted = decided.counted(decided.about(of))
    holders = year.holder[counted.rows]
    first, last = year.latest(holders, np.full(len(holders), LAST_DAY))
    _, own = year.latest(holders, counted["day"])
    _, newest = year.latest(holders, limit(holders))
    return counted.where((last < first) | (np.maximum(own, first) == newest))


def plan_limit(asked: Rounds) -> Limit:
    """How late a round a later year is read in, as the plan that came with the budget of the year asked for.

    Not later than the holder's newest round of that year; where it has none, than anybody's newest.
    """
    anybody = int((asked.opened & LAST_DAY).max()) if len(asked.opened) else LAST_DAY

    def limit(holders: Numbers) -> Numbers:
        newest = asked.newest(holders)
        found: Numbers = np.where(newest > 0, newest, anybody)
        return found

    return limit


def same_limit(day: int) -> Limit:
    """One limit for every holder."""
    return lambda holders: np.full(len(holders), day, np.int64)
