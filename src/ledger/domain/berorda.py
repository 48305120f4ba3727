"""Which units a fact is about, each with the day on which the tree is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from ledger.domain import arende, mandat, registrering
from ledger.domain.events import (
    Beslut,
    ForslagMade,
    KommentarWritten,
    KontoDefined,
    PeriodClosed,
    PeriodOpened,
    PrognosSubmitted,
    ProjektChanged,
    RegistreringCorrected,
    UnitClosed,
    UnitEstablished,
    UtfallCorrected,
    UtfallReported,
    VerifikationPosted,
    VerksamhetDefined,
)
from ledger.domain.events_behorighet import (
    ArendeDrafted,
    MandatEnded,
    RegistreringDropped,
    RegistreringMade,
    YearClosed,
)
from ledger.domain.events_uppfoljning import MattDefined
from ledger.domain.fact import Fact

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: Facts that hold for the whole municipality.
WHOLE: Final = (KontoDefined, VerksamhetDefined, PeriodClosed, PeriodOpened, YearClosed, MattDefined)

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
        case RegistreringMade() | RegistreringDropped() | RegistreringCorrected() | MandatEnded():
            for other in _about(books, fact):
                yield from units_of(books, other)
        case KommentarWritten():
            if fact.rad in books.organisation.units:
                yield fact.rad, NEWEST
        case _:
            yield from _of_registers(books, fact)


def _about(
    books: Books, fact: RegistreringMade | RegistreringDropped | RegistreringCorrected | MandatEnded
) -> Iterator[Fact]:
    """The facts that a fact is about."""
    match fact:
        case RegistreringMade():
            yield fact.fakta
        case RegistreringDropped():
            yield registrering.waiting(books, fact.registrering)
        case MandatEnded():
            yield books.of(mandat.State).granted[fact.mandat]
        case RegistreringCorrected():
            yield from (one for one in (fact.fel, fact.ratt) if one is not None)


def _of_registers(books: Books, fact: Fact) -> Iterator[tuple[str, date]]:
    """Forecasts, units, projects, periods and steps of cases."""
    if isinstance(fact, PrognosSubmitted):
        yield fact.ansvar, fact.prognosdatum
    elif isinstance(fact, ProjektChanged):
        # Whoever takes over a project is not alone in it: it is its present unit's too.
        known = books.projects.projects.get(fact.projekt, {})
        newest = known[max(known)][1].ansvar if known else fact.ansvar
        yield from ((unit, NEWEST) for unit in (fact.ansvar, newest))
    elif isinstance(fact, UnitEstablished | UnitClosed):
        yield fact.ansvar, NEWEST
    elif (ansvar := getattr(fact, "ansvar", None)) in books.organisation.units:
        yield str(ansvar), NEWEST
    elif (name := getattr(fact, "arende", None)) and (case := books.of(arende.State).cases.get(name)):
        yield from ((unit, NEWEST) for unit in case.matter(NEWEST).units)
