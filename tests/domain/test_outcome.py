"""Vouchers, summary rows from the ERP, and the months that take them."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.events import (
    KontoDefined,
    PeriodClosed,
    PeriodOpened,
    UnitClosed,
    UtfallCorrected,
    UtfallReported,
    VerifikationCorrected,
    VerifikationPosted,
)
from ledger.domain.koder import AmountIsTooLarge, CodeIsNotValid, CodeIsUnknown
from ledger.domain.period import (
    ClosePeriod,
    OpeningHasNoReason,
    OpenPeriod,
    PeriodIsAlreadySo,
    PeriodIsClosed,
    PeriodIsUnreadable,
)
from ledger.domain.rader import Summarad, Utfallsrad
from ledger.domain.text import TextHoldsPersonnummer, TextIsUnreadable
from ledger.domain.utfall import (
    BalanceRowHasSlag,
    LeveransHasNoRows,
    LeveransIsOtherwise,
    ReportUtfall,
    RowLiesOutsideLeverans,
    RowNeedsCode,
    RowNeedsSlag,
    UtfallsslagIsUnknown,
)
from ledger.domain.verifikation import (
    CorrectedVoucherIsMissing,
    CorrectionDoesNotInvert,
    PostVerifikation,
    VoucherDoesNotBalance,
    VoucherHasNoNumber,
    VoucherHasNoRows,
    VoucherIsCorrectedAlready,
    VoucherIsOtherwise,
)
from tests.domain.spec import Given, given
from tests.domain.town import TOWN, balance, cost, day, summary, voucher

MARCH = PeriodClosed("2024-03")


def town(*steps: object) -> Given:
    return given(*TOWN, *steps)


# ---------------------------------------------------------------- vouchers


def test_a_voucher_that_balances_is_posted_as_one_fact() -> None:
    town().when(voucher()).then(VerifikationPosted("A", "1", day("2024-03-05"), (cost(), balance())))


def test_the_same_voucher_again_adds_nothing_even_when_its_month_is_closed() -> None:
    town(voucher()).when(voucher()).then_nothing()
    town(voucher(), MARCH).when(voucher()).then_nothing()


def test_another_content_under_a_number_is_a_conflict() -> None:
    town(voucher()).when(voucher("1", "2024-03-05", cost(7), balance(-7))).refused(VoucherIsOtherwise, position=13)
    town(voucher()).when(voucher("1", "2024-04-05")).refused(VoucherIsOtherwise)
    town(voucher(), MARCH).when(voucher("1", "2024-03-06")).refused(VoucherIsOtherwise, PeriodIsClosed)


def test_numbers_begin_anew_every_year_and_padding_is_no_other_number() -> None:
    town(voucher()).when(voucher("1", "2025-03-05")).accepted()
    town(voucher()).when(voucher("0001")).refused(VoucherIsOtherwise)


def test_a_voucher_balances_to_the_ore() -> None:
    off = balance()._replace(belopp_ore=-99_99)
    town().when(voucher("1", "2024-03-05", cost(), off)).refused(VoucherDoesNotBalance, balance_ore=1)


@pytest.mark.parametrize(
    ("rad", "rule", "kolumn"),
    [
        (cost(slag="netto"), UtfallsslagIsUnknown, "slag"),
        (cost(slag="x"), UtfallsslagIsUnknown, "slag"),
        (cost(slag=None), RowNeedsSlag, "slag"),
        (cost(ansvar=None), RowNeedsCode, "ansvar"),
        (cost(konto=None), RowNeedsCode, "konto"),
        (cost(ansvar="NEJ"), CodeIsUnknown, "ansvar"),
        (cost(konto="9"), CodeIsUnknown, "konto"),
        (cost(verksamhet="9"), CodeIsUnknown, "verksamhet"),
        (cost(projekt="P9"), CodeIsUnknown, "projekt"),
        (cost(text="lön Anna 850709-9805"), TextHoldsPersonnummer, "text"),
        (cost(motpart="8507099805"), TextHoldsPersonnummer, "motpart"),
        (cost(handelse="a\x00b"), TextIsUnreadable, "handelse"),
        (cost(fri="850709-9805"), TextHoldsPersonnummer, "fri"),
    ],
)
def test_each_row_is_judged_by_itself(rad: Utfallsrad, rule: Any, kolumn: str) -> None:
    town().when(voucher("1", "2024-03-05", balance(), rad)).refused(rule, rad=1, kolumn=kolumn)


def test_an_amount_fits_in_the_archive() -> None:
    large = cost()._replace(belopp_ore=2**53)
    town().when(voucher("1", "2024-03-05", large, balance()._replace(belopp_ore=-(2**53)))).refused(
        AmountIsTooLarge, AmountIsTooLarge
    )


def test_codes_are_valid_on_the_day_of_the_voucher() -> None:
    closed = town(UnitClosed("EKON", day("2024-03-04")))
    closed.when(voucher()).refused(CodeIsNotValid, kolumn="ansvar")
    closed.when(voucher("1", "2024-03-04")).accepted()


def test_a_row_may_lack_slag_while_its_account_is_a_balance_account() -> None:
    becomes_cost = town(KontoDefined("2510", "Räntor", "kostnad", day("2025-01-01")))
    becomes_cost.when(voucher()).accepted()
    becomes_cost.when(voucher("1", "2025-03-05")).refused(RowNeedsSlag)


def test_a_row_that_was_right_once_is_judged_again_when_codes_change() -> None:
    stands = town()
    stands.when(voucher()).accepted()
    stands.and_then(UnitClosed("EKON", day("2024-03-04"))).when(voucher()).refused(CodeIsNotValid)


def test_a_voucher_has_number_and_rows() -> None:
    town().when(PostVerifikation("", "", day("2024-03-05"), (cost(), balance()))).refused(
        VoucherHasNoNumber, VoucherHasNoNumber
    )
    town().when(PostVerifikation("A", "1", day("2024-03-05"), ())).refused(VoucherHasNoRows)
    town().when(PostVerifikation("A", "1\x00", day("2024-03-05"), (cost(), balance()))).refused(TextIsUnreadable)


def test_a_closed_month_takes_no_voucher() -> None:
    town(MARCH).when(voucher()).refused(PeriodIsClosed, period="2024-03")
    town(MARCH).when(voucher("1", "2024-04-05")).accepted()
    town(MARCH, PeriodOpened("2024-03")).when(voucher()).accepted()


def test_a_voucher_that_breaks_two_rules_hears_of_both_in_order() -> None:
    town(MARCH).when(voucher("1", "2024-03-05", cost(ansvar="NEJ"), balance(-99))).refused(
        CodeIsUnknown, VoucherDoesNotBalance, PeriodIsClosed
    )


# ---------------------------------------------------------------- corrections of vouchers

INVERSE = (cost(-100, text="Fel konto"), balance(100))


def correction(vernr: str = "2", on: str = "2024-04-02", *rader: Utfallsrad, of: str = "1") -> PostVerifikation:
    return voucher(vernr, on, *(rader or INVERSE), rattar=("A", of, 2024))


def test_a_correction_inverts_its_voucher_in_the_open_month_and_names_its_day() -> None:
    town(voucher(), MARCH).when(correction()).then(
        VerifikationCorrected("A", "2", day("2024-04-02"), INVERSE, "A", "1", day("2024-03-05"))
    )
    town(voucher(), MARCH).when(correction(on="2024-03-05")).refused(PeriodIsClosed)


def test_the_same_correction_again_adds_nothing() -> None:
    town(voucher(), correction()).when(correction()).then_nothing()


def test_a_voucher_is_corrected_once() -> None:
    town(voucher(), correction()).when(correction("3")).refused(VoucherIsCorrectedAlready, position=14)


def test_a_correction_is_the_exact_inverse() -> None:
    stands = town(voucher())
    stands.when(correction("2", "2024-04-02", cost(-99), balance(99))).refused(CorrectionDoesNotInvert, position=13)
    stands.when(correction("2", "2024-04-02", cost(), balance())).refused(CorrectionDoesNotInvert)
    stands.when(correction("2", "2024-04-02", cost(-100, verksamhet="100"), balance(100))).refused(
        CorrectionDoesNotInvert
    )
    stands.when(correction("2", "2024-04-02", cost(-50), cost(-50), balance(100))).refused(CorrectionDoesNotInvert)
    stands.when(correction("2", "2024-04-02", *reversed(INVERSE))).accepted()


def test_a_correction_names_a_voucher_that_exists() -> None:
    town(voucher()).when(correction(of="9")).refused(CorrectedVoucherIsMissing)
    town(voucher("1", "2023-03-05")).when(correction()).refused(CorrectedVoucherIsMissing, ar=2024)
    town().when(correction("1", of="1")).refused(CorrectedVoucherIsMissing)


def test_a_correction_can_itself_be_corrected() -> None:
    stands = town(voucher(), correction())
    stands.when(correction("3", "2024-04-03", cost(), balance(), of="2")).accepted()


def test_a_correction_under_a_taken_number_is_a_conflict() -> None:
    town(voucher(), voucher("2")).when(correction()).refused(VoucherIsOtherwise)


# ---------------------------------------------------------------- summary rows


def report(*rader: Summarad, period: str = "2024-03", ersatt: bool = False) -> ReportUtfall:
    return ReportUtfall(period, "EKON", rader, ersatt)


def test_a_key_not_yet_reported_is_recorded() -> None:
    row = summary("2024-03-31", 100)
    town().when(report(row)).then(UtfallReported("2024-03", "EKON", (row,)))


def test_two_equal_rows_are_two_rows() -> None:
    row = summary("2024-03-31", 100)
    town(report(row)).when(report(row, row)).refused(LeveransIsOtherwise, known_rows=1, given_rows=2)
    town(report(row, row)).when(report(row, row)).then_nothing()


def test_the_same_multiset_is_nothing_new_in_any_order() -> None:
    one, two = summary("2024-03-30", 1), summary("2024-03-31", 2)
    town(report(one, two)).when(report(two, one)).then_nothing()


def test_only_new_keys_of_a_file_are_recorded() -> None:
    one, other = summary("2024-03-31", 1), summary("2024-03-31", 2, konto="3010", slag="intakt")
    town(report(one)).when(report(one, other)).then(UtfallReported("2024-03", "EKON", (other,)))


@pytest.mark.parametrize(
    "column",
    [
        {"konto": "3010"}, {"slag": "utgift"}, {"verksamhet": "100"}, {"projekt": "P1"}, {"motpart": "X"},
        {"text": "x"}, {"handelse": "corona"},
    ],
)  # fmt: skip
def test_every_column_of_the_key_makes_another_leverans(column: dict[str, str]) -> None:
    town(report(summary("2024-03-31", 1))).when(report(summary("2024-03-31", 2, **column))).accepted()


def test_another_multiset_is_a_conflict_that_names_both() -> None:
    town(report(summary("2024-03-31", 100))).when(report(summary("2024-03-31", 101))).refused(
        LeveransIsOtherwise, position=13, known_ore=100_00, given_ore=101_00, rad=0
    )
    town(report(summary("2024-03-31", 100))).when(report(summary("2024-03-30", 100))).refused(LeveransIsOtherwise)


def test_ersatt_records_what_was_and_what_is() -> None:
    old, new, same = summary("2024-03-31", 100), summary("2024-03-31", 70), summary("2024-03-31", 5, text="x")
    stands = town(report(old, same))
    stands.when(report(new, same, ersatt=True)).then(UtfallCorrected("2024-03", "EKON", (old,), (new,), (13,)))
    replaced = stands.and_then(report(new, ersatt=True))
    replaced.when(report(new)).then_nothing()
    replaced.when(report(old)).refused(LeveransIsOtherwise, position=14, known_ore=70_00)
    replaced.when(report(old, ersatt=True)).then(UtfallCorrected("2024-03", "EKON", (new,), (old,), (14,)))


def test_ersatt_with_new_keys_reports_them_too() -> None:
    old, new, more = summary("2024-03-31", 100), summary("2024-03-31", 70), summary("2024-03-31", 5, text="x")
    town(report(old)).when(report(new, more, ersatt=True)).then(
        UtfallReported("2024-03", "EKON", (more,)), UtfallCorrected("2024-03", "EKON", (old,), (new,), (13,))
    )


def test_facts_hold_two_hundred_rows_and_a_key_may_lie_in_two() -> None:
    rows = [summary("2024-03-31", amount) for amount in range(1, 452)]
    facts = town().when(report(*rows)).accepted()
    assert [len(fact.rader) for fact in facts if isinstance(fact, UtfallReported)] == [200, 200, 51]
    stands = town(report(*rows))
    stands.when(report(*rows)).then_nothing()
    stands.when(report(rows[0], ersatt=True)).then(
        UtfallCorrected("2024-03", "EKON", tuple(rows), (rows[0],), (13, 14, 15))
    )


def test_a_summary_row_need_not_balance_but_is_judged_as_any_row() -> None:
    town().when(report(summary("2024-03-31", 1, konto="9"))).refused(CodeIsUnknown)
    town().when(report(summary("2024-04-01", 1))).refused(RowLiesOutsideLeverans)
    town().when(report(summary("2024-03-31", 1, ansvar="KLF"))).refused(RowLiesOutsideLeverans)
    town().when(report()).refused(LeveransHasNoRows)


def test_balance_rows_of_no_unit_are_a_leverans_of_their_own() -> None:
    town().when(ReportUtfall("2024-03", "", (Summarad(day("2024-03-31"), balance()),))).accepted()


def test_a_closed_month_takes_no_new_rows_but_knows_the_old() -> None:
    row = summary("2024-03-31", 1)
    town(MARCH).when(report(row)).refused(PeriodIsClosed)
    town(report(row), MARCH).when(report(row)).then_nothing()
    town(report(row), MARCH).when(report(summary("2024-03-31", 2), ersatt=True)).refused(PeriodIsClosed)


# ---------------------------------------------------------------- months


def test_a_month_is_closed_and_opened_again() -> None:
    town().when(ClosePeriod("2024-03")).then(MARCH)
    town(MARCH).when(OpenPeriod("2024-03", "Sen faktura")).then(PeriodOpened("2024-03", "Sen faktura"))


def test_a_month_changes_state_or_nothing_is_said() -> None:
    town(MARCH).when(ClosePeriod("2024-03")).refused(PeriodIsAlreadySo)
    town().when(OpenPeriod("2024-03", "x")).refused(PeriodIsAlreadySo)


@pytest.mark.parametrize("period", ["2024", "2024-13", "2024-3", "", "mars", "202\uff14-03"])
def test_a_month_is_written_year_month(period: str) -> None:
    town().when(ClosePeriod(period)).refused(PeriodIsUnreadable)


def test_the_reason_is_free_text() -> None:
    town().when(ClosePeriod("2024-03", "850709-9805")).refused(TextHoldsPersonnummer)


# ---------------------------------------------------------------- rules of a single row


@pytest.mark.parametrize("slag", ["kostnad", "intakt"])
def test_a_balance_account_carries_no_cost_and_no_income(slag: str) -> None:
    row = cost()._replace(konto=balance().konto, slag=slag)
    command = ReportUtfall("2024-03", row.ansvar or "", (Summarad(day("2024-03-31"), row),))
    town().when(command).refused(BalanceRowHasSlag)


def test_a_closed_month_is_opened_only_for_a_reason() -> None:
    town(MARCH).when(OpenPeriod("2024-03", " ")).refused(OpeningHasNoReason)
