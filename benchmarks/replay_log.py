"""Replay: the whole log read and decoded, its books folded, its proofs checked, its read model rebuilt.

The floor of each is a bare SELECT of the same columns of the same rows, in pages of the same size.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from benchmarks import floors, founding
from benchmarks.figures import Figure
from benchmarks.measuring import seconds
from benchmarks.municipality import ROWS_A_VOUCHER
from benchmarks.plan import Plan
from ledger.application import fold
from ledger.domain.books import Books
from ledger.main import reports_over
from ledger.recording.katalog import prepare
from ledger.recording.schema import IS_NO_POSTING
from ledger.recording.store import FactLog
from ledger.reporting.reports import Reports

READ: Final = "läsa och avkoda"
BOOKS: Final = "vika ihop böckerna (utan poster)"
VERIFY: Final = "verifiera"
REBUILD: Final = "bygga om läsmodellen, allt material"


def run(plan: Plan) -> Iterator[Figure]:
    """Every kind of replay on each backend."""
    for backend in plan.backends:
        url = plan.databases.new(backend)
        prepare(url)
        with FactLog.open(url, clock=founding.now, salt=lambda: os.urandom(16)) as log:
            founding.found(log, plan.town)
            founding.record_facts(log, plan.town.vouchers(plan.rows // ROWS_A_VOUCHER))
            reports = reports_over(url, log)
            figures = {what: Figure("replay", backend, what, "fakta/s") for what in (READ, BOOKS, VERIFY, REBUILD)}
            reports.runner.catch_up()
            for n in range(plan.rounds):
                plan.say("replay", backend, n)
                plan.databases.settle(url)
                _round(url, log, reports, figures)
            reports.runner.stop()
            reports.engine.dispose()
        plan.databases.drop(url)
        yield from figures.values()


def _round(url: str, log: FactLog, reports: Reports, figures: dict[str, Figure]) -> None:
    """Each measurement directly after its floor."""
    size = log.head().position
    floor = floors.reading(url, floors.READ)
    _add(figures[READ], size, seconds(lambda: _read(log)), floor)
    decisions = sum(len(page) for page in floors.pages(url, "position", where=IS_NO_POSTING))
    floor_of_books = floors.reading(url, floors.READ, IS_NO_POSTING)
    _add(figures[BOOKS], decisions, seconds(lambda: fold(log, Books())), floor_of_books)
    floor_of_proofs = floors.reading(url, floors.ALL)
    _add(figures[VERIFY], size, seconds(lambda: _verify(log)), floor_of_proofs)
    _add(figures[REBUILD], size, seconds(reports.runner.rebuild), floors.reading(url, floors.READ))


def _add(figure: Figure, facts: int, took: float, floor: float) -> None:
    figure.add(facts / took, facts / floor, sekunder=took)


def _read(log: FactLog) -> None:
    position = 0
    while page := log.read(position):
        position = page[-1].position


def _verify(log: FactLog) -> None:
    verified = log.verify()
    assert verified.ok, verified
