"""Cells that an accountant computes by hand: what the printed tables do not show."""

from __future__ import annotations

import itertools

import pytest

from ledger.domain.events import (
    ForslagMade,
    ForslagRejected,
    KommentarWritten,
    KontoDefined,
    RegistreringCorrected,
    UnitClosed,
    UnitMerged,
    UtfallCorrected,
    VerksamhetDefined,
)
from ledger.domain.fact import Fact
from tests.reporting.asking import Desk, rows
from tests.reporting.town import (
    TOWN,
    beslut,
    budget,
    day,
    investeringsprognos,
    kr,
    moved,
    prognos,
    projekt,
    rorelse,
    summarad,
    unit,
    utfall,
)


def town(*facts: Fact) -> Desk:
    return Desk([*TOWN, *facts])


# ---------------------------------------------------------------- rounds

FIRST = budget("2022-11-20", KS=(2023, 900))
PLAN = beslut("budget", "2022-11-21", rorelse(950, 2024, "KS"), rorelse(970, 2025, "KS"))
RAISED_BEFORE = beslut("ramjustering", "2023-03-01", rorelse(5, 2024, "KS", text="i planens omgång"))
SECOND = budget("2023-11-20", KS=(2024, 1000))
RAISED_AFTER = beslut("ramjustering", "2024-02-01", rorelse(30, 2024, "KS", text="i budgetens omgång"))


@pytest.mark.parametrize("order", list(itertools.permutations([PLAN, RAISED_BEFORE, SECOND, RAISED_AFTER]))[::5])
def test_a_years_own_budget_replaces_its_plan_whatever_was_recorded_first(order: tuple[Fact, ...]) -> None:
    desk = town(FIRST, *order)
    assert desk.cells("driftsammandrag", "summa", ar=2024, ansvar="KS")["budget"] == kr(1000 + 30)
    before = desk.cells("driftsammandrag", "summa", ar=2024, ansvar="KS", beslutad="2023-10-31")
    assert before["budget"] == kr(950 + 5)


def test_an_older_round_can_be_asked_for() -> None:
    desk = town(FIRST, PLAN, RAISED_BEFORE, SECOND, RAISED_AFTER)
    older = desk.ask("driftsammandrag", ar=2024, ansvar="KS", omgang="2022-11-21")
    assert rows(older)["summa"]["budget"] == kr(950 + 5)
    assert "Budget 2024 enligt omgången beslutad 2022-11-21, vald med omgang." in older.fotnoter


def test_a_plan_column_keeps_the_plan_that_came_with_the_budget() -> None:
    plan_of_2023 = budget("2022-11-20", KS=(2024, 950))
    desk = town(FIRST, plan_of_2023, SECOND, RAISED_AFTER)
    assert desk.cells("internbudget", "summa", ar=2023, ansvar="KS")["plan_2024"] == kr(950)
    assert desk.cells("internbudget", "summa", ar=2024, ansvar="KS")["budget"] == kr(1030)


def test_a_movement_belongs_to_the_namnd_its_unit_had_that_day() -> None:
    # HR is KS's until 2024; the round of NA then leaves what KS gave HR before alone.
    desk = town(
        budget("2023-11-20", KS=(2024, 100)),
        beslut("internbudget", "2023-12-01", rorelse(40, 2024, "HR", "KS")),
        moved("HR", "stab", "NA", "2024-01-01"),
        budget("2024-05-01", NA=(2024, 500)),
    )
    cells = rows(desk.ask("driftsammandrag", ar=2024, ansvar="KO"))
    assert cells["HR"]["budget"] == kr(40)
    assert cells["summa"]["budget"] == kr(100 + 500)


# ---------------------------------------------------------------- organisation


def test_a_moved_unit_takes_its_history_with_it_in_the_new_tree() -> None:
    desk = town(
        utfall("2023-05-31", "HR", 70),
        utfall("2024-05-31", "HR", 80),
        moved("HR", "stab", "NA", "2024-01-01"),
    )
    now = rows(desk.ask("driftsammandrag", ar=2024, ansvar="NA"))
    assert (now["HR"]["utfall"], now["HR"]["bokslut_fg"]) == (kr(80), kr(70))
    then = rows(desk.ask("driftsammandrag", ar=2024, ansvar="KS", organisation="2023-12-31"))
    assert (then["HR"]["utfall"], then["HR"]["bokslut_fg"]) == (kr(80), kr(70))


