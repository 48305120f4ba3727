"""What facts would change in the reports if they were recorded: the dry run's effect, worked out and thrown away.

The facts are put after the log in memory and the reports are asked before and after. Postings that are recorded already
are left out, for they add the same to both answers; so the cost does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from ledger.domain.events import (
    Beslut,
    PrognosSubmitted,
    RegistreringCorrected,
    UtfallCorrected,
    UtfallReported,
    VerifikationPosted,
)
from ledger.domain.events_uppfoljning import AtgardChanged
from ledger.domain.fact import Fact
from ledger.reporting.log import Log, Postings, Recorded
from ledger.reporting.posting import posted_rows
from ledger.reporting.reports import Reports
from ledger.reporting.rules.asked import Question
from ledger.reporting.stored.schema import open_database

#: The reports and columns that a dry run tells of; they hold the year's money in few words.
TOLD: Final = {
    "driftsammandrag": ("utfall", "budget_helar", "prognos"),
    "investeringsuppfoljning": ("total_budget", "ar_budget", "ar_utfall", "prognos_netto"),
    "atgarder": ("genomfort", "struket", "kvar", "effekt"),
}

#: So many facts are tried; the effect of a larger file is seen when it is recorded.
MOST: Final = 50_000


#: When what is not recorded was recorded.
NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)


class Pending(NamedTuple):
    """A fact that is not recorded, as if it were."""

    position: int
    recorded_at: datetime
    name: str
    actor: str
    mandat: str | None
    fact: Fact


class _Tried:
    """The log with facts after it that are not recorded. Positions of postings are passed over."""

    def __init__(self, log: Log, facts: Sequence[Fact]) -> None:
        self._log = log
        self._head, instant, self._root = log.head()
        moment = instant or NEVER
        self._pending = [Pending(self._head + n, moment, fact.name, "", None, fact) for n, fact in enumerate(facts, 1)]

    def read(
        self, after: int = 0, *, upto: int | None = None, limit: int = 10_000, postings: bool = False
    ) -> Sequence[Recorded]:
        """The recorded facts without postings, whatever is asked for, then the pending ones."""
        del postings
        last = self._head + len(self._pending) if upto is None else upto
        found: list[Recorded] = []
        if after < self._head:
            found.extend(self._log.read(after, upto=min(last, self._head), limit=limit, postings=False))
        if len(found) < limit:
            first = max(after - self._head, 0)
            found.extend(self._pending[first : max(last - self._head, first)][: limit - len(found)])
        return found

    def read_positions(self, positions: Sequence[int]) -> Sequence[Recorded]:
        """Recorded facts and pending ones."""
        recorded = self._log.read_positions([position for position in positions if position <= self._head])
        pending = [self._pending[at - self._head - 1] for at in sorted(positions) if at > self._head]
        return [*recorded, *pending]

    def stream(self, stream: str) -> Sequence[Recorded]:
        """Recorded facts and pending ones."""
        return [*self._log.stream(stream), *(pending for pending in self._pending if pending.fact.stream == stream)]

    def streams(self, streams: Sequence[str]) -> Sequence[Recorded]:
        """Recorded facts and pending ones."""
        return [*self._log.streams(streams), *(pending for pending in self._pending if pending.fact.stream in streams)]

    def read_postings(
        self, after: int = 0, *, upto: int | None = None, limit: int = 10_000, stamps: bool = False
    ) -> Postings:
        """The posted rows of the pending facts: those that are recorded are passed over."""
        del stamps
        last = min(self.head()[0] if upto is None else upto, after + limit)
        return posted_rows(self.read(after, upto=last, limit=limit), last)

    def head(self) -> tuple[int, datetime | None, str]:
        """Where the log would end."""
        return self._head + len(self._pending), None, self._root

    def root_at(self, _position: int) -> str:
        """Nothing is proven of what is not recorded."""
        return ""

    def stamp_at(self, _position: int) -> tuple[datetime, str]:
        """Neither is recorded."""
        return NEVER, ""

    def recorded_at(self, _position: int) -> datetime:
        """Nothing is recorded."""
        return NEVER

    def position_at(self, _instant: datetime) -> int:
        """Nothing is recorded."""
        return self._head

    def wait(self, _after: int, _timeout: float) -> int:
        """Nothing will come."""
        return self._head + len(self._pending)


@dataclass(frozen=True, slots=True)
class Verkan:
    """One cell that would change: before and after in öre (None: no figure), in a report of a year."""

    rapport: str
    ar: int
    rad: str
    namn: str
    kolumn: str
    rubrik: str
    fore_ore: int | None
    efter_ore: int | None


def effects(reports: Reports, facts: Sequence[Fact], today: date) -> list[Verkan]:
    """Every told cell that the facts would change, for each year they are about. Nothing is recorded.

    A figure before is what the reports say now; the figure after is that and the difference that the facts make.
    """
    years = sorted({year for fact in facts for year in years_of(fact)})
    if not facts or not years:
        return []
    tried = _Tried(reports.log, facts[:MOST])
    engine = open_database("sqlite://")
    try:
        trial = Reports(engine, tried, reports.reports.values())
        return [change for name in TOLD for year in years for change in _changes(reports, trial, name, year, today)]
    finally:
        engine.dispose()


def _changes(reports: Reports, trial: Reports, name: str, year: int, today: date) -> Iterable[Verkan]:
    if name not in reports.reports:
        return
    now = reports.question(name, {"ar": str(year)}, today)
    known = _cells(reports, now)
    # The later answer first: the trial's read model passes over postings and can only stop at its end.
    after = _cells(trial, Question(name, year, trial.log.head()[0], per=now.per))
    before = _cells(trial, Question(name, year, now.kand, per=now.per))
    for key in dict.fromkeys((*after, *before)):
        was, becomes = before.get(key), after.get(key)
        old, new = was and was.amount, becomes and becomes.amount
        # A row that comes or goes without a figure changes nothing.
        if old == new or (not (was and becomes) and (old or 0) == (new or 0)):
            continue
        shown = becomes or was
        if shown is None:
            continue
        now_ore = known[key].amount if key in known else None
        later = None if new is None else (now_ore or 0) + new - (old or 0)
        yield Verkan(name, year, key[0], shown.namn, key[1], shown.rubrik, now_ore, later)


class _Cell(NamedTuple):
    namn: str
    rubrik: str
    amount: int | None


def _cells(reports: Reports, question: Question) -> dict[tuple[str, str], _Cell]:
    answer = reports.ask(question)
    headings = {column.nyckel: column.rubrik for column in answer.kolumner if column.nyckel in TOLD[question.rapport]}
    return {
        (row.nyckel, key): _Cell(row.namn, heading, amount if isinstance(amount, int) else None)
        for row in answer.rader
        for key, heading in headings.items()
        for amount in (row.celler.get(key),)
    }


def years_of(fact: Fact) -> set[int]:
    """The years whose figures a fact is about."""
    match fact:
        case Beslut():
            return {ar for r in fact.rorelser for ar in (r.ar, r.till_ar) if ar}
        case VerifikationPosted():
            return {fact.bokforingsdatum.year}
        case UtfallReported() | UtfallCorrected():
            return {int(fact.period[:4])}
        case PrognosSubmitted() | AtgardChanged():
            return {fact.ar}
        case RegistreringCorrected():
            return years_of(fact.fel) | (years_of(fact.ratt) if fact.ratt else set())
    return set()
