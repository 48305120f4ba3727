"""Outcome that lies in piles explains what it does when every measure is taken apart alone, whatever facts are like."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from ledger.domain.events import UtfallReported
from ledger.domain.fact import Fact
from ledger.reporting.explaining import pooling, skillnad
from ledger.reporting.explaining.pooled import Pool, Region
from ledger.reporting.explaining.skillnad import Utsnitt
from ledger.reporting.rules.asked import Question
from ledger.reporting.stored.space import Entries
from tests.reporting.asking import Desk
from tests.reporting.town import TOWN, budget, summarad

UNITS = ("EKON", "HR", "KOST", "SKOLA", "UTANFOR")
FACTS = 160


def facts() -> Iterator[Fact]:
    """A town, and deliveries of which many have rows on several units, in several years, and rows that cancel."""
    rng = random.Random(5)  # noqa: S311 - a seeded town, no secret
    yield from (*TOWN, budget("2022-11-20", KS=(2023, 100)), budget("2023-11-20", KS=(2024, 120), NA=(2024, 50)))
    for _ in range(FACTS):
        days = [date(2022, 1, 1) + timedelta(rng.randrange(1000)) for _ in range(rng.randint(1, 2))]
        rows = [
            summarad(rng.choice(days).isoformat(), rng.choice(UNITS), rng.choice((-5, 5, 7)), slag)
            for slag in rng.choices(("kostnad", "intakt"), k=rng.randint(1, 4))
        ]
        yield UtfallReported(days[0].isoformat()[:7], "EKON", tuple(rows))


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """The town."""
    desk = Desk(facts())
    yield desk
    desk.close()


def pairs(desk: Desk) -> Iterator[tuple[Question, Question]]:
    """Two questions that differ in year, month, day, position or several of these."""
    head = desk.log.head()[0]
    one = desk.question("driftsammandrag", ar="2024", tom="5", per="enhet")
    for tom, ar, kand, beslutad in product((3, 8), (2023, 2024), (head - 70, head), (None, date(2024, 3, 9))):
        two = replace(one, tom=tom, ar=ar, kand=kand, beslutad=beslutad)
        yield one, two
        yield two, one


def test_piles_explain_what_each_measure_explains_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mixed, counts = Pool.mixed, [0]

    def counted(pool: Pool, region: Region) -> Entries:
        found = mixed(pool, region)
        counts[0] += len(found.position)
        return found

    monkeypatch.setattr(Pool, "mixed", counted)
    monkeypatch.setattr(skillnad, "PAGE_OF_FACTS", 5)
    monkeypatch.setattr(skillnad, "FIRST_FACTS", 2)
    asked = list(pairs(desk))
    together = [desk.reports.skillnad(a, b) for a, b in asked]
    # There were facts of several lots, which are in no pile.
    assert counts[0]
    page = Utsnitt("summa", "utfall", 2)
    pages = [desk.reports.skillnad(a, b, page) for a, b in asked if has_pages(desk, a, b)]
    assert pages
    monkeypatch.setattr(pooling, "_alike", lambda *_: [])
    assert [desk.reports.skillnad(a, b) for a, b in asked] == together
    assert [desk.reports.skillnad(a, b, page) for a, b in asked if has_pages(desk, a, b)] == pages


def has_pages(desk: Desk, a: Question, b: Question) -> bool:
    """Whether the facts behind the difference of the sum take more pages than one."""
    cells = desk.reports.skillnad(a, b, Utsnitt("summa", "utfall")).celler
    return any(cell.sidor > 1 for cell in cells)


def test_what_is_kept_of_earlier_questions_changes_no_answer(desk: Desk) -> None:
    fresh = Desk(facts())
    questions = [question for pair in pairs(desk) for question in pair]
    known = [desk.reports.ask(question).to_bytes() for question in questions]
    assert [fresh.reports.ask(question).to_bytes() for question in reversed(questions)] == known[::-1]
    fresh.close()
