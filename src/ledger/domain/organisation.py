"""The organisation: units under units, renamed, moved, merged and closed over time.

Folds: UnitEstablished, UnitChanged, UnitClosed, UnitMerged.     Touches: organisation.
Rule: contract §4 – a row with a later `fran` is a new version, one before the first becomes the earlier version,
overlap with other content is a conflict, identical content adds nothing. History stays as it was.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from ledger.domain.events import UnitChanged, UnitClosed, UnitEstablished, UnitMerged
from ledger.domain.fact import Fact
from ledger.domain.kodstrang import NIVAER, TECKENREGLER
from ledger.domain.language import _
from ledger.domain.refusal import Kind, Refusal, Refused, listed
from ledger.domain.text import length_refusals, name_refusals
from ledger.domain.versions import DAY, History, Version


class Unit(NamedTuple):
    """What a unit is during one version."""

    namn: str
    niva: str
    overordnad: str | None
    teckenregel: str | None


@dataclass(frozen=True, slots=True)
class RegisterUnit:
    """One row of an organisation file: a unit as it is from a day on, and perhaps its last day."""

    ansvar: str
    namn: str
    niva: str
    fran: date
    overordnad: str | None = None
    till: date | None = None
    teckenregel: str | None = None
    ersatt_av: str | None = None


COMMANDS = (RegisterUnit,)


@dataclass(slots=True)
class Organisation:
    """Units by code, each with its versions; what a unit was merged into after a last day; the days of any change."""

    facts: dict[str, list[tuple[int, Fact]]] = field(default_factory=dict)
    units: dict[str, History[Unit]] = field(default_factory=dict)
    merged: dict[str, dict[date, str]] = field(default_factory=dict)
    days: Counter[date] = field(default_factory=Counter)

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of a change."""
        if isinstance(fact, UnitEstablished | UnitChanged | UnitClosed | UnitMerged):
            insort(self.facts.setdefault(fact.ansvar, []), (position, fact), key=itemgetter(0))
            self._fold(fact.ansvar)

    def forget(self, position: int, fact: Fact) -> None:
        """Take back a wrong registration."""
        if isinstance(fact, UnitEstablished | UnitClosed):
            self.facts[fact.ansvar] = [(at, known) for at, known in self.facts[fact.ansvar] if at != position]
            self._fold(fact.ansvar)

    def _fold(self, ansvar: str) -> None:
        self.days.subtract(self.days_of(ansvar))
        history: History[Unit] = History()
        merged: dict[date, str] = {}
        for _at, fact in self.facts[ansvar]:
            if isinstance(fact, UnitEstablished):
                unit = Unit(fact.namn, fact.niva, fact.overordnad, fact.teckenregel)
                history.add(Version(fact.fran, unit))
        for _at, fact in self.facts[ansvar]:
            if isinstance(fact, UnitClosed) and history.versions and history.versions[0].fran <= fact.till:
                history.on(fact.till).till = fact.till
            if isinstance(fact, UnitMerged):
                merged[fact.till] = fact.ersatt_av
        if history.versions:
            self.units[ansvar], self.merged[ansvar] = history, merged
        else:
            self.units.pop(ansvar, None)
            self.merged.pop(ansvar, None)
        self.days.update(self.days_of(ansvar))

    def would_be(self, position: int, right: Fact | None, rattar: int = 0, wrong: Fact | None = None) -> Organisation:
        """What it would be with a fact recorded at a position, in place of that at `rattar` or besides; this stays."""
        changed = [one for one in (wrong, right) if isinstance(one, UnitEstablished | UnitClosed)]
        lists = {one.ansvar: list(self.facts.get(one.ansvar, ())) for one in changed}
        after = Organisation({**self.facts, **lists}, dict(self.units), dict(self.merged), Counter(self.days))
        if wrong is not None:
            after.forget(rattar, wrong)
        if right is not None:
            after.evolve(position, right)
        return after

    def days_of(self, ansvar: str) -> list[date]:
        """The days on which a unit begins, changes or goes into another."""
        versions = self.units[ansvar].versions if ansvar in self.units else []
        return [version.fran for version in versions] + [day + DAY for day in self.merged.get(ansvar, ())]

    def parent(self, ansvar: str, day: date) -> str | None:
        """The unit above on a day; after a merger, until it begins again, the unit it went into."""
        history = self.units.get(ansvar)
        if history is None:
            return None
        version = history.on(day)
        if version.till is not None and version.till < day and version.till in self.merged[ansvar]:
            return self.merged[ansvar][version.till]
        return version.content.overordnad

    def namnd(self, ansvar: str, day: date) -> str:
        """The nämnd of a unit on a day: the nearest of level namnd, itself included, else the unit itself."""
        seen: set[str] = set()
        at: str | None = ansvar
        while at and at not in seen and at in self.units:
            if self.units[at].on(day).content.niva == "namnd":
                return at
            seen.add(at)
            at = self.parent(at, day)
        return ansvar

    def path(self, ansvar: str, day: date) -> list[str]:
        """A unit and those above it on a day, the unit itself first."""
        found: list[str] = []
        at: str | None = ansvar
        while at and at not in found:
            found.append(at)
            at = self.parent(at, day)
        return found

    def would_circle(self, ansvar: str, above: str, fran: date) -> bool:
        """Whether a unit would come to stand above itself if it lay under another from a day until its next version.

        A first version also holds for the time before it.
        """
        starts = [version.fran for version in self.units[ansvar].versions] if ansvar in self.units else []
        later = min((start for start in starts if start > fran), default=None)
        is_first = not any(start < fran for start in starts)
        days = {day for day, count in self.days.items() if count > 0 and (day > fran or is_first)}
        return any(self.stands_under(above, ansvar, day) for day in (fran, *days) if later is None or day < later)

    def circle(self) -> tuple[str, str] | None:
        """A unit that stands above itself on some day, with the unit above it; corrections must leave none."""
        first = min((day for day, count in self.days.items() if count > 0), default=None)
        for day in () if first is None else (first - DAY, *self.days):
            for ansvar in self.units:
                above = self.parent(ansvar, day)
                if above and self.stands_under(above, ansvar, day):
                    return ansvar, above
        return None

    def stands_under(self, unit: str, ansvar: str, day: date) -> bool:
        """Whether a unit is another, or lies under it on a day."""
        return ansvar in self.path(unit, day)


