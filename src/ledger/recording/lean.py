"""Postings read leanly, for who rebuilds a read model: flat columns of what reports sum, and no fact objects.

The public bytes remain the one source: the same rows as from facts read whole, at a fraction of the cost. Vouchers are
read straight from their bytes, all at once (vouchers.py); of the rest, and of those that cannot be read so, the fields
that are wanted are decoded, a run of facts at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import chain, compress, groupby, islice, repeat
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from ledger.domain.events import UtfallCorrected, UtfallReported, VerifikationCorrected, VerifikationPosted
from ledger.recording.codec import Unreadable, lift
from ledger.recording.reading import END, IntegrityBroken, Reading
from ledger.recording.schema import WITH_ROWS
from ledger.recording.vouchers import KEY, Coded, read_vouchers

#: So many facts are decoded at once: few enough that what they are decoded to stays in the processor's cache.
AT_ONCE: Final = 300

#: Codes of a row: those of KEY, and the serie of its voucher; None where there is none.
Codes = tuple[str | None, ...]

T = TypeVar("T")

#: A stored posting: position, archive name, public bytes.
Posting = tuple[int, str, bytes]


class PostingPage(NamedTuple):
    """The outcome rows of all postings among the positions up to `upto`, as columns of one length, in log order.

    `upto` is the last position that the page covers, also where the facts there are no postings; the position that was
    asked from when there is nothing more. `days` are yyyymmdd; `amounts` are öre as they stand in the fact, to be
    multiplied by `signs`: −1 where a row is taken back. `codes` are columns too: those of KEY, and at last the serie of
    vouchers.
    """

    upto: int
    positions: NDArray[np.int64]
    signs: NDArray[np.int64]
    days: NDArray[np.int64]
    amounts: NDArray[np.int64]
    codes: list[Coded]
    vouchers: VoucherHeads


class VoucherHeads(NamedTuple):
    """Vouchers that were read straight from their bytes: of each its position, and its vernr, −1 where it is no number.

    `stamps` say who recorded it and in which hour, where that was asked for.
    """

    positions: NDArray[np.int64]
    numbers: NDArray[np.int64]
    stamps: Coded


class _Decoded(NamedTuple):
    """Rows of facts that were decoded, as lists of one length."""

    positions: list[int]
    signs: list[int]
    days: list[int]
    amounts: list[int]
    keys: list[Codes]


class _Rad(msgspec.Struct, gc=False):
    """What is wanted of an outcome row."""

    belopp_ore: int
    ansvar: str | None = None
    verksamhet: str | None = None
    konto: str | None = None
    slag: str | None = None
    projekt: str | None = None
    handelse: str | None = None


class _Summarad(msgspec.Struct, gc=False):
    bokforingsdatum: str
    rad: _Rad


class _Voucher(msgspec.Struct, gc=False):
    bokforingsdatum: str
    serie: str
    rader: list[_Rad]


class _Reported(msgspec.Struct, gc=False):
    rader: list[_Summarad]


class _Corrected(msgspec.Struct, gc=False):
    fore: list[_Summarad]
    efter: list[_Summarad]


class _Days(dict[str, int]):
    """Days as whole numbers, by their text: a log has few, again and again."""

    def __missing__(self, text: str) -> int:
        day = msgspec.convert(text, date)
        number = self[text] = day.year * 10_000 + day.month * 100 + day.day
        return number


_KEY = attrgetter(*KEY)
_AMOUNT, _DAY, _RAD, _RADER, _SERIE = map(attrgetter, ("belopp_ore", "bokforingsdatum", "rad", "rader", "serie"))
_DAYS = _Days()


def read(log: Reading, after: int, upto: int | None, limit: int, *, stamps: bool) -> PostingPage:
    """The rows of the postings at positions after+1 … `upto`, of `limit` positions at most; with `stamps` of vouchers.

    Errors: IntegrityBroken for bytes that are no posting.
    """
    end = max(after, min(after + limit, log.size(), END if upto is None else upto))
    stored = log.publics(after, end, stamps=stamps) if end > after else []
    positions, names, publics, *told = zip(*stored, strict=True) if stored else ((), (), ())
    usual = np.fromiter(map(VerifikationPosted.name.__eq__, names), np.bool_, len(names))
    plain = list(compress(publics, usual))
    vouchers = read_vouchers(plain, list(map(len, plain)))
    read = usual.copy()
    read[usual] = vouchers.read
    position = np.array(positions, np.int64)[read]
    heads = VoucherHeads(position, vouchers.numbers, _stamps(list(compress(told[0], read)) if told else []))
    of_row = position[(np.cumsum(vouchers.read) - 1)[vouchers.voucher]]
    ones = np.ones(len(of_row), np.int64)
    page = PostingPage(end, of_row, ones, vouchers.days, vouchers.amounts, vouchers.codes, heads)
    left = [stored[n] for n in np.flatnonzero(~read).tolist() if names[n].startswith(WITH_ROWS)]
    return _together(page, _decoded(log, left)) if left else page


def _stamps(told: list[str]) -> Coded:
    """Who recorded each voucher, and in which hour."""
    codes: list[str | None] = [None, *dict.fromkeys(told)]
    number_of = {stamp: n for n, stamp in enumerate(codes)}
    return Coded(codes, np.fromiter(map(number_of.__getitem__, told), np.int32, len(told)))


def _together(page: PostingPage, decoded: _Decoded) -> PostingPage:
    """The rows of a page and those that were decoded, in log order."""
    columns = zip(page[1:5], decoded[:-1], strict=True)
    positions, signs, days, amounts = (np.concatenate([one, np.array(other, np.int64)]) for one, other in columns)
    order = np.argsort(positions, kind="stable")
    codes = []
    told: Iterable[Sequence[str | None]] = zip(*decoded.keys, strict=True) if decoded.keys else repeat(())
    for coded, more in zip(page.codes, told, strict=False):
        number_of = {code: n for n, code in enumerate(coded.codes)}
        numbers = np.array([number_of.setdefault(code, len(number_of)) for code in more], np.int32)
        codes.append(Coded(list(number_of), np.concatenate([coded.numbers, numbers])[order]))
    return PostingPage(page.upto, positions[order], signs[order], days[order], amounts[order], codes, page.vouchers)


def _decoded(log: Reading, stored: Iterable[tuple[Any, ...]]) -> _Decoded:
    """The rows of postings of any kind."""
    rows = _Decoded([], [], [], [], [])
    for name, run in groupby(stored, itemgetter(1)):
        while some := [row[:3] for row in islice(run, AT_ONCE)]:
            _add_run(rows, *_current(log, name, some))
    return rows


def _current(log: Reading, name: str, run: list[Posting]) -> tuple[str, list[Posting]]:
    """A run of postings in the current version of their fact: old ones are lifted, with their private parts."""
    if name in _ADD:
        return name, run
    lifted = []
    for row in log.facts(run[0][0] - 1, run[-1][0], END):
        if row[4] != name:
            continue
        try:
            newer, public, _ = lift(name, row[8], row[9])
        except (Unreadable, msgspec.DecodeError) as error:
            raise _broken(row[0], error) from error
        lifted.append((row[0], newer, public))
    return lifted[0][1], lifted


def _add_run(rows: _Decoded, name: str, run: list[Posting]) -> None:
    """Add the rows of postings of one kind. They are read at once; where that fails, one by one to say which it is."""
    positions, _, publics = zip(*run, strict=True)
    add, one, many = _ADD[name]
    try:
        facts = many.decode(b"[" + b",".join(publics) + b"]")
        if len(facts) == len(run):
            add(rows, positions, facts)
            return
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    for position, public in zip(positions, publics, strict=True):
        try:
            add(rows, [position], [one.decode(public)])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _broken(position, error) from error


def _add_vouchers(rows: _Decoded, positions: Sequence[int], vouchers: list[_Voucher]) -> None:
    rader = list(map(_RADER, vouchers))
    counts = list(map(len, rader))
    days = list(map(_DAYS.__getitem__, map(_DAY, vouchers)))
    series = _each(map(_SERIE, vouchers), counts)
    _add_rows(rows, _each(positions, counts), 1, _each(days, counts), chain.from_iterable(rader), series)


def _add_reported(rows: _Decoded, positions: Sequence[int], reported: list[_Reported]) -> None:
    for position, fact in zip(positions, reported, strict=True):
        _add_summary(rows, position, 1, fact.rader)


def _add_corrected(rows: _Decoded, positions: Sequence[int], corrected: list[_Corrected]) -> None:
    for position, fact in zip(positions, corrected, strict=True):
        _add_summary(rows, position, -1, fact.fore)
        _add_summary(rows, position, 1, fact.efter)


def _add_summary(rows: _Decoded, position: int, sign: int, rader: list[_Summarad]) -> None:
    days = list(map(_DAYS.__getitem__, map(_DAY, rader)))
    _add_rows(rows, repeat(position, len(rader)), sign, days, map(_RAD, rader), repeat(None))


def _add_rows(
    rows: _Decoded,
    positions: Iterable[int],
    sign: int,
    days: Iterable[int],
    rader: Iterable[_Rad],
    series: Iterable[str | None],
) -> None:
    told = list(rader)
    rows.positions.extend(positions)
    rows.days.extend(days)
    rows.signs.extend(repeat(sign, len(told)))
    rows.amounts.extend(map(_AMOUNT, told))
    rows.keys.extend((*key, serie) for key, serie in zip(map(_KEY, told), series, strict=False))


def _each(values: Iterable[T], counts: list[int]) -> Iterable[T]:
    """Every value as many times as its fact has rows."""
    return chain.from_iterable(map(repeat, values, counts))


def _broken(position: int, error: Exception) -> IntegrityBroken:
    return IntegrityBroken(f"faktum @{position} går inte att läsa: {error}")


_Add = Callable[[_Decoded, Sequence[int], Any], None]


def _reader(add: _Add, kind: Any) -> tuple[_Add, msgspec.json.Decoder[Any], msgspec.json.Decoder[Any]]:
    """How rows of one kind of fact are added, and the decoders of one fact and of many."""
    return add, msgspec.json.Decoder(kind), msgspec.json.Decoder(list[kind])


#: The facts that post, by archive name; their older versions are lifted first.
_ADD: Final = {
    VerifikationPosted.name: _reader(_add_vouchers, _Voucher),
    VerifikationCorrected.name: _reader(_add_vouchers, _Voucher),
    UtfallReported.name: _reader(_add_reported, _Reported),
    UtfallCorrected.name: _reader(_add_corrected, _Corrected),
}
