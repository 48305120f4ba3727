"""Rows of the charts (konto, verksamhet) and of the projects."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.events import KontoDefined, ProjektChanged, UnitEstablished, VerksamhetDefined
from ledger.domain.investering import (
    ChangeProjekt,
    OwnerIsUnknown,
    ProjektEndsBeforeItStarts,
    ProjektIsOtherwise,
    ProjektstatusIsUnknown,
)
from ledger.domain.kontoplan import CodeIsOtherwise, DefineKonto, DefineVerksamhet, KontoslagIsUnknown
from ledger.domain.organisation import ValidityEndsBeforeItBegins
from ledger.domain.text import ColumnIsBlank, TextHoldsPersonnummer
from tests.domain.spec import given
from tests.domain.town import day

LONER = KontoDefined("5010", "Löner", "kostnad", day("2016-01-01"))
SKOLA = VerksamhetDefined("440", "Grundskola", day("2016-01-01"))
KLF = UnitEstablished("KLF", "Ledning", "forvaltning", day("2020-01-01"))
BRON = ProjektChanged("P1", "Bron", "KLF", "beslutat", day("2022-01-01"))


def loner(fran: str = "2016-01-01", namn: str = "Löner", slag: str = "kostnad", till: str | None = None) -> DefineKonto:
    return DefineKonto("5010", namn, slag, day(fran), day(till) if till else None)


def bron(status: str = "beslutat", statusdatum: str = "2022-01-01", **columns: Any) -> ChangeProjekt:
    values = {"projekt": "P1", "namn": "Bron", "ansvar": "KLF"} | columns
    return ChangeProjekt(status=status, statusdatum=day(statusdatum), **values)


def test_a_code_that_is_new_is_defined() -> None:
    given().when(loner()).then(LONER)
    given().when(DefineVerksamhet("440", "Grundskola", day("2016-01-01"))).then(SKOLA)


def test_the_same_code_again_adds_nothing() -> None:
    given(LONER).when(loner()).then_nothing()
    given(LONER).when(loner("2020-01-01")).then_nothing()
    given(SKOLA).when(DefineVerksamhet("440", "Grundskola", day("2016-01-01"))).then_nothing()


def test_a_code_gets_another_name_from_a_later_day() -> None:
    given(LONER).when(loner("2024-01-01", "Månadslöner")).then(
        KontoDefined("5010", "Månadslöner", "kostnad", day("2024-01-01"))
    )


def test_a_row_before_the_first_becomes_the_earlier_meaning() -> None:
    given(LONER).when(loner("2010-01-01", "Avlöningar")).then(
        KontoDefined("5010", "Avlöningar", "kostnad", day("2010-01-01"))
    )


def test_a_code_gets_a_last_day() -> None:
    closed = KontoDefined("5010", "Löner", "kostnad", day("2016-01-01"), day("2023-12-31"))
    given(LONER).when(loner(till="2023-12-31")).then(closed)
    given(LONER).when(loner("2020-01-01", till="2023-12-31")).then(closed)
    given(LONER, closed).when(loner(till="2023-12-31")).then_nothing()
    given(LONER, closed).when(loner()).then_nothing()


def test_a_code_has_one_last_day() -> None:
    closed = KontoDefined("5010", "Löner", "kostnad", day("2016-01-01"), day("2023-12-31"))
    given(closed).when(loner(till="2024-12-31")).refused(CodeIsOtherwise)


def test_a_code_begins_again_after_its_last_day() -> None:
    closed = KontoDefined("5010", "Löner", "kostnad", day("2016-01-01"), day("2020-12-31"))
    again = KontoDefined("5010", "Löner", "kostnad", day("2024-01-01"))
    given(closed).when(loner("2024-01-01")).then(again)
    given(closed, again).when(loner("2022-01-01", till="2022-12-31")).then(
        KontoDefined("5010", "Löner", "kostnad", day("2022-01-01"), day("2022-12-31"))
    )


def test_a_last_day_the_day_before_the_next_meaning_is_known() -> None:
    renamed = KontoDefined("5010", "Månadslöner", "kostnad", day("2024-01-01"))
    given(LONER, renamed).when(loner(till="2023-12-31")).then_nothing()


def test_two_meanings_at_one_time_are_a_conflict() -> None:
    renamed = KontoDefined("5010", "Månadslöner", "kostnad", day("2024-01-01"))
    given(LONER).when(loner(namn="Annat")).refused(CodeIsOtherwise)
    given(LONER).when(loner(slag="intakt")).refused(CodeIsOtherwise)
    given(LONER, renamed).when(loner("2020-01-01", "Annat")).refused(CodeIsOtherwise)
    given(LONER, renamed).when(loner(till="2024-12-31")).refused(CodeIsOtherwise)


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        (DefineKonto("5010", "Löner", "tillgång", day("2016-01-01")), (KontoslagIsUnknown,)),
        (DefineKonto("5010", "Löner", "kostnad", day("2016-01-01"), day("2015-12-31")), (ValidityEndsBeforeItBegins,)),
        (DefineKonto("5010", "850709-9805", "kostnad", day("2016-01-01")), (TextHoldsPersonnummer,)),
        (DefineKonto("", "", "?", day("2016-01-01")), (KontoslagIsUnknown, ColumnIsBlank, ColumnIsBlank)),
        (DefineVerksamhet("", "Grundskola", day("2016-01-01")), (ColumnIsBlank,)),
    ],
)
def test_a_row_of_a_chart_is_judged_by_itself(row: Any, rules: Any) -> None:
    given().when(row).refused(*rules)


def test_a_project_begins_and_moves_on() -> None:
    given(KLF).when(bron()).then(BRON)
    given(KLF, BRON).when(bron()).then_nothing()
    given(KLF, BRON).when(bron("pagaende", "2023-01-01")).then(
        ProjektChanged("P1", "Bron", "KLF", "pagaende", day("2023-01-01"))
    )


def test_a_project_says_one_thing_on_a_day() -> None:
    given(KLF, BRON).when(bron("avbrutet")).refused(ProjektIsOtherwise, column="status", position=2)
    given(KLF, BRON).when(bron(slutar=day("2030-01-01"))).refused(ProjektIsOtherwise, column="slutar")


def test_a_row_of_a_project_is_judged_by_itself() -> None:
    given(KLF).when(bron("klart")).refused(ProjektstatusIsUnknown)
    given(KLF).when(bron(startar=day("2024-01-01"), slutar=day("2023-01-01"))).refused(ProjektEndsBeforeItStarts)
    given(KLF).when(bron(ansvar="NEJ")).refused(OwnerIsUnknown)
    given(KLF).when(bron(projekt="")).refused(ColumnIsBlank)
    given(KLF).when(bron(grupp="Anna 121212-1212")).refused(TextHoldsPersonnummer)
    given(KLF, BRON).when(bron("klart", namn="Annat")).refused(ProjektstatusIsUnknown)
