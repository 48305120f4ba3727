"""A question with all it is answered from: what was known, what held, and the organisation it is shown in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from ledger.reporting.cube import Window
from ledger.reporting.entry import Key
from ledger.reporting.material import BESLUT, BUDGET, KONTO, ORGANISATION, PROJEKT, VERKSAMHET, Projektlage
from ledger.reporting.measure import Of
from ledger.reporting.omgang import Limit, Rounds, Side, in_force, plan_limit, rounds
from ledger.reporting.register import standing
from ledger.reporting.snapshot import Snapshot
from ledger.reporting.tree import Chart, Organisation, Tree

#: From this decided total on a project is large (stort). Glossary.
LARGE_ORE: Final = 50_000_000_00

#: How many states of the organisation are kept in memory.
REMEMBERED: Final = 64


class Part(NamedTuple):
    """Something that a measure is the sum of: an amount in a cell, of the fact at `position` (0: of several).

    `about` is the text of a movement that changes a frame: what *Specifikation av förändringar* lists.
    """

    key: Key
    amount_ore: int
    position: int = 0
    effective: int = 0
    n: int = 0
    about: str | None = None


@dataclass(frozen=True)
class Question:
    """A question to a report, every parameter resolved."""

    rapport: str
    ar: int
    kand: int
    tom: int = 12
    per: str = "stab"
    ansvar: str | None = None
    enhet: str = "mnkr"
    beslutad: date | None = None
    organisation: date | None = None
    handelse: str | None = None
    jamfor_prognos: date | None = None
    omgang: date | None = None
    med_forslag: bool = False
    stora: str | None = None
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def last_day(self) -> date:
        """The last day asked for: the end of month `tom` of the year. Without a year (in lists) the last of days."""
        if not self.ar:
            return date.max
        following = date(self.ar + self.tom // 12, self.tom % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)

    @property
    def tree_day(self) -> date:
        """The day whose organisation figures are shown in."""
        return self.organisation or self.last_day


class Asked:
    """One question over one snapshot. Everything that rules share is worked out once and kept.

    `chart` and `projects_at` show the figures in another state of organisation and projects than the question's own.
    """

    def __init__(
        self, question: Question, snapshot: Snapshot, *, chart: Chart | None = None, projects: Chart | None = None
    ) -> None:
        self.question, self.snapshot = question, snapshot
        self.chart = chart or Chart(question.kand, question.tree_day)
        self.projects_chart = projects or Chart(question.kand, question.last_day)
        self._rounds: dict[tuple[int, Of, date | None], Rounds] = {}
        self._sides: dict[tuple[int, date | None], list[Side]] = {}
        self.memo: dict[Any, Any] = {}
        #: Sums of outcome by cube and window: the same in whatever organisation they are shown.
        self.sums: dict[tuple[str, Window], list[tuple[Key, int]]] = {}

    def shown_in(self, chart: Chart, projects: Chart) -> Asked:
        """The same question with the figures shown in another organisation."""
        other = Asked(self.question, self.snapshot, chart=chart, projects=projects)
        other.sums = self.sums
        return other

    # ------------------------------------------------------------ organisation and projects

    @cached_property
    def organisation(self) -> Organisation:
        """Every unit as known."""
        return organisation(self.snapshot, self.chart.kand)

    @cached_property
    def tree(self) -> Tree:
        """The organisation on the day asked for."""
        return Tree(self.organisation, self.chart)

    @cached_property
    def ansvar(self) -> str | None:
        """The unit whose tree is shown; none while the ledger has no organisation."""
        return self.question.ansvar or self.tree.top()

    @cached_property
    def projects(self) -> dict[str, Projektlage]:
        """Every project as it stood on the last day asked for: before its first row, the first."""
        register, chart = self.snapshot.register(PROJEKT), self.projects_chart
        stages = {}
        for code in register.all_keys():
            rows = register.rows(code, chart.kand)
            if rows:
                stages[code] = standing(rows, lambda stage: stage.statusdatum, chart.begun).row
        return stages

    def owner(self, key: Key) -> str | None:
        """The unit that an investment belongs to: the project's, else the one it is booked on."""
        stage = self.projects.get(key.projekt) if key.projekt else None
        return stage.ansvar if stage else key.ansvar

    def code_names(self, field: str) -> dict[str, str]:
        """Names of verksamheter or konton on the last day asked for."""
        declared = {"verksamhet": VERKSAMHET, "konto": KONTO}.get(field)
        if declared is None:
            return {code: stage.namn for code, stage in self.projects.items()}
        register, names = self.snapshot.register(declared), {}
        for code in register.all_keys():
            rows = register.rows(code, self.question.kand)
            if rows:
                names[code] = standing(rows, lambda kod: kod.fran, Chart(0, self.question.last_day).begun).row.namn
        return names

    # ------------------------------------------------------------ limits

    def until(self, at: str | None) -> date | None:
        """The date on or before which facts must be dated: `beslutad`, or that of another parameter."""
        if at is None:
            return self.question.beslutad
        limit: date | None = getattr(self.question, at)
        return limit

    # ------------------------------------------------------------ decisions

    def sides(self, year: int, at: str | None = None) -> list[Side]:
        """The budget movements of a year that are known and dated in time, proposals only when asked for."""
        until = self.until(at)
        if (year, until) not in self._sides:
            self._sides[year, until] = self.decided(str(year), until)
        return self._sides[year, until]

    def decided(self, key: str, until: date | None) -> list[Side]:
        """The movements under a key of the budget register, within the limits of the question."""
        closed = self.closed(until)
        return [
            held
            for held in self.snapshot.rows(BUDGET, key, self.question.kand)
            if (until is None or held.row.beslutsdatum <= until)
            and (
                held.row.forslag is None
                or (self.question.med_forslag and (held.row.typ, held.row.forslag) not in closed)
            )
        ]

    def closed(self, until: date | None) -> set[tuple[str, str]]:
        """Kind and diary number of proposals that a decision or rejection has closed, known and dated in time."""
        if ("closed", until) not in self.memo:
            self.memo["closed", until] = {
                (held.row.typ, held.row.forslag)
                for outcome in ("beslutat", "avslaget")
                for held in self.snapshot.rows(BESLUT, outcome, self.question.kand)
                if held.row.forslag and (until is None or held.row.beslutsdatum <= until)
            }
        found: set[tuple[str, str]] = self.memo["closed", until]
        return found

    def rounds(self, year: int, of: Of, at: str | None = None) -> Rounds:
        """The budget rounds of a year."""
        key = (year, of, self.until(at))
        if key not in self._rounds:
            self._rounds[key] = rounds(self.sides(year, at), of, self.organisation.namnd)
        return self._rounds[key]

    def counted(self, year: int, of: Of, at: str | None = None) -> list[Side]:
        """The movements of a year that count: in the round in force or asked for, of a later year as its plan."""
        key = ("counted", year, of, self.until(at))
        if key not in self.memo:
            self.memo[key] = in_force(self.sides(year, at), of, self.rounds(year, of, at), self._limit(year, of, at))
        found: list[Side] = self.memo[key]
        return found

    def _limit(self, year: int, of: Of, at: str | None) -> Limit:
        asked_for = self.question.omgang
        if year > self.question.ar and not asked_for:
            return plan_limit(self.rounds(self.question.ar, of, at))
        return lambda _holder: asked_for

    def plan_years(self, kinds: Collection[Of]) -> list[int]:
        """The years after the one asked for that any unit has a plan for, without gaps."""
        ar = self.question.ar
        later = [int(key) for key in self.snapshot.register(BUDGET).all_keys() if key.isdigit() and int(key) > ar]
        planned = [year for year in later if any(self.counted(year, of) for of in kinds)]
        return list(range(ar + 1, max(planned) + 1)) if planned else []


def organisation(snapshot: Snapshot, kand: int) -> Organisation:
    """Every unit as known at a position; remembered until the organisation changes."""
    register = snapshot.register(ORGANISATION)
    remembered = snapshot.built
    key = ("organisation", snapshot.number(ORGANISATION), register.last_change(kand))
    if key not in remembered:
        if len(remembered) >= REMEMBERED:
            remembered.clear()
        first_recorded = [code for code in register.all_keys() if register.ever(code, kand)]
        remembered[key] = Organisation(((code, register.rows(code, kand)) for code in first_recorded), kand)
    found: Organisation = remembered[key]
    return found