def test_a_merged_unit_lies_under_the_one_it_went_into_from_the_day_after() -> None:
    desk = town(
        utfall("2023-03-31", "HR", 10),
        utfall("2023-03-31", "EKON", 20),
        UnitMerged("HR", day("2023-12-31"), "EKON"),
    )
    before = rows(desk.ask("driftsammandrag", ar=2023, ansvar="KLF"))
    assert (before["HR"]["utfall"], before["EKON"]["utfall"]) == (kr(10), kr(20))
    after = rows(desk.ask("driftsammandrag", ar=2024, ansvar="KLF"))
    assert "HR" not in after
    assert after["EKON"]["bokslut_fg"] == kr(30)


def test_a_closed_unit_keeps_its_row_while_it_holds_figures() -> None:
    desk = town(utfall("2023-03-31", "HR", 10), UnitClosed("HR", day("2023-06-30")))
    assert rows(desk.ask("driftsammandrag", ar=2023, ansvar="KLF"))["HR"]["utfall"] == kr(10)
    assert rows(desk.ask("driftsammandrag", ar=2024, ansvar="KLF"))["HR"]["bokslut_fg"] == kr(10)
    assert "HR" not in rows(desk.ask("driftsammandrag", ar=2025, ansvar="KLF"))


def test_what_lies_on_a_parent_is_ofordelat() -> None:
    desk = town(
        budget("2023-11-20", KS=(2024, 100)),
        beslut("internbudget", "2023-12-01", rorelse(60, 2024, "EKON", "KS"), rorelse(30, 2024, "HR", "KS")),
    )
    cells = rows(desk.ask("driftsammandrag", ar=2024, ansvar="KS"))
    assert [cells[key]["budget"] for key in ("EKON", "HR", "ofordelat", "summa")] == [kr(60), kr(30), kr(10), kr(100)]


def test_a_resultat_unit_stands_after_the_sum_with_its_own_sign() -> None:
    desk = town(
        utfall("2024-01-31", "EKON", 50), utfall("2024-01-31", "KOST", 30), utfall("2024-01-31", "KOST", -37, "intakt")
    )
    answer = desk.ask("driftsammandrag", ar=2024, ansvar="KS")
    keys = [row.nyckel for row in answer.rader]
    assert keys[keys.index("summa") :] == [
        "summa",
        "varav_kostnader",
        "varav_intakter",
        "VSS",
        "VSS.varav_kostnader",
        "VSS.varav_intakter",
    ]
    cells = rows(answer)
    assert cells["summa"]["utfall"] == kr(50)
    assert (cells["VSS"]["utfall"], cells["VSS"]["avvikelse"]) == (kr(7), kr(7))
    assert (cells["VSS.varav_kostnader"]["utfall"], cells["VSS.varav_intakter"]["utfall"]) == (kr(30), kr(37))
    assert desk.cells("driftsammandrag", "summa", ar=2024, ansvar="VSS")["utfall"] == kr(7)


# ---------------------------------------------------------------- budget through a month


def test_a_whole_year_falls_by_twelfths_and_the_ore_left_over_on_the_first_months() -> None:
    desk = town(beslut("budget", "2023-11-20", rorelse(100.05, 2024, "EKON")))
    through = [
        desk.cells("driftsammandrag", "EKON", ar=2024, tom=tom, ansvar="KLF")["budget"] for tom in (1, 9, 10, 12)
    ]
    # 10 005 öre: 833 a month, and the 9 left over one each on January to September.
    assert through == [834, 9 * 834, 9 * 834 + 833, 10_005]


def test_what_is_periodised_falls_on_its_months() -> None:
    desk = town(
        beslut("budget", "2023-11-20", rorelse(120, 2024, "EKON")),
        beslut(
            "periodisering",
            "2024-01-10",
            rorelse(100, 2024, "EKON", "EKON", period=2),
            rorelse(20, 2024, "EKON", "EKON", period=11),
            organ="EKON",
        ),
    )
    through = [
        desk.cells("driftsammandrag", "EKON", ar=2024, tom=tom, ansvar="KLF")["budget"] for tom in (1, 2, 10, 11)
    ]
    assert through == [0, kr(100), kr(100), kr(120)]


NOT_SPLIT = (
    "Ej uppdelat på kostnader och intäkter: 100 kr i Budget 2024, 100 kr i Budget helår 2024, 100 kr i Ursprunglig "
    "budget 2024."
)


