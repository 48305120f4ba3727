"""Rows of an organisation file."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.events import UnitChanged, UnitClosed, UnitEstablished, UnitMerged
from ledger.domain.organisation import (
    MergerHasNoDay,
    NivaIsUnknown,
    ParentIsUnknown,
    RegisterUnit,
    TeckenregelIsUnknown,
    UnitIsClosedOtherwise,
    UnitIsOtherwise,
    UnitStandsAboveItself,
    ValidityEndsBeforeItBegins,
)
from ledger.domain.text import ColumnIsBlank, TextHoldsPersonnummer
from tests.domain.spec import Given, given
from tests.domain.town import day

KOMMUN = UnitEstablished("LKPG", "Linköping", "kommun", day("2020-01-01"))
KS = UnitEstablished("KS", "Kommunstyrelsen", "namnd", day("2020-01-01"), "LKPG")
BUN = UnitEstablished("BUN", "Barn", "namnd", day("2020-01-01"), "LKPG")
STAB = UnitEstablished("STAB", "Staben", "stab", day("2022-01-01"), "KS")


def stab(fran: str = "2022-01-01", namn: str = "Staben", till: str | None = None, **columns: Any) -> RegisterUnit:
    values = {"overordnad": "KS"} | columns
    return RegisterUnit("STAB", namn, "stab", day(fran), till=day(till) if till else None, **values)


def town(*facts: Any) -> Given:
    return given(KOMMUN, KS, BUN, *facts)


def test_a_unit_that_is_new_is_established() -> None:
    town().when(stab()).then(STAB)


def test_a_new_unit_with_a_last_day_is_established_and_closed() -> None:
    town().when(stab(till="2023-12-31")).then(STAB, UnitClosed("STAB", day("2023-12-31")))


def test_the_same_row_again_adds_nothing() -> None:
    town(STAB).when(stab()).then_nothing()


def test_a_later_row_with_the_same_content_adds_nothing() -> None:
    town(STAB).when(stab("2023-05-01")).then_nothing()


def test_a_later_row_renames_the_unit() -> None:
    town(STAB).when(stab("2024-01-01", "Nya staben")).then(
        UnitChanged("STAB", "Nya staben", "stab", day("2024-01-01"), "KS")
    )


def test_a_later_row_moves_the_unit() -> None:
    town(STAB).when(stab("2024-01-01", overordnad="BUN")).then(
        UnitChanged("STAB", "Staben", "stab", day("2024-01-01"), "BUN")
    )


def test_a_later_row_gives_the_unit_another_sign_rule() -> None:
    town(STAB).when(stab("2024-01-01", teckenregel="resultat")).then(
        UnitChanged("STAB", "Staben", "stab", day("2024-01-01"), "KS", "resultat")
    )


def test_a_row_before_the_first_becomes_the_earlier_version() -> None:
    town(STAB).when(stab("2021-01-01", "Gamla staben")).then(
        UnitChanged("STAB", "Gamla staben", "stab", day("2021-01-01"), "KS")
    )


def test_an_earlier_version_may_end_before_the_unit_begins_again_and_closes() -> None:
    begins_again = (STAB, UnitClosed("STAB", day("2023-12-31")))
    town(*begins_again).when(stab("2020-01-01", till="2020-12-31")).then(
        UnitChanged("STAB", "Staben", "stab", day("2020-01-01"), "KS"), UnitClosed("STAB", day("2020-12-31"))
    )


def test_other_content_on_the_same_day_is_a_conflict() -> None:
    town(STAB).when(stab(namn="Annan")).refused(UnitIsOtherwise, column="namn", known="Staben", given="Annan")


def test_other_content_between_two_versions_is_a_conflict() -> None:
    renamed = UnitChanged("STAB", "Nya staben", "stab", day("2024-01-01"), "KS")
    town(STAB, renamed).when(stab("2023-01-01", "Mellan")).refused(UnitIsOtherwise, known_fran=day("2022-01-01"))


def test_a_row_that_lasts_into_a_version_with_other_content_is_a_conflict() -> None:
    renamed = UnitChanged("STAB", "Nya staben", "stab", day("2024-01-01"), "KS")
    town(STAB, renamed).when(stab(till="2024-06-30")).refused(UnitIsOtherwise, known_fran=day("2024-01-01"))


def test_an_earlier_row_that_lasts_into_the_first_version_is_a_conflict() -> None:
    town(STAB).when(stab("2021-01-01", "Gamla staben", till="2022-06-30")).refused(UnitIsOtherwise)


def test_a_last_day_the_day_before_the_next_version_only_ends_that_version() -> None:
    renamed = UnitChanged("STAB", "Nya staben", "stab", day("2024-01-01"), "KS")
    town(STAB, renamed).when(stab(till="2023-12-31")).then_nothing()


def test_a_row_with_a_last_day_closes_the_unit() -> None:
    town(STAB).when(stab(till="2023-12-31")).then(UnitClosed("STAB", day("2023-12-31")))


def test_closing_twice_in_the_same_words_adds_nothing() -> None:
    closed = UnitClosed("STAB", day("2023-12-31"))
    town(STAB, closed).when(stab(till="2023-12-31")).then_nothing()


def test_closing_by_a_later_row_of_the_same_content_adds_nothing_the_second_time() -> None:
    town(STAB, stab("2023-01-01", till="2023-12-31")).when(stab("2023-01-01", till="2023-12-31")).then_nothing()


def test_a_closed_unit_has_one_last_day() -> None:
    closed = UnitClosed("STAB", day("2023-12-31"))
    town(STAB, closed).when(stab(till="2024-12-31")).refused(UnitIsClosedOtherwise, known=day("2023-12-31"))
    town(STAB, closed).when(stab("2023-06-01", till="2024-12-31")).refused(UnitIsClosedOtherwise)


def test_a_closed_unit_may_have_been_renamed_before_and_then_closes_as_it_did() -> None:
    renamed = UnitChanged("STAB", "Nya staben", "stab", day("2023-06-01"), "KS")
    closed = town(STAB, UnitClosed("STAB", day("2023-12-31")))
    closed.when(stab("2023-06-01", "Nya staben", till="2023-12-31")).then(renamed)
    closed.when(stab("2023-06-01", "Nya staben", till="2024-12-31")).refused(UnitIsClosedOtherwise)
    assert (
        not closed.and_then(renamed)
        .books.organisation.units["STAB"]
        .valid_between(day("2024-01-01"), day("2024-12-31"))
    )


def test_a_row_recorded_before_the_unit_was_renamed_still_adds_nothing() -> None:
    closed_then_renamed = town(stab(till="2023-12-31"), stab("2023-06-01", "Nya staben"))
    closed_then_renamed.when(stab(till="2023-12-31")).then_nothing()


def test_a_closed_unit_may_begin_again() -> None:
    closed = UnitClosed("STAB", day("2022-12-31"))
    town(STAB, closed).when(stab("2024-01-01")).then(UnitChanged("STAB", "Staben", "stab", day("2024-01-01"), "KS"))


def test_a_unit_may_begin_again_in_a_gap_between_versions() -> None:
    with_gap = (
        STAB,
        UnitClosed("STAB", day("2022-12-31")),
        UnitChanged("STAB", "Staben", "stab", day("2025-01-01"), "KS"),
    )
    town(*with_gap).when(stab("2024-01-01", till="2024-06-30")).then(
        UnitChanged("STAB", "Staben", "stab", day("2024-01-01"), "KS"), UnitClosed("STAB", day("2024-06-30"))
    )


def test_a_unit_is_merged_into_another() -> None:
    merged = town(STAB, stab(till="2023-12-31", ersatt_av="BUN"))
    assert merged.shelf.facts[-1] == UnitMerged("STAB", day("2023-12-31"), "BUN")
    organisation = merged.books.organisation
    assert organisation.parent("STAB", day("2023-12-31")) == "KS"
    assert organisation.parent("STAB", day("2024-01-01")) == "BUN"
    assert organisation.namnd("STAB", day("2024-01-01")) == "BUN"
    merged.when(stab(till="2023-12-31", ersatt_av="BUN")).then_nothing()
    merged.when(stab(till="2023-12-31", ersatt_av="LKPG")).refused(UnitIsClosedOtherwise)


def test_a_merged_unit_that_begins_again_lies_under_its_own_parent() -> None:
    merged = town(STAB, stab(till="2023-12-31", ersatt_av="BUN"), stab("2025-01-01"))
    assert merged.books.organisation.parent("STAB", day("2024-06-01")) == "BUN"
    assert merged.books.organisation.parent("STAB", day("2025-06-01")) == "KS"
    merged.when(stab("2025-01-01", till="2026-12-31")).then(UnitClosed("STAB", day("2026-12-31")))


def test_a_unit_that_was_merged_twice_lies_where_each_merger_put_it() -> None:
    merged = town(
        STAB,
        stab(till="2022-12-31", ersatt_av="BUN"),
        stab("2024-01-01"),
        stab("2024-01-01", till="2024-12-31", ersatt_av="LKPG"),
    )
    assert [merged.books.organisation.parent("STAB", day(f"{year}-06-01")) for year in (2022, 2023, 2024, 2025)] == [
        "KS", "BUN", "KS", "LKPG",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (RegisterUnit("X", "Namn", "sektion", day("2022-01-01"), "KS"), NivaIsUnknown),
        (RegisterUnit("X", "Namn", "stab", day("2022-01-01"), "KS", teckenregel="brutto"), TeckenregelIsUnknown),
        (RegisterUnit("X", "Namn", "stab", day("2022-01-01"), "KS", day("2021-12-31")), ValidityEndsBeforeItBegins),
        (RegisterUnit("X", "Namn", "stab", day("2022-01-01"), "KS", ersatt_av="BUN"), MergerHasNoDay),
        (RegisterUnit("X", "Namn", "stab", day("2022-01-01"), "NEJ"), ParentIsUnknown),
        (
            RegisterUnit("X", "Namn", "stab", day("2022-01-01"), "KS", day("2022-12-31"), ersatt_av="NEJ"),
            ParentIsUnknown,
        ),
        (RegisterUnit("X", "Namn", "stab", day("2022-01-01"), "X"), UnitStandsAboveItself),
        (RegisterUnit("X", "Anna 121212-1212", "stab", day("2022-01-01"), "KS"), TextHoldsPersonnummer),
        (RegisterUnit("", "Namn", "stab", day("2022-01-01"), "KS"), ColumnIsBlank),
        (RegisterUnit("X", "", "stab", day("2022-01-01"), "KS"), ColumnIsBlank),
    ],
)
def test_a_row_is_judged_by_itself(row: RegisterUnit, rule: Any) -> None:
    town().when(row).refused(rule)


def test_every_fault_of_a_row_is_named_in_order() -> None:
    town().when(RegisterUnit("X", "N", "sektion", day("2022-01-01"), "NEJ", teckenregel="?")).refused(
        NivaIsUnknown, TeckenregelIsUnknown, ParentIsUnknown
    )


def test_a_faulty_row_is_judged_by_itself_before_it_is_compared() -> None:
    town(STAB).when(RegisterUnit("STAB", "Annan", "sektion", day("2022-01-01"), "KS")).refused(NivaIsUnknown)


def test_a_unit_cannot_be_put_under_one_below_it() -> None:
    town(STAB).when(RegisterUnit("KS", "Kommunstyrelsen", "namnd", day("2023-01-01"), "STAB")).refused(
        UnitStandsAboveItself
    )


def test_a_circle_that_closes_on_a_later_day_is_refused() -> None:
    later_under_stab = UnitChanged("KS", "Kommunstyrelsen", "namnd", day("2024-01-01"), "STAB")
    under_bun = UnitEstablished("STAB", "Staben", "stab", day("2022-01-01"), "BUN")
    town(under_bun, later_under_stab).when(stab("2023-01-01")).refused(UnitStandsAboveItself)


def test_a_circle_before_the_first_version_is_refused() -> None:
    inner = UnitEstablished("INRE", "Inre", "enhet", day("2024-01-01"), "STAB")
    town(STAB, inner).when(stab("2021-01-01", overordnad="INRE")).refused(UnitStandsAboveItself)


def test_a_unit_may_merge_into_one_that_lay_below_it_but_does_no_more() -> None:
    inner = UnitEstablished("INRE", "Inre", "enhet", day("2022-01-01"), "STAB")
    moved = UnitChanged("INRE", "Inre", "enhet", day("2024-01-01"), "KS")
    town(STAB, inner, moved).when(stab(till="2023-12-31", ersatt_av="INRE")).then(
        UnitMerged("STAB", day("2023-12-31"), "INRE")
    )
    town(STAB, inner).when(stab(till="2023-12-31", ersatt_av="INRE")).refused(UnitStandsAboveItself)


def test_the_namnd_of_a_unit_follows_it_when_it_moves() -> None:
    moved = town(STAB, stab("2024-01-01", overordnad="BUN")).books.organisation
    assert moved.namnd("STAB", day("2023-12-31")) == "KS"
    assert moved.namnd("STAB", day("2024-01-01")) == "BUN"
    assert moved.namnd("LKPG", day("2024-01-01")) == "LKPG"
    assert moved.namnd("OKÄND", day("2024-01-01")) == "OKÄND"
