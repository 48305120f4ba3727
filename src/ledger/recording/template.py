"""Vouchers as canonical JSON by templates: the same bytes as codec.py writes, in a third of the time.

A town uses few codes, again and again. Each is written, and checked, by codec.py once, and what stands around the
amount of a row is kept with what is known of its code string. What is unusual goes the whole way through codec.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from operator import attrgetter, itemgetter, mod
from typing import Any, Final

import msgspec

from ledger.domain.events import VerifikationPosted
from ledger.domain.rader import Approved, Codes, Utfallsrad
from ledger.domain.utfall import codes_of
from ledger.domain.verifikation import PostVerifikation
from ledger.domain.voucher_columns import Columns
from ledger.recording.codec import Encoded, NotCanonical, encode, encode_parts, is_plain
from ledger.recording.shape import LARGEST_INT

_NAME: Final = VerifikationPosted.name
_ANY_DAY: Final = date(2000, 1, 1)
_AMOUNT_NAME: Final = Utfallsrad._fields[0]
_AMOUNT: Final = f'"{_AMOUNT_NAME}":%d'
_WRITTEN: Final = attrgetter("written")

#: The fields of a written row in order, each with its place among the codes; the amount has none.
_PLACES: Final = sorted(zip(Utfallsrad._fields[:10], (None, *range(9)), strict=True))

_NO_TEXTS: Final = frozenset({None})
_INTEGERS: Final = frozenset({int})
_NAMES: Final = ("motpart", "text")
_TEXTS: Final = itemgetter(*map(Utfallsrad._fields.index, _NAMES))
_WITHOUT: Final = frozenset({(None, None)})

#: Makes an encoded fact from its fields in order, at half the cost of its own constructor.
_encoded: Final[Callable[[type[Encoded], tuple[object, ...]], Encoded]] = tuple.__new__


class _Public(msgspec.Struct):
    """The rows of a voucher, each as it is written."""

    rader: list[msgspec.Raw]


_rows_of: Final = msgspec.json.Decoder(_Public).decode


def encode_vouchers(columns: Columns, approved: Sequence[Approved], streams: Sequence[str]) -> list[Encoded]:
    """Vouchers, none of which corrects another, as the first versions of their streams. Errors: as codec.encode.

    `approved` is what is known of the codes of every row, and learns how they are written.
    """
    written = _rows(columns.codes, columns.amounts, approved)
    if written is None or set(map(type, columns.days)) != {date}:
        return [encode(_fact(voucher), 1) for voucher in columns.vouchers]
    rows, days = iter(written), {day: day.isoformat() for day in set(columns.days)}
    has_texts = columns.texts != _NO_TEXTS
    encoded = []
    for voucher, stream, count in zip(columns.vouchers, streams, columns.counts, strict=True):
        private = _private(voucher.rader) if has_texts else b""
        rader = ",".join(islice(rows, count))
        encoded.append(_put_together(voucher, stream, days[voucher.bokforingsdatum], rader, private))
    return encoded


def encode_voucher(voucher: PostVerifikation, approved: Sequence[Approved]) -> Encoded:
    """The same for one voucher."""
    day, rader = voucher.bokforingsdatum, voucher.rader
    rows = _rows(map(codes_of, rader), [rad.belopp_ore for rad in rader], approved)
    if rows is None or type(day) is not date:
        return encode(_fact(voucher), 1)
    return _put_together(voucher, voucher.stream, day.isoformat(), ",".join(rows), _private(rader))


def _put_together(voucher: PostVerifikation, stream: str, day: str, rader: str, private: bytes | None) -> Encoded:
    """A voucher of a day and rows that are written already; `private` is empty where there is none."""
    serie, vernr = voucher.serie, voucher.vernr
    if private is None or not _is_simple(serie + vernr):
        return encode(_fact(voucher), 1)
    public = f'{{"bokforingsdatum":"{day}","rader":[{rader}],"serie":"{serie}","vernr":"{vernr}"}}'
    return _encoded(Encoded, (stream, 1, _NAME, public.encode(), private or None))


def _rows(codes: Iterable[Codes], amounts: Sequence[int], approved: Sequence[Approved]) -> list[str] | None:
    """The public parts of rows; None where one of them cannot be written by template."""
    if not set(map(type, amounts)) <= _INTEGERS:
        return None
    if not -LARGEST_INT <= min(amounts, default=0) <= max(amounts, default=0) <= LARGEST_INT:
        return None
    if None in map(_WRITTEN, approved):
        try:
            _learn({codes: known for codes, known in zip(codes, approved, strict=True) if known.written is None})
        except NotCanonical:
            return None
    return list(map(mod, map(_WRITTEN, approved), amounts))


def _learn(unknown: dict[Codes, Approved]) -> None:
    """Learn how rows with codes are written, with `%d` for the amount. Errors: NotCanonical."""
    for codes, known in unknown.items():
        members = [
            _AMOUNT if at is None else _member(name, codes[at])
            for name, at in _PLACES
            if at is None or codes[at] is not None
        ]
        known.written = f"{{{','.join(members)}}}"


@lru_cache(maxsize=65_536)
def _member(name: str, code: str) -> str:
    """A code as it stands in a row, written and checked by codec.py: there are few codes, though many code strings."""
    named: dict[str, Any] = {name: code}
    public, _ = encode_parts(VerifikationPosted("", "", _ANY_DAY, (Utfallsrad(0, **named),)))
    row = bytes(_rows_of(public).rader[0]).decode().replace("%", "%%")
    amount = _AMOUNT % 0
    return row[1 : -len(f",{amount}}}")] if name < _AMOUNT_NAME else row[len(f"{{{amount},") : -1]


def _private(rader: Sequence[Utfallsrad]) -> bytes | None:
    """The private part, empty for a voucher without texts; None where a text is unusual."""
    texts = list(map(_TEXTS, rader))
    if set(texts) <= _WITHOUT:
        return b""
    of_any = {text for of_row in texts for text in of_row}
    if not all(text is None or type(text) is str for text in of_any):
        return None
    rows = [{name: text for name, text in zip(_NAMES, of_row, strict=True) if text is not None} for of_row in texts]
    try:
        private = msgspec.json.encode({"rader": rows})
    except UnicodeEncodeError:
        return None
    return private if is_plain(private) else None


def _fact(voucher: PostVerifikation) -> VerifikationPosted:
    return VerifikationPosted(voucher.serie, voucher.vernr, voucher.bokforingsdatum, voucher.rader)


def _is_simple(number: str) -> bool:
    """Whether a number is the same in JSON as it is."""
    return number.isascii() and number.isprintable() and '"' not in number and "\\" not in number
