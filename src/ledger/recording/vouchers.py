"""Vouchers read many at a time, straight from their canonical bytes: the rows of each as columns of numbers.

Almost all of a log is vouchers, and their bytes have one form: the same fields in the same order, without blanks. What
is written in another way, with escaped characters or with a code of more than fifteen bytes is left out, and told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from ledger.recording.walking import ALL, BEYOND, COMMA, Mask, Places, Readers, Words

#: The fields of a voucher's rows in the order of canonical JSON; all but the amount may be missing.
FIELDS: Final = (
    *("aktivitet", "ansvar", "belopp_ore", "fri", "handelse", "konto", "motpart", "objekt", "projekt", "slag"),
    "verksamhet",
)
AMOUNT: Final = "belopp_ore"

#: The codes that are kept of a row, in the order of a key; and that of its voucher.
KEY: Final = ("ansvar", "verksamhet", "konto", "slag", "projekt", "handelse")
SERIE: Final = "serie"

OPENS, ENDS, ESCAPES = b"{]\\"

_DAY: Final = len("2024-03-31")
_DASHES, _DIGITS = np.array([4, 7]), np.array([0, 1, 2, 3, 5, 6, 8, 9])
_TENS: Final = 10 ** np.arange(len(_DIGITS) - 1, -1, -1)

_BEYOND_ASCII: Final = np.uint64(0x8080808080808080)

#: How texts are spread over a table, so that few meet; another way is tried when some do.
_SPREADS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)
_TABLE_BITS: Final = 18


class Coded(NamedTuple):
    """A column of codes: those that occur, None first, and of each row which of them."""

    codes: list[str | None]
    numbers: NDArray[np.int32]


class VoucherRows(NamedTuple):
    """The rows of some vouchers: of each its voucher (by place among those given), day, amount and codes.

    `read` says which vouchers could be read; the others have no rows here. `codes` are those of KEY and SERIE.
    `numbers` are the vernr of those that could be read, −1 where one is no number.
    """

    read: Mask
    numbers: Places
    voucher: Places
    days: Places
    amounts: Places
    codes: list[Coded]


class _Unread(Exception):  # noqa: N818 - says what is so
    """A code that is no text."""


def read_vouchers(publics: Sequence[bytes]) -> VoucherRows:
    """The rows of vouchers by their public bytes."""
    sizes = np.fromiter(map(len, publics), np.int64, len(publics))
    text = b"".join([*publics, bytes(BEYOND)])
    ends = sizes.cumsum()
    starts = ends - sizes
    opens = np.flatnonzero(np.frombuffer(text, np.uint8) == OPENS)
    first = np.searchsorted(opens, starts)
    is_told_apart = len(publics) and first[-1] < len(opens) and (opens[first] == starts).all()
    if not is_told_apart or text.find(0, 0, -BEYOND) >= 0:
        return _nothing(len(publics))
    counts = np.diff(first, append=len(opens)) - 1
    heads = Readers(text, starts)
    heads.good &= counts > 0
    if ESCAPES in text:
        heads.good[np.searchsorted(ends, np.flatnonzero(heads.bytes == ESCAPES), "right")] = False
    days = _read_days(heads)
    begins = np.delete(opens, first) + 1
    rows = Readers(text, begins)
    voucher = np.repeat(np.arange(len(publics)), counts)
    amounts, found = _read_rows(rows)
    _follow(heads, rows, begins, counts)
    series, numbers = _read_number(heads, ends)
    heads.good[voucher[~rows.good]] = False
    mine = heads.good[voucher]
    try:
        codes = [_coded(low[mine], high[mine]) for low, high in found]
        serie = _coded(*(word[heads.good] for word in series))
    except _Unread:
        return _nothing(len(publics))
    voucher = voucher[mine]
    place = np.cumsum(heads.good) - 1
    codes.append(Coded(serie.codes, serie.numbers[place[voucher]]))
    return VoucherRows(heads.good, numbers[heads.good], voucher, days[voucher], amounts[mine], codes)


def _nothing(count: int) -> VoucherRows:
    none = np.zeros(0, np.int64)
    nobody = Coded([None], none.astype(np.int32))
    return VoucherRows(np.zeros(count, np.bool_), none, none, none, none, [nobody] * (len(KEY) + 1))


def _read_days(heads: Readers) -> Places:
    """The day of each voucher as yyyymmdd; all step on to the first row."""
    heads.expect(b'{"bokforingsdatum":"')
    told = heads.bytes[heads.at[:, None] + np.arange(_DAY)]
    digits = told[:, _DIGITS]
    heads.good &= ((digits >= ord("0")) & (digits <= ord("9"))).all(axis=1)
    heads.good &= (told[:, _DASHES] == ord("-")).all(axis=1)
    days: Places = (digits.astype(np.int64) - ord("0")) @ _TENS
    wrong = [day for day in set(days.tolist()) if not _is_day(day)]
    if wrong:
        heads.good &= ~np.isin(days, wrong)
    heads.move(ALL, heads.at + _DAY)
    heads.expect(b'","rader":[')
    return days


def _is_day(number: int) -> bool:
    try:
        date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return False
    return True


def _read_rows(rows: Readers) -> tuple[Places, list[tuple[Words, Words]]]:
    """The amounts, and the codes of KEY; all step on past their rows."""
    nothing = np.zeros(len(rows.at), np.uint64)
    found = dict.fromkeys(KEY, (nothing, nothing))
    amounts = nothing.astype(np.int64)
    for field in FIELDS:
        if field == AMOUNT:
            rows.expect(b'"%s":' % field.encode())
            amounts = rows.number()
            rows.past_comma(ALL)
            continue
        literal = b'"%s":"' % field.encode()
        have = np.flatnonzero(rows.see(literal))
        if not len(have):
            continue
        some = ALL if len(have) == len(nothing) else have
        rows.move(some, rows.at[some] + len(literal))
        words = rows.text(some)
        rows.past_comma(some)
        if field in found:
            found[field] = (nothing.copy(), nothing.copy())
            for every, told in zip(found[field], words, strict=True):
                every[some] = told
    rows.good &= rows.bytes[rows.at - 1] != COMMA
    rows.expect(b"}")
    return amounts, list(found.values())


def _follow(heads: Readers, rows: Readers, begins: Places, counts: Places) -> None:
    """Every row begins where the one before ended, the first where its voucher's head did; all step past the last."""
    some = np.flatnonzero(counts)
    last = np.cumsum(counts)[some] - 1
    due, ends = np.empty_like(begins), np.full(len(begins), COMMA)
    due[1:] = rows.at[:-1] + 2
    due[last - counts[some] + 1] = heads.at[some] + 1
    ends[last] = ENDS
    rows.good &= (begins == due) & (rows.bytes[rows.at] == ends)
    heads.move(some, rows.at[last] + 1)