def test_a_varav_row_of_a_budget_that_is_only_netto_has_no_figure() -> None:
    desk = town(
        budget("2023-11-20", EKON=(2024, 100), HR=(2024, 50)),
        beslut(
            "detaljbudget",
            "2024-01-10",
            rorelse(80, 2024, "HR", "HR", slag="kostnad", konto="5010"),
            rorelse(30, 2024, "HR", "HR", slag="intakt", konto="3110"),
            organ="HR",
        ),
    )
    alone = desk.ask("driftsammandrag", ar=2024, ansvar="EKON", enhet="kr")
    assert rows(alone)["varav_kostnader"]["budget"] is None
    assert NOT_SPLIT in alone.fotnoter
    both = desk.ask("driftsammandrag", ar=2024, ansvar="KLF", enhet="kr")
    assert rows(both)["varav_kostnader"]["budget"] == kr(80)
    assert rows(both)["varav_intakter"]["budget"] == kr(30)
    assert rows(both)["HR"]["budget"] == kr(50)
    assert NOT_SPLIT in both.fotnoter


# ---------------------------------------------------------------- forecast


def test_a_newer_forecast_on_a_parent_replaces_those_below() -> None:
    march = [prognos("2024-03-31", 2024, unit_code, ("kostnad", 100)) for unit_code in ("EKON", "HR")]
    desk = town(*march, prognos("2024-08-31", 2024, "KLF", ("kostnad", 190)))
    cells = rows(desk.ask("driftsammandrag", ar=2024, ansvar="KS"))
    assert (cells["summa"]["prognos"], cells["EKON"]["prognos"], cells["ofordelat"]["prognos"]) == (
        kr(190),
        None,
        kr(190),
    )
    before = rows(desk.ask("driftsammandrag", ar=2024, ansvar="KS", beslutad="2024-06-30"))
    assert (before["summa"]["prognos"], before["EKON"]["prognos"]) == (kr(200), kr(100))


def test_an_older_forecast_on_a_parent_stays_beside_newer_ones_below() -> None:
    desk = town(
        prognos("2024-03-31", 2024, "KLF", ("kostnad", 5)), prognos("2024-08-31", 2024, "EKON", ("kostnad", 90))
    )
    assert desk.cells("driftsammandrag", "summa", ar=2024, ansvar="KS")["prognos"] == kr(95)


# ---------------------------------------------------------------- backdated, replaced, corrected


def test_a_backdated_decision_changes_what_held_then_but_not_what_was_known_then() -> None:
    desk = town(budget("2023-11-20", KS=(2024, 100)))
    known = desk.log.head()[0]
    desk.log.add(beslut("ramjustering", "2024-02-01", rorelse(-7, 2024, "KS", text="i efterhand")))
    asked = {"ar": 2024, "ansvar": "KS", "beslutad": "2024-03-31"}
    assert desk.cells("driftsammandrag", "summa", **asked)["budget"] == kr(93)
    assert desk.cells("driftsammandrag", "summa", **asked, kand=f"@{known}")["budget"] == kr(100)


def test_a_replaced_leverans_counts_once_and_the_first_is_still_known() -> None:
    first = utfall("2024-03-31", "EKON", 100)
    desk = town(first)
    known = desk.log.head()[0]
    new = (summarad("2024-03-31", "EKON", 60), summarad("2024-03-30", "EKON", 70, konto="6010"))
    desk.log.add(UtfallCorrected("2024-03", "EKON", first.rader, new, (known,)))
    assert desk.cells("driftsammandrag", "EKON", ar=2024, ansvar="KLF")["utfall"] == kr(130)
    assert desk.cells("driftsammandrag", "EKON", ar=2024, ansvar="KLF", kand=f"@{known}")["utfall"] == kr(100)


def test_a_corrected_registration_counts_at_its_own_date() -> None:
    wrong = beslut("ramjustering", "2024-02-01", rorelse(70, 2024, "KS", text="fel"))
    right = beslut("ramjustering", "2024-02-01", rorelse(7, 2024, "KS", text="rätt"))
    desk = town(budget("2023-11-20", KS=(2024, 100)), wrong)
    known = desk.log.head()[0]
    desk.log.add(RegistreringCorrected(known, wrong, right))
    asked = {"ar": 2024, "ansvar": "KS", "beslutad": "2024-02-28"}
    assert desk.cells("driftsammandrag", "summa", **asked)["budget"] == kr(107)
    assert desk.cells("driftsammandrag", "summa", **asked, kand=f"@{known}")["budget"] == kr(170)
    correction = desk.log.head()[0]
    desk.log.add(RegistreringCorrected(correction, RegistreringCorrected(known, wrong, right)))
    assert desk.cells("driftsammandrag", "summa", **asked)["budget"] == kr(170)


