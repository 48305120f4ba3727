"""The five reports: the rows in their order, each with its cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ledger.domain.fact import Fact
from tests.oracle.asked import Asked
from tests.oracle.cells import Cells, Row
from tests.oracle.drift import (
    plain_cells,
    plan_columns,
    plan_years,
    without_event,
    year_cells,
    year_columns,
)
from tests.oracle.entries import DRIFT, INVESTERING
from tests.oracle.investments import investment_cells, investment_columns, large_projects
from tests.oracle.projects import ONGOING
from tests.oracle.question import Answer, Question, UnanswerableError
from tests.oracle.rows import (
    CODES,
    LEVELS,
    UNPLACED,
    check_per,
    place_drift,
    place_in_summa,
    place_investment,
    unit_rows,
)

CellsOf: TypeAlias = Callable[[Cells, Row], dict[str, int | None]]


def answer(facts: Sequence[tuple[int, Fact]], question: Question) -> Answer:
    """The report that the question asks for, from facts with their positions. Errors: UnanswerableError."""
    reports = {
        "driftsammandrag": driftsammandrag,
        "internbudget": internbudget,
        "detaljbudget": detaljbudget,
        "ekonomi": ekonomi,
        "investeringsuppfoljning": investeringsuppfoljning,
    }
    if question.rapport not in reports:
        msg = f"no report {question.rapport}"
        raise UnanswerableError(msg)
    return reports[question.rapport](Asked(facts, question))


def driftsammandrag(asked: Asked) -> Answer:
    """Net cost or result with its outcome, budget and forecast."""
    check_per(asked.question.per, investments=False)
    columns = without_event(asked, year_columns(asked, DRIFT, []))
    return drift_table(asked, Cells(columns, lambda entry: place_drift(asked, entry)), year_cells)


def internbudget(asked: Asked) -> Answer:
    """The year's budget with the plan years after it."""
    check_per(asked.question.per, investments=False)
    years = plan_years(asked, asked.budget(asked.question.beslutad, DRIFT), owner=False)
    columns = without_event(asked, plan_columns(asked, DRIFT, years))
    return drift_table(asked, Cells(columns, lambda entry: place_drift(asked, entry)), plain_cells)


def detaljbudget(asked: Asked) -> Answer:
    """The year's budget, post by post."""
    check_per(asked.question.per, investments=False)
    columns = without_event(asked, {"budget": plan_columns(asked, DRIFT, [])["budget"]})
    return drift_table(asked, Cells(columns, lambda entry: place_drift(asked, entry)), plain_cells)


def drift_table(asked: Asked, cells: Cells, cells_of: CellsOf) -> Answer:
    """Rows, ofördelat, summa with its varav rows, then the resultat units that stand apart with theirs."""
    answer: Answer = {}
    sign = -1 if asked.resultat else 1
    plain, apart = unit_rows(asked)
    if asked.question.per in CODES:
        plain = sorted({row for tally in cells.tallies.values() for row in tally} - {"summa", UNPLACED, *apart})
    for key in plain:
        found = cells_of(cells, Row(key, key, sign=sign))
        if asked.tree.open.get(key, False) or anything(found):
            answer[key] = found
    found = cells_of(cells, Row(UNPLACED, UNPLACED, sign=sign))
    if anything(found):
        answer[UNPLACED] = found
    answer["summa"] = cells_of(cells, Row("summa", "summa", sign=sign))
    answer["varav_kostnader"] = cells_of(cells, Row("varav_kostnader", "summa", "kostnad"))
    answer["varav_intakter"] = cells_of(cells, Row("varav_intakter", "summa", "intakt", -1))
    for key in apart:
        found = cells_of(cells, Row(key, key, sign=-1))
        if asked.tree.open[key] or anything(found):
            answer[key] = found
            answer[f"{key}.varav_kostnader"] = cells_of(cells, Row(f"{key}.varav_kostnader", key, "kostnad"))
            answer[f"{key}.varav_intakter"] = cells_of(cells, Row(f"{key}.varav_intakter", key, "intakt", -1))
    return answer


def ekonomi(asked: Asked) -> Answer:
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
    return {
        "summa": year_cells(drift, Row("summa", "summa", sign=sign)),
        "varav_kostnader": year_cells(drift, Row("varav_kostnader", "summa", "kostnad")),
        "varav_intakter": year_cells(drift, Row("varav_intakter", "summa", "intakt", -1)),
        "investeringar_netto": year_cells(investments, Row("investeringar_netto", "summa")),
    }


def investeringsuppfoljning(asked: Asked) -> Answer:
    """Investments by project, unit or code: decided total, the year's frame, outcome and forecast."""
    check_per(asked.question.per, investments=True)
    owner = asked.question.per != "bokforande"
    years = plan_years(asked, asked.budget(asked.question.beslutad, INVESTERING), owner=owner)
    large = large_projects(asked)
    columns = without_event(asked, investment_columns(asked, years))
    cells = Cells(columns, lambda entry: place_investment(asked, entry, large))
    answer: Answer = {}
    for key, always in investment_rows(asked, cells):
        found = investment_cells(asked, cells, Row(key, key))
        if always or anything(found):
            answer[key] = found
    for key, slag, sign in (("varav_utgifter", "utgift", 1), ("varav_inkomster", "inkomst", -1)):
        answer[key] = investment_cells(asked, cells, Row(key, "summa", slag, sign))
    return answer


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
