"""Outcome: entries of the month asked for and those before it in the year.

Rule: contract §2 – through month `tom` accumulated from January; `beslutad` limits the bokföringsdatum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ledger.reporting.entry import Cube, View
from ledger.reporting.material import INVESTERINGSUTFALL, UTFALL
from ledger.reporting.measure import ANY_EVENT, Utfall
from ledger.reporting.rules.asked import Asked
from ledger.reporting.stored.codes import Cells, Mask
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
    cube = cube_of(measure)
    name = (cube.name, fields, window(asked, measure), measure.handelse)
    if name not in asked.sums:
        found = asked.snapshot.totals(cube, fields, window(asked, measure))
        space = asked.snapshot.space(cube, fields)
        if is_of_event(asked, measure.handelse):
            found = np.where(tagged(asked, measure.handelse, space, len(found)), found, 0)
        asked.sums[name] = space, found
    known: tuple[Space, Ore] = asked.sums[name]
    return known


def is_of_event(asked: Asked, handelse: str | None) -> bool:
    """Whether only outcome of some event counts, by the question or by a measure of the event."""
    return handelse is not None or asked.question.handelse is not None


def tagged(asked: Asked, handelse: str | None, cells: Cells, size: int) -> Mask:
    """Which of the first cells of a space are of the event asked for and of that of a measure."""
    codes, found = asked.kept.codes, np.ones(size, np.bool_)
    if not is_of_event(asked, handelse):
        return found
    events = codes.column(cells, "handelse")[:size]
    for wanted in (handelse, asked.question.handelse):
        if wanted == ANY_EVENT:
            found &= events != codes.number(None)
        elif wanted is not None:
            found &= events == codes.number(wanted)
    return found


def events(asked: Asked, measures: Iterable[Utfall]) -> list[str]:
    """Every event that some measure holds anything of in the tree asked for, in order."""
    found: set[str] = set()
    codes = asked.kept.codes
    here = codes.numbers(asked.tree.under(asked.ansvar) if asked.ansvar else ())
    for measure in measures:
        cells, amounts = totals(asked, replace(measure, handelse=ANY_EVENT), ("ansvar",))
        held = (amounts != 0) & np.isin(codes.column(cells, "ansvar")[: len(amounts)], here)
        found |= {codes.texts[n] for n in np.unique(codes.column(cells, "handelse")[: len(amounts)][held]).tolist()}
    return sorted(found)
