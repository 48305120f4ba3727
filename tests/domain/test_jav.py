"""Jäv: what somebody jävig has proposed or reviewed does not count, and he takes no further part (KL 6:28–32, 7:4)."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain import arende_refusals as no
from ledger.domain.arende import DeclareJav, DraftArende, ProposeArende, ReturnArende, State, WithdrawArende
from ledger.domain.behorighet_refusals import ReviewIsMissing
from ledger.domain.events_behorighet import AttestantNamed, JavDeclared
from ledger.domain.fyra_ogon import CallerIsJavig, ProposalIsOnesOwn
from ledger.domain.inbox import to_do
from ledger.domain.roll import Caller
from tests.domain.hall import EKONOM, LINKOPING, SECOND, STABSDIREKTOR, TODAY, Hall, move

ROW = move(450_000, "EKON-RED", "EKON-UPP")
ORGAN = "stabsdirektör KLF-EKON"
PROPOSE = date(2024, 3, 1)

#: A machine that proposes, and who is responsible for it.
MACHINE = Caller("a-20", "ekonom", egna=("a-21",))
OWNER = Caller("a-21", "ekonom", egna=("a-20",))


def hall(*facts: AttestantNamed, by: Caller = EKONOM) -> Hall:
    """A case that is proposed."""
    return Hall(*LINKOPING, *facts).order().draft(ROW, by=by)


def test_what_a_javig_proposed_falls_until_another_has_proposed_it_anew() -> None:
    stands = hall()
    seen = stands.attest(ORGAN)
    assert stands.do(DeclareJav("KS 1", "Närstående"), EKONOM) == [JavDeclared("KS 1", "Närstående", forslog=True)]
    assert stands.books.of(State).cases["KS 1"].lage == "aterlamnat"
    said = stands.refused(seen, STABSDIREKTOR, no.ProposalIsOfJavig)
    assert "någon annan skriver en ny version" in said
    # To propose the same version again is not to make it one's own.
    again = ProposeArende("KS 1", *stands.seen("KS 1"), PROPOSE)
    stands.refused(again, SECOND, no.ProposalIsOfJavig)
    stands.refused(DraftArende("KS 1", "omfordelning", (ROW,)), EKONOM, CallerIsJavig)

    stands.draft(ROW, by=SECOND)

    stands.refused(seen, STABSDIREKTOR, no.ArendeHasChanged)
    stands.refused(stands.attest(ORGAN), SECOND._replace(roll="attestant"), ProposalIsOnesOwn)
    assert stands.do(stands.attest(ORGAN), STABSDIREKTOR)


def test_who_only_wrote_an_earlier_version_does_not_make_the_newest_fall() -> None:
    stands = hall()
    stands.draft(ROW._replace(belopp_ore=1), by=SECOND)
    assert stands.do(DeclareJav("KS 1"), EKONOM) == [JavDeclared("KS 1")]
    assert stands.do(stands.attest(ORGAN), STABSDIREKTOR)


def test_a_draft_of_a_javig_falls_before_it_is_proposed() -> None:
    stands = Hall(*LINKOPING).order()
    stands.do(DraftArende("KS 1", "omfordelning", (ROW,)), EKONOM)
    stands.do(DeclareJav("KS 1"), EKONOM)
    stands.refused(ProposeArende("KS 1", *stands.seen("KS 1"), PROPOSE), SECOND, no.ProposalIsOfJavig)


@pytest.mark.parametrize(("proposes", "declares"), [(MACHINE, OWNER), (OWNER, MACHINE)])
def test_jav_of_a_person_is_also_that_of_the_machine(proposes: Caller, declares: Caller) -> None:
    stands = hall(by=proposes)
    stands.do(DeclareJav("KS 1"), declares)
    stands.refused(stands.attest(ORGAN), STABSDIREKTOR, no.ProposalIsOfJavig)
    stands.refused(DraftArende("KS 1", "omfordelning", (ROW,)), proposes, CallerIsJavig)


def test_jav_of_who_would_decide_lets_the_proposal_stand() -> None:
    stands = hall()
    stands.do(DeclareJav("KS 1"), STABSDIREKTOR)
    assert stands.books.of(State).cases["KS 1"].lage == "foreslaget"
    assert stands.do(stands.attest(ORGAN), STABSDIREKTOR._replace(actor="a-7"))


def test_jav_of_who_reviewed_takes_back_the_review() -> None:
    named = AttestantNamed("KLF-EKON", 2024, "granskning", "a-6", date(2024, 1, 1), date(2024, 12, 31))
    stands, reviewer = hall(named), Caller("a-6", "controller")
    stands.do(stands.review(), reviewer)
    stands.do(DeclareJav("KS 1"), reviewer)
    stands.refused(stands.attest(ORGAN), STABSDIREKTOR, ReviewIsMissing)


def test_jav_in_a_decided_case_changes_nothing_but_is_kept() -> None:
    stands = hall()
    stands.do(stands.attest(ORGAN), STABSDIREKTOR)
    stands.do(DeclareJav("KS 1"), EKONOM)
    assert stands.books.of(State).cases["KS 1"].lage == "beslutat"


def test_others_are_told_that_a_new_version_is_needed_and_may_take_it_back() -> None:
    stands = hall()
    stands.do(DeclareJav("KS 1"), EKONOM)
    told = {caller: [one.text for one in to_do(stands.books, caller, TODAY)] for caller in (EKONOM, SECOND)}
    assert told == {
        EKONOM: [],
        SECOND: ["Ärendet KS 1 behöver en ny version av någon annan: den som föreslog det har anmält jäv"],
    }
    stands.refused(ReturnArende("KS 1", 1, "x"), STABSDIREKTOR, no.ProposalIsOfJavig)
    assert stands.do(WithdrawArende("KS 1"), SECOND)