def _read_number(heads: Readers, ends: Places) -> tuple[tuple[Words, Words], Places]:
    """The serie and vernr of each voucher; all step on to where their bytes end."""
    heads.expect(b',"serie":"')
    serie = heads.text(ALL)
    heads.expect(b',"vernr":"')
    begins = heads.at
    low, high = heads.text(ALL)
    # There are decimals besides those of ASCII.
    heads.good &= (low | high) & _BEYOND_ASCII == 0
    numbers, size = heads.digits(begins)
    numbers[begins + size + 1 != heads.at] = -1
    heads.expect(b"}")
    heads.good &= heads.at == ends
    return serie, numbers


# ---------------------------------------------------------------- codes


def _coded(low: Words, high: Words) -> Coded:
    """Codes from their bytes: the text of each once. Errors: _Unread."""
    firsts, numbers = _alike(low)
    if high.any():
        _, besides = _alike(high)
        firsts, numbers = _alike((numbers * len(high) + besides).astype(np.uint64))
    told = [_text(low[first : first + 1].tobytes() + high[first : first + 1].tobytes()) for first in firsts.tolist()]
    codes: list[str | None] = [None, *(text for text in told if text is not None)]
    place = {text: n for n, text in enumerate(codes)}
    return Coded(codes, np.array([place[text] for text in told], np.int32)[numbers])


def _text(padded: bytes) -> str | None:
    data = padded.rstrip(b"\0")
    if not data:
        return None
    try:
        return msgspec.json.decode(b'"%s"' % data, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _Unread from error


def _alike(words: Words) -> tuple[Places, Places]:
    """Where each different word is first or last found, in that order, and of each place which of them it holds."""
    every = np.arange(len(words), dtype=np.int32)
    table = np.empty(1 << _TABLE_BITS, np.int32)
    for spread in _SPREADS:
        slots = (words * np.uint64(spread) >> np.uint64(64 - _TABLE_BITS)).astype(np.int64)
        # Of several places with one slot the last stays; those that hold another word have met.
        table[slots] = every
        which = table[slots]
        if (words[which] == words).all():
            firsts = np.flatnonzero(which == every)
            numbers = np.zeros(len(words), np.int64)
            numbers[firsts] = np.arange(len(firsts))
            return firsts, numbers[which]
    _, firsts, numbers = np.unique(words, return_index=True, return_inverse=True)
    return firsts, numbers
