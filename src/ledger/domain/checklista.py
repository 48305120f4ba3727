"""What is left to do before a förvaltning closes a month: cases, files, sums, periodisering, forecasts.

Reader: the controller of the förvaltning, monthly.
Vouchers balance or are refused, so what may not add up is a decision read in with another sum than its minutes say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.domain import arende, registrering
from ledger.domain.berorda import units_of
from ledger.domain.language import N_, phrase
from ledger.domain.period import first_day
from ledger.domain.refusal import enumerated
from ledger.domain.versions import DAY

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: So many names are told of each sort; the others are counted.
TOLD = 5


def left_to_do(books: Books, period: str, ansvar: str) -> list[str]:
    """What is left, each a short phrase; empty where all is done."""
    first = first_day(period)
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1) - DAY
    under = {unit for unit in books.organisation.units if books.organisation.stands_under(unit, ansvar, last)}
    return [
        *_told(N_("ärenden som väntar på attest ({names})"), _cases(books, under)),
        *_told(N_("registreringar som väntar på bekräftelse ({names})"), _registrations(books, under)),
        *_told(N_("filer som väntar på en andra person ({names})"), _files(books)),
        *_told(N_("beslut vars rader inte blir protokollets summa ({names})"), _unbalanced(books, under, first.year)),
        *_told(N_("enheter utan periodisering ({names})"), _without_periodisering(books, under, first.year)),
        *_told(N_("enheter med budget men utan prognos ({names})"), _without_forecast(books, under, first, last)),
    ]


def _told(what: str, found: list[str]) -> Iterator[str]:
    if found:
        names = enumerated(found[:TOLD])
        if len(found) > TOLD:
            names = phrase("{names} och {count} till", names=names, count=len(found) - TOLD)
        yield phrase(what, names=names)


def _cases(books: Books, under: set[str]) -> list[str]:
    cases = books.of(arende.State).cases.items()
    waiting = [name for name, case in cases if case.lage == "foreslaget" and case.matter(date.max).units & under]
    return sorted(waiting)


def _files(books: Books) -> list[str]:
    waiting = books.of(registrering.State).files.values()
    return sorted(fil.filnamn or fil.sha256[:12] for fil in waiting)


def _registrations(books: Books, under: set[str]) -> list[str]:
    waiting = books.of(registrering.State).waiting.items()
    return [f"@{position}" for position, fact in waiting if under.intersection(u for u, _ in units_of(books, fact))]


def _unbalanced(books: Books, under: set[str], ar: int) -> list[str]:
    """Decisions of the units and the year whose parts come to another sum than the minutes give."""
    found = []
    for parts in books.budget.decisions.values():
        total = sum(r.belopp_ore for part in parts.values() for r in part.rorelser)
        for position, part in parts.items():
            is_theirs = any(side.ansvar in under and side.ar == ar for _, side in part.sides())
            if is_theirs and part.kontrollsumma_ore not in (None, total):
                found.append(f"@{position}")
    return found


def _held(books: Books, unit: str, ar: int) -> dict[bool, bool]:
    """Whether a unit holds anything for a year as lumps on the whole year (True), and on months (False)."""
    held: Counter[tuple[Any, ...]] = Counter()
    for dated in books.budget.counted(unit, ar, books.organisation):
        side = dated.side
        group = side.verksamhet, side.slag, side.konto, side.projekt
        held[(side.period is None, *group)] += side.belopp_ore
    return {is_lump: any(ore and key[0] is is_lump for key, ore in held.items()) for is_lump in (True, False)}


def _without_periodisering(books: Books, under: set[str], ar: int) -> list[str]:
    """Units whose budget lies as lumps on the whole year, and none of it on months."""
    return [unit for unit in sorted(under) if _held(books, unit, ar) == {True: True, False: False}]


def _without_forecast(books: Books, under: set[str], first: date, last: date) -> list[str]:
    """Units that hold a budget and have given no forecast dated in the month or after it, nor anybody above them."""
    given = {
        forecast.ansvar
        for rounds in books.forecasts.rounds.values()
        for forecast in rounds.values()
        if forecast.ar == first.year and forecast.prognosdatum >= first
    }
    return [
        unit
        for unit in sorted(under)
        if any(_held(books, unit, first.year).values()) and given.isdisjoint(books.organisation.path(unit, last))
    ]