def test_a_corrected_unit_stands_where_it_should_have_stood() -> None:
    wrong, right = unit("NY", "stab", "KLF"), unit("NY", "stab", "NA")
    desk = town(wrong, utfall("2024-01-31", "NY", 10))
    desk.log.add(RegistreringCorrected(len(TOWN) + 1, wrong, right))
    assert desk.cells("driftsammandrag", "summa", ar=2024, ansvar="NA")["utfall"] == kr(10)
    assert desk.cells("driftsammandrag", "summa", ar=2024, ansvar="KLF")["utfall"] == 0


# ---------------------------------------------------------------- proposals


def test_a_proposal_counts_only_when_asked_for_and_until_it_is_closed() -> None:
    proposed = beslut("ramjustering", "2024-04-01", rorelse(9, 2024, "KS", text="förslag"), diarienummer="KS 2024-7")
    desk = town(budget("2023-11-20", KS=(2024, 100)), ForslagMade(proposed))
    asked = {"ar": 2024, "ansvar": "KS"}
    assert desk.cells("driftsammandrag", "summa", **asked)["budget"] == kr(100)
    assert desk.cells("driftsammandrag", "summa", **asked, med_forslag="ja")["budget"] == kr(109)
    waiting = "Väntande förslag: ramjustering kommunfullmäktige 2024-04-01 KS 2024-7, 9,00 kr (@11) räknas inte."
    assert waiting in desk.ask("driftsammandrag", **asked).fotnoter
    desk.log.add(ForslagRejected("ramjustering", "KS 2024-7", "kommunfullmäktige", day("2024-05-01")))
    assert desk.cells("driftsammandrag", "summa", **asked, med_forslag="ja")["budget"] == kr(100)
    still = desk.cells("driftsammandrag", "summa", **asked, med_forslag="ja", beslutad="2024-04-30")
    assert still["budget"] == kr(109)


# ---------------------------------------------------------------- rows by code, events, comments


def test_rows_by_verksamhet_and_konto_hold_the_sum_and_a_blank_code_is_ofordelat() -> None:
    desk = town(
        VerksamhetDefined("100", "Nämnd", day("2020-01-01")),
        KontoDefined("5010", "Löner", "kostnad", day("2020-01-01")),
        utfall("2024-01-31", "EKON", 40, verksamhet="100"),
        utfall("2024-01-31", "EKON", 2),
    )
    per_code = rows(desk.ask("driftsammandrag", ar=2024, ansvar="KLF", per="verksamhet"))
    assert [per_code[key]["utfall"] for key in ("100", "ofordelat", "summa")] == [kr(40), kr(2), kr(42)]
    assert desk.ask("driftsammandrag", ar=2024, ansvar="KLF", per="konto").rader[0].namn == "Löner"


def test_the_effect_of_an_event_shows_outcome_alone() -> None:
    desk = town(
        budget("2023-11-20", KS=(2024, 100)),
        utfall("2024-01-31", "EKON", 40),
        utfall("2024-01-31", "EKON", 3, handelse="corona"),
    )
    cells = desk.cells("driftsammandrag", "summa", ar=2024, ansvar="KS", handelse="corona")
    assert (cells["utfall"], cells["budget"], cells["avvikelse"]) == (kr(3), None, None)


def test_the_newest_comment_that_was_known_stands_on_its_row() -> None:
    desk = town(KommentarWritten(2024, 12, "driftsammandrag", "EKON", "Först"))
    known = desk.log.head()[0]
    desk.log.add(KommentarWritten(2024, 12, "driftsammandrag", "EKON", "Sedan"))
    said = {row.nyckel: row.kommentar for row in desk.ask("driftsammandrag", ar=2024, ansvar="KLF").rader}
    then = desk.ask("driftsammandrag", ar=2024, ansvar="KLF", kand=f"@{known}")
    assert (said["EKON"], said["HR"]) == ("Sedan", None)
    assert {row.nyckel: row.kommentar for row in then.rader}["EKON"] == "Först"


# ---------------------------------------------------------------- investments

BAD = projekt("P-BAD", "EKON", "pagaende", "2023-01-01", "2026-12-31")


