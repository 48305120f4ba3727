"""Mandates: who may decide what, over which units, between which levels, up to which amount, and for how long.

Folds: AttestantNamed, MandatEnded, MandatGranted, OppetLageEnded.     Touches: mandat.
Guards: a nämnd gives mandates within its own tree; onward delegation goes through the förvaltningschef, who can give no
more than he has; nobody names himself. The first mandate ends öppet läge for ever.
Rule: KL 6:37–40, 7:5–8; contract §1.     Not here: whether a decision lies within a mandate (beslutanderatt.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ledger.domain import mandat_refusals as no
from ledger.domain.events_behorighet import AttestantNamed, MandatEnded, MandatGranted, OppetLageEnded
from ledger.domain.fact import Fact
from ledger.domain.koder import code_refusals, year_refusals
from ledger.domain.kodstrang import BESLUTSTYPER, NIVAER
from ledger.domain.language import N_
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.text import length_refusals, name_refusals, text_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: Besides the nine kinds of decision: to record what was decided elsewhere or before (registrera historik).
REGISTRERA: Final = "registrera"
FAR: Final = (*BESLUTSTYPER, REGISTRERA)
UPPGIFTER: Final = ("granskning", "beslut")

#: What the highest body is called, that of a region too.
FULLMAKTIGE: Final = ("kommunfullmäktige", "kf", "regionfullmäktige", "rf")
#: What the nämnd that leads and draws up the accounts is called.
STYRELSE: Final = ("kommunstyrelsen", "regionstyrelsen")

#: Those whom a nämnd may allow to delegate onward (KL 7:6): the head of a förvaltning.
FORVALTNINGSCHEF: Final = ("förvaltningschef", "förvaltningsdirektör", "kommundirektör")

_PERSON: Final = re.compile(r"a-[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class GrantMandat:
    """A row of a delegation order: whoever holds `funktion`, or `person`, may decide `far` in the tree of `ansvar`."""

    far: str
    ansvar: str
    fran: date
    beslutsorgan: str
    beslutsdatum: date
    funktion: str | None = None
    person: str | None = None
    niva: str | None = None
    beloppsgrans_ore: int | None = None
    till: date | None = None
    paragraf: str | None = None
    delegationspunkt: str | None = None
    anmals: bool = False


@dataclass(frozen=True, slots=True)
class EndMandat:
    """The mandate given by fact `mandat` ends earlier than was decided then."""

    mandat: int
    till: date
    beslutsorgan: str
    beslutsdatum: date
    paragraf: str | None = None
    motivering: str | None = None


@dataclass(frozen=True, slots=True)
class NameAttestant:
    """A row of an attestförteckning; the same person, task, unit, year and first day again gives it another end."""

    ansvar: str
    ar: int
    uppgift: str
    person: str
    fran: date
    till: date
    funktion: str | None = None
    ersattare: bool = False


COMMANDS = (GrantMandat, EndMandat, NameAttestant)
DOES: Final[Mapping[type[Any], str]] = {
    GrantMandat: N_("ge mandat"),
    EndMandat: N_("avsluta mandat"),
    NameAttestant: N_("ändra attestförteckningar"),
}

#: Nothing here is put right with --rattar: a step or a right is followed by another.
CORRECTABLE: Final[Mapping[type[Fact], type[Any]]] = {}


@dataclass(slots=True)
class State:
    """Mandates by the position of the fact that gave them, attestanter by stream; whether öppet läge has ended."""

    granted: dict[int, MandatGranted] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    ended: dict[int, date] = field(default_factory=dict)
    attest: dict[str, AttestantNamed] = field(default_factory=dict)
    is_closed: bool = False

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of a mandate, its end, or an attestant."""
        if isinstance(fact, OppetLageEnded):
            self.is_closed = True
        elif isinstance(fact, MandatGranted):
            self.granted[position] = fact
            self.positions[fact.stream] = position
        elif isinstance(fact, MandatEnded):
            self.ended[fact.mandat] = fact.till
        elif isinstance(fact, AttestantNamed):
            self.attest[fact.stream] = fact

    def forget(self, _position: int, _fact: Fact) -> None:
        """A mandate is not corrected: it is ended, and another given."""

    def last_day(self, position: int) -> date | None:
        """The last day of a mandate, as it is known now."""
        days = [day for day in (self.granted[position].till, self.ended.get(position)) if day]
        return min(days, default=None)

    def in_force(self, day: date) -> Iterator[tuple[int, MandatGranted]]:
        """The mandates of a day, with their positions."""
        for position, mandat in self.granted.items():
            last = self.last_day(position)
            if mandat.fran <= day and (last is None or day <= last):
                yield position, mandat

    def attestanter(self, day: date, uppgift: str) -> Iterator[AttestantNamed]:
        """Those who are named for a task on a day, substitutes included."""
        for named in self.attest.values():
            if named.uppgift == uppgift and named.ar == day.year and named.fran <= day <= named.till:
                yield named


