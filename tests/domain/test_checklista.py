"""The checklist of a month: each thing that it names is found where it is so, and no longer when it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger.domain.checklista import left_to_do
from ledger.domain.events import (
    Beslut,
    BudgetAdopted,
    DetaljbudgetSet,
    FilImported,
    OmfordelningDecided,
    PeriodiseringSet,
)
from ledger.domain.events_behorighet import FilRegistered, RegistreringMade
from ledger.domain.prognos import SubmitPrognos
from ledger.domain.rader import Prognosrad
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.registrering import DropRegistrering
from ledger.domain.rorelse import Rorelse
from tests.domain.hall import EKONOM, LINKOPING, SECOND, Hall, move

MARCH, KLF, VSS = "2024-03", "KS-KLF", "KS-VSS"
ON = date(2024, 1, 2)
FRAME = BudgetAdopted("kommunfullmäktige", ON, (Rorelse(120, "netto", 2024, None, "KLF-HR"),), "1")
MONTHS = PeriodiseringSet(
    "KLF-HR", ON, tuple(Rorelse(10, "netto", 2024, "KLF-HR", "KLF-HR", period=month) for month in range(1, 13)), "3"
)
NO_PROGNOS, NO_MONTHS = "enheter med budget men utan prognos (KLF-HR)", "enheter utan periodisering (KLF-HR)"


def left(hall: Hall, ansvar: str = KLF) -> list[str]:
    return left_to_do(hall.books, MARCH, ansvar)


def forecast(hall: Hall, on: date, ansvar: str) -> Hall:
    hall.do(SubmitPrognos(on, 2024, ansvar, (Prognosrad("netto", 100),)), EKONOM)
    return hall


def test_nothing_is_left_where_nothing_is_begun() -> None:
    assert left(Hall(*LINKOPING)) == []


def test_a_case_that_waits_for_attest() -> None:
    hall = Hall(*LINKOPING).draft(move(1, "EKON-RED", "EKON-UPP"))
    assert (left(hall), left(hall, VSS)) == (["ärenden som väntar på attest (KS 1)"], [])
    hall.do(hall.attest("ekonom"), SECOND)
    assert "ärenden som väntar på attest (KS 1)" not in left(hall)


def test_a_file_that_waits_for_a_second_person() -> None:
    registered = FilRegistered("ab" * 32, "budget", 1, 1, "d1", "budget.csv")
    assert left(Hall(*LINKOPING, registered)) == ["filer som väntar på en andra person (budget.csv)"]
    assert left(Hall(*LINKOPING, registered, FilImported("ab" * 32, "budget", 1, 1))) == []


def test_a_registration_or_a_correction_that_waits_for_another_person() -> None:
    moved = OmfordelningDecided("kommunstyrelsen", date(2024, 3, 1), (move(1, "EKON-RED", "EKON-UPP"),), "4")
    at = len(LINKOPING) + 1
    hall = Hall(*LINKOPING, RegistreringMade(moved))
    assert (left(hall), left(hall, VSS)) == ([f"registreringar som väntar på bekräftelse (@{at})"], [])
    hall.do(DropRegistrering(at, "Fel paragraf"), EKONOM)
    assert left(hall) == []

    bound = Hall(*LINKOPING, moved).order()
    bound.do(CorrectRegistrering(at, None, "Fel"), EKONOM)
    assert f"registreringar som väntar på bekräftelse (@{len(bound.facts)})" in left(bound)
    bound.confirm(SECOND)
    assert left(bound) == []


def test_a_decision_whose_rows_come_to_another_sum_than_its_minutes() -> None:
    wrong = replace(FRAME, kontrollsumma_ore=121)
    found = f"beslut vars rader inte blir protokollets summa (@{len(LINKOPING) + 1})"
    assert found in left(Hall(*LINKOPING, wrong))
    assert found not in left(Hall(*LINKOPING, wrong), VSS)
    part = BudgetAdopted("kommunfullmäktige", ON, (Rorelse(1, "netto", 2024, None, "KOST-1"),), "1")
    assert found not in left(Hall(*LINKOPING, wrong, part))
    assert found not in left(Hall(*LINKOPING, replace(FRAME, kontrollsumma_ore=120)))


def test_a_unit_whose_budget_lies_on_no_month() -> None:
    assert left(Hall(*LINKOPING, FRAME)) == [NO_MONTHS, NO_PROGNOS]
    assert left(Hall(*LINKOPING, FRAME, MONTHS)) == [NO_PROGNOS]


def test_cost_and_income_that_take_each_other_out_are_a_budget_all_the_same() -> None:
    rows = (
        Rorelse(50, "kostnad", 2024, "KLF-HR", "KLF-HR", konto="5010"),
        Rorelse(50, "intakt", 2024, "KLF-HR", "KLF-HR", konto="3010"),
    )
    assert left(Hall(*LINKOPING, detailed(*rows))) == [NO_MONTHS, NO_PROGNOS]


def detailed(*rows: Rorelse) -> Beslut:
    return DetaljbudgetSet("KLF-HR", ON, rows, "2")


def test_a_unit_that_has_passed_on_all_it_had_holds_no_budget() -> None:
    passed = OmfordelningDecided("kommunstyrelsen", ON, (Rorelse(120, "netto", 2024, "KLF-HR", "KLF-EKON"),), "5")
    assert left(Hall(*LINKOPING, FRAME, passed)) == [
        line.replace("KLF-HR", "KLF-EKON") for line in (NO_MONTHS, NO_PROGNOS)
    ]


def test_a_forecast_of_the_month_or_later_by_the_unit_or_one_above_it() -> None:
    hall = Hall(*LINKOPING, FRAME, MONTHS)
    assert left(forecast(hall, date(2024, 2, 29), "KLF-HR")) == [NO_PROGNOS]
    assert left(forecast(hall, date(2024, 3, 1), "KS-KLF")) == []
