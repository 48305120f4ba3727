"""What a project is expected to cost in all: outcome before the year, the year's forecast, later years' forecasts.

Where the year has no forecast its outcome so far takes the place. Judged per project (per unit where no project is
named), then summed. Rule: contract §3 (`total_prognos`).
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.reporting import prognos, utfall
from ledger.reporting.asked import Asked, Part
from ledger.reporting.entry import Key
from ledger.reporting.material import PROGNOS
from ledger.reporting.measure import Totalprognos, Utfall


def before(measure: Totalprognos) -> Utfall:
    """Outcome before the year asked for."""
    return Utfall(of="investering", year=measure.year - 1, through="year", since_start=True, at=measure.at)


def this_year(measure: Totalprognos) -> Utfall:
    """Outcome of the year asked for."""
    return Utfall(of="investering", year=measure.year, at=measure.at)


def forecasts(asked: Asked, measure: Totalprognos) -> Iterator[Part]:
    """The year's forecasts and those of later years."""
    for year in forecast_years(asked, measure):
        for held in prognos.newest(asked, year, "investering", measure.at):
            yield prognos.part(held)


def forecast_years(asked: Asked, measure: Totalprognos) -> list[int]:
    """The year asked for and later ones that somebody made a forecast of."""
    known = (int(key) for key in asked.snapshot.register(PROGNOS).all_keys())
    return sorted(year for year in known if year >= asked.question.ar + measure.year)


def expected(asked: Asked, measure: Totalprognos) -> set[tuple[str, str]]:
    """The projects and units that have a forecast of the year asked for."""
    year = asked.question.ar + measure.year
    found = prognos.newest(asked, year, "investering", measure.at)
    return {prognos.holder(held.row, "investering") for held in found}


def holder(key: Key) -> tuple[str, str]:
    """What a forecast of this cell would be kept for."""
    return ("projekt", key.projekt) if key.projekt else ("enhet", key.ansvar or "")


def parts(asked: Asked, measure: Totalprognos) -> Iterator[Part]:
    """Everything that the expected total is the sum of, outcome by cell."""
    yield from _sources(asked, measure, utfall.parts(asked, before(measure)), utfall.parts(asked, this_year(measure)))


def shares(asked: Asked, measure: Totalprognos) -> Iterator[Part]:
    """The same with the fact behind every amount."""
    yield from _sources(asked, measure, utfall.shares(asked, before(measure)), utfall.shares(asked, this_year(measure)))


def _sources(asked: Asked, measure: Totalprognos, earlier: Iterator[Part], so_far: Iterator[Part]) -> Iterator[Part]:
    with_forecast = expected(asked, measure)
    yield from earlier
    yield from (part for part in so_far if holder(part.key) not in with_forecast)
    yield from forecasts(asked, measure)
