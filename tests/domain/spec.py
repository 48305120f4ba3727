"""given(facts).when(command).then(facts) or .refused(Rule): the rules in the words of those who live by them.

A given step is a fact that stands, or a command that was given before. The facts lie in a plain list; the deciders
read it as they read the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from ledger.application import decide
from ledger.domain.books import POSTINGS, Books
from ledger.domain.fact import Fact
from ledger.domain.refusal import Refusal, Refused
from ledger.recording.store import FactLog, Recorded

_ONCE = datetime(2024, 1, 1, tzinfo=UTC)


class Shelf:
    """What is recorded, as a list: position 1 is the first."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def stream(self, stream: str) -> list[Recorded]:
        return [self._recorded(at) for at, fact in enumerate(self.facts, 1) if fact.stream == stream]

    def read(self, after: int, *, upto: int, limit: int) -> list[Recorded]:
        return [self._recorded(at) for at in range(after + 1, min(upto, len(self.facts)) + 1)][:limit]

    def _recorded(self, at: int) -> Recorded:
        fact = self.facts[at - 1]
        return Recorded(at, _ONCE, fact.stream, 1, fact.name, "a-1", "-", "k-1", fact)


class Given:
    """What stands, and the books that follow from it."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.books = Books()

    def and_then(self, *steps: Any) -> Given:
        """Facts that stand too, or commands that were given."""
        for step in steps:
            for fact in [step] if isinstance(step, Fact) else self.decide(step):
                self.shelf.facts.append(fact)
                self.books.position = len(self.shelf.facts)
                if fact.name not in POSTINGS:
                    self.books.evolve(len(self.shelf.facts), fact)
        return self

    def when(self, command: Any) -> Outcome:
        """What comes of a command."""
        try:
            return Outcome(self.decide(command), ())
        except Refused as refused:
            return Outcome(None, refused.refusals)

    def decide(self, command: Any) -> list[Fact]:
        return decide(self.books, cast("FactLog", self.shelf), command)


def given(*steps: Any) -> Given:
    return Given().and_then(*steps)


class Outcome:
    """Facts, or refusals."""

    def __init__(self, facts: list[Fact] | None, refusals: Sequence[Refusal]) -> None:
        self.facts = facts
        self.refusals = refusals

    def then(self, *facts: Fact) -> None:
        """Just these facts."""
        assert self.facts == list(facts), self._said()

    def then_nothing(self) -> None:
        """It was recorded already."""
        self.then()

    def accepted(self) -> list[Fact]:
        """At least one fact, whatever it says."""
        assert self.facts, self._said()
        return self.facts

    def refused(self, *rules: type[Refusal], **fields: object) -> None:
        """By just these rules in this order; the first with these fields."""
        assert [type(refusal) for refusal in self.refusals] == list(rules), self.facts or self._said()
        for name, value in fields.items():
            assert getattr(self.refusals[0], name) == value, self.refusals[0]
        for refusal in self.refusals:
            assert refusal.sentence().strip()

    def _said(self) -> str:
        return " ".join(refusal.sentence() for refusal in self.refusals)
