"""Outcome: entries of the month asked for and those before it in the year.

Rule: contract §2 – through month `tom` accumulated from January; `beslutad` limits the bokföringsdatum.
"""

from __future__ import annotations

import numpy as np

from ledger.reporting.entry import Cube, View
from ledger.reporting.material import INVESTERINGSUTFALL, UTFALL
from ledger.reporting.measure import Utfall
from ledger.reporting.rules.asked import Asked
from ledger.reporting.stored.cube import Window
from ledger.reporting.stored.space import Ore, Space

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


def totals(asked: Asked, measure: Utfall, fields: View) -> tuple[Space, Ore]:
    """The sum of every cell of a grouping, nothing where the cell has another event than the one asked for."""
    cube, handelse = cube_of(measure), asked.question.handelse
    name = (cube.name, fields, window(asked, measure))
    if name not in asked.sums:
        found = asked.snapshot.totals(cube, fields, window(asked, measure))
        space = asked.snapshot.space(cube, fields)
        if handelse is not None:
            events = asked.kept.codes.column(space, "handelse")[: len(found)]
            found = np.where(events == asked.kept.codes.number(handelse), found, 0)
        asked.sums[name] = space, found
    known: tuple[Space, Ore] = asked.sums[name]
    return known
