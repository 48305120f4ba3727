"""What a decision may take: balances judged against what units and projects hold.

Guards: an internbudget takes from what its unit holds, below zero only as a named saving; a periodisering sums to the
lump it replaces; an ombudgetering stays within the frame left. What is held is judged on the beslutsdatum, and for
money that can be taken twice also over everything known.
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
        for side in sides(fact.typ, r):
            invests = side.slag in INVESTERING
            key = (frame_key(side) if invests else side.ansvar, side.ar, side.slag if invests else "")
            change[key] += BOOKS_SIGN[side.slag] * side.belopp_ore if invests else side.belopp_ore
            if side.ansvar == r.fran_ansvar:
                first.setdefault(key, rad)
                if any(word in (r.text or "").casefold() for word in SAVING_WORDS):
                    said.add(key)
    for key, delta in change.items():
        if delta < 0 and key not in said:
            held = min(_held_ore(books, *key, fact.beslutsdatum), _held_ore(books, *key, None))
            if held + delta < 0:
                yield no.UnitHoldsTooLittle(key[0], key[1], held, -delta, rad=first.get(key), kolumn="belopp")


def _held_ore(books: Books, code: str, ar: int, slag: str, day: date | None) -> int:
    if slag:
        return books.budget.frame_ore(code, ar, slag, day)
    return books.budget.held_ore(code, ar, books.organisation, day)


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
    """An ombudgetering takes at most the frame left in its year, on its day and in all."""
    taken: dict[tuple[str, int, str], int] = defaultdict(int)
    first: dict[tuple[str, int, str], int] = {}
    for rad, r in enumerate(fact.rorelser):
        side = next(iter(sides(fact.typ, r)))
        key = frame_key(side), r.ar, r.slag
        taken[key] += r.belopp_ore
        first.setdefault(key, rad)
    for (code, ar, slag), amount in taken.items():
        left = min(
            books.budget.frame_ore(code, ar, slag, fact.beslutsdatum),
            books.budget.frame_ore(code, ar, slag),
        )
        if amount > max(left, 0):
            yield no.FrameLeftIsTooSmall(code, ar, slag, left, amount, rad=first[code, ar, slag], kolumn="belopp")


_BALANCES = {
    "internbudget": _internbudget_balance,
    "periodisering": _periodisering_balance,
    "ombudgetering": _ombudgetering_balance,
}
