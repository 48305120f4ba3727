"""Kostnadsreducerande åtgärder: planned, done, struck, and put right."""

from __future__ import annotations

from dataclasses import replace

from ledger.domain.atgard import AtgardIsOtherwise, AtgardsstatusIsUnknown, ChangeAtgard
from ledger.domain.events import RegistreringCorrected
from ledger.domain.events_uppfoljning import AtgardChanged
from ledger.domain.fact import ERASED
from ledger.domain.koder import AmountIsTooLarge, CodeIsNotValid, CodeIsUnknown, YearIsUnknown
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.text import CodeIsTooLong, ColumnIsBlank, TextHoldsPersonnummer
from tests.domain.spec import Given, given
from tests.domain.town import TOWN, day

FIRST = len(TOWN) + 1
PLANNED = ChangeAtgard("A-1", "Färre resor", "KS", 2024, "planerad", day("2024-01-15"), 750_000_00, kategori="resor")
FACT = AtgardChanged("A-1", "Färre resor", "KS", 2024, "planerad", day("2024-01-15"), 750_000_00, None, "resor")


def town(*steps: object) -> Given:
    return given(*TOWN, *steps)


def test_an_atgard_is_recorded_once() -> None:
    town().when(PLANNED).then(FACT)
    town(PLANNED).when(PLANNED).then_nothing()
    assert FACT.stream == "atgard/A-1/2024"


def test_a_new_day_moves_it_on_and_another_year_is_its_own() -> None:
    done = replace(PLANNED, status="genomford", statusdatum=day("2024-09-30"), effekt_ore=600_000_00)
    town(PLANNED).when(done).accepted()
    town(PLANNED).when(replace(PLANNED, ar=2025)).accepted()


def test_other_content_of_the_same_day_is_a_conflict() -> None:
    town(PLANNED).when(replace(PLANNED, belopp_ore=1)).refused(AtgardIsOtherwise, position=FIRST, column="belopp")
    town(PLANNED).when(replace(PLANNED, effekt_ore=1)).refused(AtgardIsOtherwise, position=FIRST, column="effekt")


def test_a_text_that_was_erased_is_no_conflict() -> None:
    erased = replace(FACT, text=ERASED)
    town(erased).when(replace(PLANNED, text="Chefens resor")).then_nothing()
    town(erased).when(replace(PLANNED, text="Chefens resor", belopp_ore=1)).refused(AtgardIsOtherwise)


def test_a_row_is_judged_by_itself() -> None:
    town().when(replace(PLANNED, status="klar")).refused(AtgardsstatusIsUnknown)
    town().when(replace(PLANNED, ar=24)).refused(YearIsUnknown)
    town().when(replace(PLANNED, namn=" ")).refused(ColumnIsBlank)
    town().when(replace(PLANNED, atgard="A" * 101)).refused(CodeIsTooLong)
    town().when(replace(PLANNED, text="850709-9805")).refused(TextHoldsPersonnummer)
    town().when(replace(PLANNED, effekt_ore=2**60)).refused(AmountIsTooLarge)


def test_its_unit_exists_in_the_year() -> None:
    town().when(replace(PLANNED, ansvar="NEJ")).refused(CodeIsUnknown)
    town().when(replace(PLANNED, ar=1950)).refused(CodeIsNotValid)


def test_a_wrong_registration_is_put_right() -> None:
    right = replace(PLANNED, belopp_ore=57_000_00)
    corrected = RegistreringCorrected(FIRST, FACT, replace(FACT, belopp_ore=57_000_00), "Fel belopp")
    town(PLANNED).when(CorrectRegistrering(FIRST, right, "Fel belopp")).then(corrected)
    # What was wrong does not stand in the way of the same day any more.
    town(PLANNED, CorrectRegistrering(FIRST, None, "Avser en annan kommun")).when(right).accepted()
