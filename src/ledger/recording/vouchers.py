"""Vouchers read many at a time, straight from their canonical bytes: the rows of each as columns of numbers.

Almost all of a log is vouchers, and their bytes have one form: the same fields in the same order, without blanks. What
is written in another way, with escaped characters or with a code of more than fifteen bytes is left out, and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from ledger.recording.walking import BEYOND, Mask, Places, Readers, Words, digits

#: The fields of a voucher's rows in the order of canonical JSON; all but the amount may be missing.
FIELDS: Final = (
    *("aktivitet", "ansvar", "belopp_ore", "fri", "handelse", "konto", "motpart", "objekt", "projekt", "slag"),
    "verksamhet",
)
AMOUNT: Final = "belopp_ore"

#: The codes that are kept of a row, in the order of a key; and that of its voucher.
KEY: Final = ("ansvar", "verksamhet", "konto", "slag", "projekt", "handelse")
SERIE: Final = "serie"

OPENS, ENDS, COMMA, ESCAPES = b"{],\\"

_BEYOND_ASCII: Final = np.uint64(0x8080808080808080)

#: How texts are spread over a table, so that few meet; another way is tried when some do.
_SPREADS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)
_TABLE_BITS: Final = 18

#: A code of so many bytes, with noughts after its end; and how many of them are remembered.
_CODE: Final = 16
_REMEMBERED: Final = 20_000


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


def read_vouchers(pieces: Iterable[bytes], sizes: Sequence[int]) -> VoucherRows:
    """The rows of vouchers by their public bytes, which lie one after the other in some pieces: of such a size each."""
    text = bytearray().join([*pieces, bytes(BEYOND)])
    ends = np.cumsum(sizes, dtype=np.int64)
    starts: Places = ends - np.array(sizes, np.int64)
    opens = np.flatnonzero(np.frombuffer(text, np.uint8) == OPENS)
    first = np.searchsorted(opens, starts)
    is_told_apart = len(sizes) and first[-1] < len(opens) and (opens[first] == starts).all()
    if not is_told_apart or text.find(0, 0, -BEYOND) >= 0:
        return _nothing(len(sizes))
    counts = np.diff(first, append=len(opens)) - 1
    heads = Readers(text, starts)
    heads.good &= counts > 0
    if ESCAPES in text:
        heads.good[np.searchsorted(ends, np.flatnonzero(heads.bytes == ESCAPES), "right")] = False
    begins = np.delete(opens, first)
    # Every field of a row begins in the same way when the brace before its first is the comma before the others.
    heads.bytes[begins] = COMMA
    rows = Readers(text, begins)
    voucher = np.repeat(np.arange(len(sizes)), counts)
    try:
        days = _read_days(heads)
        amounts, found = _read_rows(rows)
        _follow(heads, rows, begins, counts)
        series, numbers = _read_number(heads, ends)
        heads.good[voucher[~rows.good]] = False
        mine = slice(None) if heads.good.all() else heads.good[voucher]
        codes = [_coded(low[mine], high[mine]) for low, high in found]
        serie = _coded(*(word[heads.good] for word in series))
    except _Unread:
        return _nothing(len(sizes))
    voucher = voucher[mine]
    place = np.cumsum(heads.good) - 1
    codes.append(Coded(serie.codes, serie.numbers[place[voucher]]))
    return VoucherRows(heads.good, numbers[heads.good], voucher, days[voucher], amounts[mine], codes)


def _nothing(count: int) -> VoucherRows:
    none = np.zeros(0, np.int64)
    nobody = Coded([None], none.astype(np.int32))
    return VoucherRows(np.zeros(count, np.bool_), none, none, none, none, [nobody] * (len(KEY) + 1))


def _read_days(heads: Readers) -> Places:
    """The day of each voucher as yyyymmdd; all step on to the first row. Errors: _Unread."""
    heads.expect(b'{"bokforingsdatum":"')
    days = _coded(*heads.text(0, heads.good))
    of_each = np.array(list(map(_day, days.codes)), np.int64)[days.numbers]
    heads.good &= of_each > 0
    heads.expect(b',"rader":[')
    return of_each


@lru_cache(_REMEMBERED)
def _day(text: str | None) -> int:
    """A day as yyyymmdd, 0 where it is none."""
    parts = text.split("-") if text and text.isascii() and text.replace("-", "").isdecimal() else []
    if list(map(len, parts)) != [4, 2, 2]:
        return 0
    try:
        date(*map(int, parts))
    except ValueError:
        return 0
    return int("".join(parts))


def _read_rows(rows: Readers) -> tuple[Places, list[tuple[Words, Words]]]:
    """The amounts, and the codes of KEY; all step on past their rows."""
    nothing = np.zeros(len(rows.at), np.uint64)
    found = dict.fromkeys(KEY, (nothing, nothing))
    amounts = nothing.astype(np.int64)
    for field in FIELDS:
        if field == AMOUNT:
            literal = b',"%s":' % field.encode()
            rows.good &= rows.see(literal)
            amounts = rows.number(len(literal))
            continue
        literal = b',"%s":"' % field.encode()
        have = rows.see(literal)
        if have.any():
            words = rows.text(len(literal), have)
            if field in found:
                found[field] = words
    rows.expect(b"}")
    return amounts, list(found.values())


def _follow(heads: Readers, rows: Readers, begins: Places, counts: Places) -> None:
    """Every row begins where the one before ended, the first where its voucher's head did; all step past the last."""
    some = np.flatnonzero(counts)
    last = np.cumsum(counts)[some] - 1
    due, ends = np.empty_like(begins), np.full(len(begins), COMMA)
    due[1:] = rows.at[:-1] + 1
    due[last - counts[some] + 1] = heads.at[some]
    ends[last] = ENDS
    rows.good &= (begins == due) & (rows.bytes[rows.at] == ends)
    at = heads.at.copy()
    at[some] = rows.at[last] + 1
    heads.move(at)


def _read_number(heads: Readers, ends: Places) -> tuple[tuple[Words, Words], Places]:
    """The serie and vernr of each voucher; all step on to where their bytes end."""
    literal = b',"serie":"'
    heads.good &= heads.see(literal)
    serie = heads.text(len(literal), heads.good)
    literal = b',"vernr":"'
    heads.good &= heads.see(literal)
    begins = heads.at + len(literal)
    low, high = heads.text(len(literal), heads.good)
    # There are decimals besides those of ASCII.
    heads.good &= (low | high) & _BEYOND_ASCII == 0
    numbers, size = digits(low, high)
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
    padded = np.stack([low[firsts], high[firsts]], 1).tobytes()
    told = [_text(padded[at : at + _CODE]) for at in range(0, len(padded), _CODE)]
    codes: list[str | None] = [None, *(text for text in told if text is not None)]
    place = {text: n for n, text in enumerate(codes)}
    return Coded(codes, np.array([place[text] for text in told], np.int32)[numbers])


@lru_cache(_REMEMBERED)
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
