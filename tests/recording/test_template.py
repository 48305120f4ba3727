"""Vouchers written by template are byte for byte what codec.py writes, and refused where it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.events import VerifikationPosted
from ledger.domain.rader import Approved, Codes, Utfallsrad
from ledger.domain.utfall import codes_of
from ledger.domain.verifikation import PostVerifikation
from ledger.domain.voucher_columns import in_columns
from ledger.recording import template
from ledger.recording.codec import Encoded, NotCanonical, encode
from ledger.recording.shape import LARGEST_INT

MARCH = date(2024, 3, 1)

CODES = st.none() | st.sampled_from(
    ["", "KS", "100 %", "%d", 'a"b', "\\", "å", "\x1f", "\u2028", "😀", '"belopp_ore":0']
)
NUMBERS = st.sampled_from(["A", "00000123", "2024-1 %d", "\\", "å 1", 'x"', "%s", "\x7f", ""])
ROWS = st.builds(Utfallsrad, st.integers(-LARGEST_INT, LARGEST_INT), *[CODES] * 11)
VOUCHERS = st.builds(
    VerifikationPosted, NUMBERS, NUMBERS, st.dates(), st.lists(ROWS, max_size=4).map(tuple)
)  # fmt: skip


def voucher(*rows: Utfallsrad, serie: str = "A", day: date = MARCH) -> VerifikationPosted:
    return VerifikationPosted(serie, "1", day, rows)


def encode_vouchers(vouchers: list[VerifikationPosted]) -> list[Encoded]:
    """Facts by template, from the commands that lead to them."""
    commands = [PostVerifikation(one.serie, one.vernr, one.bokforingsdatum, one.rader) for one in vouchers]
    columns = in_columns(commands)
    memory: dict[Codes, Approved] = {codes: Approved(MARCH, MARCH) for codes in columns.codes}
    approved = [memory[codes] for codes in columns.codes]
    encoded = template.encode_vouchers(columns, approved, [one.stream for one in vouchers])
    assert encoded == [one_by_one(command, memory) for command in commands]
    return encoded


def one_by_one(command: PostVerifikation, memory: dict[Codes, Approved]) -> Encoded:
    """A fact by template, written alone."""
    return template.encode_voucher(command, [memory[codes_of(rad)] for rad in command.rader])


@given(st.lists(VOUCHERS, max_size=5))
def test_the_bytes_are_the_same(vouchers: list[VerifikationPosted]) -> None:
    assert encode_vouchers(vouchers) == [encode(one, 1) for one in vouchers]


@pytest.mark.parametrize(
    "odd",
    [
        Utfallsrad(LARGEST_INT + 1),
        Utfallsrad(True),  # noqa: FBT003 - a bool in place of an amount
        Utfallsrad(1.5),  # type: ignore[arg-type]
        Utfallsrad(1, konto=4010),  # type: ignore[arg-type]
        Utfallsrad(1, konto="a\u0301"),
        Utfallsrad(1, handelse="\ud800"),
        Utfallsrad(1, text=5),  # type: ignore[arg-type]
        Utfallsrad(1, text="a\u0301"),
        Utfallsrad(1, motpart="\ud800"),
        Utfallsrad(1, text="x\x00"),
    ],
)
def test_what_canonical_json_cannot_carry_is_refused_in_the_same_words(odd: Utfallsrad) -> None:
    wrong = voucher(Utfallsrad(0), odd)
    with pytest.raises(NotCanonical) as by_codec:
        encode(wrong, 1)
    with pytest.raises(NotCanonical) as by_template:
        encode_vouchers([voucher(Utfallsrad(5)), wrong])
    with pytest.raises(NotCanonical) as alone:
        one_by_one(
            PostVerifikation("A", "1", MARCH, wrong.rader),
            {codes_of(rad): Approved(MARCH, MARCH) for rad in wrong.rader},
        )
    assert str(by_template.value) == str(by_codec.value) == str(alone.value)


def test_a_day_is_a_date_and_nothing_like_it() -> None:
    noon: Any = datetime(2024, 3, 1, 12, tzinfo=UTC)
    with pytest.raises(NotCanonical, match="bokforingsdatum"):
        encode_vouchers([voucher(Utfallsrad(0), day=noon)])
