"""Vouchers read straight from their bytes say what they say decoded, or are left for who decodes them."""

from __future__ import annotations

import random
from datetime import date, timedelta

import msgspec
import numpy as np
import pytest

from ledger.domain.events import VerifikationPosted
from ledger.domain.rader import Utfallsrad
from ledger.recording import vouchers
from ledger.recording.codec import Unreadable, decode, encode
from ledger.recording.vouchers import KEY, VoucherRows, read_vouchers

CODES = (None, None, "K", "KS", "Å5", "7410", "12345678", "123456789", "en lång kod", "femton tecken..")

#: What stands in one row: its voucher, day, amount, codes and serie.
Line = tuple[int, int, int, tuple[str | None, ...], str]


def voucher(rng: random.Random, rows: int) -> VerifikationPosted:
    day = date(2015, 1, 1) + timedelta(rng.randrange(4000))
    rader = []
    for _ in range(rows):
        codes = {field: rng.choice(CODES) for field in Utfallsrad._fields[1:] if field != "text"}
        rader.append(Utfallsrad(rng.choice((1, -1)) * rng.randrange(10 ** rng.randrange(1, 16)), **codes))
    return VerifikationPosted(rng.choice("AB"), f"{rng.randrange(10**8)}", day, tuple(rader))


def public(fact: VerifikationPosted) -> bytes:
    return encode(fact, 1).public


def rows_of(publics: list[bytes]) -> VoucherRows:
    return read_vouchers(publics, list(map(len, publics)))


def read(publics: list[bytes]) -> list[Line]:
    found = rows_of(publics)
    *key, series = ([one.codes[n] for n in one.numbers.tolist()] for one in found.codes)
    columns = (found.voucher.tolist(), found.days.tolist(), found.amounts.tolist())
    return list(zip(*columns, zip(*key, strict=True), map(str, series), strict=True))


def lines(n: int, data: bytes) -> list[Line]:
    """The rows of a voucher that is decoded in full."""
    fact = decode(VerifikationPosted.name, data, None)
    assert isinstance(fact, VerifikationPosted)
    day = fact.bokforingsdatum
    number = day.year * 10_000 + day.month * 100 + day.day
    return [(n, number, r.belopp_ore, tuple(getattr(r, field) for field in KEY), fact.serie) for r in fact.rader]


@pytest.mark.parametrize("seed", range(3))
def test_every_voucher_of_the_usual_form_is_read(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - seeded facts, no secret
    publics = [public(voucher(rng, rng.randrange(1, 9))) for _ in range(400)]
    assert rows_of(publics).read.all()
    assert read(publics) == [line for n, data in enumerate(publics) for line in lines(n, data)]


USUAL = public(VerifikationPosted("A", "17", date(2024, 3, 31), (Utfallsrad(-120, "KS", "7410"), Utfallsrad(120))))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"", b""),
        (b'"KS"', b'"K\\u0053"'), (b'"KS"', b'"K\\\\S"'), (b'"KS"', b'"K{S"'), (b'"KS"', b'"K}S"'), (b'"KS"', b'"K,S"'),
        (b'"KS"', b'"en kod av flera tecken"'), (b'"KS"', b'""'), (b'"KS"', b'"\xff"'), (b'"KS"', b'"K\x00"'),
        (b'"KS"', b"null"), (b'"KS"', b"7"), (b'"ansvar"', b'"ansvara"'), (b'"ansvar"', b'"Ansvar"'),
        (b'"konto":"7410"', b'"ansvar":"KX"'), (b'"konto":"7410"', b'"okant":"7410"'),
        (b":-120", b": -120"), (b":-120", b":-0120"), (b":-120", b":--120"), (b":-120", b":-"), (b":-120", b":-1.5"),
        (b":-120", b":-1e3"), (b":-120", b":-1234567890123456"), (b":-120", b':"-120"'), (b":-120", b":0"),
        (b"2024-03-31", b"2024-02-30"), (b"2024-03-31", b"2024-3-31"), (b"2024-03-31", b"2024/03/31"),
        (b"2024-03-31", b"2o24-03-31"), (b"2024-03-31", b"0000-01-01"),
        (b"},{", b"}, {"), (b"},{", b"}{"), (b"},{", b"},{},{"), (b"},{", b",{"), (b"}]", b"},]"), (b"}]", b"}}"),
        (b"}]", b"}]]"), (b',"serie":"A"', b""), (b'"serie":"A"', b'"serie":""'), (b'"17"}', b'"17"'),
        (b'"17"}', b'"17"}}'), (b'"17"}', b'"17","x":1}'), (b'"17"}', b'"sjutton och lite till"}'),
    ],
)  # fmt: skip
def test_what_is_read_is_what_is_decoded(one: bytes, other: bytes) -> None:
    told = USUAL.replace(one, other, 1) if one else USUAL
    found = rows_of([USUAL, told, USUAL])
    kept = [line for n, data in enumerate((USUAL, told, USUAL)) if found.read[n] for line in lines(n, data)]
    assert read([USUAL, told, USUAL]) == kept
    if told == USUAL:
        assert found.read.all()


def test_bytes_that_are_no_voucher_are_never_read_as_one() -> None:
    rng = random.Random(7)  # noqa: S311 - as above
    for _ in range(3000):
        data = bytearray(USUAL)
        at = rng.randrange(len(data))
        data[at : at + rng.choice((0, 1, 1, 1, 2))] = bytes([rng.choice(b'{}[]",:0-9aK\\ \x7f')])
        told = bytes(data)
        if not rows_of([told]).read[0]:
            continue
        try:
            said = lines(0, told)
        except (Unreadable, msgspec.DecodeError):
            said = []
        assert read([told]) == said, told


def test_no_vouchers_have_no_rows() -> None:
    assert read([]) == read([b"", b"x"]) == []
    assert not rows_of([b"{", b"{}"]).read.any()


def test_codes_that_meet_however_they_are_spread_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vouchers, "_TABLE_BITS", 1)
    rng = random.Random(8)  # noqa: S311 - as above
    publics = [public(voucher(rng, 4)) for _ in range(50)]
    assert read(publics) == [line for n, data in enumerate(publics) for line in lines(n, data)]
    assert np.unique([len(one.codes) for one in rows_of(publics).codes]).max() > 2**1