def test_a_project_belongs_to_its_owner_wherever_it_is_booked() -> None:
    desk = town(BAD, utfall("2024-02-29", "KOST", 25, "utgift", projekt="P-BAD", konto="1180"))
    owned = {"ar": 2024, "ansvar": "KLF"}
    assert desk.cells("investeringsuppfoljning", "P-BAD", **owned)["ar_utfall"] == kr(25)
    assert desk.cells("investeringsuppfoljning", "summa", ar=2024, ansvar="VSS")["ar_utfall"] == 0
    booked = desk.cells("investeringsuppfoljning", "KOST", ar=2024, ansvar="KS", per="bokforande")
    assert booked["ar_utfall"] == kr(25)
    assert desk.cells("ekonomi", "investeringar_netto", ar=2024, ansvar="KS")["utfall"] == kr(25)


def test_the_expected_total_is_judged_project_by_project() -> None:
    done = projekt("P-DONE", "EKON", "fardigstallt", "2024-06-30")
    desk = town(
        BAD,
        done,
        utfall("2023-05-31", "EKON", 10, "utgift", projekt="P-BAD", konto="1180"),
        utfall("2024-05-31", "EKON", 4, "utgift", projekt="P-BAD", konto="1180"),
        utfall("2024-05-31", "EKON", 3, "utgift", projekt="P-DONE", konto="1180"),
        investeringsprognos("2024-08-31", 2024, "EKON", "P-BAD", 20),
        investeringsprognos("2024-08-31", 2025, "EKON", "P-BAD", 7),
        beslut("totalutgift", "2022-11-20", rorelse(30, 2023, "EKON", slag="utgift", projekt="P-BAD")),
        beslut("totalutgift", "2023-11-20", rorelse(5, 2024, "EKON", slag="utgift", projekt="P-BAD")),
    )
    cells = rows(desk.ask("investeringsuppfoljning", ar=2024, ansvar="KS"))
    assert (cells["P-BAD"]["total_prognos"], cells["P-DONE"]["total_prognos"]) == (kr(10 + 20 + 7), kr(3))
    assert cells["summa"]["total_prognos"] == kr(40)
    assert (cells["P-BAD"]["total_budget"], cells["P-BAD"]["prognosavvikelse"]) == (kr(35), kr(35 - 37))
    assert (cells["summa_pagaende"]["total_utfall"], cells["summa_fardigstallda"]["total_utfall"]) == (kr(14), kr(3))
    assert (cells["P-BAD"]["slutar"], cells["summa"]["slutar"]) == (2026, None)


def test_a_total_that_replaces_takes_the_place_of_those_before() -> None:
    decided = [
        beslut("totalutgift", "2022-11-20", rorelse(30, 2023, "EKON", slag="utgift", projekt="P-BAD")),
        beslut("totalutgift", "2023-11-20", rorelse(50, 2024, "EKON", slag="utgift", projekt="P-BAD", ersatter=True)),
    ]
    desk = town(BAD, *reversed(decided))
    assert desk.cells("investeringsuppfoljning", "P-BAD", ar=2024, ansvar="KS")["total_budget"] == kr(50)


def test_large_projects_stand_apart_when_asked() -> None:
    large = projekt("P-HALL", "EKON", "pagaende", "2023-01-01")
    desk = town(
        BAD,
        large,
        beslut("totalutgift", "2022-11-20", rorelse(50_000_000, 2023, "EKON", slag="utgift", projekt="P-HALL")),
        beslut("totalutgift", "2022-11-20", rorelse(49_999_999, 2023, "EKON", slag="utgift", projekt="P-BAD")),
    )
    cells = rows(desk.ask("investeringsuppfoljning", ar=2024, ansvar="KS", stora="separat"))
    assert cells["summa_stora"]["total_budget"] == kr(50_000_000)
    assert cells["summa"]["total_budget"] == cells["summa_pagaende"]["total_budget"] == kr(49_999_999)


def test_a_carry_over_counts_in_the_year_it_goes_to() -> None:
    desk = town(
        BAD,
        beslut("investeringsram", "2022-11-20", rorelse(40, 2023, "EKON", slag="utgift", projekt="P-BAD")),
        beslut("investeringsram", "2023-11-20", rorelse(10, 2024, "EKON", slag="utgift", projekt="P-BAD")),
        beslut(
            "ombudgetering",
            "2024-03-26",
            rorelse(15, 2023, "EKON", "EKON", slag="utgift", projekt="P-BAD", till_ar=2024),
        ),
    )
    this, last = (desk.cells("investeringsuppfoljning", "P-BAD", ar=ar, ansvar="KS") for ar in (2024, 2023))
    assert (this["ar_budget"], last["ar_budget"]) == (kr(25), kr(25))
    assert (this["ursprunglig_budget"], this["andringar"]) == (kr(10), kr(15))