def decide(organisation: Organisation, command: RegisterUnit) -> list[Fact]:
    """What a row of the organisation file adds: nothing, a new unit, a new version, its last day.

    Checks in order: the row by itself, the units it names, then what is recorded already.
    """
    refusals = list(_row_refusals(organisation, command))
    if refusals:
        raise Refused(refusals)
    unit = Unit(command.namn, command.niva, command.overordnad, command.teckenregel)
    fields = (command.ansvar, command.namn, command.niva, command.fran, command.overordnad, command.teckenregel)
    history = organisation.units.get(command.ansvar)
    facts: list[Fact] = []
    if history is None:
        facts.append(UnitEstablished(*fields))
    else:
        known = history.contradicted(command.fran, command.till, unit)
        if known is not None:
            day = max(command.fran, known.fran)
            raise Refused([UnitIsOtherwise(command.ansvar, day, known.fran, *_difference(known.content, unit))])
        if history.begins(command.fran, unit):
            facts.append(UnitChanged(*fields))
    closing = _closing(organisation, command, history)
    return facts if closing is None else [*facts, closing]


def _closing(organisation: Organisation, command: RegisterUnit, history: History[Unit] | None) -> Fact | None:
    """The unit's last day, unless it only ends the version before the next, or is known already."""
    if command.till is None:
        return None
    if history and history.exact(command.till + DAY):
        return None
    known = history.closed_from(command.fran, command.till) if history else None
    if known is not None:
        if (known, organisation.merged[command.ansvar].get(known)) == (command.till, command.ersatt_av):
            return None
        raise Refused([UnitIsClosedOtherwise(command.ansvar, known, command.till)])
    if command.ersatt_av:
        return UnitMerged(command.ansvar, command.till, command.ersatt_av)
    return UnitClosed(command.ansvar, command.till)


def _difference(known: Unit, given: Unit) -> tuple[str, str, str]:
    for column in Unit._fields:
        before, after = getattr(known, column), getattr(given, column)
        if before != after:
            return column, str(before or ""), str(after or "")
    return "", "", ""


