"""Movements: money goes from somewhere to somewhere, so that every budget decision is zero-sum.

Rule: contract §4. Blank sides are kommunfullmäktige's financing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.domain.kodstrang import BOOKS_SIGN


class Rorelse(NamedTuple):
    """One row of a decision. `belopp_ore` is a magnitude in the slag's own direction; negative reverses it."""

    belopp_ore: int
    slag: str
    ar: int
    fran_ansvar: str | None = None
    till_ansvar: str | None = None
    verksamhet: str | None = None
    till_verksamhet: str | None = None
    konto: str | None = None
    projekt: str | None = None
    till_ar: int | None = None
    period: int | None = None
    finansiering: str | None = None
    ersatter: bool | None = None
    text: str | None = None


class Sida(NamedTuple):
    """One side of a movement: what it adds, in the books' sign, to the budget of a unit."""

    ansvar: str
    ar: int
    period: int | None
    verksamhet: str | None
    slag: str
    konto: str | None
    projekt: str | None
    belopp_ore: int


def sides(typ: str, r: Rorelse) -> Iterator[Sida]:
    """The sides with a unit of one movement in a decision of kind `typ`: minus where from, plus where to.

    A detaljbudget takes from slag netto without konto, also for income; a periodisering takes from the whole-year
    lump; an ombudgetering gives to `till_ar`.
    """
    amount = BOOKS_SIGN[r.slag] * r.belopp_ore
    if r.fran_ansvar:
        slag, konto = ("netto", None) if typ == "detaljbudget" else (r.slag, r.konto)
        period = None if typ == "periodisering" else r.period
        yield Sida(r.fran_ansvar, r.ar, period, r.verksamhet, slag, konto, r.projekt, -amount)
    if r.till_ansvar:
        verksamhet = r.till_verksamhet or r.verksamhet
        yield Sida(r.till_ansvar, r.till_ar or r.ar, r.period, verksamhet, r.slag, r.konto, r.projekt, amount)


def movement_keys(rorelser: Iterable[Rorelse], *, opens_round: bool) -> set[str]:
    """Guard keys: `ram/<ansvar>/<ar>` for both sides, `projekt/<kod>`, and `omgang/<ar>` where a round is opened."""
    keys: set[str] = set()
    for r in rorelser:
        for ansvar in (r.fran_ansvar, r.till_ansvar):
            if ansvar:
                keys.update(f"ram/{ansvar}/{ar}" for ar in (r.ar, r.till_ar) if ar)
        if r.projekt:
            keys.add(f"projekt/{r.projekt}")
        if opens_round:
            keys.add(f"omgang/{r.ar}")
    return keys
