"""Periods: a month is open until it is closed; a closed month takes no postings.

Folds: PeriodClosed, PeriodOpened.     Touches: period/<yyyy-mm>.
Rule: BFL 5:5 – what is found later goes to the open period and names the original date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ledger.domain.events import PeriodClosed, PeriodOpened
from ledger.domain.fact import Fact
from ledger.domain.refusal import Kind, Refusal, Refused
from ledger.domain.text import text_refusals

_PERIOD = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class ClosePeriod:
    """Close a month, such as `2024-03`."""

    period: str
    motivering: str | None = None


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """Open a closed month again; the reason is kept."""

    period: str
    motivering: str


COMMANDS = (ClosePeriod, OpenPeriod)


@dataclass(slots=True)
class Periods:
    """The months that are closed."""

    closed: set[str] = field(default_factory=set)

    def evolve(self, _position: int, fact: Fact) -> None:
        """Learn of a closing or an opening."""
        if isinstance(fact, PeriodOpened):
            self.closed.discard(fact.period)
        elif isinstance(fact, PeriodClosed):
            self.closed.add(fact.period)


def decide(periods: Periods, command: ClosePeriod | OpenPeriod) -> list[Fact]:
    """A month changes state. Checks in order: the month, the text, the state."""
    refusals: list[Refusal] = []
    if not _PERIOD.fullmatch(command.period):
        refusals.append(PeriodIsUnreadable(kolumn="period", varde=command.period))
    refusals.extend(text_refusals(command.motivering, "motivering"))
    opens = isinstance(command, OpenPeriod)
    if opens and not (command.motivering or "").strip():
        refusals.append(OpeningHasNoReason(kolumn="motivering"))
    if not refusals and (command.period in periods.closed) != opens:
        refusals.append(PeriodIsAlreadySo(command.period, opens=opens, kolumn="period"))
    if refusals:
        raise Refused(refusals)
    if opens:
        return [PeriodOpened(command.period, command.motivering)]
    return [PeriodClosed(command.period, command.motivering)]


@dataclass(slots=True)
class PeriodIsUnreadable(Refusal):
    """A month is written year-month."""

    def sentence(self) -> str:
        """Shows the form."""
        return f"Perioden {self.varde or '(tomt)'} går inte att läsa: skriv år och månad, till exempel 2024-03."


@dataclass(slots=True)
class OpeningHasNoReason(Refusal):
    """To open a closed month again is an exception, and says why."""

    def sentence(self) -> str:
        """Asks for the reason."""
        return "En stängd period öppnas bara med ett skäl, men motivering är tom: skriv varför perioden öppnas."


@dataclass(slots=True)
class PeriodIsAlreadySo(Refusal):
    """Only an open month can be closed, and only a closed one opened."""

    kind = Kind.CONFLICT
    period: str
    opens: bool

    def sentence(self) -> str:
        """Says the state."""
        state = "redan öppen" if self.opens else "redan stängd"
        return f"Perioden {self.period} är {state}: ingenting behöver göras."


@dataclass(slots=True)
class PeriodIsClosed(Refusal):
    """A closed month takes no postings."""

    kind = Kind.CONFLICT
    period: str

    def sentence(self) -> str:
        """Says where the posting belongs."""
        return (
            f"Perioden {self.period} är stängd och tar inte emot bokföring: bokför i en öppen period och ange "
            "ursprungsdatumet i texten, eller öppna perioden igen."
        )
