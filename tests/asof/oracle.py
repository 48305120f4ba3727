"""A second oracle, for a municipality too large for the first: postings as flat columns, decisions by their lives.

Rows, cells, trees and rounds are those of tests/oracle, asked with amounts that are added up here; the two are compared
on small histories. Imports nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from ledger.domain.events import (
    Beslut,
    ForslagMade,
    ForslagRejected,
    PrognosSubmitted,
    ProjektChanged,
    UnitClosed,
    UnitEstablished,
)
from ledger.domain.fact import Fact
from tests.asof.lives import Decided, Life, lives, subject
from tests.asof.posted import Posted
from tests.oracle.asked import Asked
from tests.oracle.budget import Side, counted, total_decided
from tests.oracle.entries import DRIFT, INVESTERING, Entry
from tests.oracle.forecast import Forecast, counting_forecasts
from tests.oracle.organisation import Organisation
from tests.oracle.outcome import Booked
from tests.oracle.question import Answer, Question
from tests.oracle.reports import answered
from tests.oracle.rows import CODES
from tests.oracle.standing import Decision, Standing, dated

#: Reports that ask for the budget of other years than the one asked for.
OTHER_YEARS: Final = ("internbudget", "ekonomi", "investeringsuppfoljning")


class Known:
    """All facts of a ledger, sorted by what they are about, for as many questions as anybody has."""

    def __init__(self, facts: Sequence[tuple[int, Fact]]) -> None:
        self.posted = Posted(facts)
        others = [(position, fact, subject(fact)) for position, fact in facts]

        def about(*kinds: type[Fact]) -> list[tuple[int, Fact]]:
            return [(position, fact) for position, fact, said in others if isinstance(said, kinds)]

        self.master = about(UnitEstablished, UnitClosed, ProjektChanged)
        self.decided = [Decided(life) for life in lives(about(Beslut, ForslagMade))]
        self.closing = [life for life in lives(about(Beslut, ForslagRejected)) if getattr(life.fact, "forslag", None)]
        self.forecasts = lives(about(PrognosSubmitted))
        self.head = facts[-1][0] if facts else 0
        self._organisations: dict[int, Remembering] = {}

    def answer(self, question: Question) -> Answer:
        """The report that the question asks for. Errors: UnanswerableError."""
        return answered(FlatAsked(self, question))

    def organisation(self, standing: Sequence[Standing], kand: int) -> Remembering:
        """The organisation as known, the same object as long as nothing is learned of it."""
        learned = sum(position <= kand for position, _ in self.master)
        if learned not in self._organisations:
            self._organisations[learned] = Remembering(standing)
        return self._organisations[learned]


class Remembering(Organisation):
    """An organisation that looks up the nämnd of a unit on a day once."""

    def __init__(self, standing: Sequence[Standing]) -> None:
        super().__init__(standing)
        self._namnd: dict[tuple[str, date], str] = {}

    def namnd(self, ansvar: str, day: date) -> str:
        """The nämnd of a unit on a day."""
        if (ansvar, day) not in self._namnd:
            self._namnd[ansvar, day] = super().namnd(ansvar, day)
        return self._namnd[ansvar, day]


class FlatAsked(Asked):
    """One question, with amounts added up from the columns."""

    def __init__(self, known: Known, question: Question) -> None:
        self._known = known
        self._kand = known.head if question.kand is None else question.kand
        self._found: dict[date | None, list[Decided]] = {}
        super().__init__(known.master, question)
        self.organisation = known.organisation(self.standing, self._kand)

    def in_organisation(self, day: date) -> FlatAsked:
        """The same question in the organisation of another day."""
        return FlatAsked(self._known, self.question._replace(organisation=day, jamfor_organisation=None))

    # ------------------------------------------------------------ decisions and forecasts

    def decisions(self, beslutad: date | None) -> list[Decision]:
        """The decisions that count."""
        return [decided.decision for decided in self._decided(beslutad)]

    def _decided(self, beslutad: date | None) -> list[Decided]:
        if beslutad not in self._found:
            self._found[beslutad] = self._find(beslutad)
        return self._found[beslutad]

    def _find(self, beslutad: date | None) -> list[Decided]:
        closed = {
            (life.fact.typ, life.fact.forslag)
            for life in self._known.closing
            if isinstance(life.fact, (Beslut, ForslagRejected)) and self._counts(life, life.fact.beslutsdatum, beslutad)
        }
        return [
            one
            for one in self._known.decided
            if self._counts(one.life, one.beslut.beslutsdatum, beslutad)
            and (
                not one.pending
                or (self.question.med_forslag and (one.beslut.typ, one.beslut.diarienummer) not in closed)
            )
        ]

    def _counts(self, life: Life, day: date, beslutad: date | None) -> bool:
        return life.stands(self._kand) and dated(day, beslutad)

    def budget(self, beslutad: date | None, slag: tuple[str, ...]) -> list[Side]:
        """The sides of the rounds in force, of the years that the report shows."""
        ar, other_years = self.question.ar, self.question.rapport in OTHER_YEARS
        sides = [
            side
            for decided in self._decided(beslutad)
            for year, of_year in decided.sides.items()
            if year == ar or (other_years and year >= ar - 1)
            for side in of_year
            if side.entry.slag in slag
        ]
        return counted(sides, self.organisation, self.question.omgang, ar)

    def total_decided(self) -> list[Entry]:
        """Beslutad totalutgift of every project."""
        decisions = [one.decision for one in self._decided(self.question.beslutad) if one.beslut.typ == "totalutgift"]
        return [entry for entry in total_decided(decisions) if entry.slag in INVESTERING]

    def forecasts(self, beslutad: date | None, slag: tuple[str, ...]) -> list[Forecast]:
        """The forecasts of the year and later ones."""
        standing = [
            life.standing
            for life in self._known.forecasts
            if life.stands(self._kand) and isinstance(life.fact, PrognosSubmitted) and life.fact.ar >= self.question.ar
        ]
        found = counting_forecasts(standing, beslutad, self.tree)
        return [forecast for forecast in found if forecast.entry.slag in slag]

    # ------------------------------------------------------------ outcome

    def outcome(self, slag: tuple[str, ...]) -> list[Booked]:
        """The outcome, added up over the spans of days that some column shows, by the codes that some row needs."""
        asked, per = self.question, self.question.per
        fields = ["ansvar"]
        if slag != DRIFT or per == "projekt":
            fields.append("projekt")
        if per in CODES and per not in fields:
            fields.append(per)
        return self._known.posted.sums(self._kand, asked.beslutad, asked.handelse, slag, fields, list(self._spans()))

    def _spans(self) -> list[tuple[date, date]]:
        """The year asked for and the one before through `tom`, the rest of that, the year before it, and all before."""
        ar, last = self.question.ar, self.question.last_day
        before = last.replace(year=ar - 1, day=min(last.day, 28)) + timedelta(4)
        rest = before.replace(day=1) if self.question.tom < 12 else None
        spans = [
            (date(ar, 1, 1), last),
            (date(ar - 1, 1, 1), (rest or date(ar, 1, 1)) - timedelta(1)),
            (date(ar - 2, 1, 1), date(ar - 2, 12, 31)),
            (date(1, 1, 1), date(ar - 3, 12, 31)),
        ]
        return [*spans, (rest, date(ar - 1, 12, 31))] if rest else spans
