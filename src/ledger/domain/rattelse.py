"""Corrections of wrong registrations: a mistake in recording, as opposed to a new decision.

Folds: RegistreringCorrected.     Touches: all that the wrong and the right one touch.
Rule: contract §4 – the correcting fact names fact N, reverses its entries at their own dates and records the right
ones; LKBR's counterpart of BFL 5:5 and 5:9.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

from ledger.domain import beslut, matt
from ledger.domain.beslut import DecideBeslut
from ledger.domain.deciders import DECIDERS
from ledger.domain.events import (
    Beslut,
    KontoDefined,
    PrognosSubmitted,
    ProjektChanged,
    RegistreringCorrected,
    UnitClosed,
    UnitEstablished,
    VerifikationPosted,
    VerksamhetDefined,
)
from ledger.domain.events_uppfoljning import MattDefined
from ledger.domain.fact import Fact
from ledger.domain.investering import ChangeProjekt
from ledger.domain.kontoplan import DefineKonto, DefineVerksamhet
from ledger.domain.language import phrase
from ledger.domain.organisation import RegisterUnit, UnitStandsAboveItself
from ledger.domain.prognos import SubmitPrognos
from ledger.domain.refusal import Kind, Refusal, Refused, refuse
from ledger.domain.text import text_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: Facts that can be put right this way, by the family within which the right one must lie, with its command.
FAMILIES: Final[tuple[tuple[type[Fact], type[Any]], ...]] = (
    (Beslut, DecideBeslut),
    (PrognosSubmitted, SubmitPrognos),
    (ProjektChanged, ChangeProjekt),
    (UnitEstablished, RegisterUnit),
    (UnitClosed, RegisterUnit),
    (KontoDefined, DefineKonto),
    (VerksamhetDefined, DefineVerksamhet),
    *(pair for each in DECIDERS for pair in each.CORRECTABLE.items()),
)
CORRECTABLE: Final = tuple(fact for fact, _ in FAMILIES)


@dataclass(frozen=True, slots=True)
class CorrectRegistrering:
    """Fact `rattar` was wrongly registered; `kommando` says what it should have been (blank: nothing)."""

    rattar: int
    kommando: Any | None = None
    motivering: str | None = None


COMMANDS = (CorrectRegistrering,)


@dataclass(slots=True)
class Corrections:
    """Which facts are corrected, and by which."""

    by: dict[int, int] = field(default_factory=dict)

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of a correction."""
        if isinstance(fact, RegistreringCorrected):
            self.by[fact.rattar] = position


def wrong_fact(corrections: Corrections, rattar: int, found: Fact | None) -> Fact:
    """The content to take back when fact `rattar`, which is `found`, is corrected. Errors: Refused."""
    if found is None:
        raise refuse(CorrectedFactIsMissing(rattar, kolumn="rattar", varde=f"@{rattar}"))
    if (later := corrections.by.get(rattar)) is not None:
        raise refuse(FactIsCorrectedAlready(rattar, later, kolumn="rattar", varde=f"@{rattar}"))
    content = found.ratt if isinstance(found, RegistreringCorrected) else found
    if content is None or not isinstance(content, CORRECTABLE):
        raise refuse(FactIsCorrectedOtherwise(rattar, _way(found), kolumn="rattar", varde=f"@{rattar}"))
    return content


def check_family(command: CorrectRegistrering, wrong: Fact) -> None:
    """Refuse a command of another kind than the fact it is to put right, before it is judged. Errors: Refused."""
    if command.kommando is None:
        return
    family = next(taking for fact, taking in FAMILIES if isinstance(wrong, fact))
    of_other_typ = isinstance(wrong, Beslut) and getattr(command.kommando, "typ", None) != wrong.typ
    if not isinstance(command.kommando, family) or of_other_typ:
        raise refuse(CorrectionIsNotOneFact(command.rattar, 1, kolumn="rattar"))


def taken_by(fact: Fact) -> type[Any]:
    """The command that leads to a fact that can be put right."""
    if isinstance(fact, Beslut):
        return next(command for command in beslut.COMMANDS if command.typ == fact.typ)
    return next(taking for kind, taking in FAMILIES if isinstance(fact, kind))


def decide(command: CorrectRegistrering, wrong: Fact, right: list[Fact]) -> list[Fact]:
    """The correction: `wrong` is what fact N holds, `right` what the ledger would record without it.

    Checks in order: the reason, that one fact of the same family takes its place, that it differs; then what remains
    (`remaining_refusals`).
    """
    refusals = list(text_refusals(command.motivering, "motivering"))
    if command.kommando is not None:
        family: type[Fact] = next(family for family in CORRECTABLE if isinstance(wrong, family))
        if family is Beslut:
            family = type(wrong)
        if len(right) != 1 or not isinstance(right[0], family):
            refusals.append(CorrectionIsNotOneFact(command.rattar, len(right), kolumn="rattar"))
        elif _says_the_same(right[0], wrong):
            refusals.append(CorrectionChangesNothing(command.rattar, kolumn="rattar"))
    elif not command.motivering:
        refusals.append(RemovalHasNoReason(command.rattar, kolumn="motivering"))
    if refusals:
        raise Refused(refusals)
    return [RegistreringCorrected(command.rattar, wrong, right[0] if right else None, command.motivering)]


