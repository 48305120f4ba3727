"""The reports: the rows in their order, each with its cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

from ledger.domain.fact import Fact
from tests.oracle.asked import Asked
from tests.oracle.cells import BUDGET, Cells, Column, Row
from tests.oracle.drift import (
    plain_cells,
    plan_columns,
    plan_years,
    without_event,
    year_cells,
    year_columns,
)
from tests.oracle.entries import DRIFT, INVESTERING
from tests.oracle.frame import earlier_frame, frame_columns
from tests.oracle.history import lines_of_internbudget, lines_of_ramhistorik, pending_sides
from tests.oracle.investments import investment_cells, investment_columns, large_projects
from tests.oracle.projects import ONGOING
from tests.oracle.question import Answer, Question, UnanswerableError
from tests.oracle.rounds import followed_up, forecast_days, round_columns
from tests.oracle.rows import (
    CODES,
    LEVELS,
    UNPLACED,
    check_per,
    place_apart,
    place_drift,
    place_in_summa,
    place_investment,
    unit_rows,
)

CellsOf: TypeAlias = Callable[[Cells, Row], dict[str, int | None]]

#: The key of a row that is in no answer: what stands where a tree has no such row.
NOTHING: Final = "-"

MONTHS: Final = 12


class Told(NamedTuple):
    """A report in one tree: the rows it shows, and those that it does not, for they hold nothing."""

    shown: Answer
    hidden: Answer

    def put(self, key: str, cells: dict[str, int | None], *, always: bool = False) -> bool:
        """Add a row to those shown or those hidden; whether it is shown."""
        is_shown = always or anything(cells)
        (self.shown if is_shown else self.hidden)[key] = cells
        return is_shown

    def row(self, key: str) -> dict[str, int | None]:
        """The cells of a row, also where it is hidden or not there."""
        return dict(self.shown.get(key) or self.hidden.get(key) or self.hidden[NOTHING])


def answer(facts: Sequence[tuple[int, Fact]], question: Question) -> Answer:
    """The report that the question asks for, from facts with their positions. Errors: UnanswerableError."""
    return answered(Asked(facts, question))


def answered(asked: Asked) -> Answer:
    """The report that is asked for. Errors: UnanswerableError."""
    reports = {
        "driftsammandrag": driftsammandrag,
        "internbudget": internbudget,
        "detaljbudget": detaljbudget,
        "ekonomi": ekonomi,
        "ramhistorik": ramhistorik,
        "prognosuppfoljning": prognosuppfoljning,
        "investeringsuppfoljning": investeringsuppfoljning,
    }
    if asked.question.rapport not in reports:
        msg = f"no report {asked.question.rapport}"
        raise UnanswerableError(msg)
    report, day = reports[asked.question.rapport], asked.question.jamfor_organisation
    return side_by_side(report(asked), report(asked.in_organisation(day))) if day else report(asked).shown


def side_by_side(main: Told, other: Told) -> Answer:
    """The rows of both trees: a column for each, the other tree's with `_org` after its key. Without lines."""
    answer: Answer = {}
    for told in (main, other):
        for key in [key for key in told.shown if is_line(key)]:
            del told.shown[key]
    for key in (*main.shown, *(key for key in other.shown if key not in main.shown)):
        cells, twins = main.row(key), other.row(key)
        answer[key] = cells | {f"{column}_org": cell for column, cell in twins.items() if column != "slutar"}
        if key not in main.shown and "slutar" in twins:
            answer[key]["slutar"] = twins["slutar"]
    return answer


def is_line(key: str) -> bool:
    """Whether a row is a line of a specification."""
    return any(f".{sort}." in key for sort in ("ursprung", "andring", "forslag"))


def driftsammandrag(asked: Asked) -> Told:
    """Net cost or result with its outcome, budget and forecast."""
    check_per(asked.question.per, investments=False)
    columns = without_event(asked, year_columns(asked, DRIFT, []))
    return drift_table(asked, Cells(columns, lambda entry: place_drift(asked, entry)), year_cells)


