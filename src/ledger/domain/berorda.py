"""Which units a fact is about, each with the day on which the tree is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from ledger.domain import arende
from ledger.domain.events import (
    Beslut,
    ForslagMade,
    KommentarWritten,
    PrognosSubmitted,
    ProjektChanged,
    RegistreringCorrected,
    UnitClosed,
    UnitEstablished,
    UtfallCorrected,
    UtfallReported,
    VerifikationPosted,
)
from ledger.domain.events_behorighet import ArendeDrafted, RegistreringMade
from ledger.domain.fact import Fact

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: Where a fact has no day of its own the newest tree counts.
NEWEST = date.max


def units_of(books: Books, fact: Fact) -> Iterator[tuple[str, date]]:
    """The units of a fact; none where it is about no unit."""
    match fact:
        case VerifikationPosted():
            yield from ((rad.ansvar, fact.bokforingsdatum) for rad in fact.rader if rad.ansvar)
        case UtfallReported() | UtfallCorrected():
            if fact.ansvar:
                yield fact.ansvar, date.fromisoformat(f"{fact.period}-01")
        case Beslut():
            yield from ((side.ansvar, fact.beslutsdatum) for _, side in fact.sides())
        case ForslagMade():
            yield from units_of(books, fact.beslut)
        case ArendeDrafted():
            yield from ((unit, NEWEST) for r in fact.rorelser for unit in (r.fran_ansvar, r.till_ansvar) if unit)
        case RegistreringMade():
            yield from units_of(books, fact.fakta)
        case RegistreringCorrected():
            yield from units_of(books, fact.fel)
            if fact.ratt is not None:
                yield from units_of(books, fact.ratt)
        case KommentarWritten():
            if fact.rad in books.organisation.units:
                yield fact.rad, NEWEST
        case _:
            yield from _of_registers(books, fact)


def _of_registers(books: Books, fact: Fact) -> Iterator[tuple[str, date]]:
    """Forecasts, units, projects, periods and steps of cases."""
    if isinstance(fact, PrognosSubmitted):
        yield fact.ansvar, fact.prognosdatum
    elif isinstance(fact, UnitEstablished | UnitClosed | ProjektChanged):
        yield fact.ansvar, NEWEST
    elif (ansvar := getattr(fact, "ansvar", None)) in books.organisation.units:
        yield str(ansvar), NEWEST
    elif (name := getattr(fact, "arende", None)) and (case := books.of(arende.State).cases.get(name)):
        yield from ((unit, NEWEST) for unit in case.matter(NEWEST).units)
