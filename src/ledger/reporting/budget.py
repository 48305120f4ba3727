"""Budget of the round in force: a whole year, or through a month by periods and twelfths.

What is not periodised falls by twelfths of the total per (ansvar, verksamhet, slag, konto, projekt). A fact's share of
a twelfth is the amount with it minus the amount without it, in log order, so that shares add up to the öre.
Rule: contract §4 (`period`), decision 0003.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.domain.kodstrang import ANDRANDE
from ledger.domain.money import twelfths
from ledger.reporting.asked import Asked, Part
from ledger.reporting.entry import Key
from ledger.reporting.material import Budgetsida
from ledger.reporting.measure import Budget, Totalutgift
from ledger.reporting.omgang import Side

MONTHS_OF_A_YEAR = 12


def counted(asked: Asked, measure: Budget) -> list[Side]:
    """The movements that the measure is the sum of."""
    sides = asked.counted(asked.question.ar + measure.year, measure.of, measure.at)
    if not measure.only:
        return sides
    return [held for held in sides if held.row.ursprunglig == (measure.only == "ursprunglig")]


def parts(asked: Asked, measure: Budget) -> Iterator[Part]:
    """What every movement adds to the budget through the month asked for, or to the whole year's."""
    tom = asked.question.tom if measure.through == "tom" else MONTHS_OF_A_YEAR
    totals: dict[tuple[str | None, ...], int] = {}
    for held in counted(asked, measure):
        side = held.row
        if side.period is None:
            before = totals.get(side.group, 0)
            totals[side.group] = before + side.belopp_ore
            share = twelfths(before + side.belopp_ore, tom) - twelfths(before, tom)
            yield _part(held, share)
        elif side.period <= tom:
            yield _part(held, side.belopp_ore)


def twelfths_used(asked: Asked, measure: Budget) -> set[str]:
    """The units whose budget through the month is by twelfths."""
    totals: dict[tuple[str | None, ...], int] = {}
    for held in counted(asked, measure):
        if held.row.period is None:
            totals[held.row.group] = totals.get(held.row.group, 0) + held.row.belopp_ore
    return {str(group[0]) for group, total in totals.items() if total}


def totalutgift(asked: Asked, measure: Totalutgift) -> Iterator[Part]:
    """The decided total of projects: decisions add up, unless one replaces what was decided before.

    Judged by beslutsdatum and then order of recording, per project (or unit) and slag; movements of one decision
    add up.
    """
    sides = asked.decided("totalutgift", asked.until(measure.at))
    counting: dict[tuple[str, str], list[Side]] = {}
    for held in sorted(sides, key=lambda held: held.row.beslutsdatum):
        side = held.row
        of = (f"projekt {side.projekt}" if side.projekt else f"enhet {side.ansvar}", side.slag)
        before = counting.setdefault(of, [])
        if side.ersatter:
            before[:] = [earlier for earlier in before if earlier.position == held.position]
        before.append(held)
    for held in (held for kept in counting.values() for held in kept):
        yield _part(held, held.row.belopp_ore)


def _part(held: Side, amount_ore: int) -> Part:
    side, day = held.row, held.row.beslutsdatum
    effective = day.year * 10000 + day.month * 100 + day.day
    return Part(_key(side), amount_ore, held.position, effective, held.n, _about(side))


def _about(side: Budgetsida) -> str | None:
    """The text of a movement that changes the frame of its unit; what a nämnd hands down is no change of its own."""
    changes = side.typ in ANDRANDE or (side.typ == "internbudget" and side.till)
    return (side.text or "") if changes else None


def _key(side: Budgetsida) -> Key:
    return Key(side.ansvar, side.verksamhet, side.konto, side.slag, side.projekt)
