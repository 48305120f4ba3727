"""Fyra ögon: nobody takes every step of a matter, and whoever is jävig takes none.

Folds: ArendeDrafted, ArendeProposed, ArendeReviewed, FilRegistered, JavDeclared, RegistreringMade.
Rule: KL 6:28–32, 7:4; municipal attest rules.
Who took a step stands in the envelope of its fact, so the books are told the actor with every fact; deciders are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger.domain.arende import DecideArende, ReviewArende
from ledger.domain.events_behorighet import (
    ArendeDrafted,
    ArendeProposed,
    ArendeReviewed,
    FilRegistered,
    JavDeclared,
    RegistreringMade,
)
from ledger.domain.fact import Fact
from ledger.domain.refusal import Kind, Refusal
from ledger.domain.registrering import ConfirmRegistrering


@dataclass(slots=True)
class Hands:
    """Whose hands a matter has been through: proposers, reviewers and jäviga of a case; who registered what."""

    proposed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    reviewed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    javiga: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    registered: dict[int, str] = field(default_factory=dict)
    files: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def evolve(self, position: int, fact: Fact, actor: str) -> None:
        """Learn of a step and who took it."""
        match fact:
            case ArendeDrafted() | ArendeProposed():
                self.proposed[fact.arende].add(actor)
            case ArendeReviewed():
                self.reviewed[fact.arende].add(actor)
            case JavDeclared():
                self.javiga[fact.arende].add(actor)
            case RegistreringMade():
                self.registered[position] = actor
            case FilRegistered():
                self.files[fact.sha256, fact.digest].add(actor)


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
        return f"Du har skrivit eller föreslagit ärendet {self.arende}: någon annan granskar och beslutar i det."


@dataclass(slots=True)
class ReviewIsOnesOwn(Refusal):
    """Who reviews does not decide."""

    kind = Kind.FORBIDDEN
    arende: str

    def sentence(self) -> str:
        """Says who may."""
        return f"Du har granskat ärendet {self.arende}: någon annan beslutar i det."


@dataclass(slots=True)
class CallerIsJavig(Refusal):
    """Who is jävig takes no part."""

    kind = Kind.FORBIDDEN
    arende: str

    def sentence(self) -> str:
        """Says so."""
        return f"Du har anmält jäv i ärendet {self.arende} och deltar inte i det: en ersättare tar över."


@dataclass(slots=True)
class RegistreringIsOnesOwn(Refusal):
    """Who registers does not confirm."""

    kind = Kind.FORBIDDEN
    position: int

    def sentence(self) -> str:
        """Says who may."""
        return f"Du har själv gjort registreringen @{self.position}: en annan person bekräftar den."
