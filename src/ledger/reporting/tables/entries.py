"""Whether any outcome is recorded on the rows of a table, where all of it comes to nothing or there is none.

What was not recorded by a position was not by an earlier one either: that a year has no outcome, as the one before the
ledger's first, is kept for the questions about earlier positions.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ledger.reporting.measure import Utfall
from ledger.reporting.rules import utfall
from ledger.reporting.rules.asked import Asked
from ledger.reporting.tables.layout import Layout


def holds_entries(asked: Asked, layout: Layout, measure: Utfall) -> bool:
    """Whether any entry of outcome lies in the table."""
    question, nothing = asked.question, asked.kept.nothing
    whole = replace(measure, through="year")
    of = replace(whole, year=question.ar + measure.year)
    name = (asked.snapshot.number(utfall.cube_of(measure)), layout.number, of, question.handelse, asked.until(of.at))
    if question.kand <= (nothing.peek(name) or 0):
        return False
    if _holds(asked, layout, whole):
        return measure == whole or _holds(asked, layout, measure)
    nothing.put(name, question.kand)
    return False


def _holds(asked: Asked, layout: Layout, measure: Utfall) -> bool:
    fields, cube = layout.view(measure.of), utfall.cube_of(measure)
    space = asked.snapshot.space(cube, fields)
    wanted = np.zeros(len(space), np.bool_)
    placed = layout.placing.place(space, measure.of).cell
    wanted[placed[placed < len(wanted)]] = True
    wanted &= utfall.tagged(asked, measure.handelse, space, len(wanted))
    return len(asked.snapshot.columns(cube, fields, utfall.window(asked, measure), wanted=wanted).cell) > 0
