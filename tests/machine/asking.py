"""Random questions to the reports of a ledger: the engine, the brute-force oracle and both backends say the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

from ledger.domain.refusal import Refused
from ledger.recording.store import FactLog
from ledger.reporting.reports import Reports
from ledger.reporting.stored.schema import open_database
from tests.oracle import UnanswerableError, answer
from tests.oracle.generator import random_question
from tests.reporting.asking import TODAY, report_files, rows, written
from tests.reporting.test_oracle_agrees import compare, parameters


@contextmanager
def desk(url: str, log: FactLog) -> Iterator[Reports]:
    """The reports of a log, kept beside it."""
    reports = Reports(open_database(url), log, report_files())
    try:
        yield reports
    finally:
        reports.runner.stop()
        reports.engine.dispose()


def ask_both(one: Reports, other: Reports, log: FactLog, seed: int, count: int) -> int:
    """Ask questions about a log that both hold; how many of them have an answer. Errors: AssertionError."""
    pairs = [(fact.position, fact.fact) for fact in log.read()]
    facts = [fact for _, fact in pairs]
    dice = Random(seed)  # noqa: S311 - dice, not keys
    answered = 0
    for _ in range(count):
        question = random_question(dice.randrange(2**32), facts)
        asked = written(parameters(question))
        try:
            expected = answer(pairs, question)
        except UnanswerableError:
            expected = None
        if expected is None:
            with pytest.raises(Refused):
                one.answer(question.rapport, asked, TODAY)
            continue
        found = one.answer(question.rapport, asked, TODAY)
        compare(question, expected, rows(found))
        assert other.answer(question.rapport, asked, TODAY).to_bytes() == found.to_bytes(), question
        answered += 1
    return answered
