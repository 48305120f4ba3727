"""Ärenden: every case with how far it has come, what waits for a second person, and what is to be reported back.

Reader: whoever attests, the nämnd (anmälan av delegationsbeslut), revisor.    Rule: KL 6:40, 7:8.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from ledger.domain import events_behorighet as facts
from ledger.reporting.projection import (
    Asking,
    Cell,
    Filter,
    Listed,
    Listrad,
    Recorded,
    Register,
    Report,
    kind_of,
    listed,
    phrase,
)

STEPS: Final = (
    facts.ArendeDrafted,
    facts.ArendeProposed,
    facts.ArendeReviewed,
    facts.ArendeReturned,
    facts.ArendeWithdrawn,
    facts.ArendeDecided,
    facts.JavDeclared,
)
WAITING: Final = (facts.RegistreringMade, facts.RegistreringConfirmed, facts.RegistreringDropped)


class Trace(NamedTuple):
    """That a fact is of this report; what it says is read in the log."""

    slag: str


def rows(fact: object) -> Iterator[Listed]:
    """Steps of cases, and registrations that two people make."""
    if isinstance(fact, STEPS):
        yield Listed("arende", Trace("arende"))
    elif isinstance(fact, WAITING):
        yield Listed("registrering", Trace("registrering"))


TRAIL: Final = Register("arenden", Trace, rows, postings=False)


@dataclass
class Case:
    """A case as its steps leave it."""

    drafted: facts.ArendeDrafted
    lage: str = phrase("utkast")
    newest: int = 0
    till: str = ""
    foreslog: str = ""
    granskade: str = ""
    beslutade: str = ""
    datum: str = ""
    anmals: bool = False
    javiga: tuple[str, ...] = ()


def cases(asking: Asking) -> dict[str, Case]:
    """The cases in the order in which they were begun."""
    found: dict[str, Case] = {}
    for one in asking.traces(TRAIL, "arende"):
        fact = one.fact
        if isinstance(fact, facts.ArendeDrafted):
            earlier = found.get(fact.arende)
            found[fact.arende] = Case(fact, javiga=earlier.javiga if earlier else ())
        if (case := found.get(getattr(fact, "arende", ""))) is not None:
            case.newest = one.position
            take(case, one)
    return found


def take(case: Case, one: Recorded) -> None:
    """Follow a case through one step."""
    match one.fact:
        case facts.ArendeProposed(till=till, datum=datum):
            case.lage, case.till, case.foreslog, case.datum = phrase("föreslaget"), till, one.actor, datum.isoformat()
        case facts.ArendeReviewed():
            case.granskade = one.actor
        case facts.ArendeReturned():
            case.lage = phrase("återlämnat")
        case facts.ArendeWithdrawn():
            case.lage = phrase("återkallat")
        case facts.ArendeDecided() as fact:
            case.lage, case.beslutade, case.till = phrase("beslutat"), one.actor, fact.beslutsorgan
            case.anmals, case.datum = fact.anmals, fact.beslutsdatum.isoformat()
        case facts.JavDeclared() as fact:
            case.javiga = (*case.javiga, one.actor)
            if fact.forslog and case.lage not in ("beslutat", "återkallat"):
                case.lage = phrase("återlämnat")


def of_cases(asking: Asking) -> Iterator[Listrad]:
    """The cases of the units asked for."""
    for name, case in cases(asking).items():
        drafted = case.drafted
        units = {unit for r in drafted.rorelser for unit in (r.fran_ansvar, r.till_ansvar) if unit}
        if not asking.concerns(units):
            continue
        cells: dict[str, Cell] = {
            "lage": case.lage,
            "typ": drafted.typ,
            "version": drafted.version,
            "belopp": sum(abs(r.belopp_ore) for r in drafted.rorelser),
            "ansvar": ", ".join(sorted(units)),
            "beslutas_av": case.till or None,
            "datum": case.datum or None,
            "foreslog": case.foreslog or None,
            "granskade": case.granskade or None,
            "beslutade": case.beslutade or None,
            "javiga": ", ".join(case.javiga) or None,
            "anmals": phrase("ja") if case.anmals else phrase("nej"),
            "digest": drafted.digest,
            "senast": f"@{case.newest}",
        }
        yield Listrad(f"arende.{name}", name, cells)


def of_registrations(asking: Asking) -> Iterator[Listrad]:
    """Registrations, and what became of each."""
    made: dict[int, Recorded] = {}
    ended: dict[int, Recorded] = {}
    for one in asking.traces(TRAIL, "registrering"):
        if isinstance(one.fact, facts.RegistreringMade):
            made[one.position] = one
        elif isinstance(one.fact, facts.RegistreringConfirmed | facts.RegistreringDropped):
            ended[one.fact.registrering] = one
    for position, one in made.items():
        end = ended.get(position)
        lage = phrase("väntar")
        if end is not None:
            is_confirmed = end.name.startswith("registrering_c")
            lage = phrase("bekräftad") if is_confirmed else phrase("tillbakatagen")
        cells: dict[str, Cell] = {
            "lage": lage,
            "typ": kind_of(one.fact.fakta.name) if isinstance(one.fact, facts.RegistreringMade) else None,
            "datum": one.recorded_at.date().isoformat(),
            "foreslog": one.actor,
            "beslutade": end.actor if end else None,
            "senast": f"@{end.position if end else position}",
        }
        yield Listrad(f"registrering.@{position}", f"@{position}", cells)


def to_report_back(asking: Asking) -> Iterator[Listrad]:
    """Decisions on delegation that are reported to the nämnd, of the year asked for."""
    for row in of_cases(asking):
        day = str(row.celler.get("datum") or "")
        is_of_the_year = asking.year is None or day.startswith(f"{asking.year}-")
        if row.celler.get("anmals") == "ja" and is_of_the_year:
            yield Listrad(row.nyckel.replace("arende.", "anmals."), row.namn, row.celler)


LISTS: Final = {
    "arenden": (phrase("Ärenden"), of_cases),
    "registreringar": (phrase("Registreringar som två personer gör"), of_registrations),
    "anmals": (phrase("Delegationsbeslut att anmäla till nämnden"), to_report_back),
}


def listing(asking: Asking) -> Iterator[Listrad]:
    """The list that is chosen, or all of them."""
    chosen, lage = asking.filter("lista", "alla"), asking.filter("lage")
    for key, (heading, rows_of) in LISTS.items():
        if chosen in ("alla", key):
            found = [row for row in rows_of(asking) if lage in ("", row.celler.get("lage"))]
            yield Listrad(key, heading, {"antal": len(found)}, 0, "rubrik")
            yield from found


REPORT = Report(
    name="arenden",
    rubrik="Ärenden",
    beskrivning="Ärenden och hur långt de har kommit, det som väntar på en andra person, och beslut att anmäla.",
    enhet="kr",
    columns=(
        listed("lage", "Läge"),
        listed("typ", "Typ"),
        listed("version", "Version", "antal", printed=""),
        listed("belopp", "Belopp", "belopp"),
        listed("ansvar", "Ansvar"),
        listed("beslutas_av", "Beslutas av"),
        listed("datum", "Datum", "datum"),
        listed("foreslog", "Föreslog"),
        listed("granskade", "Granskade"),
        listed("beslutade", "Beslutade"),
        listed("javiga", "Jäv", printed=""),
        listed("anmals", "Anmäls", printed=""),
        listed("digest", "Kontrollsumma", printed=""),
        listed("senast", "Senaste händelse", printed=""),
        listed("antal", "Antal", "antal", printed=""),
    ),
    listing=listing,
    filters=(
        Filter("lista", "en av listorna", choices=("alla", *LISTS)),
        Filter("lage", "hur långt det har kommit", choices=(
            "utkast", "föreslaget", "återlämnat", "återkallat", "beslutat", "väntar", "bekräftad", "tillbakatagen",
        )),
    ),
    material=(TRAIL,),
    notes=("Den som föreslår, den som granskar och den som beslutar är olika personer.",),
)  # fmt: skip
