"""Outcome: entries of the month asked for and those before it in the year.

Rule: contract §2 – through month `tom` accumulated from January; `beslutad` limits the bokföringsdatum.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.reporting.asked import Asked, Part
from ledger.reporting.cube import Window
from ledger.reporting.entry import Cube
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
    for key, amount in asked.snapshot.sums(cube_of(measure), window(asked, measure)):
        if asked.question.handelse in {None, key.handelse}:
            yield Part(key, amount)


def shares(asked: Asked, measure: Utfall, beside: Asked | None = None, cells: set[int] | None = None) -> Iterator[Part]:
    """Every entry with its fact; with `beside`, only those that the other question does not count."""
    other = window(beside, measure) if beside else None
    found = asked.snapshot.entries(cube_of(measure), window(asked, measure), beside=other, cells=cells)
    for key, effective, position, amount in found:
        if asked.question.handelse in {None, key.handelse}:
            yield Part(key, amount, position, effective)
