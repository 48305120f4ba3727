"""Bokslut: a year whose months are all closed is closed, and the next begins with what its projects have come to.

Folds: YearClosed.     Touches: bokslut/<ar>.     Guards: no month of the year is open; a closed year stays closed;
fullmäktige or styrelsen closes it, since a year is closed for the whole municipality.
Rule: LKBR 1:5, 13:1. Unused investment frames are listed, not carried over: ombudgetering is a decision of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.events_behorighet import Ingaende, YearClosed
from ledger.domain.fact import Fact
from ledger.domain.koder import year_refusals
from ledger.domain.language import N_
from ledger.domain.mandat import STYRELSE, plain, political_tree
from ledger.domain.refusal import AND, Kind, Refusal, Refused, listed
from ledger.domain.text import length_refusals, text_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: Outcome in the slag's own direction by project, slag and whether it is of the year itself.
Outcome = Mapping[tuple[str, str, bool], int]


@dataclass(frozen=True, slots=True)
class CloseYear:
    """A year's bokslut is decided."""

    ar: int
    beslutsorgan: str
    beslutsdatum: date
    paragraf: str | None = None


COMMANDS = (CloseYear,)
DOES: Final[Mapping[type[Any], str]] = {CloseYear: N_("fastställa bokslut")}
#: A closed year is followed by corrections in the next.
CORRECTABLE: Final[Mapping[type[Fact], type[Any]]] = {}


@dataclass(slots=True)
class State:
    """The years that are closed."""

    closed: set[int] = field(default_factory=set)

    def evolve(self, _position: int, fact: Fact) -> None:
        """Learn of a bokslut."""
        if isinstance(fact, YearClosed):
            self.closed.add(fact.ar)

    def forget(self, _position: int, _fact: Fact) -> None:
        """A bokslut is not corrected."""


def reads(command: CloseYear) -> set[str]:
    """The year and its months."""
    return {"mandat", f"bokslut/{command.ar}", *(f"period/{month}" for month in months(command.ar))}


def months(ar: int) -> list[str]:
    """The months of a year."""
    return [f"{ar}-{month:02d}" for month in range(1, 13)]


def decide(books: Books, command: CloseYear, outcome: Outcome | None = None) -> list[Fact]:
    """The bokslut of a year, with what the next begins with. Checks in order: year, texts, day, state, months."""
    refusals: list[Refusal] = list(year_refusals(command.ar, "ar"))
    if not command.beslutsorgan:
        refusals.append(BokslutHasNoOrgan(kolumn="beslutsorgan"))
    elif not _may_close(books, command):
        organ = command.beslutsorgan
        refusals.append(OrganMayNotCloseYear(organ, command.ar, kolumn="beslutsorgan", varde=organ))
    for column in ("beslutsorgan", "paragraf"):
        refusals.extend(text_refusals(getattr(command, column), column))
        refusals.extend(length_refusals(getattr(command, column), column))
    if command.beslutsdatum.year <= command.ar:
        refusals.append(BokslutIsDecidedAfterTheYear(command.ar, kolumn="beslutsdatum"))
    if command.ar in books.of(State).closed:
        refusals.append(YearIsClosedAlready(command.ar, kolumn="ar", varde=str(command.ar)))
    elif still := [month for month in months(command.ar) if month not in books.periods.closed]:
        refusals.append(YearHasOpenMonths(command.ar, tuple(still), kolumn="ar", varde=str(command.ar)))
    if refusals:
        raise Refused(refusals)
    begins = tuple(_begins(books, command.ar, outcome or {}))
    return [YearClosed(command.ar, command.beslutsorgan, command.beslutsdatum, begins, command.paragraf)]


def _may_close(books: Books, command: CloseYear) -> bool:
    """Whether an organ decides for the whole municipality, or draws up its accounts."""
    day, called = command.beslutsdatum, plain(command.beslutsorgan)
    top = political_tree(books, command.beslutsorgan, day)
    name = plain(books.organisation.units[top].on(day).content.namn) if top else called
    return top == "" or name in STYRELSE


def _begins(books: Books, ar: int, outcome: Outcome) -> Iterable[Ingaende]:
    """What each project, or unit with a frame of its own, begins the next year with; nothing where all is nought."""
    framed = {key for key, year in books.budget.frames if year == ar}
    for key in sorted(framed | {projekt for projekt, _, _ in outcome}):

        def total(slag: str, key: str = key) -> int:
            return outcome.get((key, slag, True), 0) + outcome.get((key, slag, False), 0)

        left = books.budget.frame_ore(key, ar, "utgift") - outcome.get((key, "utgift", True), 0)
        row = Ingaende(key, total("utgift"), total("inkomst"), max(left, 0))
        if any(row[1:]):
            yield row


@dataclass(slots=True)
class BokslutHasNoOrgan(Refusal):
    """Somebody decides a bokslut."""

    def sentence(self) -> str:
        """Asks who."""
        return self.say("Beslutsorganet saknas: skriv vem som har fastställt bokslutet.")


@dataclass(slots=True)
class OrganMayNotCloseYear(Refusal):
    """A year is closed for the whole municipality, by who decides for all of it."""

    kind = Kind.FORBIDDEN
    organ: str
    ar: int

    def sentence(self) -> str:
        """Says who may."""
        return self.say(
            "{self.organ} kan inte fastställa bokslutet för {self.ar}, som gäller hela kommunen: det gör "
            "kommunfullmäktige eller kommunstyrelsen. En förvaltning stänger sina egna månader."
        )


@dataclass(slots=True)
class BokslutIsDecidedAfterTheYear(Refusal):
    """A year is over when it is closed."""

    ar: int

    def sentence(self) -> str:
        """Gives the year."""
        return self.say("Bokslutet för {self.ar} fastställs efter årets slut: rätta beslutsdatum eller året.")


@dataclass(slots=True)
class YearIsClosedAlready(Refusal):
    """A year is closed once."""

    kind = Kind.CONFLICT
    ar: int

    def sentence(self) -> str:
        """Says where corrections go."""
        return self.say("Bokslutet för {self.ar} är fastställt: det som hittas senare bokförs i en öppen period.")


@dataclass(slots=True)
class YearHasOpenMonths(Refusal):
    """All months are closed before the year is."""

    kind = Kind.CONFLICT
    ar: int
    months: tuple[str, ...]

    def sentence(self) -> str:
        """Lists them."""
        return self.say(
            "Bokslutet för {self.ar} väntar på öppna månader ({months}): stäng dem först.",
            months=listed(self.months, AND),
        )
