"""A question with all it is answered from: what was known, what held, and the organisation it is shown in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np

from ledger.reporting.material import BUDGET, KONTO, ORGANISATION, PROJEKT, VERKSAMHET, Projektlage
from ledger.reporting.measure import Of
from ledger.reporting.rules.columns import LAST_DAY, columns, number_of
from ledger.reporting.rules.decisions import closed
from ledger.reporting.rules.kept import kept
from ledger.reporting.rules.movements import Counted, Decided, Movements, encoded
from ledger.reporting.rules.omgang import Limit, Rounds, in_force, plan_limit, rounds, same_limit
from ledger.reporting.rules.tree import Chart, Organisation, Tree
from ledger.reporting.rules.versions import Standing, stand
from ledger.reporting.stored.codes import Mask, distinct
from ledger.reporting.stored.snapshot import Snapshot
from ledger.reporting.stored.space import Numbers

T = TypeVar("T")

#: From this decided total on a project is large (stort), where the question says nothing else. Glossary.
LARGE_ORE: Final = 50_000_000_00


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
    jamfor_organisation: date | None = None
    handelse: str | None = None
    jamfor_prognos: date | None = None
    omgang: date | None = None
    med_forslag: bool = False
    stora: str | None = None
    stora_fran_ore: int = LARGE_ORE
    filters: tuple[tuple[str, str], ...] = ()

    def chosen(self, name: str) -> str | None:
        """The value of a parameter of the report's own."""
        return dict(self.filters).get(name)

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

    `chart` and `projects` show the figures in another state of organisation and projects than the question's own.
    """

    def __init__(
        self, question: Question, snapshot: Snapshot, *, chart: Chart | None = None, projects: Chart | None = None
    ) -> None:
        self.question, self.snapshot, self.kept = question, snapshot, kept(snapshot)
        self.chart = chart or Chart(question.kand, question.tree_day)
        self.projects_chart = projects or Chart(question.kand, question.last_day)
        self.memo: dict[Any, Any] = {}
        #: Sums of outcome: the same in whatever organisation they are shown.
        self.sums: dict[Any, Any] = {}

    def shown_in(self, chart: Chart, projects: Chart) -> Asked:
        """The same question with the figures shown in another organisation."""
        other = Asked(self.question, self.snapshot, chart=chart, projects=projects)
        other.sums = self.sums
        return other

    def grow_from(self, before: Asked, units: Collection[str]) -> None:
        """Take the organisation from the one asked about before: on the same day, and known of all but some units."""
        register = self.snapshot.register(ORGANISATION)
        said = {code: register.rows(code, self.chart.kand) for code in units}
        self.organisation = before.organisation.but(said, register.all_keys())
        alike = {code: unit for code, unit in before.tree.units.items() if code not in units}
        self.tree = self.kept.trees.get(self.grown, lambda: Tree(self.organisation, self.chart, self.kept.codes, alike))

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What has a name, worked out when it is first needed."""
        if name not in self.memo:
            self.memo[name] = make()
        found: T = self.memo[name]
        return found

    # ------------------------------------------------------------ organisation and projects

    @cached_property
    def organisation(self) -> Organisation:
        """Every unit as known."""
        return organisation(self.snapshot, self.chart.kand)

    @cached_property
    def organised(self) -> Hashable:
        """What names the state of the organisation that is known."""
        return self.snapshot.number(ORGANISATION), self.snapshot.register(ORGANISATION).last_change(self.chart.kand)

    @property
    def grown(self) -> Hashable:
        """What names the tree that figures are shown in."""
        return self.organised, self.organisation.moment(self.chart)

    @cached_property
    def tree(self) -> Tree:
        """The organisation on the day asked for."""
        return self._tree(self.chart)

    def _tree(self, chart: Chart) -> Tree:
        known = self.organisation
        found: Tree = self.kept.trees.get(
            (self.organised, known.moment(chart)), lambda: Tree(known, chart, self.kept.codes)
        )
        return found

    @cached_property
    def ansvar(self) -> str | None:
        """The unit whose tree is shown; none while the ledger has no organisation."""
        return self.question.ansvar or self.tree.top()

    @cached_property
    def stages(self) -> Standing:
        """Every project as it stood on the last day asked for, and what names this state of them."""
        return stand(self.snapshot, PROJEKT, self.projects_chart)

    @property
    def projects(self) -> dict[str, Projektlage]:
        """Every project as it stood on the last day asked for: before its first row, the first."""
        return self.stages.rows

    def code_names(self, field: str) -> dict[str, str]:
        """Names of verksamheter, konton or projects on the last day asked for. Events have none but their tags."""
        if field == "handelse":
            return {}
        declared = {"verksamhet": VERKSAMHET, "konto": KONTO}.get(field)
        chart = Chart(self.question.kand, self.question.last_day)
        rows = stand(self.snapshot, declared, chart).rows if declared else self.projects
        return {code: row.namn for code, row in rows.items()}

    # ------------------------------------------------------------ limits

    def until(self, at: str | date | None) -> date | None:
        """The date on or before which facts must be dated: `beslutad`, that of another parameter, or one given.

        One given limits within `beslutad`.
        """
        if at is None:
            return self.question.beslutad
        if isinstance(at, date):
            return min(at, self.question.beslutad or at)
        limit: date | None = getattr(self.question, at)
        return limit

    def is_given(self, parameter: str) -> bool:
        """Whether a parameter of the question has a value."""
        return getattr(self.question, parameter) is not None

    def last(self, at: str | date | None) -> int:
        """The same as a number (`20240331`), `LAST_DAY` where there is no limit."""
        until = self.until(at)
        return number_of(until) if until else LAST_DAY

    # ------------------------------------------------------------ decisions

    def decided(self, key: str, at: str | date | None = None) -> Decided:
        """The movements under a key of the budget register, and which of them are decided within the limits."""
        return self.once(("decided", key, self.until(at)), lambda: self._decided(key, self.last(at)))

    def _decided(self, key: str, last: int) -> Decided:
        of = columns(self.snapshot, BUDGET, key, encoded)
        mask = of.known(self.question.kand) & (of["day"] <= last)
        if not self.question.med_forslag:
            return Decided(of, mask & ~of["proposed"])
        return Decided(of, mask & ~of["proposed"] | self._waiting(of, mask, last))

    def _waiting(self, of: Movements, mask: Mask, last: int) -> Mask:
        """Which of some movements are proposed, and not closed by a decision or rejection."""
        found: Mask = mask & of["proposed"]
        settled = closed(self.snapshot, self.question.kand, last) if found.any() else set()
        for row in np.flatnonzero(found).tolist():
            found[row] = (of.held[row].row.typ, of.held[row].row.forslag) not in settled
        return found

    def pending(self, year: int, of: Of, at: str | date | None = None) -> Counted:
        """The movements of a year that are proposed and wait for a decision, in whatever round."""
        sides, last = columns(self.snapshot, BUDGET, str(year), encoded), self.last(at)
        mask = sides.known(self.question.kand) & (sides["day"] <= last)
        waiting = Decided(sides, self._waiting(sides, mask, last))
        return waiting.counted(waiting.about(of))

    def requested(self, year: int, of: Of, at: str | date | None = None) -> Counted:
        """What proposals ask to carry away from a year to later ones, however they came out."""
        sides = columns(self.snapshot, BUDGET, str(year), encoded)
        mask = sides.known(self.question.kand) & (sides["day"] <= self.last(at))
        asked_for = Decided(sides, mask & sides["proposed"] & sides["leaves"])
        return asked_for.counted(asked_for.about(of))

    def rounds(self, year: int, of: Of, at: str | date | None = None) -> Rounds:
        """The budget rounds of a year."""
        return self.once(("rounds", year, of, self.until(at)), lambda: self._rounds(year, of, at))

    def _rounds(self, year: int, of: Of, at: str | date | None) -> Rounds:
        decided = self.decided(str(year), at)
        holder = self._namnder(decided.of) if of == "drift" else decided.of["pot"]
        return rounds(decided, of, holder)

    def _namnder(self, sides: Movements) -> Numbers:
        """The nämnd of the unit of every movement on its day, as known."""
        known, units = self.organisation, sides["ansvar"]
        found: Numbers = units.copy()
        moments = known.moments(sides["day"])
        for moment in distinct(moments).tolist():
            table = self._tree(Chart(self.chart.kand, known.day_of(moment))).namnder
            rows = (moments == moment) & (units < len(table))
            found[rows] = table[units[rows]]
        return found

    def counted(self, year: int, of: Of, at: str | date | None = None) -> Counted:
        """The movements of a year that count: in the round in force or asked for, of a later year as its plan."""
        return self.once(("counted", year, of, self.until(at)), lambda: self._counted(year, of, at))

    def _counted(self, year: int, of: Of, at: str | date | None) -> Counted:
        decided = self.decided(str(year), at)
        name = ("counted", self.name_of_counted(year, of, at))
        (rows,) = self.kept.worked_out(
            name, lambda: (in_force(decided, of, self.rounds(year, of, at), self._limit(year, of, at)).rows,)
        )
        return Counted(decided.of, rows)

    def name_of_counted(self, year: int, of: Of, at: str | date | None = None) -> Hashable:
        """What the movements of a year that count follow from: questions in which it is the same count the same ones.

        What was decided for a year changes no more when the year has passed, so most later questions share it.
        """
        return self.once(("name", year, of, self.until(at)), lambda: self._name_of_counted(year, of, at))

    def _name_of_counted(self, year: int, of: Of, at: str | date | None) -> Hashable:
        chosen = self.question.omgang
        plan = self._name_of_decided(self.question.ar, at) if year > self.question.ar and not chosen else None
        return self._name_of_decided(year, at), of, plan, chosen, self.organised

    def _name_of_decided(self, year: int, at: str | date | None) -> Hashable:
        def name() -> Hashable:
            mask = self.decided(str(year), at).mask
            return self.snapshot.number(BUDGET), year, mask.tobytes()

        return self.once(("decided", year, self.until(at), "name"), name)

    def _limit(self, year: int, of: Of, at: str | date | None) -> Limit:
        asked_for = self.question.omgang
        if year > self.question.ar and not asked_for:
            return plan_limit(self.rounds(self.question.ar, of, at))
        return same_limit(number_of(asked_for) if asked_for else LAST_DAY)

    def plan_years(self, kinds: Collection[Of]) -> list[int]:
        """The years after the one asked for that any unit has a plan for, without gaps."""
        ar = self.question.ar
        later = [int(key) for key in self.snapshot.register(BUDGET).all_keys() if key.isdigit() and int(key) > ar]
        planned = [year for year in later if any(len(self.counted(year, of)) for of in kinds)]
        return list(range(ar + 1, max(planned) + 1)) if planned else []


def organisation(snapshot: Snapshot, kand: int) -> Organisation:
    """Every unit as known at a position; kept until the organisation changes."""
    register = snapshot.register(ORGANISATION)

    def read() -> Organisation:
        known = ((code, register.rows(code, kand)) for code in register.all_keys() if register.ever(code, kand))
        return Organisation(known)

    name = (snapshot.number(ORGANISATION), register.last_change(kand))
    found: Organisation = kept(snapshot).states.get(name, read)
    return found
