"""What is found when its month is closed: posted in an open month, with the day that it belongs to (BFL 5:5)."""

from __future__ import annotations

from dataclasses import replace

from ledger.domain.events import PeriodClosed, UtfallCorrected, UtfallReported, VerifikationPosted
from ledger.domain.events_behorighet import ForvaltningClosed, LatePosted
from ledger.domain.period import OriginalDateIsNotEarlier, PeriodIsClosed, posting_refusals
from ledger.domain.rader import Summarad
from ledger.domain.utfall import LeveransIsOtherwise, ReportUtfall
from ledger.domain.verifikation import CorrectionHasItsOwnDate, VoucherIsOtherwise
from tests.domain.hall import LINKOPING, Hall
from tests.domain.spec import Given, given
from tests.domain.town import TOWN, balance, cost, day, summary, voucher

JANUARY, FEBRUARY = PeriodClosed("2024-01"), PeriodClosed("2024-02")
FOUND = day("2024-01-31")
LATE = replace(voucher(), ursprungsdatum=FOUND)
ORDINARY = summary("2024-03-31", 500)
ROW = summary("2024-03-31", 100)._replace(ursprungsdatum=FOUND)


def town(*steps: object) -> Given:
    return given(*TOWN, JANUARY, FEBRUARY, *steps)


def report(*rader: Summarad, ersatt: bool = False) -> ReportUtfall:
    return ReportUtfall("2024-03", "EKON", rader, ersatt)


def test_a_late_voucher_is_noted_beside_itself() -> None:
    posted = VerifikationPosted("A", "1", day("2024-03-05"), (cost(), balance()))
    town().when(LATE).then(posted, LatePosted("A", "1", 2024, FOUND))
    town(LATE).when(LATE).then_nothing()


def test_the_same_voucher_with_another_original_day_is_another_content() -> None:
    town(LATE).when(voucher()).refused(VoucherIsOtherwise)
    town(voucher()).when(LATE).refused(VoucherIsOtherwise)
    town(LATE).when(replace(LATE, ursprungsdatum=day("2024-01-30"))).refused(VoucherIsOtherwise)


def test_a_correction_has_the_day_of_what_it_corrects() -> None:
    inverse = voucher("2", "2024-03-06", cost(-100), balance(100), rattar=("A", "1", 2024))
    stands = town(voucher())
    stands.when(replace(inverse, ursprungsdatum=FOUND)).refused(CorrectionHasItsOwnDate)
    stands.when(replace(inverse, ursprungsdatum=day("2024-03-05"))).accepted()
    stands.and_then(inverse).when(replace(inverse, ursprungsdatum=day("2024-03-05"))).then_nothing()


def test_late_rows_are_a_leverans_beside_the_months_own() -> None:
    stands = town(report(ORDINARY))
    stands.when(report(ROW)).then(UtfallReported("2024-03", "EKON", (ROW,)))
    stands.and_then(report(ROW)).when(report(ROW, ORDINARY)).then_nothing()
    stands.and_then(report(ROW)).when(report(ORDINARY)).then_nothing()


def test_late_rows_are_replaced_by_themselves() -> None:
    other = summary("2024-03-31", 70)._replace(ursprungsdatum=FOUND)
    stands = town(report(ORDINARY, ROW))
    stands.when(report(other)).refused(LeveransIsOtherwise, known_ore=100_00, given_ore=70_00)
    stands.when(report(other, ersatt=True)).then(UtfallCorrected("2024-03", "EKON", (ROW,), (other,), (15,)))


def test_the_original_day_is_earlier() -> None:
    town().when(report(ROW._replace(ursprungsdatum=ROW.bokforingsdatum))).refused(OriginalDateIsNotEarlier)
    town().when(replace(LATE, ursprungsdatum=day("2024-04-01"))).refused(OriginalDateIsNotEarlier)


def test_who_posts_in_a_closed_month_is_told_which_is_open_and_which_column_to_fill_in() -> None:
    told = "bokför i 2024-03, som är nästa öppna, och skriv dagen då det hände i kolumnen ursprungsdatum"
    for late in (voucher("1", "2024-01-05"), ReportUtfall("2024-01", "EKON", (summary("2024-01-31", 1),))):
        (refusal,) = town().when(late).refusals
        assert isinstance(refusal, PeriodIsClosed)
        assert told in refusal.sentence()


def test_the_next_open_month_is_open_for_the_unit_itself() -> None:
    closed = (ForvaltningClosed("2023-12", "KS-KLF"), ForvaltningClosed("2024-01", "KS-KLF"), FEBRUARY)
    hall = Hall(*LINKOPING, *closed)
    posted = VerifikationPosted("A", "1", day("2023-12-31"), (cost(ansvar="EKON-RED"),))
    (refusal,) = posting_refusals(hall.books, [posted])
    assert refusal.sentence().startswith("Perioden 2023-12 för KS-KLF är stängd")
    assert "bokför i 2024-03" in refusal.sentence()
