"""Analys och kommentar: words to a row of a report; the newest recorded counts.

Folds: KommentarWritten.
Guards: words stand at a row that the report can have (rapportrader.py); what is recorded already stays, whatever the
reports are now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.events import KommentarWritten
from ledger.domain.fact import Fact
from ledger.domain.koder import year_refusals
from ledger.domain.language import N_
from ledger.domain.rapportrader import row_refusals
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.text import length_refusals, text_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books


@dataclass(frozen=True, slots=True)
class WriteKommentar:
    """Words to row `rad` of `rapport` for January to month `tom` of `ar`."""

    ar: int
    tom: int
    rapport: str
    rad: str
    text: str


COMMANDS = (WriteKommentar,)
DOES: Final[Mapping[type[Any], str]] = {WriteKommentar: N_("skriva kommentarer")}
#: A comment is not put right: a new one takes its place.
CORRECTABLE: Final[Mapping[type[Fact], type[Any]]] = {}


@dataclass(slots=True)
class State:
    """The newest words by stream."""

    newest: dict[str, KommentarWritten] = field(default_factory=dict)

    def evolve(self, _position: int, fact: Fact) -> None:
        """Learn of newer words."""
        if isinstance(fact, KommentarWritten):
            self.newest[fact.stream] = fact

    def forget(self, _position: int, fact: Fact) -> None:
        """The words before are not known any more: what is written next is new."""
        if isinstance(fact, KommentarWritten) and self.newest.get(fact.stream) == fact:
            del self.newest[fact.stream]


def reads(_command: WriteKommentar) -> set[str]:
    """Nothing: the newest words win, whoever wrote before."""
    return set()


def decide(books: Books, command: WriteKommentar) -> list[Fact]:
    """What a comment adds: nothing where the newest says the same.

    Checks in order: year, month, report and row, text; then whether there is such a row.
    """
    refusals: list[Refusal] = list(year_refusals(command.ar, "ar"))
    if not 1 <= command.tom <= 12:  # noqa: PLR2004 - months
        refusals.append(KommentarHasNoMonth(kolumn="tom", varde=str(command.tom)))
    refusals.extend(
        KommentarHasNoPlace(kolumn=column) for column in ("rapport", "rad", "text") if not getattr(command, column)
    )
    for column in ("rapport", "rad", "text"):
        refusals.extend(text_refusals(getattr(command, column), column))
    for column in ("rapport", "rad"):
        refusals.extend(length_refusals(getattr(command, column), column))
    if refusals:
        raise Refused(refusals)
    fact = KommentarWritten(command.ar, command.tom, command.rapport, command.rad, command.text)
    if books.of(State).newest.get(fact.stream) == fact:
        return []
    if missing := list(row_refusals(books, command.rapport, command.rad)):
        raise Refused(missing)
    return [fact]


@dataclass(slots=True)
class KommentarHasNoMonth(Refusal):
    """A comment belongs to a period."""

    def sentence(self) -> str:
        """Gives the range."""
        return self.say("Månaden {self.varde} i tom finns inte: skriv 1–12.")


@dataclass(slots=True)
class KommentarHasNoPlace(Refusal):
    """A comment stands at a row of a report and says something."""

    def sentence(self) -> str:
        """Names the blank column."""
        return self.say("Kommentaren saknar {self.kolumn}: ange rapport, rad och text.")
