"""Rebuild: the read model built beside the old one from the facts alone, and the switch.

The floor is a bare SELECT of the same columns of the same facts, in pages of the same size.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from benchmarks import floors
from benchmarks.figures import Figure, most
from benchmarks.measuring import seconds
from benchmarks.plan import Plan

#: Seconds from ten million rows that are demanded, and the rows.
DEMAND_ONE, DEMAND_ALL = 20.0, 60.0
DEMANDED_ROWS: Final = 10_000_000

REPORT: Final = "driftsammandrag"


def run(plan: Plan) -> Iterator[Figure]:
    """What one report needs, and everything, on each backend."""
    for backend in plan.backends:
        built = plan.shelf.ledger(backend, plan.rows)
        with built.opened() as (log, reports):
            stores = {material.name for material in reports.find(REPORT).stores()}
            for what, names, demand in (
                (f"underlaget till {REPORT}", stores, DEMAND_ONE),
                ("allt underlag", set(), DEMAND_ALL),
            ):
                demands = {"sekunder": most(demand)} if plan.rows >= DEMANDED_ROWS else {}
                figure = Figure("rebuild", backend, what, "fakta/s", plan.rows, demands)
                size = log.head().position
                for n in range(plan.rounds):
                    plan.say(f"rebuild av {what}", backend, n)
                    plan.databases.settle(built.url)
                    took = seconds(partial(reports.runner.rebuild, names))
                    figure.add(size / took, size / floors.reading(built.url, floors.READ), sekunder=took)
                yield figure
