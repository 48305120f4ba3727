"""As of: random questions at any position, month and year; the engine alone, the whole answer over HTTP, and the size.

The first answers are checked against a look at every row. The floor of a question is one row fetched from the log by
its position; that of an answer over HTTP is the smallest answer that the same server gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import Any, Final

from benchmarks import floors, sizes
from benchmarks.built import Built
from benchmarks.figures import Figure, most
from benchmarks.measuring import latencies, percentile, timed
from benchmarks.plan import Plan
from benchmarks.questions import Questions, windows
from benchmarks.served import Served
from benchmarks.truth import flat
from ledger.reporting.material import UTFALL
from ledger.reporting.reports import Reports
from ledger.reporting.rules.asked import Question

#: p99 of a question, ms, that is demanded by backend, and of one with a day-precise beslutad, and of an answer.
DEMANDS: Final = {"sqlite": 1.0, "postgres": 3.0}
DEMAND_DATED: Final = 10.0
DEMAND_HTTP: Final = 15.0
DEMAND_SIZE: Final = 45.0
#: p99 in the largest ledger against p99 in the smallest.
DEMAND_GROWTH: Final = 1.5

#: How many answers are checked, and asked before the time is taken.
CHECKED, WARM = 5, 20

ENGINE: Final = "fråga, enbart motorn"
LEAST: Final = "/api/v1/halsa"
VIEW: Final = ("ansvar",)


def run(plan: Plan) -> Iterator[Figure]:
    """Questions on each backend."""
    for backend in plan.backends:
        built = plan.shelf.ledger(backend, plan.rows)
        yield from _engine(plan, backend, built)
        yield _http(plan, backend, built)
        yield from sizes.figures(backend, built, DEMAND_SIZE)


def growth(figures: Sequence[Figure]) -> Iterator[Figure]:
    """p99 in the largest ledger of a run against p99 in the smallest."""
    for backend in dict.fromkeys(figure.databas for figure in figures):
        measured = [figure for figure in figures if figure.what == ENGINE and figure.databas == backend]
        small, large = (pick(measured, key=lambda figure: figure.rows) for pick in (min, max))
        if small.rows < large.rows:
            what = f"p99 mot p99 i {small.rows} rader"
            grown = Figure("as-of", backend, what, "gånger", large.rows, {"gånger": most(DEMAND_GROWTH)})
            grown.add(large.value_of("p99 ms") / small.value_of("p99 ms"))
            yield grown


def _engine(plan: Plan, backend: str, built: Built) -> Iterator[Figure]:
    whole = Figure("as-of", backend, ENGINE, "ms", plan.rows, {"p99 ms": most(DEMANDS[backend])})
    dated = Figure("as-of", backend, "fråga med beslutad på dagen", "ms", plan.rows, {"p99 ms": most(DEMAND_DATED)})
    with built.opened() as (log, reports), floors.point_reader(built.url) as fetch:
        questions = Questions(log, built.head, plan.town.first_year, plan.town.seed)
        _check(reports, built, questions)
        for _ in reports.read_in():
            pass
        for n in range(plan.rounds):
            plan.say("as-of", backend, n)
            for figure, is_dated in ((whole, False), (dated, True)):
                asked = questions.some(plan.asks + WARM, dated=is_dated)
                took, worked = (found[WARM:] for found in timed(partial(_ask, reports), asked))
                floor = latencies(fetch, [question.kand for question in asked])[WARM:]
                add_latencies(figure, took, floor, **{"cpu p99 ms": percentile(worked, 0.99)})
    yield whole
    yield dated


def _ask(reports: Reports, question: Question) -> list[Any]:
    """The sums by unit: of the asked year and of the year before, from January through the month."""
    with reports.snapshot(question) as snapshot:
        return [snapshot.totals(UTFALL, VIEW, window) for window in windows(question)]


def _check(reports: Reports, built: Built, questions: Questions) -> None:
    """Compare answers with a sum over every row. Errors: AssertionError."""
    rows = flat(built.url, built.head)
    for n in range(CHECKED):
        question = questions.one(dated=bool(n % 2))
        for window, found in zip(windows(question), _ask(reports, question), strict=True):
            with reports.snapshot(question) as snapshot:
                keys = snapshot.space(UTFALL, VIEW).keys
            said = {(k.ansvar, k.slag, k.handelse): int(v) for k, v in zip(keys, found, strict=True) if v}
            assert said == rows.sums(window), f"{question} is answered wrongly"


def _http(plan: Plan, backend: str, built: Built) -> Figure:
    figure = Figure("as-of", backend, "hela svaret som JSON över HTTP", "ms", plan.rows, {"p99 ms": most(DEMAND_HTTP)})
    with built.opened() as (log, _):
        questions = Questions(log, built.head, plan.town.first_year, plan.town.seed)
    with Served(built.url) as server:
        server.settle()
        for n in range(plan.rounds):
            plan.say("as-of över HTTP", backend, n)
            with closing(server.connection()) as connection:
                asked = questions.some(plan.asks + WARM)
                paths = [
                    f"/api/v1/rapporter/driftsammandrag?ar={q.ar}&tom={q.tom}&kand=@{q.kand}&per=enhet" for q in asked
                ]
                get = partial(server.get, connection)
                size = max(len(get(path)) for path in paths[:WARM])
                took = latencies(get, paths[WARM:])
                add_latencies(figure, took, latencies(get, [LEAST] * len(took)), **{"svar kB": size / 1000})
    return figure


def add_latencies(figure: Figure, took: Sequence[float], floor: Sequence[float], **extra: float) -> None:
    """A round of latencies: their median against the median of the floor, and p99."""
    figure.add(
        percentile(took, 0.5),
        percentile(floor, 0.5),
        **{"p99 ms": percentile(took, 0.99), "max ms": max(took)},
        **extra,
    )