def internbudget(asked: Asked) -> Told:
    """The year's budget with the plan years after it."""
    check_per(asked.question.per, investments=False)
    years = plan_years(asked, asked.budget(asked.question.beslutad, DRIFT), owner=False)
    columns = without_event(asked, plan_columns(asked, DRIFT, years))
    cells = Cells(columns, lambda entry: place_drift(asked, entry))
    told = drift_table(asked, cells, plain_cells)
    if asked.resultat and asked.question.per in LEVELS:
        for unit in unit_rows(asked)[0]:
            split(told, cells, unit)
    if day := earlier_frame(asked):
        frame = Cells(without_event(asked, frame_columns(asked, years, day)), lambda entry: place_drift(asked, entry))
        sign = -1 if asked.resultat else 1
        told.put(f"ram_{day.isoformat()}", plain_cells(frame, Row("ram", "summa", sign=sign)), always=True)
    if tells_lines(asked):
        told.shown.update(lines_of_internbudget(asked, years))
    return told


def split(told: Told, cells: Cells, unit: str) -> None:
    """The varav rows of a unit that shows its result: all three rows are shown where any holds anything."""
    rows = [
        Row(f"{unit}.{name}", unit, slag, sign)
        for name, slag, sign in (("varav_kostnader", "kostnad", 1), ("varav_intakter", "intakt", -1))
    ]
    under(told, unit, {row.key: plain_cells(cells, row) for row in rows})


def under(told: Told, unit: str, rows: Answer) -> None:
    """Put rows under that of a unit: all are shown where any holds anything."""
    if any(anything(cells) for cells in rows.values()) and unit in told.hidden:
        for key in [key for key in told.hidden if key == unit or key.startswith(f"{unit}.")]:
            told.shown[key] = told.hidden.pop(key)
    (told.shown if unit in told.shown else told.hidden).update(rows)


def tells_lines(asked: Asked) -> bool:
    """Whether the lines of decisions are worked out: of whole years."""
    return asked.question.tom == MONTHS and asked.question.handelse is None


def ramhistorik(asked: Asked) -> Told:
    """Original budget, changes and final budget beside the outcome, and what waits for a decision."""
    if asked.question.per not in (*LEVELS, "verksamhet"):
        msg = f"no grouping {asked.question.per}"
        raise UnanswerableError(msg)
    of = year_columns(asked, DRIFT, [])
    columns = {key: of[key] for key in ("ursprunglig_budget", "andringar", "budget_helar", "budget")}
    columns |= {key: of[key] for key in ("utfall", "utfall_fg", "bokslut_fg")}
    columns["forslag"] = Column(BUDGET, [side.entry for side in pending_sides(asked)])
    cells = Cells(without_event(asked, columns), lambda entry: place_drift(asked, entry))

    def cells_of(of: Cells, row: Row) -> dict[str, int | None]:
        return plain_cells(of, row) | {"avvikelse": of.difference("budget", "utfall", row)}

    told = drift_table(asked, cells, cells_of)
    if tells_lines(asked):
        told.shown.update(lines_of_ramhistorik(asked))
    return told


def prognosuppfoljning(asked: Asked) -> Told:
    """The rounds of forecasts beside each other and beside the outcome."""
    if asked.question.per not in LEVELS:
        msg = f"no grouping {asked.question.per}"
        raise UnanswerableError(msg)
    days = forecast_days(asked)

    def cells_of(of: Cells, row: Row) -> dict[str, int | None]:
        return followed_up(of, row, days)

    drift = Cells(without_event(asked, round_columns(asked, DRIFT, days)), lambda entry: place_drift(asked, entry))
    told = drift_table(asked, drift, cells_of)
    foot = Cells(
        without_event(asked, round_columns(asked, INVESTERING, days)),
        lambda entry: place_in_summa(asked, entry, owner=True) or place_apart(asked, asked.owner(entry)),
    )
    told.put("investeringar_netto", cells_of(foot, Row("investeringar_netto", "summa")), always=True)
    for unit in unit_rows(asked)[1]:
        under(told, unit, {f"{unit}.investeringar_netto": cells_of(foot, Row(unit, unit))})
    return told


def detaljbudget(asked: Asked) -> Told:
    """The year's budget, post by post."""
    check_per(asked.question.per, investments=False)
    columns = without_event(asked, {"budget": plan_columns(asked, DRIFT, [])["budget"]})
    return drift_table(asked, Cells(columns, lambda entry: place_drift(asked, entry)), plain_cells)


