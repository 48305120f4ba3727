"""Corrections of wrong registrations: the books afterwards are as if the right one had been recorded at once."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain import beslut_refusals as no
from ledger.domain.events import (
    KontoDefined,
    PrognosSubmitted,
    ProjektChanged,
    RegistreringCorrected,
    UnitChanged,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
)
from ledger.domain.investering import ChangeProjekt, ProjektIsOtherwise
from ledger.domain.kommentar import WriteKommentar
from ledger.domain.kontoplan import CodeIsOtherwise, DefineKonto
from ledger.domain.organisation import RegisterUnit, UnitStandsAboveItself
from ledger.domain.period import ClosePeriod
from ledger.domain.prognos import SubmitPrognos
from ledger.domain.rader import Prognosrad
from ledger.domain.rattelse import (
    CodeWouldVanish,
    CorrectedFactIsMissing,
    CorrectionChangesNothing,
    CorrectionIsNotOneFact,
    CorrectRegistrering,
    FactIsCorrectedAlready,
    FactIsCorrectedOtherwise,
    RemovalHasNoReason,
)
from ledger.domain.text import TextHoldsPersonnummer
from ledger.domain.utfall import ReportUtfall
from tests.domain.spec import Given, given
from tests.domain.town import BEGIN, TOWN, budget, day, decide, decided, move, summary, voucher

FIRST = len(TOWN) + 1


def town(*steps: object) -> Given:
    return given(*TOWN, *steps)


def correct(kommando: Any = None, at: int = FIRST, motivering: str | None = None) -> CorrectRegistrering:
    return CorrectRegistrering(at, kommando, motivering)


WRONG, RIGHT = budget("2023-11-28", 100), budget("2023-11-28", 90)


def test_a_decision_is_put_right_by_a_fact_that_names_both() -> None:
    town(WRONG).when(correct(RIGHT)).then(
        RegistreringCorrected(
            FIRST,
            decided("budget", "2023-11-28", move(100, till_ansvar="KS")),
            decided("budget", "2023-11-28", move(90, till_ansvar="KS")),
        )
    )


def test_after_a_correction_the_books_hold_the_right_one() -> None:
    books = town(WRONG, correct(RIGHT)).books
    assert books.budget.held_ore("KS", 2024, books.organisation) == 90_00
    town(WRONG, correct(RIGHT)).when(RIGHT).then_nothing()
    town(WRONG, correct(RIGHT)).when(WRONG).refused(no.BeslutIsOtherwise, position=FIRST + 1)


def test_a_correction_may_move_the_decision_to_another_day_and_round() -> None:
    moved = town(WRONG, correct(budget("2023-12-28", 100)))
    assert moved.books.budget.rounds("KS", 2024, moved.books.organisation) == [day("2023-12-28")]
    moved.when(WRONG).accepted()


def test_a_fact_is_corrected_once_and_then_its_correction_is() -> None:
    once = town(WRONG, correct(RIGHT))
    once.when(correct(budget("2023-11-28", 80))).refused(FactIsCorrectedAlready, later=FIRST + 1)
    twice = once.and_then(correct(budget("2023-11-28", 80), FIRST + 1))
    assert twice.books.budget.held_ore("KS", 2024, twice.books.organisation) == 80_00
    gone = twice.and_then(correct(None, FIRST + 2, "Fel kommun"))
    assert gone.books.budget.held_ore("KS", 2024, gone.books.organisation) == 0
    gone.when(correct(RIGHT, FIRST + 3)).refused(FactIsCorrectedOtherwise)
    gone.when(WRONG).accepted()


def test_a_removal_has_a_reason() -> None:
    town(WRONG).when(correct()).refused(RemovalHasNoReason)
    town(WRONG).when(correct(motivering="Dubbelt")).accepted()
    town(WRONG).when(correct(motivering="Anna 850709-9805")).refused(TextHoldsPersonnummer)


def test_a_correction_changes_something_of_the_same_kind() -> None:
    stands = town(WRONG)
    stands.when(correct(WRONG)).refused(CorrectionChangesNothing)
    stands.when(correct(decide("ramjustering", "2023-11-28", move(9, till_ansvar="KS", text="x")))).refused(
        CorrectionIsNotOneFact
    )
    stands.when(correct(ClosePeriod("2024-03"))).refused(CorrectionIsNotOneFact)
    stands.when(correct(correct(RIGHT))).refused(CorrectionIsNotOneFact)


def test_a_correction_names_a_fact_that_exists_and_can_be_corrected_so() -> None:
    leverans = ReportUtfall("2024-03", "EKON", (summary("2024-03-31", 1),))
    stands = town(voucher(), leverans, WriteKommentar(2024, 3, "r", "KS", "x"), ClosePeriod("2024-02"))
    proposal = decide("budget", "2024-03-01", move(till_ansvar="KS"), status="forslag", diarienummer="1")
    for at in range(FIRST, FIRST + 5):
        stands.and_then(proposal).when(correct(RIGHT, at)).refused(FactIsCorrectedOtherwise, position=at)
    for at in (-1, 0, 99):
        stands.when(correct(RIGHT, at)).refused(CorrectedFactIsMissing)


def test_the_right_one_is_judged_without_the_wrong_one() -> None:
    given_out = decide("internbudget", "2023-12-01", move(100, fran_ansvar="KS", till_ansvar="KLF"))
    stands = town(WRONG, given_out)
    taken = decide("internbudget", "2023-12-01", move(101, fran_ansvar="KS", till_ansvar="KLF"))
    stands.when(correct(taken, FIRST + 1)).refused(no.UnitHoldsTooLittle, held_ore=100_00)
    less = decide("internbudget", "2023-12-01", move(99, fran_ansvar="KS", till_ansvar="KLF"))
    stands.when(correct(less, FIRST + 1)).accepted()


def test_a_part_of_a_decision_is_corrected_among_its_other_parts() -> None:
    other = decide("budget", "2023-11-28", move(50, till_ansvar="BUN"))
    corrected = town(WRONG, other, correct(RIGHT)).books
    assert corrected.budget.held_ore("KS", 2024, corrected.organisation) == 90_00
    assert corrected.budget.held_ore("BUN", 2024, corrected.organisation) == 50_00


def test_a_decision_that_closed_a_proposal_can_be_corrected_and_removed() -> None:
    row = move(-10, till_ansvar="KS", text="Besparing")
    proposal = decide("ramjustering", "2024-03-01", row, status="forslag", diarienummer="KS 1")
    closing = decide("ramjustering", "2024-04-01", row, forslag="KS 1")
    stands = town(proposal, closing)
    stands.when(correct(decide("ramjustering", "2024-04-02", row, forslag="KS 1"), FIRST + 1)).accepted()
    removed = stands.and_then(correct(None, FIRST + 1, "Ej beslutat"))
    assert removed.books.budget.is_pending("ramjustering", "KS 1")
    removed.when(closing).accepted()


STAB = UnitEstablished("STAB", "Staben", "stab", day("2022-01-01"), "KS")


def stab(fran: str = "2022-01-01", namn: str = "Staben", **columns: Any) -> RegisterUnit:
    return RegisterUnit("STAB", namn, "stab", day(fran), **({"overordnad": "KS"} | columns))


def test_a_unit_is_put_right() -> None:
    corrected = town(STAB, correct(stab("2021-01-01", "Riktiga staben", overordnad="BUN")))
    assert corrected.shelf.facts[-1] == RegistreringCorrected(
        FIRST, STAB, UnitEstablished("STAB", "Riktiga staben", "stab", day("2021-01-01"), "BUN")
    )
    corrected.when(stab()).accepted()
    assert corrected.books.organisation.namnd("STAB", day("2024-01-01")) == "BUN"


def test_the_first_version_of_a_unit_is_put_right_beside_its_later_ones() -> None:
    later = UnitChanged("STAB", "Nya staben", "stab", day("2024-01-01"), "KS")
    stands = town(STAB, later)
    corrected = stands.and_then(correct(stab(namn="Gamla staben")))
    names = [version.content.namn for version in corrected.books.organisation.units["STAB"].versions]
    assert names == ["Gamla staben", "Nya staben"]
    town(STAB, later).when(correct(stab())).refused(CorrectionChangesNothing)


def test_a_closing_is_put_right_and_taken_back() -> None:
    closed = UnitClosed("STAB", day("2023-12-31"))
    stands = town(STAB, closed)
    stands.when(correct(stab(till=day("2024-12-31")), FIRST + 1)).then(
        RegistreringCorrected(FIRST + 1, closed, UnitClosed("STAB", day("2024-12-31")))
    )
    stands.when(correct(stab(till=day("2023-12-31"), ersatt_av="BUN"), FIRST + 1)).then(
        RegistreringCorrected(FIRST + 1, closed, UnitMerged("STAB", day("2023-12-31"), "BUN"))
    )
    opened = stands.and_then(correct(None, FIRST + 1, "Ej beslutat"))
    assert opened.books.organisation.units["STAB"].versions[0].till is None


def test_a_closing_before_the_unit_now_begins_closes_nothing() -> None:
    stands = town(STAB, UnitClosed("STAB", day("2022-12-31")), stab("2024-01-01"), correct(None, FIRST, "Fel år"))
    assert stands.books.organisation.units["STAB"].valid_between(day("2024-06-01"), day("2024-06-01"))
    assert not stands.books.organisation.units["STAB"].valid_between(day("2022-06-01"), day("2022-12-31"))


def test_a_corrected_unit_cannot_be_put_under_one_below_it() -> None:
    inner = UnitEstablished("INRE", "Inre", "enhet", day("2022-01-01"), "STAB")
    town(STAB, inner).when(correct(stab(overordnad="INRE"))).refused(UnitStandsAboveItself)


def test_a_correction_leaves_no_circle_behind() -> None:
    inner = UnitEstablished("INRE", "Inre", "enhet", day("2022-01-01"), "STAB")
    moved = UnitChanged("INRE", "Inre", "enhet", day("2023-01-01"), "KS")
    under = UnitChanged("STAB", "Staben", "stab", day("2024-01-01"), "INRE")
    stands = town(STAB, inner, moved, under)
    stands.when(correct(None, FIRST + 2, "Ej beslutat")).refused(UnitStandsAboveItself)
    later = RegisterUnit("INRE", "Inre", "enhet", day("2025-01-01"), "KS")
    stands.when(correct(later, FIRST + 2)).refused(UnitStandsAboveItself)
    stands.when(correct(None, FIRST + 3, "Ej beslutat")).accepted()


def test_a_code_that_others_may_name_stays_known() -> None:
    town(STAB).when(correct(None, motivering="Fanns inte")).refused(CodeWouldVanish, kod="STAB")
    town(STAB).when(correct(RegisterUnit("STABEN", "Staben", "stab", day("2022-01-01"), "KS"))).refused(CodeWouldVanish)
    later = UnitChanged("STAB", "Nya staben", "stab", day("2024-01-01"), "KS")
    town(STAB, later).when(correct(None, motivering="Fanns inte")).accepted()
    for at in (6, 9, 11):
        town().when(correct(None, at, "Fanns inte")).refused(CodeWouldVanish)


def test_charts_projects_and_forecasts_are_put_right() -> None:
    loner = KontoDefined("5011", "Löner", "kostnad", day("2016-01-01"))
    town(loner).when(correct(DefineKonto("5011", "Löner", "intakt", day("2016-01-01")))).then(
        RegistreringCorrected(FIRST, loner, KontoDefined("5011", "Löner", "intakt", day("2016-01-01")))
    )
    bro = ProjektChanged("P7", "Bro", "KLF", "beslutat", day("2024-01-01"))
    bad = ProjektChanged("P7", "Bro", "BUN", "beslutat", day("2024-02-01"))
    command = ChangeProjekt("P7", "Bro", "BUN", "beslutat", day("2024-02-01"))
    town(bro).when(correct(command)).then(RegistreringCorrected(FIRST, bro, bad))
    assert list(town(bro, correct(command)).books.projects.projects["P7"]) == [day("2024-02-01")]
    other = ProjektChanged("P7", "Bro", "KLF", "pagaende", day("2024-02-01"))
    town(bro, other).when(correct(command)).refused(ProjektIsOtherwise)
    first = PrognosSubmitted(day("2024-05-02"), 2024, "KS", (Prognosrad("netto", 1),))
    town(first).when(correct(SubmitPrognos(day("2024-05-03"), 2024, "KS", (Prognosrad("netto", 2),)))).then(
        RegistreringCorrected(FIRST, first, PrognosSubmitted(day("2024-05-03"), 2024, "KS", (Prognosrad("netto", 2),)))
    )


ABROAD = RegisterUnit("STAB", "Staben", "stab", day("2022-01-01"), "STAB")

REFUSED_CORRECTIONS = [
    ((STAB, UnitClosed("STAB", day("2022-12-31")), stab("2024-01-01")), ABROAD, FIRST),
    (
        (STAB, stab(till=day("2022-12-31"), ersatt_av="BUN"), stab("2024-01-01"),
         stab("2024-01-01", till=day("2024-12-31"), ersatt_av="LKPG")), ABROAD, FIRST + 1,
    ),
    ((KontoDefined("1", "A", "kostnad", BEGIN), DefineKonto("1", "A", "kostnad", BEGIN, day("2023-12-31"))),
     DefineKonto("1", "B", "kostnad", BEGIN), FIRST),
    ((WRONG, decide("internbudget", "2023-12-01", move(60, fran_ansvar="KS", till_ansvar="KLF"))), ABROAD, FIRST),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "command", "at"), REFUSED_CORRECTIONS)
def test_a_refused_correction_leaves_the_books_as_they_were(steps: Any, command: Any, at: int) -> None:
    stands, untouched = town(*steps), town(*steps)
    assert stands.when(correct(command, at)).refusals
    assert content(stands) == content(untouched)
    assert untouched.books.organisation.merged == stands.books.organisation.merged


def content(stands: Given) -> list[object]:
    books = stands.books
    return [
        books.organisation.facts, books.organisation.units, books.charts, books.projects, books.forecasts,
        {key: sorted(sides, key=repr) for key, sides in books.budget.drift.items() if sides},
        {key: sorted(sides, key=repr) for key, sides in books.budget.frames.items() if sides},
        {key: rounds for key, rounds in books.budget.openings.items() if rounds},
        books.budget.decisions, books.versions, books.corrections,
    ]  # fmt: skip


def test_a_name_that_two_facts_say_is_not_corrected_in_one_of_them() -> None:
    opened = KontoDefined("1", "A", "kostnad", day("2016-01-01"))
    closed = DefineKonto("1", "A", "kostnad", day("2016-01-01"), day("2023-12-31"))
    town(opened, closed).when(correct(DefineKonto("1", "B", "kostnad", day("2016-01-01")))).refused(CodeIsOtherwise)
