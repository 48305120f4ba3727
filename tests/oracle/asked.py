"""The ledger as one question sees it: only what was known at `kand`, only what is dated by `beslutad`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.domain.fact import Fact
from tests.oracle.budget import Side, all_sides, counted, rounds, total_decided
from tests.oracle.entries import INVESTERING, Entry
from tests.oracle.forecast import Forecast, counting_forecasts
from tests.oracle.organisation import Organisation, Tree
from tests.oracle.outcome import Booked, booked
from tests.oracle.projects import projects
from tests.oracle.question import Question, UnanswerableError
from tests.oracle.standing import Decision, decisions, standing_facts


class Asked:
    """Facts, organisation, tree and projects of one question, and the amounts that count for it."""

    def __init__(self, facts: Sequence[tuple[int, Fact]], question: Question) -> None:
        self.question, self._facts = question, facts
        self.standing = standing_facts(facts, question.kand)
        self.organisation = Organisation(self.standing)
        self.tree = Tree(self.organisation, question.tree_day)
        self.projects = projects(self.standing, question.last_day)
        self.ansvar = question.ansvar or self.tree.top()
        if question.ansvar is not None and question.ansvar not in self.organisation.versions:
            msg = f"no unit {question.ansvar}"
            raise UnanswerableError(msg)
        if question.omgang is not None:
            opened = rounds(all_sides(self.decisions(question.beslutad)), self.organisation)
            if not any(key[2] == question.ar and question.omgang in days for key, days in opened.items()):
                msg = f"no round of {question.ar} was opened on {question.omgang}"
                raise UnanswerableError(msg)

    def in_organisation(self, day: date) -> Asked:
        """The same question in the organisation of another day."""
        return Asked(self._facts, self.question._replace(organisation=day, jamfor_organisation=None))

    @property
    def resultat(self) -> bool:
        """Whether the table shows results (income − cost) instead of net cost."""
        return self.ansvar is not None and self.tree.resultat[self.ansvar]

    def decisions(self, beslutad: date | None) -> list[Decision]:
        """The budget decisions that count, proposals among them where the question asks for them."""
        return decisions(self.standing, beslutad, med_forslag=self.question.med_forslag)

    def budget(self, beslutad: date | None, slag: tuple[str, ...]) -> list[Side]:
        """The sides of the rounds in force, of drift or of investment."""
        sides = [side for side in all_sides(self.decisions(beslutad)) if side.entry.slag in slag]
        return counted(sides, self.organisation, self.question.omgang, self.question.ar)

    def total_decided(self) -> list[Entry]:
        """Beslutad totalutgift of every project."""
        return [entry for entry in total_decided(self.decisions(self.question.beslutad)) if entry.slag in INVESTERING]

    def outcome(self, slag: tuple[str, ...]) -> list[Booked]:
        """The outcome, of drift or of investment, of the event asked for."""
        rows = booked(self.standing, self.question.beslutad, self.question.handelse)
        return [row for row in rows if row.entry.slag in slag]

    def forecasts(self, beslutad: date | None, slag: tuple[str, ...]) -> list[Forecast]:
        """The forecasts that count, of drift or of investment, for every year."""
        found = counting_forecasts(self.standing, beslutad, self.tree)
        return [forecast for forecast in found if forecast.entry.slag in slag]

    def owner(self, entry: Entry) -> str:
        """The unit that an investment belongs to: the project's, else the one it lies on."""
        projekt = self.projects.get(entry.projekt) if entry.projekt else None
        return projekt.ansvar if projekt else entry.ansvar

    def branch(self, ansvar: str) -> list[str]:
        """The path from a unit up to the unit asked for; empty where it lies elsewhere."""
        return self.tree.branch(ansvar, self.ansvar)
