"""Outcome that lies in piles explains what it does when every measure is taken apart alone, whatever facts are like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ledger.reporting.explaining import pooled, pooling
from ledger.reporting.rules.asked import Question
from tests.oracle.generator import random_facts
from tests.reporting.asking import Desk
from tests.reporting.test_differences import FACTS, SEED, pairs

PAIRS = 15


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """A long random history."""
    desk = Desk(random_facts(SEED, FACTS))
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def asked(desk: Desk) -> list[tuple[Question, Question]]:
    """Pairs along all axes, and pairs of years and of months."""
    found = list(pairs(desk, PAIRS))
    found += [(replace(b, ar=b.ar - 1), b) for _, b in found]
    return found + [(replace(b, tom=1 + b.tom % 12), b) for _, b in found[:PAIRS]]


def test_piles_explain_what_each_measure_explains_alone(
    desk: Desk, asked: list[tuple[Question, Question]], monkeypatch: pytest.MonkeyPatch
) -> None:
    parted, sizes = pooled._parted, [0, 0]

    def counted(*given: Any) -> Any:
        found = parted(*given)
        for n, lots in enumerate(found):
            sizes[n] += len(lots.lot)
        return found

    monkeypatch.setattr(pooled, "_parted", counted)
    together = [desk.reports.skillnad(a, b) for a, b in asked]
    # Both kinds of facts were there: those in piles, and those of several lots.
    assert all(sizes)
    monkeypatch.setattr(pooling, "_alike", lambda *_: [])
    for (a, b), found in zip(asked, together, strict=True):
        assert desk.reports.skillnad(a, b) == found, (a, b)


def test_what_is_kept_of_earlier_questions_changes_no_answer(asked: list[tuple[Question, Question]]) -> None:
    warm, cold = Desk(random_facts(SEED, FACTS)), Desk(random_facts(SEED, FACTS))
    questions = [question for pair in asked for question in pair]
    first = [warm.reports.ask(question).to_bytes() for question in questions]
    again = [warm.reports.ask(question).to_bytes() for question in reversed(questions)]
    assert first == again[::-1]
    for number in range(0, len(questions), 9):
        cold.reports._memory.built.clear()
        assert cold.reports.ask(questions[number]).to_bytes() == first[number]
    warm.close()
    cold.close()
