"""The columns of driftsammandrag, ekonomi, internbudget and detaljbudget."""

from __future__ import annotations

from collections.abc import Sequence

from tests.oracle.asked import Asked
from tests.oracle.budget import CHANGES, ORIGINAL, Side, through
from tests.oracle.cells import BUDGET, FORECAST, OUTCOME, Cells, Column, Row, minus
from tests.oracle.entries import Entry
from tests.oracle.outcome import in_year


def of_year(sides: Sequence[Side], ar: int, typer: tuple[str, ...] = ORIGINAL + CHANGES) -> list[Entry]:
    """The whole-year budget of a year, or what decisions of some kinds make of it."""
    return [side.entry for side in sides if side.ar == ar and side.typ in typer]


def plan_years(asked: Asked, sides: Sequence[Side], *, owner: bool) -> list[int]:
    """The later years for which budget counts under the unit asked for."""
    found = set()
    for side in sides:
        unit = asked.owner(side.entry) if owner else side.entry.ansvar
        if side.ar > asked.question.ar and asked.branch(unit):
            found.add(side.ar)
    return sorted(found)


def year_columns(asked: Asked, slag: tuple[str, ...], years: Sequence[int]) -> dict[str, Column]:
    """The sums behind driftsammandrag and ekonomi, of drift or of investment."""
    ar, tom = asked.question.ar, asked.question.tom
    outcome = asked.outcome(slag)
    sides = asked.budget(asked.question.beslutad, slag)
    forecasts = asked.forecasts(asked.question.beslutad, slag)
    columns = {
        "utfall": Column(OUTCOME, in_year(outcome, ar, tom)),
        "budget": Column(BUDGET, through([side for side in sides if side.ar == ar], tom)),
        "utfall_fg": Column(OUTCOME, in_year(outcome, ar - 1, tom)),
        "bokslut_fg": Column(OUTCOME, in_year(outcome, ar - 1)),
        "budget_helar": Column(BUDGET, of_year(sides, ar)),
        "prognos": Column(FORECAST, [forecast.entry for forecast in forecasts if forecast.ar == ar]),
        "ursprunglig_budget": Column(BUDGET, of_year(sides, ar, ORIGINAL)),
        "andringar": Column(BUDGET, of_year(sides, ar, CHANGES)),
    }
    for year in years:
        columns[f"plan_{year}"] = Column(BUDGET, of_year(sides, year))
    return columns | compared(asked, slag)


def compared(asked: Asked, slag: tuple[str, ...]) -> dict[str, Column]:
    """What was budget and forecast of the year by the date of `jamfor_prognos`."""
    day = asked.question.jamfor_prognos
    if day is None:
        return {}
    ar = asked.question.ar
    forecasts = asked.forecasts(day, slag)
    return {
        "jamford_budget": Column(BUDGET, of_year(asked.budget(day, slag), ar)),
        "jamford_prognos": Column(FORECAST, [forecast.entry for forecast in forecasts if forecast.ar == ar]),
    }


def plan_columns(asked: Asked, slag: tuple[str, ...], years: Sequence[int]) -> dict[str, Column]:
    """The sums of internbudget: the year, the years after, and the two before."""
    ar, tom = asked.question.ar, asked.question.tom
    sides = asked.budget(asked.question.beslutad, slag)
    columns = {
        "budget": Column(BUDGET, through([side for side in sides if side.ar == ar], tom)),
        f"budget_{ar - 1}": Column(BUDGET, of_year(sides, ar - 1)),
        f"bokslut_{ar - 2}": Column(OUTCOME, in_year(asked.outcome(slag), ar - 2)),
    }
    for year in years:
        columns[f"plan_{year}"] = Column(BUDGET, of_year(sides, year))
    return columns


def without_event(asked: Asked, columns: dict[str, Column]) -> dict[str, Column]:
    """With `handelse` budget and forecast are null: they carry no event."""
    if asked.question.handelse is None:
        return columns
    return {key: column if column.kind == OUTCOME else column._replace(entries=None) for key, column in columns.items()}


def year_cells(cells: Cells, row: Row) -> dict[str, int | None]:
    """One row of driftsammandrag or ekonomi: sums as they are shown, and the deviations."""
    found = {key: cells.shown(key, row) for key in cells.columns if not key.startswith("jamford_")}
    found["avvikelse"] = cells.difference("budget", "utfall", row)
    found["avvikelse_prognos"] = cells.difference("budget_helar", "prognos", row)
    found["forandring"] = minus(found["utfall"], found["utfall_fg"])
    if "jamford_budget" in cells.columns:
        then = cells.difference("jamford_budget", "jamford_prognos", row)
        found["avvikelse_jfr_prognos"] = minus(found["avvikelse"], then)
    return found


def plain_cells(cells: Cells, row: Row) -> dict[str, int | None]:
    """One row of internbudget or detaljbudget."""
    return {key: cells.shown(key, row) for key in cells.columns}
