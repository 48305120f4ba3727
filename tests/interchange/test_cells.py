"""Cells: whatever way an amount is written, the same öre come out; what could be read in two ways is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.refusal import Refusal
from ledger.interchange import cells

AMOUNTS = st.integers(-(10**14), 10**14)


@given(
    ore=AMOUNTS,
    minus=st.sampled_from("-\u2212"),
    point=st.sampled_from(".,"),
    blank=st.sampled_from(["", " ", "\u00a0", "\u202f"]),
    around=st.sampled_from(["", " ", "\t", "\u00a0"]),
    short=st.booleans(),
)
def test_every_way_of_writing_an_amount_reads_back(
    ore: int, minus: str, point: str, blank: str, around: str, *, short: bool
) -> None:
    whole, rest = divmod(abs(ore), 100)
    digits = f"{whole:,}".replace(",", blank)
    decimals = f"{point}{rest:02d}"
    if short and rest % 10 == 0:
        decimals = f"{point}{rest // 10}" if rest else ""

    assert cells.amount_ore(around + (minus if ore < 0 else "") + digits + decimals + around) == ore


@given(st.text(alphabet="0123456789.,-+ eE\u2212\u00a0\u202f\u0661_x()kr%", max_size=12))
def test_junk_never_passes_as_an_amount(raw: str) -> None:
    """What is read can be written again in the plain way and reads the same; everything else is refused."""
    value = cells.amount_ore(raw)

    if isinstance(value, Refusal):
        assert value.sentence()
    else:
        plain = raw.strip().replace("\u2212", "-").replace(",", ".")
        for blank in " \u00a0\u202f":
            plain = plain.replace(blank, "")
        whole, _, rest = plain.partition(".")
        assert value == int(whole + rest.ljust(2, "0")) or plain.lstrip("-0.") == ""
        assert set(plain) <= set("0123456789.-")
        assert len(rest) <= 2


@given(st.text(max_size=8))
def test_any_text_is_an_amount_or_a_refusal(raw: str) -> None:
    assert isinstance(cells.amount_ore(raw), int | Refusal)


@pytest.mark.parametrize(
    ("raw", "ore"),
    [("0", 0), ("-0,00", 0), ("007", 700), ("1 234 567,89", 123456789), ("\u22125", -500), ("16300000.5", 1630000050)],
)
def test_amounts(raw: str, ore: int) -> None:
    assert cells.amount_ore(raw) == ore


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_of_two_centuries_reads_back(day: date) -> None:
    assert cells.day(f" {day} ") == day


@given(st.text(alphabet="0123456789-/. T:", max_size=12))
def test_only_days_in_the_one_form_are_days(raw: str) -> None:
    value = cells.day(raw)

    assert isinstance(value, Refusal) or str(value) == raw.strip()


@pytest.mark.parametrize(("raw", "value"), [("ja", True), ("Nej", False), (" JA ", True)])
def test_yes_and_no(raw: str, *, value: bool) -> None:
    assert cells.yes_or_no(raw) is value


@pytest.mark.parametrize(("raw", "value"), [("1", 1), ("03", 3), ("12", 12)])
def test_months(raw: str, value: int) -> None:
    assert cells.month(raw) == value


@pytest.mark.parametrize("raw", ["0", "13", "1.0", "mars", "-1", "٣", "003"])
def test_other_months_are_refused(raw: str) -> None:
    assert isinstance(cells.month(raw), Refusal)


def test_a_voucher_is_named_by_serie_number_and_year() -> None:
    assert cells.voucher_name(" A  123 2024 ") == ("A", "123", 2024)
    assert isinstance(cells.voucher_name("A 123 24"), Refusal)
