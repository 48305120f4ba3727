"""Budget of the round in force: a whole year, or through a month by periods and twelfths.

What is not periodised falls by twelfths of the total per (ansvar, verksamhet, slag, konto, projekt). A fact's share of
a twelfth is the amount with it minus the amount without it, in log order, so that shares add up to the öre.
Rule: contract §4 (`period`), decision 0003.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, NamedTuple

import numpy as np

from ledger.reporting.measure import Budget, Totalutgift
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.movements import Counted
from ledger.reporting.stored.exact import added, roomy
from ledger.reporting.stored.space import Numbers, Ore

MONTHS_OF_A_YEAR: Final = 12

#: Bits of a log position, beside those of a day in one number.
POSITION_BITS: Final = 36


#: What is of proposals, and counts in no round.
NOT_COUNTED: Final = frozenset({"forslag", "begard"})


class Shares(NamedTuple):
    """Movements and what each adds to a figure."""

    counted: Counted
    amount: Ore


def counted(asked: Asked, measure: Budget) -> Counted:
    """The movements that the measure is the sum of."""
    year = asked.question.ar + measure.year
    if measure.only == "forslag":
        return asked.pending(year, measure.of, measure.at)
    if measure.only == "begard":
        return asked.requested(year, measure.of, measure.at)
    sides = asked.counted(year, measure.of, measure.at)
    if not measure.only:
        return sides
    if measure.only in {"overford", "mottagen"}:
        return sides.where(sides["leaves" if measure.only == "overford" else "comes"])
    return sides.where(sides["original"] == (measure.only == "ursprunglig"))


def name_of(asked: Asked, measure: Budget) -> Hashable | None:
    """What the shares of a measure follow from; none for what counts in no round."""
    year = name_of_year(asked, measure)
    return None if year is None else (year, _months(asked, measure))


def name_of_year(asked: Asked, measure: Budget) -> Hashable | None:
    """What the movements that a measure is the sum of follow from; none for what counts in no round."""
    if measure.only in NOT_COUNTED:
        return None
    return "budget", asked.name_of_counted(asked.question.ar + measure.year, measure.of, measure.at), measure.only


def _months(asked: Asked, measure: Budget) -> int:
    """Through which month."""
    return asked.question.tom if measure.through == "tom" else MONTHS_OF_A_YEAR


def shares(asked: Asked, measure: Budget | Totalutgift) -> Shares:
    """What every movement adds to the budget through the month asked for, or to the whole year's."""
    return asked.once(("shares", measure), lambda: _shares(asked, measure))


def _shares(asked: Asked, measure: Budget | Totalutgift) -> Shares:
    if isinstance(measure, Totalutgift):
        of = totalutgift(asked, measure)
        return Shares(of, of["amount"])
    of = counted(asked, measure)
    tom = _months(asked, measure)
    if tom == MONTHS_OF_A_YEAR:
        return Shares(of, of["amount"])
    if measure.only in NOT_COUNTED:
        return _through(of, tom)
    year = asked.question.ar + measure.year
    name = ("shares", asked.name_of_counted(year, measure.of, measure.at), measure.only, tom)
    rows, amounts = asked.kept.worked_out(name, lambda: _columns(_through(of, tom)))
    return Shares(Counted(of.of, rows), amounts)


def _columns(shares: Shares) -> tuple[Numbers, Ore]:
    return shares.counted.rows, shares.amount


def _through(of: Counted, tom: int) -> Shares:
    """What movements of a year add to the budget through a month."""
    of = of.where(of["period"] <= tom)
    amounts, lump = of["amount"].copy(), of["period"] == 0
    amounts[lump] = twelfth_shares(of["cell"][lump], amounts[lump], tom)
    return Shares(of, amounts)


def twelfths(totals: Ore, tom: int) -> Ore:
    """`domain.money.twelfths` of many totals."""
    size = np.abs(totals)
    found: Ore = np.where(totals < 0, -1, 1) * (size // 12 * tom + np.minimum(size % 12, tom))
    return found


def twelfth_shares(cells: Numbers, amounts: Ore, tom: int) -> Ore:
    """What each amount adds to the twelfths of its cell's total, in the order given."""
    order = np.argsort(cells, kind="stable")
    held = roomy(amounts[order], len(amounts))
    running = np.cumsum(held)
    first = np.flatnonzero(np.diff(cells[order], prepend=-1))
    # What the sum had come to before the first amount of each cell.
    begun = np.repeat((running - held)[first], np.diff(first, append=len(order)))
    after = twelfths(running - begun, tom)
    found = np.empty(len(amounts), after.dtype)
    found[order] = after - twelfths(running - begun - held, tom)
    return found


def twelfths_used(asked: Asked, measure: Budget) -> Numbers:
    """The numbers of the units whose budget through the month is by twelfths."""
    of = counted(asked, measure)
    of = of.where(of["period"] == 0)
    totals = added(of["cell"], of["amount"], len(asked.kept.cells))
    found: Numbers = of["ansvar"][totals[of["cell"]] != 0]
    return found


def totalutgift(asked: Asked, measure: Totalutgift) -> Counted:
    """The decided total of projects: decisions add up, unless one replaces what was decided before.

    Judged by beslutsdatum and then order of recording, per project (or unit) and slag; movements of one decision
    add up.
    """
    decided = asked.decided("totalutgift", measure.at)
    sides = decided.counted(decided.mask)
    # A place in time for every decision, and of each project and slag the last that replaces.
    decision = sides["day"] << POSITION_BITS | sides["order"]
    pots, pot = np.unique(sides["pot"] << 20 | sides["slag"], return_inverse=True)
    since = np.zeros(len(pots), np.int64)
    np.maximum.at(since, pot[sides["replaces"]], decision[sides["replaces"]])
    return sides.where(decision >= since[pot])
