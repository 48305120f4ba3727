"""Prognosuppföljning in literal rows: rounds beside each other and beside the outcome."""

from __future__ import annotations

import pytest

from ledger.domain.fact import Fact
from projections.prognosuppfoljning import REPORT
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, beslut, budget, kr, prognos, rorelse, utfall

FACTS: tuple[Fact, ...] = (
    *TOWN,
    budget("2023-11-20", KS=(2024, 100)),
    beslut("internbudget", "2023-12-05", rorelse(60, 2024, "EKON", "KS"), rorelse(40, 2024, "HR", "KS")),
    prognos("2024-03-31", 2024, "EKON", ("kostnad", 65)),
    prognos("2024-08-31", 2024, "EKON", ("kostnad", 62)),
    prognos("2024-08-31", 2024, "HR", ("kostnad", 39)),
    prognos("2024-08-31", 2024, "KOST", ("kostnad", 20), ("intakt", 18)),
    beslut("ramjustering", "2024-06-18", rorelse(4, 2024, "EKON", text="Mer")),
    utfall("2024-12-31", "EKON", 63),
    utfall("2024-12-31", "HR", 35),
    utfall("2024-12-31", "KOST", 25),
)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(FACTS, reports=[REPORT])


def test_each_round_stands_beside_the_outcome(desk: Desk) -> None:
    cells = rows(desk.ask("prognosuppfoljning", ar=2024, ansvar="KS"))
    assert {key: cell for key, cell in cells["EKON"].items() if cell is not None} == {
        "budget_helar": kr(64),
        "prognos_2024-03-31": kr(65),
        "prognos_2024-08-31": kr(62),
        "utfall": kr(63),
        "avvikelse": kr(1),
        "avvikelse_prognos_2024-03-31": kr(60 - 65),
        "avvikelse_prognos_2024-08-31": kr(64 - 62),
        "andrad_2024-08-31": kr(65 - 62),
        "utfall_mot_prognos_2024-03-31": kr(65 - 63),
        "utfall_mot_prognos_2024-08-31": kr(62 - 63),
        # 2 of 65, and −1 of 62.
        "utfall_mot_prognos_procent_2024-03-31": "3.1",
        "utfall_mot_prognos_procent_2024-08-31": "-1.6",
    }
    assert cells["HR"]["prognos_2024-03-31"] is None
    assert cells["HR"]["andrad_2024-08-31"] is None
    assert cells["summa"]["prognos_2024-08-31"] == kr(62 + 39)


def test_a_result_worse_than_its_forecast_is_minus(desk: Desk) -> None:
    cells = rows(desk.ask("prognosuppfoljning", ar=2024, ansvar="KS"))["VSS"]
    assert (cells["prognos_2024-08-31"], cells["utfall"]) == (kr(-2), kr(-25))
    assert cells["utfall_mot_prognos_2024-08-31"] == kr(-23)


def test_only_rounds_of_the_units_asked_for_that_are_known_and_dated_have_columns(desk: Desk) -> None:

    def rounds(**asked: str) -> list[str]:
        columns = desk.ask("prognosuppfoljning", ar=2024, **asked).kolumner
        return [kolumn.nyckel for kolumn in columns if kolumn.nyckel.startswith("prognos_")]

    assert rounds(ansvar="KS") == ["prognos_2024-03-31", "prognos_2024-08-31"]
    assert rounds(ansvar="HR") == ["prognos_2024-08-31"]
    assert rounds(ansvar="KS", beslutad="2024-08-30") == ["prognos_2024-03-31"]
    assert rounds(ansvar="KS", kand="@12") == ["prognos_2024-03-31"]


def test_the_whole_year_prints_how_right_and_a_part_of_it_what_is_left(desk: Desk) -> None:
    whole = desk.ask("prognosuppfoljning", ar=2024, ansvar="EKON")
    assert whole.utskrift == (
        "budget_helar",
        "prognos_2024-03-31",
        "prognos_2024-08-31",
        "utfall",
        "avvikelse",
        "andrad_2024-08-31",
        "utfall_mot_prognos_2024-03-31",
        "utfall_mot_prognos_2024-08-31",
        "utfall_mot_prognos_procent_2024-03-31",
        "utfall_mot_prognos_procent_2024-08-31",
    )
    part = desk.ask("prognosuppfoljning", ar=2024, tom=9, ansvar="EKON")
    assert [key for key in part.utskrift if key.startswith("avvikelse")] == [
        "avvikelse_prognos_2024-03-31",
        "avvikelse_prognos_2024-08-31",
    ]


def test_a_year_without_forecasts_says_so(desk: Desk) -> None:
    answer = desk.ask("prognosuppfoljning", ar=2023, ansvar="KS")
    assert "Ingen prognos för 2023 är lämnad inom det frågan gäller." in answer.fotnoter


def test_units_that_the_forecast_of_the_sum_leaves_out_are_named_unless_one_is_given_above_them(desk: Desk) -> None:
    whole = Desk((*FACTS[:12], prognos("2024-04-30", 2024, "KS", ("kostnad", 99))), reports=[REPORT])
    for asked in (desk, whole):
        answer = asked.ask("prognosuppfoljning", ar=2024, ansvar="KS")
        assert [note for note in answer.fotnoter if "lämnad för" in note] == [
            "Ingen prognos är lämnad för HR, som inte ingår i summan av Prognos 2024-03-31."
        ]
    assert "prognos_2024-04-30" in rows(answer)["summa"]
    whole.close()


def test_a_round_is_taken_apart_into_its_forecasts(desk: Desk) -> None:
    question = desk.question("prognosuppfoljning", ar=2024, ansvar="KS")
    found = desk.reports.cell(question, "summa", "prognos_2024-08-31")
    assert [(share.position, share.belopp_ore) for share in found.andelar] == [(13, kr(62)), (14, kr(39))]