def plain(name: str | None) -> str:
    """An organ or a function as names are compared: in lower case, one blank between words, `bitr.` for biträdande."""
    return " ".join((name or "").casefold().replace("biträdande", "bitr.").split())


def names_of(mandat: MandatGranted) -> frozenset[str]:
    """What the holder of a mandate is called in minutes: the function, alone or with its unit; or the person."""
    called = plain(mandat.funktion)
    return frozenset({called, plain(f"{called} {mandat.ansvar}"), plain(mandat.person)} - {"", plain(mandat.ansvar)})


def reads(_command: Any) -> set[str]:
    """Mandates, and the tree that they are over."""
    return {"mandat", "organisation"}


def decide(books: Books, command: GrantMandat | EndMandat | NameAttestant) -> list[Fact]:
    """What a mandate, its end or an attestant adds: nothing where it is recorded.

    Checks in order: the row by itself, its codes, by whom it is given, then what is recorded.
    """
    if isinstance(command, EndMandat):
        return _end(books, command)
    if isinstance(command, NameAttestant):
        return _name(books, command)
    state = books.of(State)
    fact = MandatGranted(**{name: getattr(command, name) for name in command.__dataclass_fields__})
    if refusals := [*_row_refusals(books, command)] or [*_giver_refusals(books, fact)]:
        raise Refused(refusals)
    known = state.positions.get(fact.stream)
    if known is not None:
        if state.granted[known] == fact:
            return []
        raise Refused([no.MandatIsOtherwise(known, kolumn="fran", varde=str(fact.fran))])
    return [fact] if state.is_closed else [OppetLageEnded(fact.beslutsdatum), fact]


def _row_refusals(books: Books, command: GrantMandat) -> Iterator[Refusal]:
    if not command.funktion and not command.person:
        yield no.MandatHasNoHolder(kolumn="funktion")
    yield from person_refusals(command.person)
    if command.far not in FAR:
        yield no.FarIsUnknown(FAR, kolumn="far", varde=command.far)
    if command.niva is not None and command.niva not in NIVAER:
        yield no.MandatNivaIsUnknown(NIVAER, kolumn="niva", varde=command.niva)
    if command.beloppsgrans_ore is not None and command.beloppsgrans_ore < 0:
        yield no.BeloppsgransIsNegative(kolumn="beloppsgrans", varde=str(command.beloppsgrans_ore))
    if command.till is not None and command.till < command.fran:
        yield no.MandatEndsBeforeItBegins(command.fran, command.till, kolumn="till", varde=str(command.till))
    if command.fran < command.beslutsdatum:
        yield no.MandatBeginsBeforeItIsDecided(
            command.fran, command.beslutsdatum, kolumn="fran", varde=str(command.fran)
        )
    if not command.beslutsorgan:
        yield no.MandatHasNoGiver(kolumn="beslutsorgan")
    for column in ("funktion", "beslutsorgan", "paragraf", "delegationspunkt"):
        yield from text_refusals(getattr(command, column), column)
        yield from length_refusals(getattr(command, column), column)
    yield from code_refusals(
        books.organisation.units, "ansvar", command.ansvar, command.fran, command.fran, rad=None, kolumn="ansvar"
    )
    if not command.ansvar:
        yield no.MandatHasNoUnit(kolumn="ansvar")


