"""What measures sum to: a vector over the cells of what they are the sum of, by the rule of their kind."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

import numpy as np

from ledger.reporting.entry import View
from ledger.reporting.measure import Budget, Laget, Measure, Prognos, Totalprognos, Totalutgift, Utfall
from ledger.reporting.rules import budget, laget, prognos, projekt, utfall
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.movements import Counted
from ledger.reporting.rules.prognos import Newest
from ledger.reporting.stored.codes import Cells, Mask
from ledger.reporting.stored.exact import added
from ledger.reporting.stored.space import Ore


class Vector(NamedTuple):
    """The sum of every cell, and which cells hold anything: of outcome those that do not come to nothing."""

    cells: Cells
    amount: Ore
    held: Mask


def is_blank(asked: Asked, measure: Measure) -> bool:
    """Whether nothing is summed: of what bears no event when one is asked for, or at a date that is not given."""
    no_event = measure.blank_with_handelse and asked.question.handelse is not None
    return no_event or (measure.at is not None and asked.until(measure.at) is None)


def vectors_of(asked: Asked, measure: Measure, fields: View) -> list[Vector]:
    """What a measure sums to; outcome over the cells of a grouping by `fields`."""
    if is_blank(asked, measure):
        return []
    match measure:
        case Utfall():
            return [_outcome(*utfall.totals(asked, measure, fields))]
        case Budget() | Totalutgift():
            shares = budget.shares(asked, measure)
            return [_rows(asked, shares.counted, shares.amount)]
        case Laget():
            standing = laget.newest(asked, measure)
            return [_rows(asked, standing, standing["amount"])]
        case Prognos():
            given = prognos.newest(asked, asked.question.ar + measure.year, measure.of, measure.at)
            return [_rows(asked, given, given["amount"])]
        case Totalprognos():
            cells, so_far = utfall.totals(asked, projekt.this_year(measure), fields)
            counts = projekt.without_forecast(asked, measure, cells)[: len(so_far)]
            return [
                _outcome(*utfall.totals(asked, projekt.before(measure), fields)),
                _outcome(cells, np.where(counts, so_far, 0)),
                *(_rows(asked, given, given["amount"]) for given in projekt.forecasts(asked, measure)),
            ]
    msg = f"no rule sums {measure!r}"
    raise TypeError(msg)


def name_of(asked: Asked, measure: Measure) -> Hashable | None:
    """What the vector of a measure follows from, where questions about other positions and months often share it."""
    if is_blank(asked, measure):
        return None
    match measure:
        case Budget():
            return budget.name_of(asked, measure)
        case Prognos():
            return prognos.name_of(asked, asked.question.ar + measure.year, measure.of, measure.at)
    return None


def _outcome(cells: Cells, amounts: Ore) -> Vector:
    return Vector(cells, amounts, amounts != 0)


def _rows(asked: Asked, rows: Counted | Newest, amounts: Any) -> Vector:
    cells, place = asked.kept.cells, rows["cell"]
    size = len(cells)
    held = np.zeros(size, np.bool_)
    held[place] = True
    return Vector(cells, added(place, amounts, size), held)


def outcome_of(measure: Measure) -> tuple[Utfall, ...]:
    """The outcome that a measure is the sum of."""
    if isinstance(measure, Totalprognos):
        return projekt.before(measure), projekt.this_year(measure)
    return (measure,) if isinstance(measure, Utfall) else ()
