"""Difference: every cell in which two answers a year apart differ, with the facts that explain it to the öre.

The floor is the two answers by themselves. A year apart is a year's facts in `kand`, or the year that is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from benchmarks.as_of import add_latencies
from benchmarks.figures import Figure, most
from benchmarks.measuring import latencies
from benchmarks.plan import Plan
from benchmarks.questions import Questions

#: p99, ms, that is demanded.
DEMAND: Final = 300.0

#: A difference costs more than a question: so many questions are asked for each.
LESS_OFTEN: Final = 20
WARM: Final = 1


def run(plan: Plan) -> Iterator[Figure]:
    """Random pairs on each backend."""
    for backend in plan.backends:
        built = plan.shelf.ledger(backend, plan.rows)
        with built.opened() as (log, reports):
            questions = Questions(log, built.head, plan.town.first_year, plan.town.seed)
            count = max(2, plan.asks // LESS_OFTEN) + WARM
            for name, pairs in (("kand", questions.pairs_in_kand), ("ar", questions.pairs_in_year)):
                what = f"två svar ett år isär i {name}"
                figure = Figure("difference", backend, what, "ms", plan.rows, {"p99 ms": most(DEMAND)})
                for n in range(plan.rounds):
                    plan.say(f"difference i {name}", backend, n)
                    made = list(islice(pairs(count), count))
                    took = latencies(lambda pair: reports.skillnad(*pair), made)[WARM:]
                    answers = latencies(lambda pair: [reports.ask(question) for question in pair], made)
                    explained = len(reports.skillnad(*made[-1]).positioner)
                    add_latencies(figure, took, answers, **{"fakta i den sista": explained})
                yield figure