def _giver_refusals(books: Books, mandat: MandatGranted) -> Iterator[Refusal]:
    """Whether whoever gives a mandate may: a political body over its own tree, else the förvaltningschef."""
    organ, day = mandat.beslutsorgan, mandat.beslutsdatum
    top = political_tree(books, organ, day)
    if top == "":
        return
    if top is not None:
        if not books.organisation.stands_under(mandat.ansvar, top, mandat.fran):
            yield no.UnitIsNotTheGivers(organ, mandat.ansvar, kolumn="beslutsorgan", varde=organ)
        return
    if not plain(organ).startswith(FORVALTNINGSCHEF):
        yield no.OnwardDelegationIsForForvaltningschef(organ, kolumn="beslutsorgan", varde=organ)
        return
    held = [m for _, m in books.of(State).in_force(day) if plain(organ) in names_of(m) and m.far == mandat.far]
    if not any(_contains(books, own, mandat) for own in held):
        yield no.MandatIsWiderThanTheGivers(organ, mandat.far, mandat.ansvar, kolumn="beslutsorgan", varde=organ)


def _contains(books: Books, own: MandatGranted, given: MandatGranted) -> bool:
    """Whether a mandate is within another: units, levels, amount, time."""
    levels = own.niva is None or (given.niva is not None and NIVAER.index(given.niva) >= NIVAER.index(own.niva))
    limit, asked = own.beloppsgrans_ore, given.beloppsgrans_ore
    ends = own.till is None or (given.till is not None and given.till <= own.till)
    within = books.organisation.stands_under(given.ansvar, own.ansvar, given.fran)
    return levels and (limit is None or (asked is not None and asked <= limit)) and ends and within


def political_tree(books: Books, organ: str, day: date) -> str | None:
    """The unit whose tree a political body decides over: blank for kommunfullmäktige (all), None for others.

    A nämnd is named by its code or its name: `kommunstyrelsen`.
    """
    called = plain(organ)
    if called in FULLMAKTIGE:
        return ""
    for code, history in books.organisation.units.items():
        unit = history.on(day).content
        if unit.niva == "namnd" and called in (plain(code), plain(unit.namn)):
            return code
    return None


def person_refusals(person: str | None) -> Iterator[Refusal]:
    """A person is named by the pseudonym that the ledger knows."""
    if person and not _PERSON.fullmatch(person):
        yield no.PersonIsNoPseudonym(kolumn="person")


def _end(books: Books, command: EndMandat) -> list[Fact]:
    state = books.of(State)
    if command.mandat not in state.granted:
        raise Refused([no.MandatIsMissing(command.mandat, kolumn="mandat", varde=f"@{command.mandat}")])
    refusals = [*text_refusals(command.motivering, "motivering"), *text_refusals(command.beslutsorgan, "beslutsorgan")]
    last = state.last_day(command.mandat)
    if command.till < command.beslutsdatum:
        refusals.append(no.EndLiesBeforeItsDecision(command.till, command.beslutsdatum, kolumn="till"))
    elif last is not None and command.till >= last and state.ended.get(command.mandat) != command.till:
        refusals.append(no.MandatHasEnded(command.mandat, last, kolumn="till"))
    if refusals:
        raise Refused(refusals)
    if state.ended.get(command.mandat) == command.till:
        return []
    return [
        MandatEnded(
            command.mandat, command.till, command.beslutsorgan, command.beslutsdatum, command.paragraf,
            command.motivering,
        )
    ]  # fmt: skip


def _name(books: Books, command: NameAttestant) -> list[Fact]:
    refusals = [*year_refusals(command.ar, "ar"), *person_refusals(command.person or "-")]
    if command.uppgift not in UPPGIFTER:
        refusals.append(no.UppgiftIsUnknown(UPPGIFTER, kolumn="uppgift", varde=command.uppgift))
    if command.uppgift == "beslut" and not command.funktion:
        refusals.append(no.BeslutsattestantHasNoFunktion(kolumn="funktion"))
    if not command.fran.year == command.ar == command.till.year or command.till < command.fran:
        refusals.append(no.AttestLiesOutsideItsYear(command.ar, kolumn="fran", varde=str(command.fran)))
    refusals.extend([*text_refusals(command.funktion, "funktion"), *length_refusals(command.funktion, "funktion")])
    refusals.extend(name_refusals(command.ansvar, "ansvar"))
    refusals.extend(
        code_refusals(
            books.organisation.units, "ansvar", command.ansvar, command.fran, command.till, rad=None, kolumn="ansvar"
        )
    )
    if refusals:
        raise Refused(refusals)
    fact = AttestantNamed(**{name: getattr(command, name) for name in command.__dataclass_fields__})
    return [] if books.of(State).attest.get(fact.stream) == fact else [fact]
