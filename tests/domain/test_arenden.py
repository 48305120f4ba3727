"""Cases from draft to decision: bound to what was seen, through the hands of different people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.domain import arende_refusals as no
from ledger.domain.arende import (
    DeclareJav,
    DraftArende,
    ProposeArende,
    ReturnArende,
    State,
    WithdrawArende,
    digest_of,
)
from ledger.domain.behorighet_refusals import (
    BeslutHasNoReference,
    CallerDoesNotHold,
    CallerMayNotRegister,
    CallerMayNotReview,
    DecisionLiesInTheFuture,
    MandatHasEndedSince,
    ReviewIsMissing,
    UnitIsNotCallers,
)
from ledger.domain.beslut import AdoptInternbudget, DecideOmfordelning, SetDetaljbudget
from ledger.domain.beslutanderatt import OrganMayNotDecide
from ledger.domain.events import BudgetAdopted, OmfordelningDecided, RegistreringCorrected
from ledger.domain.events_behorighet import AttestantNamed, RegistreringConfirmed, RegistreringMade
from ledger.domain.fyra_ogon import CallerIsJavig, ProposalIsOnesOwn, RegistreringIsOnesOwn, ReviewIsOnesOwn
from ledger.domain.koder import CodeIsUnknown
from ledger.domain.mandat import EndMandat, NameAttestant
from ledger.domain.mandat import State as Mandates
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.refusal import Refusal
from ledger.domain.registrering import ConfirmRegistrering, DropRegistrering, RegistreringIsNotWaiting
from ledger.domain.roll import Caller, RollMayNot
from ledger.domain.rorelse import Rorelse
from tests.domain.hall import (
    ADMIN,
    DIREKTOR,
    EKONOM,
    LINKOPING,
    OTHER_ADMIN,
    SECOND,
    STABSDIREKTOR,
    Hall,
    mandate,
    move,
)

ROW = move(450_000, "EKON-RED", "EKON-UPP")
AS_STABSDIREKTOR = "stabsdirektör KLF-EKON"


def hall(*facts: AttestantNamed) -> Hall:
    return Hall(*LINKOPING, *facts).order()


def named(person: str, uppgift: str, ansvar: str = "KLF-EKON", **columns: Any) -> AttestantNamed:
    row: dict[str, Any] = {"ar": 2024, "fran": date(2024, 1, 1), "till": date(2024, 12, 31), **columns}
    return AttestantNamed(ansvar=ansvar, uppgift=uppgift, person=person, **row)


# ---------------------------------------------------------------- the way to a decision


def test_a_case_goes_from_draft_to_decision() -> None:
    stands = hall().draft(ROW)
    case = stands.books.of(State).cases["KS 1"]
    assert (case.lage, case.till) == ("foreslaget", "stabsdirektör (KLF-EKON)")
    stands.do(stands.review(), SECOND)
    decided, _ = stands.do(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR)
    assert decided == OmfordelningDecided(AS_STABSDIREKTOR, date(2024, 3, 4), (ROW,), None, "KS 1")
    assert case.lage == "beslutat"
    stands.refused(WithdrawArende("KS 1"), EKONOM, no.ArendeHasEnded)
    stands.refused(DraftArende("KS 1", "omfordelning", (ROW,)), EKONOM, no.ArendeHasEnded)


def test_a_changed_proposal_needs_a_new_attest() -> None:
    stands = hall().draft(ROW)
    seen, review = stands.attest(AS_STABSDIREKTOR), stands.review()
    stands.do(review, SECOND)
    stands.draft(move(950_000, "EKON-RED", "EKON-UPP"))
    stands.refused(seen, STABSDIREKTOR, no.ArendeHasChanged)
    stands.refused(review, Caller("a-5", "controller"), no.ArendeHasChanged)
    assert stands.books.of(State).cases["KS 1"].reviewed is False
    stands.do(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR)


@pytest.mark.parametrize(
    "other",
    [
        ("omfordelning", (ROW._replace(belopp_ore=1),), None, 1),
        ("omfordelning", (ROW, ROW), None, 1),
        ("omfordelning", (ROW._replace(till_ansvar="EKON-RED", fran_ansvar="EKON-UPP"),), None, 1),
        ("omfordelning", (ROW,), "KS 2", 1),
        ("omfordelning", (ROW,), None, 2),
        ("internbudget", (ROW,), None, 1),
    ],
)
def test_the_digest_is_of_all_that_is_decided(other: tuple[str, tuple[Rorelse, ...], str | None, int]) -> None:
    assert digest_of("omfordelning", (ROW,), None, 1) != digest_of(*other)


def test_an_attest_of_other_content_is_refused() -> None:
    stands = hall().draft(ROW)
    stands.refused(replace(stands.attest(AS_STABSDIREKTOR), digest="0" * 64), STABSDIREKTOR, no.ArendeHasChanged)


def test_text_that_changes_is_a_new_version() -> None:
    stands = hall().draft(ROW)
    seen = stands.attest(AS_STABSDIREKTOR)
    stands.draft(ROW._replace(text="Annan tjänst"))
    stands.refused(seen, STABSDIREKTOR, no.ArendeHasChanged)


def test_only_what_is_proposed_is_attested() -> None:
    stands = hall()
    stands.do(DraftArende("KS 1", "omfordelning", (ROW,)), EKONOM)
    stands.refused(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR, no.ArendeIsNotProposed)
    stands.propose("KS 1")
    stands.refused(ProposeArende("KS 1", *stands.seen("KS 1"), date(2024, 3, 1)), EKONOM, no.ArendeIsProposedAlready)
    stands.refused(ReturnArende("KS 1", 1, " "), STABSDIREKTOR, no.ReturnHasNoReason)
    stands.do(ReturnArende("KS 1", 1, "Ange vilken tjänst"), STABSDIREKTOR)
    stands.refused(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR, no.ArendeIsNotProposed)
    stands.refused(WithdrawArende("KS 9"), EKONOM, no.ArendeIsMissing)


def test_a_hopeless_draft_is_refused_at_once() -> None:
    stands = hall()
    stands.refused(DraftArende("KS 1", "omfordelning", (move(1, "EKON-RED", "X"),)), EKONOM, CodeIsUnknown)
    stands.refused(DraftArende("KS 1", "flytt", (ROW,)), EKONOM, no.TypIsUnknown)
    assert stands.do(DraftArende("KS 1", "omfordelning", (ROW,)), EKONOM)
    assert stands.do(DraftArende("KS 1", "omfordelning", (ROW,)), EKONOM) == []


def test_days_of_a_decision_lie_between_the_proposal_and_today() -> None:
    stands = hall().draft(ROW)
    early = stands.attest(AS_STABSDIREKTOR, on=date(2024, 2, 29))
    stands.refused(early, STABSDIREKTOR, no.DecisionLiesBeforeProposal)
    late = stands.attest(AS_STABSDIREKTOR, on=date(2024, 6, 2))
    stands.refused(late, STABSDIREKTOR, DecisionLiesInTheFuture)


def test_a_political_body_decides_in_its_meeting() -> None:
    stands = hall().draft(move(1, "KS-KLF", "KS-VSS"))
    said = stands.refused(stands.attest("kommunstyrelsen"), DIREKTOR, no.BodyDecidesInMeeting)
    assert "registrera beslutet ur protokollet" in said


# ---------------------------------------------------------------- different people


def test_proposer_reviewer_and_decider_are_three() -> None:
    chief = Caller("a-1", "attestant", funktioner=(AS_STABSDIREKTOR,))
    stands = hall().draft(ROW)
    stands.refused(stands.review(), EKONOM, ProposalIsOnesOwn)
    stands.refused(stands.attest(AS_STABSDIREKTOR), chief, ProposalIsOnesOwn)
    stands.do(stands.review(), STABSDIREKTOR)
    stands.refused(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR, ReviewIsOnesOwn)
    stands.do(stands.attest(AS_STABSDIREKTOR), replace_actor(STABSDIREKTOR, "a-7"))


def test_whoever_has_drafted_any_version_is_a_proposer() -> None:
    stands = hall()
    stands.do(DraftArende("KS 1", "omfordelning", (ROW,)), replace_actor(EKONOM, "a-4"))
    stands.draft(move(1, "EKON-RED", "EKON-UPP"))
    stands.refused(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR, ProposalIsOnesOwn)


def test_whoever_is_javig_takes_no_part() -> None:
    stands = hall().draft(ROW)
    stands.do(DeclareJav("KS 1", "Närstående"), STABSDIREKTOR)
    stands.refused(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR, CallerIsJavig)
    stands.refused(ReturnArende("KS 1", 1, "x"), STABSDIREKTOR, CallerIsJavig)
    stands.do(stands.attest(AS_STABSDIREKTOR), replace_actor(STABSDIREKTOR, "a-7"))


def test_four_eyes_hold_in_oppet_lage_too() -> None:
    stands = Hall(*LINKOPING).draft(ROW)
    stands.refused(stands.attest("vem som helst"), EKONOM, ProposalIsOnesOwn)
    stands.do(stands.attest("vem som helst"), SECOND)
    assert stands.mandat == "oppet/ekonom"


def replace_actor(caller: Caller, actor: str) -> Caller:
    return caller._replace(actor=actor)


# ---------------------------------------------------------------- functions and attestförteckning


def test_a_function_is_held_by_sign_in_or_by_the_attestforteckning() -> None:
    substitute = Caller("a-8", "attestant")
    stands = hall().draft(ROW)
    stands.refused(stands.attest(AS_STABSDIREKTOR), substitute, CallerDoesNotHold)
    march: dict[str, Any] = {
        "fran": date(2024, 3, 2),
        "till": date(2024, 3, 31),
        "funktion": "stabsdirektör",
        "ersattare": True,
    }
    stands = Hall(*LINKOPING, named("a-8", "beslut", **march), today=date(2024, 3, 31)).order().draft(ROW)
    stands.refused(stands.attest(AS_STABSDIREKTOR, on=date(2024, 3, 1)), substitute, CallerDoesNotHold)
    stands.do(stands.attest(AS_STABSDIREKTOR), substitute)


def test_a_substitute_whose_time_is_over_does_not_decide_by_an_earlier_day() -> None:
    march: dict[str, Any] = {"fran": date(2024, 3, 1), "till": date(2024, 3, 31), "funktion": "stabsdirektör"}
    stands = hall(named("a-8", "beslut", **march)).draft(ROW)
    said = stands.refused(stands.attest(AS_STABSDIREKTOR), Caller("a-8", "attestant"), MandatHasEndedSince)
    assert said.startswith(f"{AS_STABSDIREKTOR} fick besluta den 2024-03-04, men du har inte den rätten i dag (2024-")


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"till": date(2024, 3, 4)}, MandatHasEndedSince),
        ({"till": date(2024, 3, 3)}, OrganMayNotDecide),
        ({"fran": date(2024, 3, 5)}, OrganMayNotDecide),
    ],
)
def test_a_mandate_holds_on_the_day_of_the_decision_and_on_the_day_it_is_given(
    columns: dict[str, Any], rule: type[Refusal]
) -> None:
    order = mandate("stabsdirektör", "omfordelning", "KLF-EKON", **columns)
    stands = Hall(*LINKOPING).order(order).draft(ROW)
    stands.refused(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR, rule)


def test_a_mandate_that_ended_and_was_given_anew_is_held_on_both_days() -> None:
    first = mandate("stabsdirektör", "omfordelning", "KLF-EKON", till=date(2024, 3, 31))
    again = mandate("stabsdirektör", "omfordelning", "KLF-EKON", fran=date(2024, 4, 1))
    stands = Hall(*LINKOPING).order(first, again).draft(ROW)
    assert stands.do(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR)


def test_a_decision_stands_when_its_mandate_turns_out_to_have_ended_before() -> None:
    """The mandate is judged as it is known when the decision is recorded; what is told later changes no decision."""
    stands = Hall(*LINKOPING).order(mandate("stabsdirektör", "omfordelning", "KLF-EKON")).draft(ROW)
    at = next(iter(stands.books.of(Mandates).granted))
    stands.do(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR)
    stands.do(EndMandat(at, date(2024, 2, 1), "kommunstyrelsen", date(2024, 2, 1)), ADMIN)
    stands.confirm(OTHER_ADMIN)
    assert stands.books.of(State).cases["KS 1"].lage == "beslutat"
    stands.draft(ROW, arende="KS 2")
    stands.refused(stands.attest(AS_STABSDIREKTOR, "KS 2"), STABSDIREKTOR, OrganMayNotDecide)


def test_a_new_version_is_decided_on_its_own_proposals_day_or_later() -> None:
    stands = hall().draft(ROW)
    stands.do(DraftArende("KS 1", "omfordelning", (ROW._replace(belopp_ore=1),)), EKONOM)
    stands.do(ProposeArende("KS 1", *stands.seen("KS 1"), date(2024, 3, 8)), EKONOM)
    stands.refused(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR, no.DecisionLiesBeforeProposal)
    assert stands.do(stands.attest(AS_STABSDIREKTOR, on=date(2024, 3, 8)), STABSDIREKTOR)


def test_an_attestant_of_another_unit_decides_nothing() -> None:
    other = named("a-8", "beslut", "KLF-HR", funktion="stabsdirektör")
    stands = hall(other).draft(ROW)
    stands.refused(stands.attest("stabsdirektör"), Caller("a-8", "attestant"), CallerDoesNotHold)


def test_a_unit_decides_its_own_through_its_attestant() -> None:
    row = Rorelse(100, "kostnad", 2024, "KLF-EKON", "KLF-EKON")
    stands = hall(named("a-8", "beslut", funktion="stabsdirektör")).draft(row, typ="detaljbudget")
    stands.refused(stands.attest("KLF-EKON"), STABSDIREKTOR, CallerDoesNotHold)
    stands.do(stands.attest("KLF-EKON"), Caller("a-8", "attestant"))
    assert stands.mandat == "lag/KLF-EKON"


def test_where_reviewers_are_named_a_review_is_needed_by_one_of_them() -> None:
    stands = hall(named("a-9", "granskning")).draft(ROW)
    stands.refused(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR, ReviewIsMissing)
    stands.refused(stands.review(), SECOND, CallerMayNotReview)
    stands.do(stands.review(), Caller("a-9", "controller"))
    stands.do(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR)


def test_an_attestant_is_named_by_two_and_not_by_himself() -> None:
    stands = hall()
    row = NameAttestant("KLF-EKON", 2024, "granskning", "a-9", date(2024, 1, 1), date(2024, 12, 31))
    (waits,) = stands.do(row, ADMIN)
    assert isinstance(waits, RegistreringMade)
    assert stands.confirm(OTHER_ADMIN)[0] == named("a-9", "granskning")
    assert stands.do(row, ADMIN) == []


# ---------------------------------------------------------------- decisions from minutes (registreringskontroll)

INTERNBUDGET = AdoptInternbudget("kommunstyrelsen", date(2023, 12, 12), (move(100, "KS", "KLF-EKON"),), "412")
BUDGET = BudgetAdopted("KF", date(2023, 11, 28), (Rorelse(20_000, "netto", 2024, None, "KS"),))


def test_a_decision_from_minutes_counts_when_another_confirms_it() -> None:
    stands = Hall(*LINKOPING, BUDGET).order()
    organisation = stands.books.organisation
    (waits,) = stands.do(INTERNBUDGET, EKONOM)
    at = len(stands.facts)
    assert isinstance(waits, RegistreringMade)
    assert stands.books.budget.held_ore("KLF-EKON", 2024, organisation) == 0
    assert stands.do(INTERNBUDGET, EKONOM) == []
    stands.refused(ConfirmRegistrering(at), EKONOM, RegistreringIsOnesOwn)
    stands.refused(ConfirmRegistrering(at), Caller("a-7", "ekonom"), CallerMayNotRegister)
    stands.refused(ConfirmRegistrering(at), ADMIN, RollMayNot)
    assert stands.do(ConfirmRegistrering(at), SECOND) == [waits.fakta, RegistreringConfirmed(at)]
    assert stands.books.budget.held_ore("KLF-EKON", 2024, organisation) == 10_000
    stands.refused(ConfirmRegistrering(at), SECOND, RegistreringIsNotWaiting)
    assert stands.do(INTERNBUDGET, EKONOM) == []


def test_a_registration_may_be_dropped_and_then_counts_never() -> None:
    stands = Hall(*LINKOPING, BUDGET).order()
    stands.do(INTERNBUDGET, EKONOM)
    at = len(stands.facts)
    stands.do(DropRegistrering(at, "Fel paragraf"), EKONOM)
    stands.refused(ConfirmRegistrering(at), SECOND, RegistreringIsNotWaiting)


def test_a_decision_needs_its_reference_its_organ_and_a_right_to_record_it() -> None:
    stands = Hall(*LINKOPING, BUDGET).order()
    stands.refused(replace(INTERNBUDGET, paragraf=None), EKONOM, BeslutHasNoReference)
    stands.refused(replace(INTERNBUDGET, beslutsorgan="bitr. kommundirektör"), EKONOM, OrganMayNotDecide)
    stands.refused(replace(INTERNBUDGET, beslutsdatum=date(2024, 6, 2)), EKONOM, DecisionLiesInTheFuture)
    stands.refused(INTERNBUDGET, Caller("a-7", "ekonom"), CallerMayNotRegister)
    stands.refused(INTERNBUDGET, Caller("a-7", "revisor"), RollMayNot)


def test_the_right_to_record_is_judged_today() -> None:
    row = mandate(None, "registrera", "KS", person="a-1", till=date(2024, 5, 31))
    stands = Hall(*LINKOPING, BUDGET).order(row)
    stands.refused(INTERNBUDGET, EKONOM, CallerMayNotRegister)


def test_a_correction_of_a_decision_takes_two_people_too() -> None:
    stands = Hall(*LINKOPING, BUDGET).order()
    stands.do(INTERNBUDGET, EKONOM)
    stands.confirm(SECOND)
    wrong = len(stands.facts) - 1
    right = replace(INTERNBUDGET, rorelser=(move(90, "KS", "KLF-EKON"),))
    stands.refused(CorrectRegistrering(wrong, right), Caller("a-7", "ekonom"), CallerMayNotRegister)
    (waits,) = stands.do(CorrectRegistrering(wrong, right), EKONOM)
    assert isinstance(waits, RegistreringMade)
    assert isinstance(waits.fakta, RegistreringCorrected)
    stands.confirm(SECOND)
    assert stands.books.budget.held_ore("KLF-EKON", 2024, stands.books.organisation) == 9_000


# ---------------------------------------------------------------- units


def test_a_caller_works_with_his_own_units() -> None:
    own = Caller("a-1", "ekonom", ("KLF-EKON",))
    stands = hall()
    assert stands.do(DraftArende("KS 1", "omfordelning", (ROW,)), own)
    said = stands.refused(DraftArende("KS 2", "omfordelning", (move(1, "KLF-HR", "KLF-EKON"),)), own, UnitIsNotCallers)
    assert said == "Enheten KLF-HR ligger utanför din behörighet, som gäller KLF-EKON."
    stands.draft(move(1, "KLF-HR", "KLF-HR"), arende="KS 3", by=SECOND)
    stands.refused(WithdrawArende("KS 3"), own, UnitIsNotCallers)
    detail = SetDetaljbudget("KLF-HR", date(2024, 1, 22), (Rorelse(1, "kostnad", 2024, "KLF-HR", "KLF-HR"),), "1")
    stands.refused(detail, own, UnitIsNotCallers)
    other = DecideOmfordelning("KF", date(2024, 1, 1), (move(1, "KS", "BUN"),), "1")
    stands.refused(other, own, UnitIsNotCallers)
