"""What a decision may take: from what is held, from the lump it replaces, from the frame left – round by round."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain import beslut_refusals as no
from ledger.domain.beslut import DecideBeslut
from tests.domain.spec import Given, given
from tests.domain.town import TOWN, budget, day, decide, move


def town(*steps: object) -> Given:
    return given(*TOWN, *steps)


def internbudget(on: str, kronor: int, text: str | None = None, *, ar: int = 2024, till: str = "KLF") -> DecideBeslut:
    return decide("internbudget", on, move(kronor, ar=ar, fran_ansvar="KS", till_ansvar=till, text=text), organ="KS")


# ---------------------------------------------------------------- internbudget


def test_an_internbudget_takes_all_that_the_unit_holds_and_no_more() -> None:
    town(budget("2023-11-28", 100)).when(internbudget("2023-12-01", 100)).accepted()
    town(budget("2023-11-28", 100)).when(internbudget("2023-12-01", 101)).refused(
        no.UnitHoldsTooLittle, ansvar="KS", held_ore=100_00, taken_ore=101_00
    )


def test_what_was_distributed_before_is_gone() -> None:
    town(budget("2023-11-28", 100), internbudget("2023-12-01", 60)).when(internbudget("2023-12-02", 41)).refused(
        no.UnitHoldsTooLittle, held_ore=40_00
    )


def test_money_of_another_year_does_not_help() -> None:
    town(budget("2023-11-28", 100, 2025)).when(internbudget("2023-12-01", 1)).refused(no.UnitHoldsTooLittle)


@pytest.mark.parametrize("text", ["Ofördelat besparingskrav", "EFFEKTIVISERING 2 %", "sparkrav", "beräknat underskott"])
def test_a_unit_goes_below_zero_where_the_text_names_a_saving(text: str) -> None:
    town(budget("2023-11-28", 100)).when(internbudget("2023-12-01", 150, text)).accepted()


def test_another_text_does_not_let_a_unit_go_below_zero() -> None:
    town(budget("2023-11-28", 100)).when(internbudget("2023-12-01", 150, "lokaler")).refused(no.UnitHoldsTooLittle)


def test_a_saving_may_lie_as_a_negative_amount_on_a_unit_below() -> None:
    rows = (
        move(105, fran_ansvar="KS", till_ansvar="KLF"),
        move(-5, fran_ansvar="KS", till_ansvar="EKON", text="ofördelat besparingskrav"),
    )
    stands = town(budget("2023-11-28", 100))
    stands.when(decide("internbudget", "2023-12-01", *rows)).accepted()
    unsaid = rows[1]._replace(text=None)
    stands.when(decide("internbudget", "2023-12-01", rows[0], unsaid)).refused(no.UnitHoldsTooLittle, ansvar="EKON")


def test_a_unit_may_get_an_income_to_earn_without_holding_anything() -> None:
    income = move(40, "intakt", fran_ansvar="KS", till_ansvar="KLF")
    town(budget("2023-11-28", 100)).when(decide("internbudget", "2023-12-01", income)).accepted()


def test_rows_of_one_decision_are_judged_together() -> None:
    there = move(150, fran_ansvar="KS", till_ansvar="KLF")
    back = move(50, fran_ansvar="KLF", till_ansvar="KS")
    town(budget("2023-11-28", 100)).when(decide("internbudget", "2023-12-01", there, back)).accepted()


def test_what_is_decided_later_does_not_help_a_backdated_internbudget() -> None:
    later = decide("ramjustering", "2024-03-01", move(50, till_ansvar="KS", text="Tillägg"))
    town(budget("2023-11-28", 100), later).when(internbudget("2024-02-01", 120)).refused(
        no.UnitHoldsTooLittle, held_ore=100_00
    )
    town(budget("2023-11-28", 100), later).when(internbudget("2024-03-01", 120)).accepted()


def test_a_backdated_internbudget_does_not_take_what_was_taken_later() -> None:
    later = internbudget("2024-03-01", 80)
    town(budget("2023-11-28", 100), later).when(internbudget("2024-02-01", 30)).refused(
        no.UnitHoldsTooLittle, held_ore=20_00
    )


def test_money_is_held_in_the_round_of_the_decision() -> None:
    """The later budget replaces the plan: what it gives is another pot of money."""
    plan_then_budget = town(budget("2022-11-28", 1000), budget("2023-11-28", 100))
    plan_then_budget.when(internbudget("2023-12-01", 101)).refused(no.UnitHoldsTooLittle, held_ore=100_00)
    plan_then_budget.when(internbudget("2023-01-15", 800)).accepted()
    plan_then_budget.when(internbudget("2023-01-15", 1001)).refused(no.UnitHoldsTooLittle, held_ore=1000_00)


def test_rounds_of_another_namnd_do_not_replace() -> None:
    town(budget("2022-11-28", 1000), budget("2023-11-28", 1, 2024, "BUN")).when(
        internbudget("2024-01-01", 900)
    ).accepted()


def test_an_internbudget_of_investments_takes_from_the_frame_of_the_unit() -> None:
    frame = decide("investeringsram", "2023-11-28", move(100, "utgift", till_ansvar="KS"))
    taken = move(101, "utgift", fran_ansvar="KS", till_ansvar="KLF")
    town(frame).when(decide("internbudget", "2023-12-01", taken)).refused(no.UnitHoldsTooLittle, held_ore=100_00)
    town(frame).when(decide("internbudget", "2023-12-01", taken._replace(belopp_ore=100_00))).accepted()


# ---------------------------------------------------------------- periodisering


def months(on: str, *amounts: int, unit: str = "KS", **columns: Any) -> DecideBeslut:
    rows = (
        move(amount, fran_ansvar=unit, till_ansvar=unit, period=month, **columns)
        for month, amount in enumerate(amounts, 1)
    )
    return decide("periodisering", on, *rows, organ=unit)


def test_a_periodisering_sums_to_the_lump_it_replaces() -> None:
    town(budget("2023-11-28", 100)).when(months("2023-12-01", 60, 40)).accepted()
    town(budget("2023-11-28", 100)).when(months("2023-12-01", 60, 39)).refused(
        no.PeriodiseringMissesLump, lump_ore=100_00, sum_ore=99_00
    )


def test_a_second_periodisering_has_only_what_came_since() -> None:
    done = town(budget("2023-11-28", 100), months("2023-12-01", 60, 40))
    done.when(months("2023-12-02", 60, 40)).refused(no.PeriodiseringMissesLump, lump_ore=0)
    more = done.and_then(decide("ramjustering", "2024-02-01", move(12, till_ansvar="KS", text="Tillägg")))
    more.when(months("2024-02-02", 0, 0, 12)).accepted()


def test_months_are_moved_about_by_a_periodisering_that_sums_to_zero() -> None:
    done = town(budget("2023-11-28", 100), months("2023-12-01", 60, 40))
    done.when(months("2024-01-01", -10, 0, 10)).accepted()


def test_a_negative_lump_is_put_on_months_as_a_negative_sum() -> None:
    cut = decide("ramjustering", "2023-11-28", move(-100, till_ansvar="KS", text="Besparing"))
    town(cut).when(months("2023-12-01", -50, -50)).accepted()
    town(cut).when(months("2023-12-01", 50, 50)).refused(no.PeriodiseringMissesLump, lump_ore=-100_00)


def test_an_income_is_put_on_months_in_its_own_direction() -> None:
    income = decide("budget", "2023-11-28", move(90, "intakt", till_ansvar="KS"))
    rows = [move(45, "intakt", fran_ansvar="KS", till_ansvar="KS", period=month) for month in (1, 7)]
    town(income).when(decide("periodisering", "2023-12-01", *rows)).accepted()
    town(income).when(decide("periodisering", "2023-12-01", rows[0])).refused(
        no.PeriodiseringMissesLump, lump_ore=90_00, sum_ore=45_00
    )


def test_lumps_are_kept_apart_by_purpose_kind_account_and_project() -> None:
    stands = town(budget("2023-11-28", 100))
    stands.when(months("2023-12-01", 100, verksamhet="100")).refused(no.PeriodiseringMissesLump, lump_ore=0)
    stands.when(months("2023-12-01", 100, konto="5010")).refused(no.PeriodiseringMissesLump, lump_ore=0)


def test_a_periodisering_is_judged_on_its_day_and_in_its_round() -> None:
    later = decide("ramjustering", "2024-03-01", move(50, till_ansvar="KS", text="Tillägg"))
    town(budget("2023-11-28", 100), later).when(months("2024-02-01", 100)).accepted()
    two_rounds = town(budget("2022-11-28", 70), budget("2023-11-28", 100))
    two_rounds.when(months("2023-12-01", 100)).accepted()
    two_rounds.when(months("2023-01-01", 70)).accepted()


# ---------------------------------------------------------------- ombudgetering


def frame(on: str, kronor: int, ar: int = 2024, slag: str = "utgift") -> DecideBeslut:
    return decide("investeringsram", on, move(kronor, slag, ar, till_ansvar="KLF", projekt="P1"))


def carry(on: str, kronor: int, ar: int = 2024, slag: str = "utgift") -> DecideBeslut:
    return decide(
        "ombudgetering", on, move(kronor, slag, ar, fran_ansvar="KLF", till_ansvar="KLF", projekt="P1", till_ar=ar + 1)
    )


def test_an_ombudgetering_takes_the_frame_left_and_no_more() -> None:
    town(frame("2023-11-28", 100)).when(carry("2025-02-01", 100)).accepted()
    town(frame("2023-11-28", 100)).when(carry("2025-02-01", 101)).refused(
        no.FrameLeftIsTooSmall, left_ore=100_00, taken_ore=101_00
    )
    town().when(carry("2025-02-01", 1)).refused(no.FrameLeftIsTooSmall, left_ore=0)


def test_what_was_carried_over_is_gone_from_the_year_and_stands_in_the_next() -> None:
    carried = town(frame("2023-11-28", 100), carry("2025-02-01", 60))
    carried.when(carry("2025-03-01", 41)).refused(no.FrameLeftIsTooSmall, left_ore=40_00)
    carried.when(carry("2026-02-01", 60, 2025)).accepted()
    carried.when(carry("2026-02-01", 61, 2025)).refused(no.FrameLeftIsTooSmall, ar=2025)


def test_a_negative_ombudgetering_takes_back_what_the_later_year_has() -> None:
    carried = town(frame("2023-11-28", 100), carry("2025-02-01", 60))
    carried.when(carry("2025-03-01", -60)).accepted()
    carried.when(carry("2025-03-01", -61)).refused(no.FrameLeftIsTooSmall, ar=2025, left_ore=60_00)


def test_a_frame_of_another_slag_or_project_does_not_help() -> None:
    town(frame("2023-11-28", 100, slag="inkomst")).when(carry("2025-02-01", 1)).refused(no.FrameLeftIsTooSmall)
    town(frame("2023-11-28", 100, slag="inkomst")).when(carry("2025-02-01", 100, slag="inkomst")).accepted()


def test_additions_to_a_frame_count_and_a_new_round_replaces_it() -> None:
    addition = decide(
        "ramjustering", "2024-05-01", move(50, "utgift", till_ansvar="KLF", projekt="P1", text="Dyrare stål")
    )
    added = town(frame("2023-11-28", 100), addition)
    added.when(carry("2025-02-01", 150)).accepted()
    added.and_then(frame("2024-06-01", 80)).when(carry("2025-02-01", 81)).refused(
        no.FrameLeftIsTooSmall, left_ore=80_00
    )


def test_a_backdated_ombudgetering_takes_neither_later_money_nor_what_was_taken_later() -> None:
    addition = decide(
        "ramjustering", "2024-05-01", move(50, "utgift", till_ansvar="KLF", projekt="P1", text="Dyrare stål")
    )
    town(frame("2023-11-28", 100), addition).when(carry("2024-03-01", 120)).refused(no.FrameLeftIsTooSmall)
    town(frame("2023-11-28", 100), carry("2025-03-01", 80)).when(carry("2025-02-01", 30)).refused(
        no.FrameLeftIsTooSmall, left_ore=20_00
    )


def test_what_a_unit_holds_is_summed_by_brute_force() -> None:
    stands = town(
        budget("2022-11-28", 70),
        budget("2023-11-28", 100),
        internbudget("2023-12-01", 30),
        decide("ramjustering", "2024-02-01", move(10, fran_ansvar="KS", text="Sänkning")),
    ).books
    assert stands.budget.held_ore("KS", 2024, stands.organisation) == 60_00
    assert stands.budget.held_ore("KS", 2024, stands.organisation, day("2023-11-27")) == 70_00
    assert stands.budget.held_ore("KS", 2024, stands.organisation, day("2023-12-31")) == 70_00
    assert stands.budget.held_ore("KLF", 2024, stands.organisation) == 30_00
