"""Peers: the same question put to what one would take instead, in the same run.

The question: the sum by unit and slag from January through a month, of what was known at a position. Databases answer
it by GROUP BY over a flat table, with the index that serves it best. The bookkeeping programs know no position: they
are asked for the balance between two days, and read their whole file each time, at most a million rows.
Here the floor is our own engine (for what is no database of ours, on SQLite), so the ratio is how many times its time
a peer takes. What is not installed is left out, and said.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks import journals, peer_tables
from benchmarks.as_of import VIEW
from benchmarks.figures import Figure
from benchmarks.measuring import latencies, percentile
from benchmarks.plan import Plan
from benchmarks.questions import Questions, windows
from benchmarks.truth import Flat, flat
from benchmarks.vouchers import ROWS_A_VOUCHER
from ledger.reporting.material import UTFALL
from ledger.reporting.reports import Reports
from ledger.reporting.rules.asked import Question
from ledger.reporting.stored.cube import Window

#: The most rows that the bookkeeping programs are given: they take tens of seconds for a million.
MOST_IN_A_JOURNAL: Final = 1_000_000
#: How many questions a peer is asked: a table, and a program that reads its whole file.
ASKS, ASKS_OF_A_PROGRAM, CHECKED = 100, 3, 3

INSTALL: Final = {
    "duckdb": ".venv/bin/uv sync --inexact --group bench",
    "beancount": ".venv/bin/uv sync --inexact --group bench",
    "hledger": "apt-get install hledger",
    "ledger": "apt-get install ledger",
}

#: Sums by (unit, slag).
Sums = dict[tuple[str, str], int]


class Ours(NamedTuple):
    """Our own figures: the questions, the rows they are about, and the engine's median by backend, ms."""

    asked: list[Window]
    rows: Flat
    took: dict[str, float]


def run(plan: Plan) -> Iterator[Figure]:
    """Our engine on each backend, then every peer that is there."""
    ours = _ours(plan)
    for backend in plan.backends:
        yield _of_a_table(plan, ours, backend, partial(peer_tables.sql, plan.databases, backend, ours.rows))
    if _is_there("duckdb", found=find_spec("duckdb") is not None):
        yield _of_a_table(plan, ours, "duckdb", partial(peer_tables.duckdb, plan.databases.folder, ours.rows))
    if plan.rows > MOST_IN_A_JOURNAL:
        print(f"journaler: högst {MOST_IN_A_JOURNAL} rader, så de hoppas över", file=sys.stderr)
        return
    with TemporaryDirectory(dir=plan.databases.folder) as folder:
        vouchers = list(islice(plan.town.vouchers(plan.rows // ROWS_A_VOUCHER), plan.rows))
        for program, write, command in journals.PROGRAMS:
            found = find_spec(program) is not None if program == "beancount" else which(program) is not None
            if _is_there(program, found=found):
                path = Path(folder) / f"journal.{program}"
                write(vouchers, path)
                yield _of_a_program(plan, ours, program, path, command)
                path.unlink()


def _ours(plan: Plan) -> Ours:
    """The same questions to our own ledgers."""
    took: dict[str, float] = {}
    asked: list[Window] = []
    for backend in plan.backends:
        built = plan.shelf.ledger(backend, plan.rows)
        with built.opened() as (log, reports):
            questions = Questions(log, built.head, plan.town.first_year, plan.town.seed).some(ASKS)
            asked = [windows(question)[0] for question in questions]

            _ask(reports, questions[0])
            took[backend] = percentile(latencies(partial(_ask, reports), questions), 0.5)
    built = plan.shelf.ledger(plan.backends[0], plan.rows)
    return Ours(asked, flat(built.url, built.head), took)


def _ask(reports: Reports, question: Question) -> object:
    with reports.snapshot(question) as snapshot:
        return snapshot.totals(UTFALL, VIEW, windows(question)[0])


def _of_a_table(
    plan: Plan, ours: Ours, name: str, opened: Callable[[], AbstractContextManager[peer_tables.Ask]]
) -> Figure:
    """A database asked by GROUP BY; its first answers are checked."""
    figure = Figure("peers", name, "GROUP BY över platt tabell", "ms", plan.rows)
    with opened() as ask:
        for window in ours.asked[:CHECKED]:
            assert ask(window) == _by_unit(ours.rows, window), f"{name} answers {window} wrongly"
        for n in range(plan.rounds):
            plan.say(f"peers {name}", name, n)
            took = latencies(ask, ours.asked)
            figure.add(percentile(took, 0.5), _floor(ours, name), **{"p99 ms": percentile(took, 0.99)})
    return figure


def _of_a_program(plan: Plan, ours: Ours, name: str, path: Path, command: journals.Command) -> Figure:
    """A program that reads its file and says the balance between two days; the whole process."""
    figure = Figure("peers", name, "saldo mellan två dagar, hela processen", "ms", plan.rows)
    plan.say(f"peers {name}", name, 0)
    for took in latencies(partial(journals.balance, command, path), ours.asked[:ASKS_OF_A_PROGRAM]):
        figure.add(took, _floor(ours, name))
    return figure


def _floor(ours: Ours, name: str) -> float:
    return ours.took.get(name) or ours.took.get("sqlite") or next(iter(ours.took.values()))


def _by_unit(rows: Flat, window: Window) -> Sums:
    found: Sums = {}
    for (ansvar, slag, _), total in rows.sums(window).items():
        key = str(ansvar), str(slag)
        found[key] = found.get(key, 0) + total
    return {key: total for key, total in found.items() if total}


def _is_there(program: str, *, found: bool) -> bool:
    """Whether a peer is installed; how it is, where it is not."""
    if not found:
        print(f"{program} finns inte och hoppas över: {INSTALL[program]}", file=sys.stderr, flush=True)
    return found
