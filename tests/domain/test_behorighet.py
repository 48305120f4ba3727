"""Ways around what people may do, each tried by somebody who would gain from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.domain import arende_refusals as no
from ledger.domain.arende import DeclareJav, DraftArende, ProposeArende
from ledger.domain.behorighet_refusals import (
    CallerMayNotRegister,
    DecisionLiesInTheFuture,
    MandatIsOnesOwn,
    ReviewIsMissing,
    StepLiesInTheFuture,
    UnitIsNotCallers,
    WholeIsNotCallers,
)
from ledger.domain.beslut import DecideOmfordelning
from ledger.domain.beslutanderatt import AmountIsAboveMandat
from ledger.domain.events import PeriodClosed, ProjektChanged
from ledger.domain.events_behorighet import AttestantNamed
from ledger.domain.fyra_ogon import CallerIsJavig, ProposalIsOnesOwn, RegistreringIsOnesOwn, ReviewIsOnesOwn
from ledger.domain.inbox import to_do
from ledger.domain.investering import ChangeProjekt
from ledger.domain.kontoplan import DefineKonto
from ledger.domain.mandat import EndMandat
from ledger.domain.mandat import State as Mandates
from ledger.domain.period import ClosePeriod, OpenPeriod
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.registrering import ConfirmRegistrering, DropRegistrering
from ledger.domain.roll import Caller, MachineTakesNoStand
from tests.domain.hall import ADMIN, EKONOM, LINKOPING, SECOND, STABSDIREKTOR, TODAY, Hall, mandate, move

AS_STABSDIREKTOR = "stabsdirektör KLF-EKON"
REVIEWER = Caller("a-6", "controller")

#: A machine, and who is responsible for it.
MACHINE = Caller("a-20", "ekonom", egna=("a-21",))
OWNER = Caller("a-21", "attestant", funktioner=("stabsdirektör KLF-EKON",), egna=("a-20",))


def hall(*facts: Any) -> Hall:
    return Hall(*LINKOPING, *facts).order()


def reviewer(person: str) -> AttestantNamed:
    return AttestantNamed("KLF-EKON", 2024, "granskning", person, date(2024, 1, 1), date(2024, 12, 31))


def test_a_machine_and_who_is_responsible_for_it_are_one_person() -> None:
    stands = hall().draft(move(450_000, "EKON-RED", "EKON-UPP"), by=MACHINE)
    stands.refused(stands.review(), OWNER, ProposalIsOnesOwn)
    stands.refused(stands.attest(AS_STABSDIREKTOR), OWNER, ProposalIsOnesOwn)
    other = hall().draft(move(450_000, "EKON-RED", "EKON-UPP"))
    other.do(other.review(), MACHINE._replace(roll="controller"))
    other.refused(other.attest(AS_STABSDIREKTOR), OWNER, ReviewIsOnesOwn)


def test_neither_a_machine_nor_its_person_confirms_what_the_other_registered() -> None:
    stands = hall(PeriodClosed("2024-02"))
    stands.do(OpenPeriod("2024-02", "Sen faktura"), MACHINE)
    again = stands.do(OpenPeriod("2024-02", "Sen faktura"), OWNER._replace(roll="ekonom"))
    at = len(stands.facts)
    stands.refused(ConfirmRegistrering(at), OWNER._replace(roll="admin"), RegistreringIsOnesOwn)
    assert not again


def test_the_limit_is_for_a_decision_that_comes_as_two_cases() -> None:
    """Both cases name one decision in the minutes; each of them alone is within the mandate."""
    project = ProjektChanged("P1", "Projektet", "KLF-EKON", "pagaende", date(2024, 1, 1))
    limited = mandate("stabsdirektör", "omfordelning", "KS-KLF", beloppsgrans_ore=100_000_00)
    stands = Hall(*LINKOPING, project).order(limited)
    chief = Caller("a-4", "attestant", funktioner=("stabsdirektör",))
    rows = {"KS 1": move(60_000, "EKON-RED", "EKON-UPP"), "KS 2": move(60_000, "EKON-RED", "EKON-UPP", projekt="P1")}
    for name, row in rows.items():
        stands.do(DraftArende(name, "omfordelning", (row,), "KS 2024-17"), EKONOM)
        stands.propose(name)
    stands.do(stands.attest("stabsdirektör", "KS 1"), chief)
    stands.refused(stands.attest("stabsdirektör", "KS 2"), chief, AmountIsAboveMandat)


def test_a_review_by_somebody_who_turns_out_to_be_javig_does_not_count() -> None:
    stands = hall(reviewer("a-6"), reviewer("a-7")).draft(move(450_000, "EKON-RED", "EKON-UPP"))
    stands.do(stands.review(), REVIEWER)
    stands.do(DeclareJav("KS 1"), REVIEWER)
    stands.refused(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR, ReviewIsMissing)
    stands.refused(stands.review(), REVIEWER, CallerIsJavig)
    stands.refused(DeclareJav("KS 1"), REVIEWER, CallerIsJavig)
    stands.do(stands.review(), Caller("a-7", "controller"))
    assert stands.do(stands.attest(AS_STABSDIREKTOR), STABSDIREKTOR)


def test_a_reviewer_chooses_no_day_on_which_nobody_is_named() -> None:
    """The attestförteckning is of 2024: by a day before it everybody would be allowed to review."""
    stands = hall(reviewer("a-6")).draft(move(450_000, "EKON-RED", "EKON-UPP"))
    stands.refused(replace(stands.review(), datum=date(2023, 12, 31)), SECOND, no.ReviewLiesBeforeProposal)
    stands.refused(replace(stands.review(), datum=date(2025, 1, 1)), SECOND, StepLiesInTheFuture)


def test_nothing_is_proposed_or_given_or_closed_on_a_day_to_come() -> None:
    stands = hall().draft(move(1, "EKON-RED", "EKON-UPP"))
    tomorrow = date(2024, 6, 2)
    stands.do(DraftArende("KS 1", "omfordelning", (move(2, "EKON-RED", "EKON-UPP"),)), EKONOM)
    propose = ProposeArende("KS 1", *stands.seen("KS 1"), tomorrow)
    stands.refused(propose, EKONOM, StepLiesInTheFuture)
    given = mandate("stabsdirektör", "detaljbudget", "KLF-HR", beslutsdatum=tomorrow, fran=tomorrow)
    stands.refused(given, ADMIN, DecisionLiesInTheFuture)


# ---------------------------------------------------------------- corrections of decisions


def corrected() -> tuple[Hall, int]:
    """A decision of kommunfullmäktige-sized reach, recorded by two, and where it lies."""
    stands = Hall(*LINKOPING).order(
        mandate(None, "registrera", "LKPG", person="a-1", beslutsorgan="kommunfullmäktige"),
        mandate(None, "registrera", "LKPG", person="a-2", beslutsorgan="kommunfullmäktige"),
        mandate(None, "registrera", "KS-VSS", person="a-7"),
        mandate("stabsdirektör", "omfordelning", "KLF-EKON", beloppsgrans_ore=100_000_00),
    )
    stands.do(decision(60_000), EKONOM)
    confirmed = stands.confirm(SECOND)
    return stands, stands.facts.index(confirmed[0]) + 1


def decision(kronor: int, fran: str = "EKON-RED", till: str = "EKON-UPP", organ: str = AS_STABSDIREKTOR) -> Any:
    return DecideOmfordelning(organ, date(2024, 3, 1), (move(kronor, fran, till),), "§ 4")


def test_a_correction_counts_what_is_right_and_not_what_was_wrong_too() -> None:
    stands, wrong = corrected()
    stands.do(CorrectRegistrering(wrong, decision(70_000), "Fel belopp"), EKONOM)
    assert stands.confirm(SECOND)


def test_who_may_not_record_the_wrong_decision_does_not_take_it_back() -> None:
    """By a correction into units of one's own, money of others would move."""
    stands, wrong = corrected()
    into_own = decision(60_000, "KOST-1", "KOST-2", "kommunstyrelsen")
    stands.refused(CorrectRegistrering(wrong, into_own, "Fel enhet"), Caller("a-7", "ekonom"), CallerMayNotRegister)


