"""The charts: accounts (konto, Kommun-Bas) and purposes (verksamhet, SCB), each valid for a time.

Folds: KontoDefined, VerksamhetDefined.     Touches: konto, verksamhet.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from ledger.domain.events import KontoDefined, VerksamhetDefined
from ledger.domain.fact import Fact
from ledger.domain.kodstrang import KONTOSLAG
from ledger.domain.language import _, phrase
from ledger.domain.organisation import ValidityEndsBeforeItBegins
from ledger.domain.refusal import Kind, Refusal, Refused, listed
from ledger.domain.text import length_refusals, name_refusals
from ledger.domain.versions import History, Version


class Code(NamedTuple):
    """What a code of a chart means; `slag` is blank for verksamheter."""

    namn: str
    slag: str | None = None


@dataclass(frozen=True, slots=True)
class DefineVerksamhet:
    """One row of a verksamhet file."""

    kod: str
    namn: str
    fran: date
    till: date | None = None


@dataclass(frozen=True, slots=True)
class DefineKonto:
    """One row of a konto file."""

    konto: str
    namn: str
    slag: str
    fran: date
    till: date | None = None


COMMANDS = (DefineVerksamhet, DefineKonto)


@dataclass(slots=True)
class Charts:
    """Both charts: codes with their versions."""

    konto: dict[str, History[Code]] = field(default_factory=dict)
    verksamhet: dict[str, History[Code]] = field(default_factory=dict)
    facts: dict[str, list[tuple[int, KontoDefined | VerksamhetDefined]]] = field(default_factory=dict)

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of a code."""
        if isinstance(fact, KontoDefined | VerksamhetDefined):
            insort(self.facts.setdefault(fact.stream, []), (position, fact), key=itemgetter(0))
            self._fold(fact)

    def forget(self, position: int, fact: Fact) -> None:
        """Take back a wrong registration: fold that code again without it."""
        if isinstance(fact, KontoDefined | VerksamhetDefined):
            self.facts[fact.stream] = [(at, known) for at, known in self.facts[fact.stream] if at != position]
            self._fold(fact)

    def _fold(self, fact: KontoDefined | VerksamhetDefined) -> None:
        history: History[Code] = History()
        for _at, known in self.facts[fact.stream]:
            slag = known.slag if isinstance(known, KontoDefined) else None
            history.add(Version(known.fran, Code(known.namn, slag), known.till))
        chart, kod = (self.konto, fact.konto) if isinstance(fact, KontoDefined) else (self.verksamhet, fact.kod)
        chart.pop(kod, None)
        if history.versions:
            chart[kod] = history


def decide(charts: Charts, command: DefineVerksamhet | DefineKonto) -> list[Fact]:
    """What a row of a chart file adds: nothing where it is known, else the code from a day on.

    Checks in order: the row by itself, then what is recorded already.
    """
    refusals = list(_row_refusals(command))
    if refusals:
        raise Refused(refusals)
    fact: KontoDefined | VerksamhetDefined
    if isinstance(command, DefineKonto):
        kod, code, chart = command.konto, Code(command.namn, command.slag), charts.konto
        fact = KontoDefined(command.konto, command.namn, command.slag, command.fran, command.till)
    else:
        kod, code, chart = command.kod, Code(command.namn), charts.verksamhet
        fact = VerksamhetDefined(command.kod, command.namn, command.fran, command.till)
    history = chart.get(kod)
    if history is None:
        return [fact]
    if (other := history.contradicted(command.fran, command.till, code)) is not None:
        raise Refused([CodeIsOtherwise(kod, max(command.fran, other.fran), _words(other.content), _words(code))])
    if history.begins(command.fran, code):
        return [fact]
    if command.till is None or command.till == history.on(command.fran).till:
        return []
    known = history.on(command.till)
    if command.till == history.last_day(known):
        return []
    if known.till is not None:
        ends = [phrase("till {day}", day=day) for day in (known.till, command.till)]
        raise Refused([CodeIsOtherwise(kod, command.fran, *ends)])
    if isinstance(command, DefineKonto):
        return [KontoDefined(command.konto, command.namn, command.slag, known.fran, command.till)]
    return [VerksamhetDefined(command.kod, command.namn, known.fran, command.till)]


def _words(code: Code) -> str:
    return f"{code.namn} ({code.slag})" if code.slag else code.namn


def _row_refusals(command: DefineVerksamhet | DefineKonto) -> Iterator[Refusal]:
    if isinstance(command, DefineKonto) and command.slag not in KONTOSLAG:
        yield KontoslagIsUnknown(kolumn="slag", varde=command.slag)
    if command.till is not None and command.till < command.fran:
        yield ValidityEndsBeforeItBegins(command.fran, command.till, kolumn="till", varde=str(command.till))
    kolumn = "konto" if isinstance(command, DefineKonto) else "kod"
    yield from name_refusals(getattr(command, kolumn), kolumn)
    yield from length_refusals(getattr(command, kolumn), kolumn)
    yield from name_refusals(command.namn, "namn")


@dataclass(slots=True)
class KontoslagIsUnknown(Refusal):
    """An account is for cost, income or balance."""

    def sentence(self) -> str:
        """Lists the kinds."""
        return self.say(
            "Kontots slag {varde} finns inte: skriv {kontoslag}.",
            varde=self.varde or _("(tomt)"),
            kontoslag=listed(KONTOSLAG),
        )


@dataclass(slots=True)
class CodeIsOtherwise(Refusal):
    """Two meanings of one code at one time contradict each other."""

    kind = Kind.CONFLICT
    kod: str
    fran: date
    known: str
    given: str

    def sentence(self) -> str:
        """Names both meanings."""
        return self.say(
            "Koden {self.kod} har redan ett annat innehåll den {self.fran}: {self.known} i liggaren men {self.given} "
            "i raden. Ange en senare fran för en ändring, eller rätta registreringen med --rattar.",
        )
