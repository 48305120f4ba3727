"""What is left to do before a förvaltning closes a month: cases, files, periodisering, forecasts.

Reader: the controller of the förvaltning, monthly.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from ledger.domain import arende, registrering
from ledger.domain.events import Beslut
from ledger.domain.period import first_day
from ledger.domain.refusal import listed
from ledger.domain.versions import DAY

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: So many names are told of each sort; the others are counted.
TOLD = 5


def left_to_do(books: Books, period: str, ansvar: str) -> list[str]:
    """What is left, each a short Swedish phrase; empty where all is done."""
    first = first_day(period)
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1) - DAY
    under = {unit for unit in books.organisation.units if books.organisation.stands_under(unit, ansvar, last)}
    return [
        *_told("ärenden som väntar på attest", _cases(books, under)),
        *_told("registreringar som väntar på bekräftelse", _registrations(books, under)),
        *_told("filer som väntar på en andra person", _files(books)),
        *_told("enheter utan periodisering", _without_periodisering(books, under, first.year)),
        *_told("enheter med budget men utan prognos", _without_forecast(books, under, first, last)),
    ]


def _told(what: str, found: list[str]) -> Iterator[str]:
    if found:
        more = f" och {len(found) - TOLD} till" if len(found) > TOLD else ""
        yield f"{what} ({listed(found[:TOLD], 'och')}{more})"


def _cases(books: Books, under: set[str]) -> list[str]:
    cases = books.of(arende.State).cases.items()
    waiting = [name for name, case in cases if case.lage == "foreslaget" and case.matter(date.max).units & under]
    return sorted(waiting)


def _files(books: Books) -> list[str]:
    waiting = books.of(registrering.State).files.values()
    return sorted(fil.filnamn or fil.sha256[:12] for fil in waiting)


def _registrations(books: Books, under: set[str]) -> list[str]:
    waiting = books.of(registrering.State).waiting.items()
    return [
        f"@{position}"
        for position, fact in waiting
        if isinstance(fact, Beslut) and {side.ansvar for _, side in fact.sides()} & under
    ]


def _without_periodisering(books: Books, under: set[str], ar: int) -> list[str]:
    """Units whose detailed budget lies as a lump on the whole year, while others of them lie on months."""
    found = []
    for unit in sorted(under):
        counted = list(books.budget.counted(unit, ar, books.organisation))
        on_months = sum(dated.side.belopp_ore for dated in counted if dated.side.period is not None)
        in_lump = sum(dated.side.belopp_ore for dated in counted if dated.side.period is None)
        if in_lump and not on_months:
            found.append(unit)
    return found


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
        if any(True for _ in books.budget.counted(unit, first.year, books.organisation))
        and given.isdisjoint(books.organisation.path(unit, last))
    ]
