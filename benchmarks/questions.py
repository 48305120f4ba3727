"""Random questions to a ledger: any position, any month, any year that had begun by then."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from benchmarks.municipality import LAST_YEAR
from ledger.recording.store import FactLog
from ledger.reporting.rules.asked import Question
from ledger.reporting.stored.cube import Window

REPORT: Final = "driftsammandrag"


class Questions:
    """Questions about the first `head` facts of a ledger, the same for the same seed."""

    def __init__(self, log: FactLog, head: int, first_year: int, seed: int) -> None:
        self._rng = random.Random(f"{seed}/fragor")  # noqa: S311 - seeded questions, no secret
        self._head, self._first_year = head, first_year
        # What was known at the beginning of each year.
        years = range(first_year, LAST_YEAR + 2)
        self._begun = {year: log.position_at(datetime(year, 1, 3, tzinfo=UTC)) for year in years}

    def one(self, *, dated: bool = False, per: str = "enhet") -> Question:
        """A question; with `dated` it also limits what had happened by a day within what it asks for."""
        rng = self._rng
        kand = rng.randint(min(self._begun[self._first_year] + 1, self._head), self._head)
        begun = [ar for ar in range(self._first_year, LAST_YEAR + 1) if self._begun[ar] <= kand]
        question = Question(REPORT, rng.choice(begun or [self._first_year]), kand, rng.randint(1, 12), per)
        if dated:
            day = rng.randint(date(question.ar, 1, 1).toordinal(), question.last_day.toordinal())
            question = replace(question, beslutad=date.fromordinal(day))
        return question

    def some(self, count: int, *, dated: bool = False, per: str = "enhet") -> list[Question]:
        """Several."""
        return [self.one(dated=dated, per=per) for _ in range(count)]

    def pairs_in_kand(self, count: int) -> Iterator[tuple[Question, Question]]:
        """A question about the year that was going on, and the same one as it was answered a year's facts earlier.

        Both are asked when the municipality was founded.
        """
        founded = self._begun[self._first_year]
        year = (self._head - founded) // (LAST_YEAR + 1 - self._first_year)
        for _ in range(count):
            earlier = self._rng.randint(founded, max(founded, self._head - year))
            going_on = [ar for ar, at in self._begun.items() if at <= earlier + year and ar <= LAST_YEAR][-1]
            question = Question(REPORT, going_on, earlier, self._rng.randint(1, 12), "enhet")
            yield question, replace(question, kand=earlier + year)

    def pairs_in_year(self, count: int) -> Iterator[tuple[Question, Question]]:
        """A question and the same one about the year before."""
        for _ in range(count):
            later = self.one()
            yield replace(later, ar=later.ar - 1), later


def windows(question: Question) -> tuple[Window, Window]:
    """The months from January through the asked one: of the asked year, and of the year before."""
    limit = question.beslutad
    until = limit.year * 10_000 + limit.month * 100 + limit.day if limit else None
    year, last = question.ar * 100, question.ar * 100 + question.tom
    return (
        Window(year + 1, last, question.kand, until),
        Window(year - 99, last - 100, question.kand, None if until is None else until - 10_000),
    )
