"""Replay: the whole log read and decoded, its books folded, its proofs checked.

The floor of each is a bare SELECT of the same columns of the same rows, in pages of the same size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks import floors
from benchmarks.figures import Figure
from benchmarks.measuring import seconds
from benchmarks.plan import Plan
from ledger.application import fold
from ledger.domain.books import Books
from ledger.recording.schema import IS_NO_POSTING
from ledger.recording.store import FactLog

READ: Final = "läsa och avkoda"
COLUMNS: Final = "läsa poster som kolumner"
BOOKS: Final = "vika ihop böckerna (utan poster)"
VERIFY: Final = "verifiera"


def run(plan: Plan) -> Iterator[Figure]:
    """Every kind of replay on each backend."""
    for backend in plan.backends:
        built = plan.shelf.ledger(backend, plan.rows)
        figures = {
            what: Figure("replay", backend, what, "fakta/s", plan.rows) for what in (READ, COLUMNS, BOOKS, VERIFY)
        }
        with built.opened() as (log, _):
            for n in range(plan.rounds):
                plan.say("replay", backend, n)
                plan.databases.settle(built.url)
                _round(built.url, log, figures)
        yield from figures.values()


def _round(url: str, log: FactLog, figures: dict[str, Figure]) -> None:
    """Each measurement directly after its floor."""
    size = log.head().position
    floor = floors.reading(url, floors.READ)
    _add(figures[READ], size, seconds(lambda: _read(log)), floor)
    _add(figures[COLUMNS], size, seconds(lambda: _columns(log, size)), floor)
    decisions = sum(len(page) for page in floors.pages(url, "position", where=IS_NO_POSTING))
    floor_of_books = floors.reading(url, floors.READ, IS_NO_POSTING)
    _add(figures[BOOKS], decisions, seconds(lambda: fold(log, Books())), floor_of_books)
    floor_of_proofs = floors.reading(url, floors.ALL)
    _add(figures[VERIFY], size, seconds(lambda: _verify(log)), floor_of_proofs)


def _add(figure: Figure, facts: int, took: float, floor: float) -> None:
    figure.add(facts / took, facts / floor, sekunder=took)


def _read(log: FactLog) -> None:
    position = 0
    while page := log.read(position):
        position = page[-1].position


def _columns(log: FactLog, size: int) -> None:
    position = 0
    while position < size:
        position = log.read_postings(position).upto


def _verify(log: FactLog) -> None:
    verified = log.verify()
    assert verified.ok, verified
