"""Every figure of the reports of follow-up can be taken apart, and every difference explained, in random histories."""

from __future__ import annotations

from typing import Final

import pytest

from ledger.reporting.explaining.behind import Behind
from ledger.reporting.explaining.explain import of_cell
from ledger.reporting.explaining.shares import total
from ledger.reporting.rules.asked import Asked
from ledger.reporting.tables.sheet import Sheet
from tests.conftest import BACKENDS, Databases
from tests.reporting import test_atgarder, test_ombudgetering, test_sarskilda_handelser
from tests.reporting.asking import Desk
from tests.reporting.test_oracle_agrees import DEEP, difference, history, pairs_of_questions, parameters
from tests.reporting.town import TOWN

REPORTS: Final = ("ombudgetering", "investeringsplan", "sarskilda_handelser", "detaljbudget")
SEEDS: Final = range(1, 41 if DEEP else 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_and_differences_add_up(seed: int) -> None:
    facts, desk = history(seed)
    compared = 0
    for number, (one, two) in enumerate(pairs_of_questions(seed, facts)):
        report = REPORTS[number % len(REPORTS)]
        given = [parameters(one), parameters(two)]
        if report == "detaljbudget":
            given = [asked | {"per": "post"} for asked in given]
        if any(desk.refusals(report, **asked) for asked in given):
            continue
        a, b = (desk.question(report, **asked) for asked in given)
        for cell in desk.reports.skillnad(a, b).celler:
            assert sum(fact.belopp_ore for fact in cell.fakta) == cell.skillnad_ore, (seed, a, b, cell)
        assert {
            (cell.rad, cell.kolumn): cell.skillnad_ore
            for cell in desk.reports.skillnad(a, b).celler
            if cell.skillnad_ore
        } == difference(desk, a, b)
        with desk.reports.snapshot(a) as snapshot:
            sheet = Sheet(desk.reports.find(report), Asked(a, snapshot))
            for line in sheet.lines:
                for column in sheet.columns:
                    if column.formula:
                        found = total(of_cell(Behind(sheet, [line]), line, column).amount)
                        assert found == (sheet.cell(line, column) or 0), (a, line.nyckel, column.nyckel)
                        compared += 1
    assert compared


def test_both_backends_answer_with_the_same_bytes(databases: Databases) -> None:
    modules = (test_atgarder, test_ombudgetering, test_sarskilda_handelser)
    facts = [*TOWN, *(fact for module in modules for fact in module.FACTS[len(TOWN) :])]
    desks = [Desk(facts, url=databases.new(backend)) for backend in BACKENDS]
    for report in (*REPORTS, "atgarder"):
        for asked in ({"ar": 2024}, {"ar": 2023, "kand": "@20"}, {"ar": 2024, "beslutad": "2024-03-01"}):
            first, second = (desk.ask(report, **asked).to_bytes() for desk in desks)
            assert first == second, (report, asked)
    for desk in desks:
        desk.close()