# ---------------------------------------------------------------- units


OF_HR = Caller("a-12", "ekonom", ("KLF-HR",))


def test_who_is_limited_to_units_does_not_drop_the_registrations_of_others() -> None:
    stands, _ = corrected()
    stands.do(decision(1, till="KLF-EKON", organ="kommunstyrelsen"), EKONOM)
    stands.refused(DropRegistrering(len(stands.facts), "Nej"), OF_HR, UnitIsNotCallers)


@pytest.mark.parametrize(
    "command",
    [
        ClosePeriod("2024-01"),
        OpenPeriod("2024-02", "Sen faktura"),
        DefineKonto("7777", "Annat", "kostnad", date(2024, 1, 1)),
    ],
    ids=lambda command: type(command).__name__,
)
def test_who_is_limited_to_units_does_nothing_for_the_whole_municipality(command: Any) -> None:
    stands = hall(PeriodClosed("2024-02"))
    assert "KLF-HR" in stands.refused(command, OF_HR, WholeIsNotCallers)


def test_who_is_limited_to_units_takes_over_no_project_of_others() -> None:
    stands = hall(ProjektChanged("P1", "Projektet", "KLF-EKON", "pagaende", date(2024, 1, 1)))
    mine = ChangeProjekt("P1", "Projektet", "KLF-HR", "pagaende", TODAY)
    stands.refused(mine, OF_HR, UnitIsNotCallers)


