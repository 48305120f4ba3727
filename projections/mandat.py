"""Mandat: who may decide what, over which units, between which levels, up to which amount – as it was then.

Reader: controller, revisor, and whoever wonders whom to ask.    Rule: KL 6:37–40, 7:5–8.
`kand` is what was recorded by then, `beslutad` the day on which it is asked who had which right.
"""

from collections.abc import Iterator
from datetime import date
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
    listed,
    phrase,
)


class Trace(NamedTuple):
    """That a fact is of this report; what it says is read in the log."""

    slag: str


def rows(fact: object) -> Iterator[Listed]:
    """Mandates, their ends, and rows of attestförteckningar."""
    if isinstance(fact, facts.MandatGranted | facts.MandatEnded):
        yield Listed("mandat", Trace("mandat"))
    elif isinstance(fact, facts.AttestantNamed):
        yield Listed("attest", Trace("attest"))


RIGHTS: Final = Register("mandat", Trace, rows, postings=False)


def in_force(fran: date, till: date | None, day: date | None) -> str:
    """Whether something that holds from one day to another does on a day."""
    if day is None:
        return ""
    if day < fran:
        return phrase("senare")
    return phrase("avslutat") if till is not None and day > till else phrase("gäller")


def mandates(asking: Asking) -> Iterator[Listrad]:
    """Mandates in the order in which they were given."""
    known = asking.traces(RIGHTS, "mandat")
    ends = {
        one.fact.mandat: one.fact.till
        for one in known
        if isinstance(one.fact, facts.MandatEnded) and within(one.fact.beslutsdatum, asking.beslutad)
    }
    for one in known:
        fact = one.fact
        if isinstance(fact, facts.MandatGranted) and within(fact.beslutsdatum, asking.beslutad):
            days = [day for day in (fact.till, ends.get(one.position)) if day]
            yield of_mandat(asking, one, fact, min(days, default=None))


def within(day: date, last: date | None) -> bool:
    """Whether a decision was taken by a day."""
    return last is None or day <= last


def of_mandat(asking: Asking, one: Recorded, fact: facts.MandatGranted, till: date | None) -> Listrad:
    """A mandate as a row."""
    cells: dict[str, Cell] = {
        "lage": f"@{one.position}",
        "far": fact.far,
        "ansvar": fact.ansvar,
        "niva": fact.niva or phrase("alla"),
        "beloppsgrans": fact.beloppsgrans_ore,
        "person": fact.person,
        "fran": fact.fran.isoformat(),
        "till": till.isoformat() if till else None,
        "galler": in_force(fact.fran, till, asking.beslutad),
        "beslut": f"{fact.beslutsorgan} {fact.beslutsdatum} § {fact.paragraf or 'saknas'}",
        "delegationspunkt": fact.delegationspunkt,
        "anmals": phrase("ja") if fact.anmals else phrase("nej"),
    }
    return Listrad(f"@{one.position}", fact.funktion or fact.person or "", cells)


def attest(asking: Asking) -> Iterator[Listrad]:
    """Rows of attestförteckningar; a later one of the same person, task, unit and first day counts instead."""
    newest = {one.fact.stream: one for one in asking.traces(RIGHTS, "attest")}
    for one in newest.values():
        fact = one.fact
        if isinstance(fact, facts.AttestantNamed) and asking.concerns([fact.ansvar]):
            cells: dict[str, Cell] = {
                "lage": f"@{one.position}",
                "far": phrase("{uppgift} (ersättare)", uppgift=fact.uppgift) if fact.ersattare else fact.uppgift,
                "ansvar": fact.ansvar,
                "person": fact.person,
                "fran": fact.fran.isoformat(),
                "till": fact.till.isoformat(),
                "galler": in_force(fact.fran, fact.till, asking.beslutad),
            }
            yield Listrad(f"attest.@{one.position}", fact.funktion or fact.person, cells)


LISTS: Final = {"mandat": (phrase("Mandat"), mandates), "attest": (phrase("Attestförteckning"), attest)}


def listing(asking: Asking) -> Iterator[Listrad]:
    """Both lists, or the one that is chosen."""
    chosen, far = asking.filter("lista", "alla"), asking.filter("far")
    for key, (heading, rows_of) in LISTS.items():
        if chosen in ("alla", key):
            found = [row for row in rows_of(asking) if concerns(asking, row) and far in ("", row.celler.get("far"))]
            yield Listrad(key, heading, {"antal": len(found)}, 0, "rubrik")
            yield from found


def concerns(asking: Asking, row: Listrad) -> bool:
    """Whether a right is over a unit that is asked for."""
    return asking.concerns([str(row.celler.get("ansvar"))])


REPORT = Report(
    name="mandat",
    rubrik="Mandat och attesträtter",
    beskrivning="Vem som får besluta vad, var, mellan vilka nivåer och upp till vilket belopp.",
    enhet="kr",
    columns=(
        listed("lage", "Läge"),
        listed("far", "Får"),
        listed("ansvar", "Ansvar"),
        listed("niva", "Mellan nivåer från"),
        listed("beloppsgrans", "Beloppsgräns", "belopp"),
        listed("person", "Person"),
        listed("fran", "Från", "datum"),
        listed("till", "Till", "datum"),
        listed("galler", "Gäller"),
        listed("beslut", "Beslut"),
        listed("delegationspunkt", "Delegationspunkt", printed=""),
        listed("anmals", "Anmäls", printed=""),
        listed("antal", "Antal", "antal", printed=""),
    ),
    listing=listing,
    filters=(
        Filter("lista", "en av listorna", choices=("alla", *LISTS)),
        Filter("far", "en beslutstyp, eller registrera"),
    ),
    material=(RIGHTS,),
    notes=(
        "Kommunfullmäktige, nämnder och enheter beslutar dessutom om sitt eget utan mandat.",
        "Beloppsgränsen gäller hela beslutet. Tom gräns: obegränsat.",
    ),
)