def remaining_refusals(books: Books, wrong: Fact) -> Iterator[Refusal]:
    """What would be wrong with the registers afterwards. `books` hold the right registration and not the wrong one.

    Other facts may name a code, so one that is known stays known; and no unit may come to stand above itself.
    """
    if isinstance(wrong, UnitEstablished) and wrong.ansvar not in books.organisation.units:
        yield CodeWouldVanish(phrase("Enheten"), wrong.ansvar, kolumn="rattar")
    if isinstance(wrong, KontoDefined) and wrong.konto not in books.charts.konto:
        yield CodeWouldVanish(phrase("Kontot"), wrong.konto, kolumn="rattar")
    if isinstance(wrong, VerksamhetDefined) and wrong.kod not in books.charts.verksamhet:
        yield CodeWouldVanish(phrase("Verksamheten"), wrong.kod, kolumn="rattar")
    if isinstance(wrong, ProjektChanged) and wrong.projekt not in books.projects.projects:
        yield CodeWouldVanish(phrase("Projektet"), wrong.projekt, kolumn="rattar")
    if isinstance(wrong, MattDefined) and wrong.matt not in books.of(matt.State).matt:
        yield CodeWouldVanish(phrase("Måttet"), wrong.matt, kolumn="rattar")
    if isinstance(wrong, UnitEstablished | UnitClosed) and (circle := books.organisation.circle()) is not None:
        yield UnitStandsAboveItself(*circle, kolumn="overordnad", varde=circle[1])


def _says_the_same(right: Fact, wrong: Fact) -> bool:
    """Whether two facts have one content; a unit's first version is established, the same one later is changed."""
    if type(right) is type(wrong) or isinstance(right, Beslut):
        return right == wrong
    if not isinstance(right, UnitEstablished) or not isinstance(wrong, UnitEstablished):
        return False
    return all(getattr(right, column.name) == getattr(wrong, column.name) for column in fields(wrong))


def _way(found: Fact) -> str:
    if isinstance(found, VerifikationPosted):
        return phrase("en verifikation rättas med kolumnen rattar i en utfallsfil")
    if found.name.startswith("utfall"):
        return phrase("utfallsrader rättas med en ny leverans och --ersatt")
    if found.name.startswith("kommentar"):
        return phrase("en kommentar ersätts av en ny kommentar till samma rad")
    if found.name.startswith("forslag"):
        return phrase("ett förslag avslås eller beslutas")
    return phrase("den kan inte rättas i efterhand")


@dataclass(slots=True)
class CorrectedFactIsMissing(Refusal):
    """A correction names a fact that exists."""

    kind = Kind.MISSING
    position: int

    def sentence(self) -> str:
        """Names the position."""
        return self.say("Faktum @{self.position} finns inte: kontrollera positionen i behandlingshistoriken.")


@dataclass(slots=True)
class FactIsCorrectedAlready(Refusal):
    """A fact is corrected once."""

    kind = Kind.CONFLICT
    position: int
    later: int

    def sentence(self) -> str:
        """Names the correction."""
        return self.say(
            "Faktum @{self.position} är redan rättat av faktum @{self.later}: rätta i så fall @{self.later}.",
        )


@dataclass(slots=True)
class FactIsCorrectedOtherwise(Refusal):
    """Some facts have their own way of being put right."""

    position: int
    way: str

    def sentence(self) -> str:
        """Names the way."""
        return self.say("Faktum @{self.position} kan inte rättas med --rattar: {self.way}.")


@dataclass(slots=True)
class CorrectionIsNotOneFact(Refusal):
    """One fact takes the place of one."""

    position: int
    count: int

    def sentence(self) -> str:
        """Gives the count."""
        if self.count == 1:
            return self.say(
                "Faktum @{self.position} ska ersättas av ett enda faktum av samma slag, men underlaget är av ett annat "
                "slag: låt filen innehålla just det beslut eller den rad som ska gälla."
            )
        return self.say(
            "Faktum @{self.position} ska ersättas av ett enda faktum av samma slag, men underlaget ger {self.count}: "
            "låt filen innehålla just det beslut eller den rad som ska gälla."
        )


@dataclass(slots=True)
class CorrectionChangesNothing(Refusal):
    """A correction changes something."""

    kind = Kind.CONFLICT
    position: int

    def sentence(self) -> str:
        """Says so."""
        return self.say("Underlaget säger detsamma som faktum @{self.position}: det finns ingenting att rätta.")


@dataclass(slots=True)
class CodeWouldVanish(Refusal):
    """A code that other facts may name stays known."""

    kind = Kind.CONFLICT
    sort: str
    kod: str

    def sentence(self) -> str:
        """Says how a code is ended."""
        return self.say(
            "{self.sort} {self.kod} skulle försvinna ur liggaren, men andra fakta kan hänvisa till koden: behåll den "
            "i rättelsen, eller avsluta den med till och lägg in den rätta koden som en egen rad.",
        )


@dataclass(slots=True)
class RemovalHasNoReason(Refusal):
    """To take something back needs a reason."""

    position: int

    def sentence(self) -> str:
        """Asks for it."""
        return self.say("Faktum @{self.position} tas tillbaka helt, men motivering saknas: skriv varför.")
