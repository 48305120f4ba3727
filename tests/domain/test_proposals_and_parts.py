"""Proposals, how they end, and decisions that come in several parts."""

from __future__ import annotations

from typing import Any

from ledger.domain import beslut_refusals as no
from ledger.domain.beslut import DecideBeslut
from ledger.domain.events import ForslagMade, ForslagRejected
from tests.domain.spec import Given, given
from tests.domain.town import TOWN, budget, day, decide, decided, move

CUT = move(-10, till_ansvar="KS", text="Besparing")
PROPOSAL = decide("ramjustering", "2024-03-01", CUT, status="forslag", diarienummer="KS 2024-1")
DECISION = decide("ramjustering", "2024-04-01", CUT, forslag="KS 2024-1", paragraf="12")
REJECTION = decide("ramjustering", "2024-04-01", CUT, status="avslaget", forslag="KS 2024-1")


def town(*steps: object) -> Given:
    return given(*TOWN, budget("2023-11-28", 100), *steps)


# ---------------------------------------------------------------- proposals


def test_a_proposal_is_recorded_as_pending_and_moves_nothing() -> None:
    made = town(PROPOSAL)
    assert made.shelf.facts[-1] == ForslagMade(decided("ramjustering", "2024-03-01", CUT, diarienummer="KS 2024-1"))
    assert made.books.budget.held_ore("KS", 2024, made.books.organisation) == 100_00
    made.when(PROPOSAL).then_nothing()


def test_a_proposal_has_a_diary_number() -> None:
    town().when(decide("ramjustering", "2024-03-01", CUT, status="forslag")).refused(no.ForslagHasNoDiarienummer)
    town().when(decide("ramjustering", "2024-03-01", CUT, status="avslaget")).refused(no.ForslagHasNoDiarienummer)


def test_a_proposal_may_take_more_than_there_is() -> None:
    far = decide(
        "internbudget", "2024-03-01", move(900, fran_ansvar="KS", till_ansvar="KLF"), status="forslag", diarienummer="1"
    )
    town().when(far).accepted()


def test_other_rows_under_a_known_proposal_are_a_conflict() -> None:
    other = decide(
        "ramjustering", "2024-03-01", CUT._replace(belopp_ore=-1), status="forslag", diarienummer="KS 2024-1"
    )
    town(PROPOSAL).when(other).refused(no.BeslutIsOtherwise)


def test_a_decision_closes_its_proposal() -> None:
    town(PROPOSAL).when(DECISION).then(decided("ramjustering", "2024-04-01", CUT, forslag="KS 2024-1", paragraf="12"))
    assert not town(PROPOSAL, DECISION).books.budget.is_pending("ramjustering", "KS 2024-1")
    town(PROPOSAL, DECISION).when(DECISION).then_nothing()


def test_a_rejection_closes_its_proposal() -> None:
    rejected = town(PROPOSAL).and_then(REJECTION)
    assert rejected.shelf.facts[-1] == ForslagRejected("ramjustering", "KS 2024-1", "KF", day("2024-04-01"))
    rejected.when(REJECTION).then_nothing()
    rejected.when(DECISION).refused(no.ForslagIsNotPending)


def test_only_a_pending_proposal_of_the_same_kind_can_be_closed() -> None:
    town().when(DECISION).refused(no.ForslagIsNotPending, forslag="KS 2024-1")
    town().when(REJECTION).refused(no.ForslagIsNotPending)
    town(PROPOSAL).when(decide("budget", "2024-04-01", move(till_ansvar="KS"), forslag="KS 2024-1")).refused(
        no.ForslagIsNotPending, typ="budget"
    )
    again = decide("ramjustering", "2024-05-01", CUT, forslag="KS 2024-1")
    town(PROPOSAL, DECISION).when(again).refused(no.ForslagIsNotPending)


def test_two_proposals_may_be_rejected_under_one_paragraph() -> None:
    other = decide("ramjustering", "2024-03-01", CUT, status="forslag", diarienummer="KS 2024-2")
    also = decide("ramjustering", "2024-04-01", CUT, status="avslaget", forslag="KS 2024-2")
    town(PROPOSAL, other, REJECTION).when(also).then(
        ForslagRejected("ramjustering", "KS 2024-2", "KF", day("2024-04-01"))
    )


def test_a_proposal_may_be_made_again_on_another_day() -> None:
    again = decide("ramjustering", "2024-05-01", CUT, status="forslag", diarienummer="KS 2024-1")
    pending = town(PROPOSAL, REJECTION).and_then(again)
    assert pending.books.budget.is_pending("ramjustering", "KS 2024-1")


