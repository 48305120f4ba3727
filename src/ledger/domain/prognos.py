"""Forecasts: what a unit says the year will end at, round after round.

Folds: PrognosSubmitted.     Touches: nothing; the stream of a day, year and unit is guard enough.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ledger.domain.erasure import same_rows
from ledger.domain.events import PrognosSubmitted
from ledger.domain.fact import Fact
from ledger.domain.koder import AmountIsTooLarge, CodeIsUnknown, code_refusals, year_refusals
from ledger.domain.kodstrang import SLAG
from ledger.domain.language import _
from ledger.domain.money import LARGEST_ORE, kronor
from ledger.domain.rader import Prognosrad
from ledger.domain.refusal import Kind, Refusal, Refused, listed
from ledger.domain.text import text_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books


@dataclass(frozen=True, slots=True)
class SubmitPrognos:
    """A unit's full-year forecast as of a day."""

    prognosdatum: date
    ar: int
    ansvar: str
    rader: tuple[Prognosrad, ...]


COMMANDS = (SubmitPrognos,)


@dataclass(slots=True)
class Forecasts:
    """Forecasts by stream and fact."""

    rounds: dict[str, dict[int, PrognosSubmitted]] = field(default_factory=dict)

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of a forecast."""
        if isinstance(fact, PrognosSubmitted):
            self.rounds.setdefault(fact.stream, {})[position] = fact

    def forget(self, position: int, fact: Fact) -> None:
        """Take back a wrong registration."""
        if isinstance(fact, PrognosSubmitted):
            self.rounds.get(fact.stream, {}).pop(position, None)


def decide(books: Books, command: SubmitPrognos) -> list[Fact]:
    """What a forecast adds: nothing where it is known, else its new rows.

    Checks in order: each row by itself, its codes, then what was given for the same day, year, unit, slag and project.
    """
    refusals = list(_refusals(books, command))
    if refusals:
        raise Refused(refusals)
    fact = PrognosSubmitted(command.prognosdatum, command.ar, command.ansvar, command.rader)
    known: dict[tuple[str, str | None], Counter[Prognosrad]] = defaultdict(Counter)
    where: dict[tuple[str, str | None], int] = {}
    for position, round_ in books.forecasts.rounds.get(fact.stream, {}).items():
        for rad in round_.rader:
            known[rad.slag, rad.projekt][rad] += 1
            where.setdefault((rad.slag, rad.projekt), position)
    given: dict[tuple[str, str | None], Counter[Prognosrad]] = defaultdict(Counter)
    for rad in command.rader:
        given[rad.slag, rad.projekt][rad] += 1
    conflicts = [
        PrognosIsOtherwise(
            command.ansvar,
            command.ar,
            command.prognosdatum,
            key[0],
            key[1],
            where[key],
            sum(rad.belopp_ore for rad in known[key].elements()),
            sum(rad.belopp_ore for rad in rows.elements()),
            rad=next(n for n, rad in enumerate(command.rader) if (rad.slag, rad.projekt) == key),
            kolumn="belopp",
        )
        for key, rows in given.items()
        if key in known and not same_rows(known[key].elements(), rows.elements())
    ]
    if conflicts:
        raise Refused(conflicts)
    new = tuple(rad for rad in command.rader if (rad.slag, rad.projekt) not in known)
    return [PrognosSubmitted(command.prognosdatum, command.ar, command.ansvar, new)] if new else []


def _refusals(books: Books, command: SubmitPrognos) -> Iterator[Refusal]:
    if not command.rader:
        yield PrognosHasNoRows(command.ansvar)
    if not command.ansvar:
        yield PrognosHasNoUnit(kolumn="ansvar")
    yield from year_refusals(command.ar, "ar")
    day = command.prognosdatum
    yield from code_refusals(books.organisation.units, "ansvar", command.ansvar, day, day, rad=0, kolumn="ansvar")
    for n, rad in enumerate(command.rader):
        if rad.slag not in SLAG:
            yield PrognosslagIsUnknown(rad=n, kolumn="slag", varde=rad.slag)
        if rad.projekt and rad.projekt not in books.projects.projects:
            yield CodeIsUnknown("projekt", rad.projekt, rad=n, kolumn="projekt", varde=rad.projekt)
        if abs(rad.belopp_ore) > LARGEST_ORE:
            yield AmountIsTooLarge(rad.belopp_ore, rad=n, kolumn="belopp", varde=str(rad.belopp_ore))
        yield from text_refusals(rad.kommentar, "kommentar", n)


@dataclass(slots=True)
class PrognosHasNoRows(Refusal):
    """A forecast has rows."""

    ansvar: str

    def sentence(self) -> str:
        """Asks for rows."""
        return self.say("Prognosen för {self.ansvar} har inga rader: ange minst ett slag med belopp.")


@dataclass(slots=True)
class PrognosHasNoUnit(Refusal):
    """Somebody answers for a forecast."""

    def sentence(self) -> str:
        """Asks for the unit."""
        return self.say("Prognosen saknar ansvar: ange vilken enhet den gäller.")


@dataclass(slots=True)
class PrognosslagIsUnknown(Refusal):
    """A forecast is for one of the five slag."""

    def sentence(self) -> str:
        """Lists them."""
        return self.say("Slaget {varde} finns inte: skriv {slag}.", varde=self.varde or _("(tomt)"), slag=listed(SLAG))


@dataclass(slots=True)
class PrognosIsOtherwise(Refusal):
    """A forecast of a day stands; a new one has a new day."""

    kind = Kind.CONFLICT
    ansvar: str
    ar: int
    prognosdatum: date
    slag: str
    projekt: str | None
    position: int
    known_ore: int
    given_ore: int

    def sentence(self) -> str:
        """Names both amounts."""
        return self.say(
            "Prognosen {self.prognosdatum} för {self.ansvar} {self.ar} ({what}) finns redan med annat innehåll som "
            "faktum @{self.position}: {known} kr i liggaren mot {given} kr här. En ny prognos har eget prognosdatum; "
            "en felregistrering rättas med --rattar @{self.position}.",
            what=f"{self.slag} {self.projekt}" if self.projekt else self.slag,
            known=kronor(self.known_ore),
            given=kronor(self.given_ore),
        )
