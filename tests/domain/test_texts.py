"""What free text may hold: no personnummer in any written form; organisation numbers and other digits pass."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.domain.text import (
    TextHoldsPersonnummer,
    TextIsTooLong,
    TextIsUnreadable,
    holds_personnummer,
    text_refusals,
)


def luhn(nine: str) -> str:
    """The check digit of nine digits: 2-1-2-1 …, the digits of each product summed."""
    total = 0
    for place, digit in enumerate(nine):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return str(-total % 10)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str, str]:
    """Century, six digits and four digits of a valid personnummer or samordningsnummer."""
    born = draw(st.dates(date(1890, 1, 1), date(2029, 12, 31)))
    day = born.day + (60 if draw(st.booleans()) else 0)
    six = f"{born:%y%m}{day:02d}"
    three = f"{draw(st.integers(0, 999)):03d}"
    return f"{born:%Y}"[:2], six, three + luhn(six + three)


SEPARATORS = ["", "-", "+", " ", "\u00a0", "–", "−", " - ", " – "]


@given(
    numbers(), st.sampled_from(SEPARATORS), st.sampled_from([None, "", " "]),
    st.sampled_from(["", "Anna ", "nr:", "(", "faktura 12 ", "pnr"]),
    st.sampled_from(["", ".", " slutar", ")", ", 12 kr"]),
)  # fmt: skip
def test_every_valid_number_is_found_in_every_written_form(
    number: tuple[str, str, str], separator: str, space: str | None, before: str, after: str
) -> None:
    century, six, four = number
    text = before + ("" if space is None else century + space) + six + separator + four + after
    assert holds_personnummer(text), text


@given(numbers(), st.integers(1, 9), st.sampled_from(SEPARATORS))
def test_a_number_with_a_wrong_check_digit_passes(number: tuple[str, str, str], off: int, separator: str) -> None:
    _, six, four = number
    assert not holds_personnummer(f"{six}{separator}{four[:3]}{(int(four[3]) + off) % 10}")


@given(st.integers(20, 99), st.text("0123456789", min_size=5, max_size=5), st.sampled_from(["5", "2", "7", "9"]))
def test_an_organisation_number_passes(month: int, rest: str, group: str) -> None:
    six = f"{group}{rest[0]}{month}{rest[1:3]}"
    nine = six + rest[3:] + "4"
    text = f"{six}-{rest[3:]}4{luhn(nine)}"
    assert not holds_personnummer(text)
    assert not holds_personnummer(f"16{six}{rest[3:]}4{luhn(nine)}")


@given(st.text("0123456789", min_size=1, max_size=30))
def test_digits_of_another_length_pass(digits: str) -> None:
    assume(len(digits) not in (10, 12))
    assert not holds_personnummer(digits)


@given(numbers(), st.text("0123456789", min_size=1, max_size=3))
def test_digits_on_either_side_make_it_another_number(number: tuple[str, str, str], more: str) -> None:
    _, six, four = number
    assert not holds_personnummer(f"{six}{four}{more}")
    assume(more not in ("18", "19", "20"))
    assert not holds_personnummer(f"{more}{six}{four}")


@pytest.mark.parametrize(
    "text",
    [
        "212000-0449",
        "KS 2024-118",
        "faktura 2024031512345",
        "16 300 000,00",
        "2024-03-15",
        "070-123 45 67",
        "000000-0000",
    ],
)
def test_what_people_write_passes(text: str) -> None:
    assert not list(text_refusals(text, "text"))


def test_an_impossible_day_is_no_personnummer() -> None:
    assert not holds_personnummer("850230" + "12" + "3" + luhn("850230123"))
    assert not holds_personnummer("851392" + "12" + "3" + luhn("851392123"))


def test_a_leap_day_of_any_century_is_found() -> None:
    assert holds_personnummer("000229123" + luhn("000229123"))


def test_text_is_readable_and_of_a_length() -> None:
    assert [type(refusal) for refusal in text_refusals("a\x07b", "text")] == [TextIsUnreadable]
    assert [type(refusal) for refusal in text_refusals("\ud800", "text")] == [TextIsUnreadable]
    assert [type(refusal) for refusal in text_refusals("x" * 10_001, "text")] == [TextIsTooLong]
    assert [type(refusal) for refusal in text_refusals("850709-9805", "text")] == [TextHoldsPersonnummer]
    assert not list(text_refusals("rad ett\r\n\trad två – åäö €", "text"))
    assert not list(text_refusals(None, "text"))


def test_the_sentence_does_not_repeat_the_number() -> None:
    (refusal,) = text_refusals("Anna 850709-9805", "text")
    assert "850709" not in refusal.sentence()