def test_a_further_part_of_a_decision_may_name_the_proposal_that_the_first_part_closed() -> None:
    part = decide("ramjustering", "2024-04-01", CUT._replace(till_ansvar="BUN"), forslag="KS 2024-1", paragraf="12")
    assert len(town(PROPOSAL, DECISION).when(part).accepted()) == 1


# ---------------------------------------------------------------- parts


def parts(*rows: tuple[int, str, int], **columns: Any) -> DecideBeslut:
    moves = (move(kronor, ar=ar, till_ansvar=unit) for kronor, unit, ar in rows)
    return decide("budget", "2023-11-28", *moves, paragraf="200", **columns)


def test_a_further_part_names_other_namnder_or_years() -> None:
    known = given(*TOWN, parts((100, "KS", 2024)))
    known.when(parts((100, "KS", 2024), (50, "BUN", 2024), (110, "KS", 2025))).then(
        decided(
            "budget", "2023-11-28",
            move(50, till_ansvar="BUN"), move(110, ar=2025, till_ansvar="KS"), paragraf="200",
        )
    )  # fmt: skip
    known.when(parts((50, "BUN", 2024))).then(
        decided("budget", "2023-11-28", move(50, till_ansvar="BUN"), paragraf="200")
    )


def test_a_changed_row_for_a_named_namnd_and_year_is_a_conflict() -> None:
    known = given(*TOWN, parts((100, "KS", 2024), (50, "BUN", 2024)))
    known.when(parts((101, "KS", 2024), (50, "BUN", 2024))).refused(
        no.BeslutIsOtherwise, namnd="KS", known_ore=100_00, given_ore=101_00, rad=0
    )


def test_a_missing_or_doubled_row_for_a_named_namnd_and_year_is_a_conflict() -> None:
    two = (move(60, till_ansvar="KS"), move(40, till_ansvar="KLF"))
    known = given(*TOWN, decide("budget", "2023-11-28", *two))
    known.when(decide("budget", "2023-11-28", two[0])).refused(no.BeslutIsOtherwise, known_rows=2, given_rows=1)
    known.when(decide("budget", "2023-11-28", *two, two[0])).refused(no.BeslutIsOtherwise, given_rows=3)
    known.when(decide("budget", "2023-11-28", *reversed(two))).then_nothing()


def test_a_conflict_in_one_part_lets_nothing_of_the_others_in() -> None:
    known = given(*TOWN, parts((100, "KS", 2024)))
    known.when(parts((101, "KS", 2024), (50, "BUN", 2024))).refused(no.BeslutIsOtherwise)


def test_projects_of_one_unit_are_parts_of_their_own() -> None:
    first, second = (move(5, "utgift", till_ansvar="KLF", projekt=projekt) for projekt in ("P1", "P2"))
    known = given(*TOWN, decide("investeringsram", "2023-11-28", first))
    known.when(decide("investeringsram", "2023-11-28", first, second)).then(
        decided("investeringsram", "2023-11-28", second)
    )


def test_parts_of_one_decision_count_together() -> None:
    both = given(*TOWN, parts((100, "KS", 2024)), parts((50, "BUN", 2024))).books
    assert both.budget.held_ore("KS", 2024, both.organisation) == 100_00
    assert both.budget.rounds("KS", 2024, both.organisation) == [day("2023-11-28")]


def test_another_paragraph_diary_number_organ_or_day_is_another_decision() -> None:
    known = given(*TOWN, parts((100, "KS", 2024)))
    row = move(7, till_ansvar="KS")
    for other in (
        decide("budget", "2023-11-28", row, paragraf="201"),
        decide("budget", "2023-11-28", row, paragraf="200", diarienummer="1"),
        decide("budget", "2023-11-28", row, paragraf="200", organ="KS"),
        decide("budget", "2023-11-29", row, paragraf="200"),
    ):
        known.when(other).accepted()


def test_another_kontrollsumma_for_the_same_decision_is_a_conflict() -> None:
    known = given(*TOWN, parts((100, "KS", 2024), kontrollsumma_ore=150_00))
    known.when(parts((100, "KS", 2024), kontrollsumma_ore=100_00)).refused(
        no.KontrollsummaIsOtherwise, known_ore=150_00
    )
    known.when(parts((50, "BUN", 2024), kontrollsumma_ore=150_00)).accepted()
    known.when(parts((100, "KS", 2024))).then_nothing()


def test_a_kontrollsumma_that_differs_from_the_rows_is_recorded() -> None:
    given(*TOWN).when(parts((100, "KS", 2024), kontrollsumma_ore=1)).accepted()
