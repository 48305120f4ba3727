"""What a decision may take: balances judged against what units and projects hold.

Guards: an internbudget takes from what its unit holds, below zero only as a named saving; a periodisering sums to the
lump it replaces; an ombudgetering stays within the frame left. What is held is judged on the beslutsdatum, and for
money that can be taken twice also over everything known, where the decision belongs to the newest round.
Not here: what a decision may look like (beslut.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from ledger.domain import beslut_refusals as no
from ledger.domain.budget import frame_key
from ledger.domain.events import Beslut
from ledger.domain.kodstrang import BOOKS_SIGN, INVESTERING
from ledger.domain.refusal import Refusal
from ledger.domain.rorelse import sides

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: An internbudget may leave a unit below zero only when its text names the saving.
SAVING_WORDS = ("besparing", "effektivisering", "ofördelat", "underskott", "sparkrav")


def balance_refusals(books: Books, fact: Beslut) -> Iterable[Refusal]:
    """What a decision takes that is not there, if anything."""
    balance = _BALANCES.get(fact.typ)
    return balance(books, fact) if balance else ()


def _internbudget_balance(books: Books, fact: Beslut) -> Iterator[Refusal]:
    """An internbudget takes from what its unit holds, on its day and in all; below zero only as a named saving."""
    change: dict[tuple[str, int, str], int] = defaultdict(int)
    said: set[tuple[str, int, str]] = set()
    first: dict[tuple[str, int, str], int] = {}
    for rad, r in enumerate(fact.rorelser):
        giver = r.fran_ansvar if r.belopp_ore >= 0 else r.till_ansvar
        for side in sides(fact.typ, r):
            invests = side.slag in INVESTERING
            key = (frame_key(side) if invests else side.ansvar, side.ar, side.slag if invests else "")
            change[key] += BOOKS_SIGN[side.slag] * side.belopp_ore if invests else side.belopp_ore
            if side.ansvar == giver:
                first.setdefault(key, rad)
                if any(word in (r.text or "").casefold() for word in SAVING_WORDS):
                    said.add(key)
    for key, rad in first.items():
        delta = change[key]
        if delta < 0 and key not in said:
            held = _held_ore(books, *key, fact.beslutsdatum)
            if held + delta < 0:
                yield no.UnitHoldsTooLittle(key[0], key[1], held, -delta, rad=rad, kolumn="belopp")


def _held_ore(books: Books, code: str, ar: int, slag: str, day: date) -> int:
    """What is held on a day; in the newest round not more than what is held in all."""
    budget, organisation = books.budget, books.organisation
    if slag:
        held = budget.frame_ore(code, ar, slag, day)
        return min(held, budget.frame_ore(code, ar, slag)) if budget.frame_is_newest(code, ar, day) else held
    held = budget.held_ore(code, ar, organisation, day)
    return min(held, budget.held_ore(code, ar, organisation)) if budget.is_newest(code, ar, organisation, day) else held


def _periodisering_balance(books: Books, fact: Beslut) -> Iterator[Refusal]:
    """A periodisering sums to the lump it replaces, for every (unit, year, verksamhet, slag, konto, projekt)."""
    taken: dict[tuple[str, int], dict[tuple[str | None, str, str | None, str | None], int]] = {}
    first: dict[tuple[object, ...], int] = {}
    for rad, r in enumerate(fact.rorelser):
        key = (r.verksamhet, r.slag, r.konto, r.projekt)
        sums = taken.setdefault((r.fran_ansvar or "", r.ar), defaultdict(int))
        sums[key] += BOOKS_SIGN[r.slag] * r.belopp_ore
        first.setdefault((r.fran_ansvar, r.ar, *key), rad)
    for (ansvar, ar), sums in taken.items():
        lumps = books.budget.lumps_ore(ansvar, ar, books.organisation, fact.beslutsdatum)
        for key, amount in sums.items():
            if amount != lumps.get(key, 0):
                sign = BOOKS_SIGN[key[1]]
                yield no.PeriodiseringMissesLump(
                    ansvar, ar, *key, sign * lumps.get(key, 0), sign * amount,
                    rad=first[(ansvar, ar, *key)], kolumn="belopp",
                )  # fmt: skip


def _ombudgetering_balance(books: Books, fact: Beslut) -> Iterator[Refusal]:
    """An ombudgetering takes at most the frame left in its year; a negative one takes it back from the later year."""
    taken: dict[tuple[str, int, str], int] = defaultdict(int)
    first: dict[tuple[str, int, str], int] = {}
    for rad, r in enumerate(fact.rorelser):
        for side in sides(fact.typ, r):
            key = frame_key(side), side.ar, side.slag
            taken[key] -= BOOKS_SIGN[side.slag] * side.belopp_ore
            first.setdefault(key, rad)
    for (code, ar, slag), amount in taken.items():
        left = _held_ore(books, code, ar, slag, fact.beslutsdatum)
        if amount > max(left, 0):
            yield no.FrameLeftIsTooSmall(code, ar, slag, left, amount, rad=first[code, ar, slag], kolumn="belopp")


_BALANCES = {
    "internbudget": _internbudget_balance,
    "periodisering": _periodisering_balance,
    "ombudgetering": _ombudgetering_balance,
}
