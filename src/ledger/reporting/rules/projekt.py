"""What a project is expected to cost in all: outcome before the year, the year's forecast, later years' forecasts.

Where the year has no forecast its outcome so far takes the place. Judged per project (per unit where no project is
named), then summed. Rule: contract §3 (`total_prognos`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ledger.reporting.material import PROGNOS
from ledger.reporting.measure import Totalprognos, Utfall
from ledger.reporting.rules import prognos
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.movements import pots
from ledger.reporting.rules.prognos import Newest
from ledger.reporting.stored.codes import Cells, Mask


def before(measure: Totalprognos) -> Utfall:
    """Outcome before the year asked for."""
    return Utfall(of="investering", year=measure.year - 1, through="year", since_start=True, at=measure.at)


def this_year(measure: Totalprognos) -> Utfall:
    """Outcome of the year asked for."""
    return Utfall(of="investering", year=measure.year, at=measure.at)


def forecasts(asked: Asked, measure: Totalprognos) -> Iterator[Newest]:
    """The year's forecasts and those of later years."""
    for key in asked.snapshot.register(PROGNOS).all_keys():
        if int(key) >= asked.question.ar + measure.year:
            yield prognos.newest(asked, int(key), "investering", measure.at)


def without_forecast(asked: Asked, measure: Totalprognos, cells: Cells) -> Mask:
    """The cells whose outcome of the year counts: of projects, or units, without a forecast of the year."""
    found = prognos.newest(asked, asked.question.ar + measure.year, "investering", measure.at)
    return ~np.isin(pots(cells, asked.kept), found["pot"])
