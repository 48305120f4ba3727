"""Pages: how soon a reader sees one, the first that comes to a server that has just begun to answer, and later.

A page costs its whole question, drawn. The floor is the smallest answer that the same server gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from http.client import HTTPConnection
from time import perf_counter
from typing import Final, NamedTuple

from benchmarks.as_of import LEAST
from benchmarks.built import Built
from benchmarks.figures import Figure, most
from benchmarks.measuring import calm, latencies, percentile
from benchmarks.municipality import LAST_YEAR
from benchmarks.plan import Plan
from benchmarks.served import Served

#: ms to the first byte and to the last, p99, that are demanded.
DEMAND_FIRST_BYTE: Final = 50.0
DEMAND_WHOLE: Final = 150.0

#: What people open, in the order in which it is opened the first time.
PAGES: Final = (
    "/",
    f"/rapporter/driftsammandrag?ar={LAST_YEAR}&tom=8",
    f"/rapporter/investeringsuppfoljning?ar={LAST_YEAR}",
    "/rapporter/behandlingshistorik",
    "/att-gora",
)

#: A page costs more than a question: so many are asked for each.
LESS_OFTEN: Final = 20


class Seen(NamedTuple):
    """ms until the first byte of a page came, and until the last did."""

    begun: float
    whole: float


def run(plan: Plan) -> Iterator[Figure]:
    """Every page on each backend, from a server of its own in each round."""
    for backend in plan.backends:
        built = plan.shelf.ledger(backend, plan.rows)
        demands = {"första byte p99 ms": most(DEMAND_FIRST_BYTE), "p99 ms": most(DEMAND_WHOLE)}
        figures = {page: Figure("pages", backend, f"sidan {page}", "ms", plan.rows, demands) for page in PAGES}
        for n in range(plan.rounds):
            plan.say("pages", backend, n)
            _round(built, figures, max(2, plan.asks // LESS_OFTEN))
        yield from figures.values()


def _round(built: Built, figures: dict[str, Figure], asks: int) -> None:
    """Open every page once, and again when the server has prepared what it prepares."""
    with Served(built.url) as server:
        with closing(server.connection()) as connection:
            firsts = {page: _open(connection, page) for page in figures}
        # A server lets go of a connection that rests so long.
        server.settle()
        with closing(server.connection()) as connection:
            floor = percentile(latencies(partial(server.get, connection), [LEAST] * asks), 0.5)
            for page, figure in figures.items():
                with calm():
                    seen = [_open(connection, page) for _ in range(asks)]
                whole = [one.whole for one in seen]
                figure.add(
                    percentile(whole, 0.5),
                    floor,
                    **{
                        "första byte p99 ms": percentile([one.begun for one in seen], 0.99),
                        "p99 ms": percentile(whole, 0.99),
                        "första gången ms": firsts[page].whole,
                    },
                )


def _open(connection: HTTPConnection, page: str) -> Seen:
    """How long a page takes. Errors: AssertionError for any answer but 200."""
    begun = perf_counter()
    connection.request("GET", page, headers={"Accept": "text/html"})
    response = connection.getresponse()
    first = perf_counter()
    response.read()
    assert response.status == 200, f"{page}: {response.status}"
    return Seen((first - begun) * 1000, (perf_counter() - begun) * 1000)
