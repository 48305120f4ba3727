"""Outcome: entries of the month asked for and those before it in the year.

Rule: contract §2 – through month `tom` accumulated from January; `beslutad` limits the bokföringsdatum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.reporting.asked import Asked, Part
from ledger.reporting.cube import Window
from ledger.reporting.entry import Cube, Key
from ledger.reporting.material import INVESTERINGSUTFALL, UTFALL
from ledger.reporting.measure import Utfall

#: Earlier than any month of outcome.
BEGINNING = 0


def cube_of(measure: Utfall) -> Cube:
    """The cube that holds the outcome: the report's own, else that of drift or investments."""
    return measure.cube or (UTFALL if measure.of == "drift" else INVESTERINGSUTFALL)


def window(asked: Asked, measure: Utfall) -> Window:
    """The months and limits of the measure."""
    year = asked.question.ar + measure.year
    last = year * 100 + (asked.question.tom if measure.through == "tom" else 12)
    until = asked.until(measure.at)
    day = until.year * 10000 + until.month * 100 + until.day if until else None
    return Window(BEGINNING if measure.since_start else year * 100 + 1, last, asked.question.kand, day)


def parts(asked: Asked, measure: Utfall) -> Iterator[Part]:
    """The sum of every cell."""
    key = (cube_of(measure).name, window(asked, measure))
    if key not in asked.sums:
        asked.sums[key] = asked.snapshot.sums(cube_of(measure), window(asked, measure))
    for cell, amount in asked.sums[key]:
        if asked.question.handelse in {None, cell.handelse}:
            yield Part(cell, amount)


def shares(asked: Asked, measure: Utfall, beside: Asked | None = None) -> Iterator[Part]:
    """Every entry with its fact; with `beside` only those that the other question does not count."""
    other = window(beside, measure) if beside else None
    for found in asked.snapshot.entries(cube_of(measure), window(asked, measure), beside=other):
        if asked.question.handelse in {None, found.key.handelse}:
            yield Part(found.key, found.amount_ore, found.position, found.effective)


def shares_of_cells(asked: Asked, measure: Utfall, belongs: Callable[[Key], bool]) -> Iterator[Part]:
    """What each fact adds to the cells that belong, as one amount a fact without its codes."""
    cube, handelse = cube_of(measure), asked.question.handelse
    cells = [n for n, key in asked.snapshot.cells(cube).items() if handelse in {None, key.handelse} and belongs(key)]
    for position, effective, amount in asked.snapshot.by_fact(cube, window(asked, measure), cells):
        yield Part(Key(), amount, position, effective)