def _row_refusals(organisation: Organisation, command: RegisterUnit) -> Iterator[Refusal]:
    if command.niva not in NIVAER:
        yield NivaIsUnknown(kolumn="niva", varde=command.niva)
    if command.teckenregel is not None and command.teckenregel not in TECKENREGLER:
        yield TeckenregelIsUnknown(kolumn="teckenregel", varde=command.teckenregel)
    if command.till is not None and command.till < command.fran:
        yield ValidityEndsBeforeItBegins(command.fran, command.till, kolumn="till", varde=str(command.till))
    if command.ersatt_av and command.till is None:
        yield MergerHasNoDay(command.ansvar, command.ersatt_av, kolumn="till")
    yield from name_refusals(command.ansvar, "ansvar")
    yield from length_refusals(command.ansvar, "ansvar")
    yield from name_refusals(command.namn, "namn")
    merged_from = command.till + DAY if command.till else command.fran
    above = (("overordnad", command.overordnad, command.fran), ("ersatt_av", command.ersatt_av, merged_from))
    for column, other, day in above:
        if not other:
            continue
        if other == command.ansvar or organisation.would_circle(command.ansvar, other, day):
            yield UnitStandsAboveItself(command.ansvar, other, kolumn=column, varde=other)
        elif other not in organisation.units:
            yield ParentIsUnknown(command.ansvar, other, kolumn=column, varde=other)


@dataclass(slots=True)
class NivaIsUnknown(Refusal):
    """A unit has one of the levels of the contract."""

    def sentence(self) -> str:
        """Lists the levels."""
        return self.say(
            "Nivån {varde} finns inte: skriv {nivaer}.",
            varde=self.varde or _("(tomt)"),
            nivaer=listed(NIVAER),
        )


@dataclass(slots=True)
class TeckenregelIsUnknown(Refusal):
    """There are two presentation signs."""

    def sentence(self) -> str:
        """Lists them."""
        return self.say(
            "Teckenregeln {self.varde} finns inte: skriv {teckenregler}, eller lämna tomt för att ärva.",
            teckenregler=listed(TECKENREGLER),
        )


@dataclass(slots=True)
class ValidityEndsBeforeItBegins(Refusal):
    """A last day is not before the first."""

    fran: date
    till: date

    def sentence(self) -> str:
        """Gives both days."""
        return self.say("Sista dagen {self.till} ligger före första dagen {self.fran}: rätta fran eller till.")


@dataclass(slots=True)
class MergerHasNoDay(Refusal):
    """A merger has a day."""

    ansvar: str
    ersatt_av: str

    def sentence(self) -> str:
        """Asks for the last day."""
        return self.say("Enheten {self.ansvar} ska ersättas av {self.ersatt_av}, men sista dagen saknas: ange till.")


@dataclass(slots=True)
class UnitStandsAboveItself(Refusal):
    """The organisation is a tree."""

    ansvar: str
    overordnad: str

    def sentence(self) -> str:
        """Names both."""
        return self.say(
            "Enheten {self.ansvar} skulle hamna under sig själv genom {self.overordnad}: ange en annan enhet.",
        )


@dataclass(slots=True)
class ParentIsUnknown(Refusal):
    """A unit lies under a unit that exists."""

    kind = Kind.MISSING
    ansvar: str
    overordnad: str

    def sentence(self) -> str:
        """Names the missing unit."""
        return self.say(
            "Enheten {self.overordnad}, som {self.ansvar} hänvisar till, finns inte: lägg till den i "
            "organisationsfilen eller rätta koden.",
        )


@dataclass(slots=True)
class UnitIsOtherwise(Refusal):
    """Two contents for one unit at one time contradict each other."""

    kind = Kind.CONFLICT
    ansvar: str
    fran: date
    known_fran: date
    column: str
    known: str
    given: str

    def sentence(self) -> str:
        """Names both contents."""
        return self.say(
            "Enheten {self.ansvar} har redan ett annat innehåll den {self.fran} (gäller från {self.known_fran}): "
            "{self.column} är {known} i liggaren men {given} i raden. Ange en senare fran för en ändring, eller "
            "rätta registreringen med --rattar.",
            known=self.known or _("(tomt)"),
            given=self.given or _("(tomt)"),
        )


@dataclass(slots=True)
class UnitIsClosedOtherwise(Refusal):
    """A unit ends once."""

    kind = Kind.CONFLICT
    ansvar: str
    known: date
    given: date

    def sentence(self) -> str:
        """Names both days or mergers."""
        return self.say(
            "Enheten {self.ansvar} är redan avslutad {self.known}, men raden säger {self.given} eller en annan "
            "ersättande enhet: rätta raden, eller rätta registreringen med --rattar.",
        )
