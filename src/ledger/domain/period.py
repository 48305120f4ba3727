"""Periods: a month is open until it is closed, for the whole municipality or förvaltning by förvaltning.

A förvaltning begins to close a month (postings are still taken), then closes it when its checklist is empty, or says
why not. To open a month again is an exception with a reason.
Folds: ClosingBegun, ForvaltningClosed, ForvaltningOpened, PeriodClosed, PeriodOpened.     Touches: period/<yyyy-mm>.
Rule: BFL 5:5 – what is found later goes to the open period and names the original date.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ledger.domain import bokslut
from ledger.domain.events import PeriodClosed, PeriodOpened, UtfallCorrected, UtfallReported, VerifikationPosted
from ledger.domain.events_behorighet import ClosingBegun, ForvaltningClosed, ForvaltningOpened
from ledger.domain.fact import Fact
from ledger.domain.koder import code_refusals
from ledger.domain.language import _, phrase
from ledger.domain.refusal import Kind, Refusal, Refused, enumerated
from ledger.domain.text import text_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books

_PERIOD = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")

OPEN, CLOSING, CLOSED = "oppen", "stangs", "stangd"


@dataclass(frozen=True, slots=True)
class BeginClosing:
    """A förvaltning begins to close a month."""

    period: str
    ansvar: str


@dataclass(frozen=True, slots=True)
class ClosePeriod:
    """Close a month, such as `2024-03`: all of it, or that of the förvaltning `ansvar`."""

    period: str
    motivering: str | None = None
    ansvar: str | None = None


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """Open a closed month again; the reason is kept."""

    period: str
    motivering: str
    ansvar: str | None = None


COMMANDS = (BeginClosing, ClosePeriod, OpenPeriod)


@dataclass(slots=True)
class Periods:
    """The months that are closed; those that a förvaltning has begun to close or closed, by month and unit."""

    closed: set[str] = field(default_factory=set)
    parts: dict[str, dict[str, str]] = field(default_factory=dict)

    def evolve(self, _position: int, fact: Fact) -> None:
        """Learn of a closing or an opening."""
        match fact:
            case PeriodOpened():
                self.closed.discard(fact.period)
            case PeriodClosed():
                self.closed.add(fact.period)
            case ClosingBegun():
                self.parts.setdefault(fact.period, {})[fact.ansvar] = CLOSING
            case ForvaltningClosed():
                self.parts.setdefault(fact.period, {})[fact.ansvar] = CLOSED
            case ForvaltningOpened():
                self.parts[fact.period].pop(fact.ansvar, None)

    def lage(self, period: str, ansvar: str) -> str:
        """How far a förvaltning has come with a month."""
        return self.parts.get(period, {}).get(ansvar, OPEN)


def decide(books: Books, command: BeginClosing | ClosePeriod | OpenPeriod) -> list[Fact]:
    """A month changes state. Checks in order: the month, the text, the unit, the state, the checklist."""
    refusals: list[Refusal] = []
    if not _PERIOD.fullmatch(command.period):
        refusals.append(PeriodIsUnreadable(kolumn="period", varde=command.period))
    motivering = None if isinstance(command, BeginClosing) else command.motivering
    refusals.extend(text_refusals(motivering, "motivering"))
    opens = isinstance(command, OpenPeriod)
    if opens and not (motivering or "").strip():
        refusals.append(OpeningHasNoReason(kolumn="motivering"))
    if opens and not refusals and int(command.period[:4]) in books.of(bokslut.State).closed:
        refusals.append(bokslut.YearIsClosedAlready(int(command.period[:4]), kolumn="period", varde=command.period))
    if not refusals and command.ansvar is not None:
        return _decide_part(books, command, command.ansvar, motivering)
    if not refusals and (command.period in books.periods.closed) != opens:
        refusals.append(PeriodIsAlreadySo(command.period, opens=opens, kolumn="period"))
    if refusals:
        raise Refused(refusals)
    if opens:
        return [PeriodOpened(command.period, motivering)]
    return [PeriodClosed(command.period, motivering)]


def _of(period: str, ansvar: str) -> str:
    return phrase("{period} för {ansvar}", period=period, ansvar=ansvar)


def _decide_part(
    books: Books, command: BeginClosing | ClosePeriod | OpenPeriod, ansvar: str, motivering: str | None
) -> list[Fact]:
    """A month changes state for one förvaltning: open, closing, closed, and open again."""
    period, day = command.period, first_day(command.period)
    refusals = list(code_refusals(books.organisation.units, "ansvar", ansvar, day, day, rad=None, kolumn="ansvar"))
    lage = books.periods.lage(period, ansvar)
    if isinstance(command, OpenPeriod):
        if lage == OPEN:
            refusals.append(PeriodIsAlreadySo(_of(period, ansvar), opens=True, kolumn="period"))
    elif lage == CLOSED or (lage == CLOSING and isinstance(command, BeginClosing)):
        refusals.append(PeriodIsAlreadySo(_of(period, ansvar), opens=False, kolumn="period"))
    elif isinstance(command, ClosePeriod):
        if lage == OPEN:
            refusals.append(ClosingHasNotBegun(period, ansvar, kolumn="period"))
        elif not motivering and (left := checklist(books, period, ansvar)):
            refusals.append(ChecklistHasMore(period, ansvar, tuple(left), kolumn="motivering"))
    if refusals:
        raise Refused(refusals)
    if isinstance(command, OpenPeriod):
        return [ForvaltningOpened(period, ansvar, command.motivering)]
    if isinstance(command, BeginClosing):
        return [ClosingBegun(period, ansvar)]
    return [ForvaltningClosed(period, ansvar, motivering)]


def checklist(books: Books, period: str, ansvar: str) -> list[str]:
    """What is left to do before a förvaltning closes a month, each a short Swedish phrase."""
    from ledger.domain.checklista import left_to_do  # noqa: PLC0415 - it looks into the books of deciders above this

    return left_to_do(books, period, ansvar)


def first_day(period: str) -> date:
    """The first day of a month written year-month."""
    return date(int(period[:4]), int(period[5:]), 1)


def posting_refusals(books: Books, facts: Iterable[Fact]) -> Iterator[Refusal]:
    """Whether postings lie in a month that the förvaltning of one of their units has closed."""
    if not books.periods.parts:
        return
    for fact in facts:
        if isinstance(fact, VerifikationPosted):
            month = f"{fact.bokforingsdatum.year}-{fact.bokforingsdatum.month:02d}"
            units = {rad.ansvar for rad in fact.rader if rad.ansvar}
        elif isinstance(fact, UtfallReported | UtfallCorrected):
            month, units = fact.period, {fact.ansvar}
        else:
            continue
        for top in closed_for(books, month, units):
            yield period_is_closed(books, month, units, month, top)


def closed_for(books: Books, month: str, units: Iterable[str]) -> list[str]:
    """The förvaltningar of some units that have closed a month for themselves."""
    closed = {unit for unit, lage in books.periods.parts.get(month, {}).items() if lage == CLOSED}
    day = first_day(month)
    return sorted(closed.intersection(top for unit in units for top in books.organisation.path(unit, day)))


def period_is_closed(
    books: Books, month: str, units: Collection[str], varde: str, forvaltning: str | None = None
) -> PeriodIsClosed:
    """That a month takes no postings of some units, for a förvaltning or for all, and which month after it does."""
    after = month
    while after in books.periods.closed or closed_for(books, after, units) or after == month:
        ar, number = int(after[:4]), int(after[5:])
        after = f"{ar + number // 12}-{number % 12 + 1:02d}"
    what = _of(month, forvaltning) if forvaltning else month
    may_open = int(month[:4]) not in books.of(bokslut.State).closed
    return PeriodIsClosed(what, after, may_open=may_open, kolumn="bokforingsdatum", varde=varde)


@dataclass(slots=True)
class PeriodIsUnreadable(Refusal):
    """A month is written year-month."""

    def sentence(self) -> str:
        """Shows the form."""
        return self.say(
            "Perioden {varde} går inte att läsa: skriv år och månad, till exempel 2024-03.",
            varde=self.varde or _("(tomt)"),
        )


@dataclass(slots=True)
class OpeningHasNoReason(Refusal):
    """To open a closed month again is an exception, and says why."""

    def sentence(self) -> str:
        """Asks for the reason."""
        return self.say(
            "En stängd period öppnas bara med ett skäl, men motivering är tom: skriv varför perioden öppnas.",
        )


@dataclass(slots=True)
class PeriodIsAlreadySo(Refusal):
    """Only an open month can be closed, and only a closed one opened."""

    kind = Kind.CONFLICT
    period: str
    opens: bool

    def sentence(self) -> str:
        """Says the state."""
        if self.opens:
            return self.say("Perioden {self.period} är redan öppen: ingenting behöver göras.")
        return self.say("Perioden {self.period} är redan stängd: ingenting behöver göras.")


@dataclass(slots=True)
class PeriodIsClosed(Refusal):
    """A closed month takes no postings. `may_open`: its year is not closed, so that it may be opened again."""

    kind = Kind.CONFLICT
    period: str
    next_open: str
    may_open: bool = field(default=True, kw_only=True)

    def sentence(self) -> str:
        """Says where the posting belongs, and where its own day is kept."""
        if not self.may_open:
            return self.say(
                "Perioden {self.period} är stängd, och bokslutet för året är fastställt: bokför i {self.next_open}, "
                "som är nästa öppna, och skriv dagen då det hände i kolumnen ursprungsdatum."
            )
        return self.say(
            "Perioden {self.period} är stängd och tar inte emot bokföring: bokför i {self.next_open}, som är nästa "
            "öppna, och skriv dagen då det hände i kolumnen ursprungsdatum, eller öppna perioden igen."
        )


@dataclass(slots=True)
class OriginalDateIsNotEarlier(Refusal):
    """What is posted late happened before."""

    ursprungsdatum: date
    bokforingsdatum: date

    def sentence(self) -> str:
        """Gives both days."""
        return self.say(
            "Ursprungsdatum {self.ursprungsdatum} ligger inte före bokföringsdatum {self.bokforingsdatum}: det anges "
            "bara för det som bokförs i en senare, öppen period.",
        )


@dataclass(slots=True)
class ClosingHasNotBegun(Refusal):
    """A förvaltning begins to close before it has closed."""

    kind = Kind.CONFLICT
    period: str
    ansvar: str

    def sentence(self) -> str:
        """Says what comes first."""
        return self.say(
            "{self.ansvar} har inte börjat stänga {self.period}: börja stängningen först, så visas checklistan.",
        )


@dataclass(slots=True)
class ChecklistHasMore(Refusal):
    """A month is closed when nothing is left, or with a reason."""

    kind = Kind.CONFLICT
    period: str
    ansvar: str
    left: tuple[str, ...]

    def sentence(self) -> str:
        """Lists what is left."""
        return self.say(
            "Kvar att göra innan {self.ansvar} stänger {self.period}: {left}. Gör det, eller skriv i motivering "
            "varför perioden stängs ändå.",
            left=enumerated(self.left),
        )