def drift_table(asked: Asked, cells: Cells, cells_of: CellsOf) -> Told:
    """Rows, ofördelat, summa with its varav rows, then the resultat units that stand apart with theirs."""
    sign = -1 if asked.resultat else 1
    told = Told({}, {NOTHING: cells_of(cells, Row(NOTHING, NOTHING, sign=sign))})
    plain, apart = unit_rows(asked)
    if asked.question.per in CODES:
        plain = sorted({row for tally in cells.tallies.values() for row in tally} - {"summa", UNPLACED, *apart})
    for key in plain:
        told.put(key, cells_of(cells, Row(key, key, sign=sign)), always=asked.tree.open.get(key, False))
    told.put(UNPLACED, cells_of(cells, Row(UNPLACED, UNPLACED, sign=sign)))
    told.put("summa", cells_of(cells, Row("summa", "summa", sign=sign)), always=True)
    told.put("varav_kostnader", cells_of(cells, Row("varav_kostnader", "summa", "kostnad")), always=True)
    told.put("varav_intakter", cells_of(cells, Row("varav_intakter", "summa", "intakt", -1)), always=True)
    for key in apart:
        shown = told.put(key, cells_of(cells, Row(key, key, sign=-1)), always=asked.tree.open[key])
        for split, slag, its_sign in (("varav_kostnader", "kostnad", 1), ("varav_intakter", "intakt", -1)):
            found = cells_of(cells, Row(f"{key}.{split}", key, slag, its_sign))
            (told.shown if shown else told.hidden)[f"{key}.{split}"] = found
    return told


def ekonomi(asked: Asked) -> Told:
    """The sums alone, drift and net investments, with plan years."""
    check_per(asked.question.per, investments=False)
    beslutad = asked.question.beslutad
    years = sorted(
        {
            *plan_years(asked, asked.budget(beslutad, DRIFT), owner=False),
            *plan_years(asked, asked.budget(beslutad, INVESTERING), owner=True),
        }
    )
    sign = -1 if asked.resultat else 1
    drift = Cells(
        without_event(asked, year_columns(asked, DRIFT, years)),
        lambda entry: place_in_summa(asked, entry, owner=False),
    )
    investments = Cells(
        without_event(asked, year_columns(asked, INVESTERING, years)),
        lambda entry: place_in_summa(asked, entry, owner=True),
    )
    shown: Answer = {
        "summa": year_cells(drift, Row("summa", "summa", sign=sign)),
        "varav_kostnader": year_cells(drift, Row("varav_kostnader", "summa", "kostnad")),
        "varav_intakter": year_cells(drift, Row("varav_intakter", "summa", "intakt", -1)),
        "investeringar_netto": year_cells(investments, Row("investeringar_netto", "summa")),
    }
    return Told(shown, {})


def investeringsuppfoljning(asked: Asked) -> Told:
    """Investments by project, unit or code: decided total, the year's frame, outcome and forecast."""
    check_per(asked.question.per, investments=True)
    owner = asked.question.per != "bokforande"
    years = plan_years(asked, asked.budget(asked.question.beslutad, INVESTERING), owner=owner)
    large = large_projects(asked)
    columns = without_event(asked, investment_columns(asked, years))
    cells = Cells(columns, lambda entry: place_investment(asked, entry, large))
    told = Told({}, {NOTHING: investment_cells(asked, cells, Row(NOTHING, NOTHING))})
    for key, always in investment_rows(asked, cells):
        told.put(key, investment_cells(asked, cells, Row(key, key)), always=always)
    for key, slag, sign in (("varav_utgifter", "utgift", 1), ("varav_inkomster", "inkomst", -1)):
        told.put(key, investment_cells(asked, cells, Row(key, "summa", slag, sign)), always=True)
    return told


def investment_rows(asked: Asked, cells: Cells) -> list[tuple[str, bool]]:
    """The rows that can show, and whether they show whatever they hold."""
    per = asked.question.per
    sums = ["summa", "summa_fardigstallda", "summa_pagaende"]
    if asked.question.stora == "separat":
        sums.append("summa_stora")
    held = {row for tally in cells.tallies.values() for row in tally} - {*sums, UNPLACED}
    if per in LEVELS:
        plain, apart = unit_rows(asked)
        rows = [(unit, asked.tree.open[unit]) for unit in asked.tree.paths if unit in {*plain, *apart}]
    elif per == "projekt":
        here = {code for code, projekt in asked.projects.items() if asked.branch(projekt.ansvar)}
        ongoing = {code for code in here if asked.projects[code].status in ONGOING}
        rows = [(code, code in ongoing) for code in sorted(held | ongoing)]
    else:
        rows = [(code, False) for code in sorted(held)]
    return [*rows, (UNPLACED, False), *((key, True) for key in sums)]


def anything(found: dict[str, int | None]) -> bool:
    """Whether a row has any amount that is not zero. `slutar` is a year, not an amount."""
    return any(value for key, value in found.items() if key != "slutar")
