"""Readers: what a reader in another process waits for an answer while vouchers are imported and everything is rebuilt.

The floor is the same reader when it is alone. Its questions are at positions that do not change, so that every answer
is known beforehand to the byte: one that differs is a mixture of old and new.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Final, Self, TypeAlias

from benchmarks import founding, lag
from benchmarks.as_of import add_latencies
from benchmarks.figures import Figure, most
from benchmarks.measuring import percentile
from benchmarks.plan import Plan
from benchmarks.questions import REPORT, Questions
from benchmarks.reader_child import MIXED, READY, Answered, fingerprint
from benchmarks.vouchers import ROWS_A_VOUCHER
from ledger.application import Ledger
from ledger.bulk import post_vouchers
from ledger.reporting.reports import Reports

ROOT: Final = Path(__file__).resolve().parents[1]

#: p99 of an answer, ms, and how many times that of the reader alone, that are demanded.
DEMAND: Final = 50.0
DEMAND_TIMES: Final = 10.0

#: Questions that the reader asks in turn, and the part of the ledger's rows that are imported meanwhile.
ASKED: Final = 60
IMPORTED: Final = 10

#: Seconds that a reader may take to end.
PATIENCE: Final = 120

#: When something began and ended, monotonic seconds.
Span: TypeAlias = tuple[float, float]

ALONE: Final = "läsare ensam"
IMPORTING: Final = "läsare under import av en tiondel till"
REBUILDING: Final = "läsare under ombyggnad av allt"


def run(plan: Plan) -> Iterator[Figure]:
    """A reader alone, and beside either work, on each backend."""
    for backend in plan.backends:
        built = plan.shelf.ledger(backend, plan.rows)
        whole = {"fel": most(0), "blandade": most(0)}
        quick = {"p99 ms": most(DEMAND), "p99 mot ensam": most(DEMAND_TIMES)}
        figures = [
            Figure("readers", backend, what, "ms", plan.rows, demands)
            for what, demands in ((ALONE, whole), (IMPORTING, quick | whole), (REBUILDING, quick | whole))
        ]
        with built.opened() as (log, reports):
            questions = Questions(log, built.head, plan.town.first_year, plan.town.seed).some(ASKED)
            asked = [{"ar": str(q.ar), "tom": str(q.tom), "kand": f"@{q.kand}", "per": q.per} for q in questions]
            ledger = Ledger(log)
            ledger.catch_up()
            lag.keep_up(reports)
            for n in range(plan.rounds):
                plan.say("readers", backend, n)
                plan.databases.settle(built.url)
                with Reader(built.url, asked, [fingerprint(reports, REPORT, one) for one in asked]) as reader:
                    spans = [beside(work) for work in _works(plan, ledger, reports)]
                    add(figures, spans, reader.stop())
        yield from figures


def _works(plan: Plan, ledger: Ledger, reports: Reports) -> tuple[Callable[[], object], ...]:
    """What goes on beside the reader, in order: nothing, the import, the rebuild."""

    def rest() -> None:
        time.sleep(plan.seconds)

    def import_more() -> None:
        count = max(1, plan.rows // IMPORTED // ROWS_A_VOUCHER)
        vouchers = plan.town.vouchers(count, f"R{ledger.log.head().position}")
        done = post_vouchers(ledger, vouchers, founding.CALLER, founding.new_id)
        reports.runner.wait_for(done.last, PATIENCE)

    return rest, import_more, reports.runner.rebuild


def add(figures: Sequence[Figure], spans: Sequence[Span], met: Sequence[Answered]) -> None:
    """A round: what was answered in each span, against what the reader met alone."""
    alone: list[float] = []
    for figure, (first, last) in zip(figures, spans, strict=True):
        within = [one for one in met if one.asked <= last and one.came >= first]
        waits = [(one.came - one.asked) * 1000 for one in within]
        faults = [one.fault for one in within if one.fault]
        for fault in faults[:1]:
            print(fault, file=sys.stderr, flush=True)
        mixed = faults.count(MIXED)
        extra = {"fel": len(faults) - mixed, "blandade": mixed, "svar": len(waits), "sekunder": last - first}
        if figure.what != ALONE:
            extra["p99 mot ensam"] = percentile(waits, 0.99) / percentile(alone, 0.99)
        alone = alone or waits
        add_latencies(figure, waits, alone, **extra)


def beside(work: Callable[[], object]) -> Span:
    """When a piece of work began and ended."""
    begun = monotonic()
    work()
    return begun, monotonic()


class Reader:
    """A reader that is under way, in a process of its own."""

    def __init__(self, url: str, asked: Sequence[dict[str, str]], fingerprints: Sequence[str]) -> None:
        """Questions to a ledger, and what their answers are known to be."""
        self._told = json.dumps({"url": url, "rapport": REPORT, "fragor": asked, "avtryck": fingerprints})

    def __enter__(self) -> Self:
        """Start it, and wait until it has asked everything once. Errors: RuntimeError when it ends instead."""
        command = [sys.executable, "-m", "benchmarks.reader_child"]
        self._process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{self._told}\n")
        self._process.stdin.flush()
        if self._process.stdout.readline().strip() != READY:
            self._process.communicate()
            msg = "läsaren startade inte"
            raise RuntimeError(msg)
        return self

    def __exit__(self, *_: object) -> None:
        """End it, where it has not ended."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def stop(self) -> list[Answered]:
        """End it; what it was answered."""
        said, _ = self._process.communicate(timeout=PATIENCE)
        return [Answered(*one) for one in json.loads(said)]
