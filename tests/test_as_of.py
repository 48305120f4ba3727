"""The as-of engine at size: a municipality of some years, asked anything, on both backends.

`HYPOTHESIS_PROFILE=djup` asks more; `python -m tests.asof` is the acceptance with a million rows and ten thousand
questions. Also here: the second oracle that judges it says what the first one does.
"""

from __future__ import annotations

import os
from typing import Final

import pytest

from tests.asof.acceptance import Wanted, judge
from tests.asof.oracle import Known
from tests.asof.questions import REPORTS
from tests.asof.town import Size
from tests.conftest import BACKENDS, Databases
from tests.oracle import Answer, Question, UnanswerableError, answer
from tests.oracle.generator import random_facts, random_question

DEEP: Final = os.environ.get("HYPOTHESIS_PROFILE") == "djup"

SIZE: Final = Size(rows=100_000 if DEEP else 12_000, years=3, seed=1)
WANTED: Final = Wanted(
    questions=2_000 if DEEP else 150, pairs=200 if DEEP else 12, imported=2_000, judged=200 if DEEP else 12, alone=0.2
)


@pytest.mark.timeout(3600 if DEEP else 300)
def test_any_question_to_a_municipality_is_answered_as_the_oracle_does(databases: Databases) -> None:
    said: list[str] = []
    judge([databases.new(backend) for backend in BACKENDS], SIZE, WANTED, said.append)
    assert len(said) == 2 + len(BACKENDS) * 5


@pytest.mark.parametrize("seed", range(1, 61 if DEEP else 7))
def test_the_second_oracle_says_what_the_first_does(seed: int) -> None:
    facts = random_facts(seed, 60 + 40 * (seed % 6))
    pairs = list(enumerate(facts, start=1))
    known = Known(pairs)
    for number in range(20):
        question = random_question(seed * 1000 + number, facts)
        if question.rapport not in REPORTS:
            continue
        try:
            expected: Answer | None = answer(pairs, question)
        except UnanswerableError:
            expected = None
        assert answered(known, question) == expected, question


def answered(known: Known, question: Question) -> Answer | None:
    """What the second oracle says; nothing where there is no answer."""
    try:
        return known.answer(question)
    except UnanswerableError:
        return None
