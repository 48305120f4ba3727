"""Drill-down: the first page of the facts behind a random cell, with decision, actor, both dates and running sum.

The floor is one row fetched from the log by its position, a hundred times: a page names a hundred facts.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from benchmarks import floors
from benchmarks.as_of import add_latencies
from benchmarks.figures import Figure, most
from benchmarks.measuring import latencies
from benchmarks.plan import Plan
from benchmarks.questions import Questions
from ledger.reporting.explaining.explain import PAGE_OF_FACTS
from ledger.reporting.reports import Reports
from ledger.reporting.rules.asked import Question

#: p99, ms, that is demanded.
DEMAND: Final = 50.0

#: A cell costs more than a question: so many questions are asked for each cell.
LESS_OFTEN: Final = 5
WARM: Final = 3

COLUMNS: Final = ("utfall", "utfall_fg", "budget", "avvikelse", "andringar")


def run(plan: Plan) -> Iterator[Figure]:
    """Random cells on each backend: of a unit, and of the sum of all."""
    for backend in plan.backends:
        built = plan.shelf.ledger(backend, plan.rows)
        figures = {
            name: Figure("drill-down", backend, f"första sidan av {name}", "ms", plan.rows, {"p99 ms": most(DEMAND)})
            for name in ("en enhets cell", "en summas cell")
        }
        with built.opened() as (log, reports), floors.point_reader(built.url) as fetch:
            questions = Questions(log, built.head, plan.town.first_year, plan.town.seed)
            for _ in reports.read_in():
                pass
            rng = random.Random(plan.town.seed)  # noqa: S311 - seeded cells, no secret
            for n in range(plan.rounds):
                plan.say("drill-down", backend, n)
                for name, figure in figures.items():
                    asked = questions.some(max(2, plan.asks // LESS_OFTEN) + WARM)
                    cells = [(q, *_cell(reports, q, rng, summed=name.startswith("en summas"))) for q in asked]
                    took = latencies(lambda cell: reports.cell(*cell), cells)[WARM:]
                    add_latencies(figure, took, latencies(partial(_page, fetch), [q.kand for q in asked]))
        yield from figures.values()


def _cell(reports: Reports, question: Question, rng: random.Random, *, summed: bool) -> tuple[str, str]:
    """A row and a column of an answer."""
    rows = [rad.nyckel for rad in reports.ask(question).rader]
    units = [row for row in rows if row[0].isupper()]
    return ("summa" if summed or not units else rng.choice(units)), rng.choice(COLUMNS)


def _page(fetch: Callable[[int], object], position: int) -> None:
    for n in range(PAGE_OF_FACTS):
        fetch(max(1, position - n))
