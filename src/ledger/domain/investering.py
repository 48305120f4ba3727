"""Investment projects: who owns them, when they run, how far they have come.

Folds: ProjektChanged.     Touches: projekt/<kod>.
Not here: frames and totals of projects (budget.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from ledger.domain.events import ProjektChanged
from ledger.domain.fact import Fact
from ledger.domain.kodstrang import PROJEKTSTATUS
from ledger.domain.language import _
from ledger.domain.organisation import Organisation
from ledger.domain.refusal import Kind, Refusal, Refused, listed
from ledger.domain.text import length_refusals, name_refusals, text_refusals


@dataclass(frozen=True, slots=True)
class ChangeProjekt:
    """One row of a projekt file: the project as it is from `statusdatum` on."""

    projekt: str
    namn: str
    ansvar: str
    status: str
    statusdatum: date
    grupp: str | None = None
    startar: date | None = None
    slutar: date | None = None


COMMANDS = (ChangeProjekt,)


@dataclass(slots=True)
class Projects:
    """Projects by code: what each row said, by statusdatum."""

    projects: dict[str, dict[date, tuple[int, ProjektChanged]]] = field(default_factory=dict)

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of a project or of its progress."""
        if isinstance(fact, ProjektChanged):
            self.projects.setdefault(fact.projekt, {})[fact.statusdatum] = (position, fact)

    def forget(self, _position: int, fact: Fact) -> None:
        """Take back a wrong registration."""
        if isinstance(fact, ProjektChanged):
            rows = self.projects.get(fact.projekt, {})
            rows.pop(fact.statusdatum, None)
            if not rows:
                self.projects.pop(fact.projekt, None)


def decide(projects: Projects, organisation: Organisation, command: ChangeProjekt) -> list[Fact]:
    """What a row of a projekt file adds. Checks in order: the row by itself, its unit, what is recorded already."""
    refusals = list(_row_refusals(organisation, command))
    if refusals:
        raise Refused(refusals)
    fact = ProjektChanged(
        command.projekt, command.namn, command.ansvar, command.status, command.statusdatum,
        command.grupp, command.startar, command.slutar,
    )  # fmt: skip
    known = projects.projects.get(command.projekt, {}).get(command.statusdatum)
    if known is None:
        return [fact]
    if known[1] == fact:
        return []
    column = next(name for name in ("namn", "ansvar", "status", "grupp", "startar", "slutar")
                  if getattr(known[1], name) != getattr(fact, name))  # fmt: skip
    before, after = getattr(known[1], column), getattr(fact, column)
    raise Refused(
        [
            ProjektIsOtherwise(
                command.projekt, command.statusdatum, known[0], column, str(before or ""), str(after or "")
            )
        ]
    )


def _row_refusals(organisation: Organisation, command: ChangeProjekt) -> Iterator[Refusal]:
    if command.status not in PROJEKTSTATUS:
        yield ProjektstatusIsUnknown(kolumn="status", varde=command.status)
    if command.startar and command.slutar and command.slutar < command.startar:
        yield ProjektEndsBeforeItStarts(command.startar, command.slutar, kolumn="slutar", varde=str(command.slutar))
    yield from name_refusals(command.projekt, "projekt")
    yield from length_refusals(command.projekt, "projekt")
    yield from name_refusals(command.namn, "namn")
    yield from text_refusals(command.grupp, "grupp")
    if command.ansvar not in organisation.units:
        yield OwnerIsUnknown(command.projekt, command.ansvar, kolumn="ansvar", varde=command.ansvar)


@dataclass(slots=True)
class ProjektstatusIsUnknown(Refusal):
    """A project has one of four states."""

    def sentence(self) -> str:
        """Lists them."""
        return self.say(
            "Projektstatusen {varde} finns inte: skriv {projektstatus}.",
            varde=self.varde or _("(tomt)"),
            projektstatus=listed(PROJEKTSTATUS),
        )


@dataclass(slots=True)
class ProjektEndsBeforeItStarts(Refusal):
    """A project ends after it starts."""

    startar: date
    slutar: date

    def sentence(self) -> str:
        """Gives both days."""
        return self.say("Projektet slutar {self.slutar}, före starten {self.startar}: rätta startar eller slutar.")


@dataclass(slots=True)
class OwnerIsUnknown(Refusal):
    """A project is owned by a unit that exists."""

    kind = Kind.MISSING
    projekt: str
    ansvar: str

    def sentence(self) -> str:
        """Names both codes."""
        return self.say(
            "Projektet {self.projekt} ägs av {ansvar}, som inte finns: lägg till enheten i organisationsfilen eller "
            "rätta koden.",
            ansvar=self.ansvar or _("(tomt)"),
        )


@dataclass(slots=True)
class ProjektIsOtherwise(Refusal):
    """Two contents of one project on one day contradict each other."""

    kind = Kind.CONFLICT
    projekt: str
    statusdatum: date
    position: int
    column: str
    known: str
    given: str

    def sentence(self) -> str:
        """Names both contents."""
        return self.say(
            "Projektet {self.projekt} har redan ett annat innehåll med statusdatum {self.statusdatum} "
            "(@{self.position}): {self.column} är {known} i liggaren men {given} i raden. Ange ett nytt statusdatum "
            "för en ändring, eller rätta registreringen med --rattar.",
            known=self.known or _("(tomt)"),
            given=self.given or _("(tomt)"),
        )
