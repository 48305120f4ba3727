"""Fyra ögon: nobody takes every step of a matter, and whoever is jävig takes none.

Folds: ArendeDrafted, ArendeProposed, ArendeReviewed, FilRegistered, ForsokRefused, JavDeclared, RegistreringMade.
Rule: KL 6:28–32, 7:4; municipal attest rules.
Who took a step stands in the envelope of its fact, so the books are told the actor with every fact; deciders are not.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from ledger.domain.arende import DecideArende, ReviewArende
from ledger.domain.events_behorighet import (
    ArendeDrafted,
    ArendeProposed,
    ArendeReviewed,
    FilRegistered,
    ForsokRefused,
    JavDeclared,
    RegistreringMade,
)
from ledger.domain.fact import Fact
from ledger.domain.refusal import Kind, Refusal
from ledger.domain.registrering import ConfirmRegistrering

#: Refused attempts of each person that are at hand; all are in the log.
NEWEST: Final = 5


@dataclass(slots=True)
class Hands:
    """Whose hands a matter has been through: proposers, reviewers and jäviga of a case; who registered what.

    `refused` are the positions of each person's newest refused attempts, the oldest first.
    """

    proposed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    #: Of those, who wrote or proposed the version that is on its way.
    newest: dict[str, set[str]] = field(default_factory=dict)
    reviewed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    javiga: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    registered: dict[int, str] = field(default_factory=dict)
    files: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    refused: dict[str, deque[int]] = field(default_factory=lambda: defaultdict(partial(deque, maxlen=NEWEST)))

    def evolve(self, position: int, fact: Fact, actor: str) -> None:
        """Learn of a step and who took it."""
        match fact:
            case ArendeDrafted():
                self.proposed[fact.arende].add(actor)
                self.newest[fact.arende] = {actor}
            case ArendeProposed():
                self.proposed[fact.arende].add(actor)
                self.newest[fact.arende].add(actor)
            case ArendeReviewed():
                self.reviewed[fact.arende].add(actor)
            case JavDeclared():
                self.javiga[fact.arende].add(actor)
            case RegistreringMade():
                self.registered[position] = actor
            case FilRegistered():
                self.files[fact.sha256, fact.digest].add(actor)
            case ForsokRefused():
                self.refused[actor].append(position)


def refusals(hands: Hands, command: Any, actors: frozenset[str]) -> Iterator[Refusal]:
    """Why a person, by all the pseudonyms it acts under, may not take a step, whatever right there is to it."""
    if isinstance(command, ConfirmRegistrering):
        if hands.registered.get(command.registrering) in actors:
            yield RegistreringIsOnesOwn(command.registrering, kolumn="registrering", varde=f"@{command.registrering}")
        return
    arende = getattr(command, "arende", None)
    if arende is None:
        return
    if actors & hands.javiga.get(arende, set()):
        yield CallerIsJavig(arende, kolumn="arende", varde=arende)
    if isinstance(command, ReviewArende | DecideArende) and actors & hands.proposed.get(arende, set()):
        yield ProposalIsOnesOwn(arende, kolumn="arende", varde=arende)
    elif isinstance(command, DecideArende) and actors & hands.reviewed.get(arende, set()):
        yield ReviewIsOnesOwn(arende, kolumn="arende", varde=arende)


@dataclass(slots=True)
class ProposalIsOnesOwn(Refusal):
    """Who proposes does not attest."""

    kind = Kind.FORBIDDEN
    arende: str

    def sentence(self) -> str:
        """Says who may."""
        return self.say(
            "Du har skrivit eller föreslagit ärendet {self.arende}: någon annan granskar och beslutar i det.",
        )


@dataclass(slots=True)
class ReviewIsOnesOwn(Refusal):
    """Who reviews does not decide."""

    kind = Kind.FORBIDDEN
    arende: str

    def sentence(self) -> str:
        """Says who may."""
        return self.say("Du har granskat ärendet {self.arende}: någon annan beslutar i det.")


@dataclass(slots=True)
class CallerIsJavig(Refusal):
    """Who is jävig takes no part."""

    kind = Kind.FORBIDDEN
    arende: str

    def sentence(self) -> str:
        """Says so."""
        return self.say("Du har anmält jäv i ärendet {self.arende} och deltar inte i det: en ersättare tar över.")


@dataclass(slots=True)
class RegistreringIsOnesOwn(Refusal):
    """Who registers does not confirm."""

    kind = Kind.FORBIDDEN
    position: int

    def sentence(self) -> str:
        """Says who may."""
        return self.say("Du har själv gjort registreringen @{self.position}: en annan person bekräftar den.")
