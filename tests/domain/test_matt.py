"""Mått and values: defined once, given once a day, put right, and exact to the last decimal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.domain import tal
from ledger.domain.events import RegistreringCorrected
from ledger.domain.events_uppfoljning import MattDefined, Matvarde, MatvardenReported
from ledger.domain.fact import ERASED
from ledger.domain.koder import CodeIsUnknown, YearIsUnknown
from ledger.domain.matt import DefineMatt, ReportMatvarden
from ledger.domain.matt_refusals import (
    MattIsOtherwise,
    MattIsPartOfItself,
    MattIsUnknown,
    MatvardeHasNoValue,
    MatvardeHasTwoValues,
    MatvardeIsOtherwise,
    MatvardenHaveNoRows,
    MatvardeStandsTwice,
    TalIsTooLong,
    TargetIsNoTarget,
    ValueIsNotAWord,
)
from ledger.domain.money import MINUS, NBSP
from ledger.domain.rattelse import CodeWouldVanish, CorrectRegistrering
from ledger.domain.tal import Tal
from ledger.domain.text import ColumnIsBlank, TextHoldsPersonnummer
from ledger.interchange.matt_file import Lasvarde, read
from tests.domain.spec import Given, given
from tests.domain.town import TOWN, day

FIRST = len(TOWN) + 1
SJUK = DefineMatt("SJUK", "Total sjukfrånvaro", "personal", day("2024-01-01"), "%", "lagre")
DEFINED = MattDefined("SJUK", "Total sjukfrånvaro", "personal", day("2024-01-01"), "%", "lagre")
VALUE = Matvarde("SJUK", 2024, "utfall", 64, 1)
MARCH = day("2024-03-31")


def town(*steps: object) -> Given:
    return given(*TOWN, *steps)


def values(*rader: Matvarde, ansvar: str = "KS") -> ReportMatvarden:
    return ReportMatvarden(MARCH, ansvar, rader)


def test_a_matt_is_recorded_once_and_changes_from_a_day_on() -> None:
    town().when(SJUK).then(DEFINED)
    town(SJUK).when(SJUK).then_nothing()
    town(SJUK).when(replace(SJUK, namn="Sjukfrånvaro", fran=day("2025-01-01"))).accepted()
    town(SJUK).when(replace(SJUK, namn="Sjukfrånvaro")).refused(MattIsOtherwise, position=FIRST)


def test_a_matt_is_judged_by_itself() -> None:
    town().when(replace(SJUK, matt="")).refused(ColumnIsBlank)
    town().when(replace(SJUK, slag="annat")).refused(ValueIsNotAWord, kolumn="slag")
    town().when(replace(SJUK, riktning="uppåt")).refused(ValueIsNotAWord, kolumn="riktning")
    town().when(replace(SJUK, del_av="FINNS-EJ")).refused(MattIsUnknown, matt="FINNS-EJ")
    town().when(replace(SJUK, mal="Anna 850709-9805")).refused(TextHoldsPersonnummer)


def test_no_matt_is_a_part_of_itself() -> None:
    part = replace(SJUK, matt="DEL", del_av="SJUK")
    town(SJUK, part).when(replace(SJUK, del_av="DEL", fran=day("2025-01-01"))).refused(MattIsPartOfItself)
    town().when(replace(SJUK, del_av="SJUK")).refused(MattIsPartOfItself)


def test_values_of_a_day_are_recorded_once_and_new_ones_added() -> None:
    woman = VALUE._replace(kon="kvinnor", varde=73)
    town(SJUK).when(values(VALUE)).then(MatvardenReported(MARCH, "KS", (VALUE,)))
    town(SJUK, values(VALUE)).when(values(VALUE)).then_nothing()
    town(SJUK, values(VALUE)).when(values(VALUE, woman)).then(MatvardenReported(MARCH, "KS", (woman,)))
    town(SJUK, values(VALUE)).when(replace(values(VALUE._replace(varde=65)), datum=day("2024-05-01"))).accepted()


def test_another_value_of_the_same_day_is_a_conflict_also_with_another_decimal() -> None:
    for other in (VALUE._replace(varde=65), VALUE._replace(varde=640, decimaler=2)):
        town(SJUK, values(VALUE)).when(values(other)).refused(MatvardeIsOtherwise, position=FIRST + 1)
    town(SJUK).when(values(VALUE, VALUE)).refused(MatvardeStandsTwice, rad=1)


def test_a_note_that_was_erased_is_no_conflict() -> None:
    erased = MatvardenReported(MARCH, "KS", (VALUE._replace(text=ERASED),))
    town(SJUK, erased).when(values(VALUE._replace(text="ny mätmetod"))).then_nothing()
    town(SJUK, erased).when(values(VALUE._replace(text="ny mätmetod", varde=1))).refused(MatvardeIsOtherwise)


def test_a_value_is_judged_by_itself() -> None:
    town(SJUK).when(values()).refused(MatvardenHaveNoRows)
    town(SJUK).when(values(VALUE, ansvar="XX")).refused(CodeIsUnknown)
    town().when(values(VALUE)).refused(MattIsUnknown)
    town(SJUK).when(values(VALUE._replace(ar=1066))).refused(YearIsUnknown)
    town(SJUK).when(values(VALUE._replace(sort="gissning"))).refused(ValueIsNotAWord, kolumn="sort")
    town(SJUK).when(values(VALUE._replace(kon="x"))).refused(ValueIsNotAWord, kolumn="kon")
    town(SJUK).when(values(VALUE._replace(tom=13))).refused(ValueIsNotAWord, kolumn="tom")
    town(SJUK).when(values(VALUE._replace(villkor="≥"))).refused(TargetIsNoTarget)
    town(SJUK).when(values(VALUE._replace(sort="mal", villkor="~"))).refused(TargetIsNoTarget)
    town(SJUK).when(values(VALUE._replace(varde=None))).refused(MatvardeHasNoValue)
    town(SJUK).when(values(VALUE._replace(kod="I.U."))).refused(MatvardeHasTwoValues)
    town(SJUK).when(values(VALUE._replace(varde=None, kod="?"))).refused(ValueIsNotAWord, kolumn="varde")
    town(SJUK).when(values(VALUE._replace(varde=2**53))).refused(TalIsTooLong)
    town(SJUK).when(values(VALUE._replace(decimaler=7))).refused(TalIsTooLong)
    town(SJUK).when(values(VALUE._replace(text="850709-9805"))).refused(TextHoldsPersonnummer)


def test_a_wrong_value_is_put_right_and_a_matt_does_not_vanish() -> None:
    wrong, right = MatvardenReported(MARCH, "KS", (VALUE,)), VALUE._replace(varde=65)
    town(SJUK, wrong).when(CorrectRegistrering(FIRST + 1, values(right))).then(
        RegistreringCorrected(FIRST + 1, wrong, MatvardenReported(MARCH, "KS", (right,)))
    )
    town(SJUK, wrong).when(CorrectRegistrering(FIRST, replace(SJUK, matt="ANNAT"))).refused(CodeWouldVanish)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4,30", Lasvarde(Tal(430, 2))),
        (f"{MINUS}17.1", Lasvarde(Tal(-171, 1))),
        ("283 648", Lasvarde(Tal(283_648))),
        (f"1{NBSP}234,5", Lasvarde(Tal(12_345, 1))),
        ("0", Lasvarde(Tal(0))),
        ("I.U", Lasvarde(kod="I.U.")),
        ("n/a", Lasvarde(kod="N/A")),
        ("–", Lasvarde(kod="-")),
        ("*", Lasvarde(kod="*")),
        ("", None),
        ("1e5", None),
        ("12 34", None),
        ("1.2.3", None),
        ("ungefär 5", Lasvarde(Tal(5), "ungefär")),
    ],
)
def test_values_are_read_as_people_write_them(text: str, expected: Lasvarde | None) -> None:
    assert read(text, is_target=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("75", Lasvarde(Tal(75), "=")),
        (">= 4,0", Lasvarde(Tal(40, 1), "≥")),
        ("≤±5", Lasvarde(Tal(5), "≤±")),
        ("Mindre än 2", Lasvarde(Tal(2), "<")),
        ("≥4%", Lasvarde(Tal(4), "≥")),
        ("ÖKA", Lasvarde(villkor="öka")),
        ("Ej negativ", Lasvarde(Tal(0), "≥")),
    ],
)
def test_targets_are_read_as_people_write_them(text: str, expected: Lasvarde) -> None:
    assert read(text, is_target=True) == expected


def test_numbers_are_compared_exactly_and_written_in_swedish() -> None:
    assert tal.compared(Tal(40, 1), Tal(4)) == 0
    assert tal.compared(Tal(399, 2), Tal(4)) < 0
    assert tal.compared(Tal(-1), Tal(-11, 1)) > 0
    assert tal.swedish_text("≥-1234.50") == f"≥{MINUS}1{NBSP}234,50"
    assert tal.swedish_text("I.U.") == "I.U."
    assert Tal(-5, 2).text == "-0.05"