def test_an_admin_gives_no_mandate_to_a_function_of_his_own() -> None:
    row = mandate("stabsdirektör", "detaljbudget", "KLF-EKON")
    by_sign_in = Caller("a-14", "admin", funktioner=("stabsdirektör KLF-EKON",))
    hall().refused(row, by_sign_in, MandatIsOnesOwn)
    named = AttestantNamed("KLF-EKON", 2024, "beslut", "a-14", date(2024, 1, 1), date(2024, 12, 31), "stabsdirektör")
    stands = hall(named)
    stands.refused(row, Caller("a-14", "admin"), MandatIsOnesOwn)
    stands.do(row, ADMIN)
    stands.refused(ConfirmRegistrering(len(stands.facts)), Caller("a-14", "admin"), MandatIsOnesOwn)


def test_a_machine_reviews_decides_and_confirms_nothing_whatever_it_is_given() -> None:
    machine = Caller("a-15", "ekonom", funktioner=("stabsdirektör KLF-EKON",), maskin=True)
    stands = hall(PeriodClosed("2024-02"), reviewer("a-15")).draft(move(450_000, "EKON-RED", "EKON-UPP"))
    stands.refused(stands.review(), machine, MachineTakesNoStand)
    stands.refused(stands.attest(AS_STABSDIREKTOR), machine, MachineTakesNoStand)
    stands.do(OpenPeriod("2024-02", "Sen faktura"), EKONOM)
    stands.refused(ConfirmRegistrering(len(stands.facts)), machine, MachineTakesNoStand)
    waits = {one.slag for one in to_do(stands.books, machine, TODAY)}
    assert waits.isdisjoint({"granska", "besluta", "bekrafta"})


def test_an_admin_of_some_units_ends_no_mandate_of_others() -> None:
    stands = hall()
    position = next(at for at, given in stands.books.of(Mandates).granted.items() if given.ansvar == "KLF-EKON")
    end = EndMandat(position, TODAY, "kommunstyrelsen", TODAY)
    stands.refused(end, Caller("a-13", "admin", ("KLF-HR",)), UnitIsNotCallers)
