"""Registreringskontroll: what one person has recorded from minutes counts when another has confirmed it.

Folds: FilImported, FilRegistered, RegistreringConfirmed, RegistreringDropped, RegistreringMade.
Touches: registrering/<position>.     Guards: what is confirmed is exactly what was registered, and is judged again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.events import FilImported
from ledger.domain.events_behorighet import (
    FilRegistered,
    RegistreringConfirmed,
    RegistreringDropped,
    RegistreringMade,
)
from ledger.domain.fact import Fact
from ledger.domain.language import N_
from ledger.domain.refusal import Kind, Refusal, Refused, refuse
from ledger.domain.text import text_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books


@dataclass(frozen=True, slots=True)
class ConfirmRegistrering:
    """The registration made by fact `registrering` is right."""

    registrering: int


@dataclass(frozen=True, slots=True)
class DropRegistrering:
    """The registration made by fact `registrering` is taken back before it counted."""

    registrering: int
    motivering: str


COMMANDS = (ConfirmRegistrering, DropRegistrering)
DOES: Final[Mapping[type[Any], str]] = {
    ConfirmRegistrering: N_("bekräfta registreringar"),
    DropRegistrering: N_("ta tillbaka registreringar"),
}

#: Nothing here is put right with --rattar: a step or a right is followed by another.
CORRECTABLE: Final[Mapping[type[Fact], type[Any]]] = {}


@dataclass(slots=True)
class State:
    """Registrations that wait, by position, and files that wait, by SHA-256."""

    waiting: dict[int, Fact] = field(default_factory=dict)
    files: dict[str, FilRegistered] = field(default_factory=dict)

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of a registration and its end."""
        if isinstance(fact, RegistreringMade):
            self.waiting[position] = fact.fakta
        elif isinstance(fact, RegistreringConfirmed | RegistreringDropped):
            self.waiting.pop(fact.registrering, None)
        elif isinstance(fact, FilRegistered):
            self.files[fact.sha256] = fact
        elif isinstance(fact, FilImported):
            self.files.pop(fact.sha256, None)

    def forget(self, _position: int, _fact: Fact) -> None:
        """A registration that was wrong is dropped, or its fact is corrected."""

    def position_of(self, fact: Fact) -> int | None:
        """Where a fact waits, where it does."""
        return next((position for position, waits in self.waiting.items() if waits == fact), None)


def waiting(books: Books, position: int) -> Fact:
    """What waits as a registration. Errors: Refused."""
    fact = books.of(State).waiting.get(position)
    if fact is None:
        raise refuse(RegistreringIsNotWaiting(position, kolumn="registrering", varde=f"@{position}"))
    return fact


def confirmed(position: int, fact: Fact, again: list[Fact]) -> list[Fact]:
    """What a confirmation adds, where the fact judged `again` is still what was registered. Errors: Refused."""
    if again != [fact]:
        raise refuse(RegistreringIsOutdated(position, kolumn="registrering", varde=f"@{position}"))
    return [fact, RegistreringConfirmed(position)]


def reads(command: ConfirmRegistrering | DropRegistrering) -> set[str]:
    """The registration itself, and mandates."""
    return {f"registrering/{command.registrering}", "mandat"}


def decide(books: Books, command: DropRegistrering) -> list[Fact]:
    """A registration is taken back. Confirmations are judged in application.py, with all that the fact needs."""
    if refusals := list(text_refusals(command.motivering, "motivering")):
        raise Refused(refusals)
    if not command.motivering.strip():
        raise refuse(DropHasNoReason(kolumn="motivering"))
    waiting(books, command.registrering)
    return [RegistreringDropped(command.registrering, command.motivering)]


@dataclass(slots=True)
class RegistreringIsNotWaiting(Refusal):
    """A registration is confirmed or dropped once."""

    kind = Kind.MISSING
    position: int

    def sentence(self) -> str:
        """Names the position."""
        return self.say(
            "Ingen registrering väntar på @{self.position}: den är redan bekräftad eller tillbakatagen, eller så är "
            "positionen en annan.",
        )


@dataclass(slots=True)
class RegistreringIsOutdated(Refusal):
    """What is confirmed is what would be recorded now."""

    kind = Kind.CONFLICT
    position: int

    def sentence(self) -> str:
        """Says what to do."""
        return self.say(
            "Sedan registreringen @{self.position} gjordes har annat registrerats som den hör ihop med: ta tillbaka "
            "den och registrera beslutet på nytt.",
        )


@dataclass(slots=True)
class RegistreringWaits(Refusal):
    """The same thing is registered once."""

    kind = Kind.CONFLICT
    position: int

    def sentence(self) -> str:
        """Says how it is confirmed."""
        return self.say(
            "Detta är redan registrerat som @{self.position} och väntar: bekräfta den registreringen i stället.",
        )


@dataclass(slots=True)
class DropHasNoReason(Refusal):
    """To take something back needs a reason."""

    def sentence(self) -> str:
        """Asks for it."""
        return self.say("En registrering tas tillbaka med ett skäl, men motivering är tom: skriv vad som var fel.")
