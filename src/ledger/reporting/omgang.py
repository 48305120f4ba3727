"""The budget round in force: which movements count for a year.

A `budget` decision opens a round for every nämnd and year it names, an `investeringsram` for every project (or unit)
and year. A movement belongs to the round in force for its year on its own day (before the first: the first). Judged
when asked, so the order of recording does not matter. Rule: contract §3 (Omgång) and decision 0003.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from ledger.domain.kodstrang import DRIFT
from ledger.reporting.material import Budgetsida
from ledger.reporting.measure import Of
from ledger.reporting.register import Held

Side = Held[Budgetsida]

#: What a round belongs to: a nämnd, a project, or a unit that has investments without a project.
Holder = str


#: The latest round of each holder that is looked at; None: no limit.
Limit = Callable[[Holder], date | None]


class Rounds(NamedTuple):
    """The rounds of one year by holder, each a list of days in order, and whose every movement is."""

    days: dict[Holder, list[date]]
    holder_of: Callable[[Budgetsida], Holder]

    def of(self, side: Budgetsida) -> date | None:
        """The round that a movement belongs to; none where its holder never had one."""
        days = self.days.get(self.holder_of(side))
        return days[max(bisect_right(days, side.beslutsdatum) - 1, 0)] if days else None

    def newest(self, holder: Holder, until: date | None = None) -> date | None:
        """The newest round of a holder, on or before a day where one is given."""
        days = self.days.get(holder, [])
        index = len(days) if until is None else bisect_right(days, until)
        return days[index - 1] if index else None

    def all_days(self) -> list[date]:
        """Every day on which somebody had a round."""
        return sorted({day for days in self.days.values() for day in days})


def rounds(sides: Iterable[Side], of: Of, namnd: Callable[[str, date], str]) -> Rounds:
    """The rounds that these movements of one year open. `namnd` gives a unit's nämnd on a day."""
    opening = "budget" if of == "drift" else "investeringsram"

    def holder_of(side: Budgetsida) -> Holder:
        if of == "drift":
            return namnd(side.ansvar, side.beslutsdatum)
        return f"projekt {side.projekt}" if side.projekt else f"enhet {side.ansvar}"

    days: dict[Holder, set[date]] = {}
    for held in sides:
        if held.row.typ == opening and is_about(held.row, of):
            days.setdefault(holder_of(held.row), set()).add(held.row.beslutsdatum)
    return Rounds({holder: sorted(found) for holder, found in days.items()}, holder_of)


def in_force(sides: Iterable[Side], of: Of, year: Rounds, until: Limit) -> list[Side]:
    """The movements of one year that count: those of the newest round of their holder, not later than its limit."""
    counted = []
    for held in sides:
        if not is_about(held.row, of):
            continue
        belongs = year.of(held.row)
        if belongs is None or belongs == year.newest(year.holder_of(held.row), until(year.holder_of(held.row))):
            counted.append(held)
    return counted


def plan_limit(asked: Rounds) -> Limit:
    """How late a round a later year is read in, as the plan that came with the budget of the year asked for.

    Not later than the holder's newest round of that year; where it has none, than anybody's newest.
    """
    newest = max(asked.all_days(), default=None)
    return lambda holder: asked.newest(holder) or newest


def is_about(side: Budgetsida, of: Of) -> bool:
    """Whether a movement is of the running budget or of investments."""
    return is_drift_slag(side.slag) == (of == "drift")


def is_drift_slag(slag: str) -> bool:
    """Whether a slag is of the running budget."""
    return slag in DRIFT
