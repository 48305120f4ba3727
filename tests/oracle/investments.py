"""The columns of investeringsuppfoljning, and the projects that stand apart in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from tests.oracle.asked import Asked
from tests.oracle.budget import CHANGES, ORIGINAL
from tests.oracle.cells import BUDGET, FORECAST, NET, OUTCOME, Cells, Column, Row, minus
from tests.oracle.drift import compared, of_year
from tests.oracle.entries import INVESTERING, Entry
from tests.oracle.outcome import in_year, through_day

#: A large project is one whose decided total is at least 50 mnkr (glossary).
LARGE_ORE: Final = 50_000_000_00


def investment_columns(asked: Asked, years: Sequence[int]) -> dict[str, Column]:
    """The sums behind investeringsuppfoljning."""
    ar, tom = asked.question.ar, asked.question.tom
    outcome = asked.outcome(INVESTERING)
    sides = asked.budget(asked.question.beslutad, INVESTERING)
    forecasts = asked.forecasts(asked.question.beslutad, INVESTERING)
    frame = of_year(sides, ar)
    columns = {
        "total_budget": Column(BUDGET, asked.total_decided()),
        "total_utfall": Column(OUTCOME, through_day(outcome, asked.question.last_day)),
        "total_prognos": Column(BUDGET, expected_total(asked)),
        "ar_budget": Column(BUDGET, frame),
        "ar_utfall": Column(OUTCOME, in_year(outcome, ar, tom)),
        "prognos_netto": Column(FORECAST, [forecast.entry for forecast in forecasts if forecast.ar == ar]),
        "investeringsram": Column(BUDGET, frame),
        "ursprunglig_budget": Column(BUDGET, of_year(sides, ar, ORIGINAL)),
        "andringar": Column(BUDGET, of_year(sides, ar, CHANGES)),
    }
    for year in years:
        columns[f"plan_{year}"] = Column(BUDGET, of_year(sides, year))
    return columns | compared(asked, INVESTERING)


def expected_total(asked: Asked) -> list[Entry]:
    """Beräknad totalutgift, project by project.

    Outcome before the year, then the year's forecast (its outcome where there is none), then later years' forecasts.
    """
    ar = asked.question.ar
    outcome = asked.outcome(INVESTERING)
    forecasts = asked.forecasts(asked.question.beslutad, INVESTERING)
    forecast_for_year = {forecast.entry.key for forecast in forecasts if forecast.ar == ar}
    before = through_day(outcome, date(ar - 1, 12, 31))
    instead = [entry for entry in in_year(outcome, ar, asked.question.tom) if entry.key not in forecast_for_year]
    return before + instead + [forecast.entry for forecast in forecasts if forecast.ar >= ar]


def large_projects(asked: Asked) -> set[str]:
    """The projects that stand apart: with `stora=separat` those of 50 mnkr or more, or of what the question says."""
    if asked.question.stora != "separat":
        return set()
    fran = asked.question.stora_fran
    large_ore = LARGE_ORE if fran is None else fran * 100
    decided: dict[str, int] = {}
    for entry in asked.total_decided():
        if entry.projekt:
            decided[entry.projekt] = decided.get(entry.projekt, 0) + entry.ore
    return {projekt for projekt, ore in decided.items() if ore >= large_ore}


def investment_cells(asked: Asked, cells: Cells, row: Row) -> dict[str, int | None]:
    """One row of investeringsuppfoljning."""
    found = {key: cells.shown(key, row) for key in cells.columns if not key.startswith("jamford_")}
    found["total_avvikelse"] = cells.difference("total_budget", "total_utfall", row)
    found["prognosavvikelse"] = cells.difference("total_budget", "total_prognos", row)
    found["ar_avvikelse"] = cells.difference("ar_budget", "ar_utfall", row)
    found["avvikelse_prognos"] = cells.difference("investeringsram", "prognos_netto", row)
    found["utfall_utgifter"] = cells.in_direction("ar_utfall", row, "utgift", 1)
    found["utfall_inkomster"] = cells.in_direction("ar_utfall", row, "inkomst", -1)
    found["prognos_utgifter"] = cells.in_direction("prognos_netto", row, "utgift", 1)
    found["prognos_inkomster"] = cells.in_direction("prognos_netto", row, "inkomst", -1)
    projekt = asked.projects.get(row.key) if asked.question.per == "projekt" and row.slag == NET else None
    found["slutar"] = projekt.slutar.year if projekt and projekt.slutar else None
    if "jamford_budget" in cells.columns:
        then = cells.difference("jamford_budget", "jamford_prognos", row)
        found["avvikelse_jfr_prognos"] = minus(found["ar_avvikelse"], then)
    return found
