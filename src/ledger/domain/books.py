"""All that decisions need to know, folded from the facts: the books of the deciders, side by side.

Postings are left out: a voucher or a leverans is judged by its own stream, read when it is needed.
Folds: RegistreringCorrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from ledger.domain.budget import Budget
from ledger.domain.deciders import DECIDERS
from ledger.domain.deciders import State as Known
from ledger.domain.events import (
    Beslut,
    FilImported,
    ForslagMade,
    ForslagRejected,
    KommentarWritten,
    KommunNamed,
    PrognosSubmitted,
    ProgramChanged,
    RegistreringCorrected,
    UtfallCorrected,
    UtfallReported,
    VerifikationPosted,
)
from ledger.domain.fact import Fact
from ledger.domain.fyra_ogon import Hands
from ledger.domain.investering import Projects
from ledger.domain.kontoplan import Charts
from ledger.domain.organisation import Organisation
from ledger.domain.period import Periods
from ledger.domain.prognos import Forecasts
from ledger.domain.rader import Approved, Codes
from ledger.domain.rapportrader import Rapportrader
from ledger.domain.rattelse import Corrections
from ledger.domain.verifikation import Corrected

S = TypeVar("S")

#: Facts that are many and are not kept in the books.
POSTINGS = frozenset({VerifikationPosted.name, UtfallReported.name, UtfallCorrected.name})

#: Facts that leave every code as it is: what has been found right of a row stays right.
SAYS_NOTHING_OF_CODES = (
    VerifikationPosted, UtfallReported, UtfallCorrected, Beslut, ForslagMade, ForslagRejected, PrognosSubmitted,
    KommentarWritten, FilImported,
)  # fmt: skip


@dataclass(slots=True)
class Books:
    """The state of every decider as of a position in the log, and the version of every stream but the postings'.

    `rapporter`: the reports that comments can be written to, by name; None where nobody knows them.
    """

    position: int = 0
    rapporter: Mapping[str, Rapportrader] | None = None
    organisation: Organisation = field(default_factory=Organisation)
    charts: Charts = field(default_factory=Charts)
    projects: Projects = field(default_factory=Projects)
    budget: Budget = field(default_factory=Budget)
    periods: Periods = field(default_factory=Periods)
    forecasts: Forecasts = field(default_factory=Forecasts)
    corrections: Corrections = field(default_factory=Corrections)
    corrected: Corrected = field(default_factory=Corrected)
    others: dict[type[Any], Known] = field(default_factory=lambda: {each.State: each.State() for each in DECIDERS})
    hands: Hands = field(default_factory=Hands)
    versions: dict[str, int] = field(default_factory=dict)
    approved: dict[Codes, Approved] = field(default_factory=dict)
    kommun: str | None = None
    program: str | None = None

    def of(self, state: type[S]) -> S:
        """The state of a decider of `deciders.py`."""
        return cast("S", self.others[state])

    def evolve(self, position: int, fact: Fact, actor: str = "") -> None:
        """Learn of a fact and who recorded it; a corrected registration gives way to the right one at its place."""
        self.hands.evolve(position, fact, actor)
        self.versions[fact.stream] = self.versions.get(fact.stream, 0) + 1
        if isinstance(fact, RegistreringCorrected):
            self.corrections.evolve(position, fact)
            self.forget(fact.rattar, fact.fel)
            if fact.ratt is not None:
                self.learn(position, fact.ratt)
        else:
            self.learn(position, fact)

    def learn(self, position: int, fact: Fact) -> None:
        """Let every decider's state learn of a fact."""
        if not isinstance(fact, SAYS_NOTHING_OF_CODES):
            self.approved.clear()
        if isinstance(fact, KommunNamed):
            self.kommun = fact.kommun
        elif isinstance(fact, ProgramChanged):
            self.program = fact.version
        for state in self._states():
            state.evolve(position, fact)

    def forget(self, position: int, fact: Fact) -> None:
        """Let every state that can hold a wrong registration take it back."""
        self.approved.clear()
        for state in (self.organisation, self.charts, self.projects, self.budget, self.forecasts):
            state.forget(position, fact)
        for other in self.others.values():
            other.forget(position, fact)

    def _states(
        self,
    ) -> Iterable[Organisation | Charts | Projects | Budget | Periods | Forecasts | Corrected | Known]:
        return (
            self.organisation,
            self.charts,
            self.projects,
            self.budget,
            self.periods,
            self.forecasts,
            self.corrected,
            *self.others.values(),
        )
