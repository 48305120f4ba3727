"""The columns of prognosuppfoljning: what each round of forecasts said, and how it turned out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from ledger.domain.events import PrognosSubmitted
from tests.oracle.asked import Asked
from tests.oracle.budget import through
from tests.oracle.cells import BUDGET, FORECAST, OUTCOME, Cells, Column, Row
from tests.oracle.drift import of_year
from tests.oracle.outcome import in_year
from tests.oracle.standing import dated


def forecast_days(asked: Asked) -> list[date]:
    """The days on which units under the one asked for gave a forecast of the year."""
    return sorted(
        {
            fact.prognosdatum
            for _, fact in asked.standing
            if isinstance(fact, PrognosSubmitted)
            and fact.ar == asked.question.ar
            and fact.rader
            and dated(fact.prognosdatum, asked.question.beslutad)
            and asked.branch(fact.ansvar)
        }
    )


def round_columns(asked: Asked, slag: tuple[str, ...], days: Sequence[date]) -> dict[str, Column]:
    """Budget and outcome of the year, and budget and forecast as they were on each of some days."""
    ar, tom = asked.question.ar, asked.question.tom
    sides = asked.budget(asked.question.beslutad, slag)
    columns = {
        "budget_helar": Column(BUDGET, of_year(sides, ar)),
        "budget": Column(BUDGET, through([side for side in sides if side.ar == ar], tom)),
        "utfall": Column(OUTCOME, in_year(asked.outcome(slag), ar, tom)),
    }
    for day in days:
        forecasts = [forecast.entry for forecast in asked.forecasts(day, slag) if forecast.ar == ar]
        columns[f"prognos_{day}"] = Column(FORECAST, forecasts)
        columns[f"budget_{day}"] = Column(BUDGET, of_year(asked.budget(day, slag), ar))
    return columns


def followed_up(cells: Cells, row: Row, days: Sequence[date]) -> dict[str, int | None]:
    """One row: sums, deviations, what each round changed, and how right it was."""
    found = {key: cells.shown(key, row) for key in ("budget_helar", "utfall")}
    found["avvikelse"] = cells.difference("budget", "utfall", row)
    for day in days:
        found[f"prognos_{day}"] = cells.shown(f"prognos_{day}", row)
        found[f"avvikelse_prognos_{day}"] = cells.difference(f"budget_{day}", f"prognos_{day}", row)
        found[f"utfall_mot_prognos_{day}"] = cells.difference(f"prognos_{day}", "utfall", row)
    for before, day in pairwise(days):
        found[f"andrad_{day}"] = cells.difference(f"prognos_{before}", f"prognos_{day}", row)
    return found
