"""Persons in mandates and attestförteckningar: facts keep a pseudonym, whatever the row calls the person.

With sign-in the directory says who is meant: by pseudonym, name or user name, and by just one person. In öppet läge
nobody is known, so that only a pseudonym is taken (mandat.py).
Not here: the directory itself, which is outside the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ledger.domain.mandat import GrantMandat, NameAttestant
from ledger.domain.refusal import AND, Kind, Refusal, Refused, listed
from ledger.domain.roll import RIGHTS, Caller

#: The pseudonyms of those whom the directory knows by a pseudonym, a name or a user name, in order.
People = Callable[[str], Sequence[str]]

C = TypeVar("C")

#: So many of those who have one name are told.
TOLD = 5


def named(command: C, caller: Caller, people: People | None) -> C:
    """A command with the pseudonym of the person that it is about, where there is a directory. Errors: Refused.

    Who may not give the command is not told whom the directory knows.
    """
    if people is None or not isinstance(command, GrantMandat | NameAttestant):
        return command
    if type(command) not in RIGHTS.get(caller.roll, ()):
        return command
    if refusals := list(_refusals(command, people)):
        raise Refused(refusals)
    return replace(command, person=people(command.person)[0]) if command.person else command


def _refusals(command: GrantMandat | NameAttestant, people: People) -> Iterator[Refusal]:
    if command.person:
        found = people(command.person)
        if not found:
            yield PersonIsUnknown(kolumn="person")
        elif len(found) > 1:
            yield PersonIsSeveral(tuple(found[:TOLD]), kolumn="person")
    if command.funktion and people(command.funktion):
        yield FunktionIsAPerson(kolumn="funktion")


@dataclass(slots=True)
class PersonIsUnknown(Refusal):
    """With sign-in a person is somebody whom the directory knows."""

    kind = Kind.MISSING

    def sentence(self) -> str:
        """Says how somebody becomes known; the name is not repeated."""
        return self.say(
            "Personen finns inte i personförteckningen: låt personen logga in en gång, och skriv sedan namnet som det "
            "står i inloggningen eller personens beteckning, till exempel a-17."
        )


@dataclass(slots=True)
class PersonIsSeveral(Refusal):
    """A name that several have says of none of them that he is meant."""

    found: tuple[str, ...]

    def sentence(self) -> str:
        """Gives their pseudonyms, not the name."""
        return self.say(
            "Flera i personförteckningen heter så ({found}): skriv beteckningen för den som menas.",
            found=listed(self.found, AND),
        )


@dataclass(slots=True)
class FunktionIsAPerson(Refusal):
    """A function is held by whoever has it; a person is named in his own column."""

    def sentence(self) -> str:
        """Says where the person goes; the name is not repeated."""
        return self.say(
            "Funktionen är namnet på en person, och fakta sparas för alltid: skriv personen i kolumnen person och i "
            "funktion vad uppdraget heter, till exempel enhetschef."
        )
