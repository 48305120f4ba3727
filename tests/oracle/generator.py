"""Random years: histories that look valid, recorded in any order, and questions about them.

`random_facts` first founds a municipality (units, charts, projects), then adds `size` facts of every kind. The position
of a fact is its place in the list, from 1: corrections name it so. The facts respect that codes exist and that the tree
has no circles; no rule of any decider is kept (frames go below zero, closed units are posted to).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from ledger.domain.events import (
    BudgetAdopted,
    InvesteringsramDecided,
    KommentarWritten,
    PeriodClosed,
    PeriodOpened,
    UnitChanged,
    UnitEstablished,
)
from ledger.domain.fact import Fact
from tests.oracle.question import Question
from tests.oracle.random_budget import decision, proposal, proposal_end
from tests.oracle.random_corrections import correction
from tests.oracle.random_outcome import forecast, leverans, reported, voucher, voucher_correction
from tests.oracle.random_town import History, found_municipality, project_change, reorganisation
from tests.oracle.standing import dated, standing_facts

#: How often each kind of fact comes, among a hundred or so.
WEIGHTS: Final[dict[Callable[[History], Fact | None], int]] = {
    decision: 34,
    proposal: 4,
    proposal_end: 3,
    reported: 20,
    voucher: 10,
    leverans: 5,
    voucher_correction: 2,
    forecast: 12,
    correction: 8,
    reorganisation: 6,
    project_change: 4,
}

REPORTS = (
    *("driftsammandrag", "driftsammandrag", "ekonomi", "investeringsuppfoljning", "internbudget", "detaljbudget"),
    *("ramhistorik", "prognosuppfoljning"),
)
LEVELS = ("stab", "stab", "namnd", "forvaltning", "avdelning", "enhet", "post")
CODES = ("verksamhet", "konto", "projekt")


def random_facts(seed: int, size: int) -> list[Fact]:
    """The founding facts and `size` more; the same for the same seed and size."""
    history = History(random.Random(seed))  # noqa: S311 - a seeded history, no secret
    found_municipality(history)
    founded = len(history.facts)
    kinds, weights = list(WEIGHTS), list(WEIGHTS.values())
    while len(history.facts) < founded + size:
        make = history.rng.choices(kinds, weights)[0]
        fact = make(history)
        if fact is not None:
            history.facts.append(fact)
        if history.rng.random() < 0.03:
            history.facts.append(_aside(history))
    return history.facts[: founded + size]


def _aside(history: History) -> Fact:
    """A fact that no figure depends on."""
    rng = history.rng
    period = f"{rng.randint(2022, 2026)}-{rng.randint(1, 12):02d}"
    kinds: list[Fact] = [
        KommentarWritten(rng.randint(2022, 2026), 12, "driftsammandrag", "summa", "Analys"),
        PeriodClosed(period),
        PeriodOpened(period),
    ]
    return rng.choice(kinds)


def random_question(seed: int, facts: list[Fact]) -> Question:
    """A question about a history of `random_facts`. It may name a round that is not there: `UnanswerableError`."""
    rng = random.Random(seed)  # noqa: S311 - a seeded question, no secret
    rapport = rng.choice(REPORTS)
    investments = rapport == "investeringsuppfoljning"
    per = rng.choice((rng.choice(LEVELS), rng.choice(LEVELS), rng.choice(CODES)))
    if investments:
        per = rng.choice(("projekt", "projekt", "bokforande", per))
    kand = rng.choice((None, rng.randint(1, len(facts)), len(facts)))
    beslutad = rng.choice((None, None, _some_day(rng)))
    ar = rng.randint(2022, 2026)
    question = Question(
        rapport=rapport,
        ar=ar,
        tom=rng.choice((12, rng.randint(1, 12))),
        per="stab" if rapport == "ekonomi" else per,
        ansvar=_some_unit(rng, facts, kand),
        kand=kand,
        beslutad=beslutad,
        organisation=_some_day(rng) if rng.random() < 0.2 else None,
        handelse="corona" if rng.random() < 0.1 else None,
        jamfor_prognos=_some_day(rng) if "budget" not in rapport and rng.random() < 0.3 else None,
        med_forslag=rng.random() < 0.25,
        stora="separat" if investments and rng.random() < 0.3 else None,
    )
    question = question._replace(omgang=_some_round(rng, facts, question) if rng.random() < 0.25 else None)
    question = question._replace(jamfor_organisation=_some_day(rng) if rng.random() < 0.2 else None)
    # Drawn last, so that other questions stay as they were.
    return question._replace(stora_fran=rng.choice((1, 1_000_000, 60_000_000)) if rng.random() < 0.5 else None)


def _some_day(rng: random.Random) -> date:
    return date(2021, 6, 1) + timedelta(days=rng.randrange(365 * 5))


def _some_unit(rng: random.Random, facts: list[Fact], kand: int | None) -> str | None:
    """A unit that is known, or none for the top."""
    known = [
        fact.ansvar for fact in facts[:kand] if isinstance(fact, UnitEstablished) and not isinstance(fact, UnitChanged)
    ]
    return rng.choice(known) if known and rng.random() < 0.7 else None


def _some_round(rng: random.Random, facts: list[Fact], question: Question) -> date | None:
    """The day of a round of the year that is known and dated, where there is one."""
    days = set()
    for _, fact in standing_facts(list(enumerate(facts, start=1)), question.kand):
        if not isinstance(fact, (BudgetAdopted, InvesteringsramDecided)):
            continue
        names_year = any(rorelse.ar == question.ar for rorelse in fact.rorelser)
        if names_year and dated(fact.beslutsdatum, question.beslutad):
            days.add(fact.beslutsdatum)
    return rng.choice(sorted(days)) if days else None
