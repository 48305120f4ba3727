"""What vouchers become in a journal or series without being made facts, where all that matters stands in their heads.

Vouchers that are alike in who recorded them, in which hour and on which day they are are found by the same tags: one of
each sort is read whole and asked of, and it is seen that what a declaration says of vouchers holds for it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypeVar

import numpy as np

from ledger.reporting.entry import Journal, Numbered, Series
from ledger.reporting.log import Log, Postings, Recorded
from ledger.reporting.stored.cube_preparing import in_order, one_number
from ledger.reporting.stored.few import few
from ledger.reporting.stored.journal_writing import JournalPiece, Words, prepare_journal
from ledger.reporting.stored.series_writing import SeriesPiece, prepare_series

T = TypeVar("T")


class NotByHeads(Exception):  # noqa: N818 - says what is so
    """A material says of vouchers what does not hold for one of them."""


class Heads(NamedTuple):
    """Vouchers of a stretch, one place each, in log order: what journals and series ask of them.

    `days` are yyyymmdd; `sorts` says which of the `examples` each is like, which are read whole.
    """

    positions: list[int]
    days: list[int]
    series: list[str | None]
    numbers: list[int]
    units: list[Words]
    sorts: list[int]
    examples: Sequence[Recorded]


def heads_of(log: Log, page: Postings) -> Heads:
    """The heads of the vouchers that a page tells of as columns."""
    vouchers = page.vouchers
    first = np.searchsorted(page.positions, vouchers.positions)
    days = page.days[first]
    stamps = (vouchers.stamps.numbers, len(vouchers.stamps.codes))
    sorts, examples = in_order(one_number((stamps, (days, int(days.max(initial=0)) + 1))))
    serie = page.codes[-1]
    return Heads(
        vouchers.positions.tolist(),
        days.tolist(),
        [serie.codes[n] for n in serie.numbers[first].tolist()],
        vouchers.numbers.tolist(),
        _units(page),
        sorts.tolist(),
        log.read_positions(vouchers.positions[examples].tolist()),
    )


def _units(page: Postings) -> list[Words]:
    """The units of the rows of each voucher, sorted."""
    positions, ansvar = page.vouchers.positions, page.codes[0]
    place = np.searchsorted(positions, page.positions)
    named = {code: n for n, code in enumerate(sorted(code for code in ansvar.codes if code))}
    rank = np.array([named[code] if code else -1 for code in ansvar.codes], np.int64)[ansvar.numbers]
    inside = place < len(positions)
    inside[inside] = positions[place[inside]] == page.positions[inside]
    pairs = np.sort((place * max(len(named), 1) + rank)[inside & (rank >= 0)])
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    of, ranks = np.divmod(pairs, max(len(named), 1))
    counts = np.bincount(of, minlength=len(positions))
    alone = [(code,) for code in named]
    codes, told = list(named), ranks.tolist()
    return [
        alone[told[first]] if count == 1 else tuple(codes[n] for n in told[first : first + count])
        for first, count in zip((np.cumsum(counts) - counts).tolist(), counts.tolist(), strict=True)
    ]


def headed_journal(journal: Journal, besides: Sequence[Recorded], heads: Heads) -> JournalPiece:
    """What `prepare_journal` makes of all facts of a stretch: of the vouchers by their heads, and the facts besides.

    Errors: NotByHeads.
    """
    tags: list[Words] = []
    for recorded in heads.examples:
        at = bisect_left(heads.positions, recorded.position)
        tagged = journal.tags(recorded)
        if (tagged.day, tagged.units) != (_day(heads.days[at]), heads.units[at]):
            msg = f"{journal.name}: @{recorded.position}"
            raise NotByHeads(msg)
        tags.append(tagged.tags)
    rest = prepare_journal(journal, besides)
    positions = heads.positions + rest.positions
    order = np.argsort(positions).tolist()
    return JournalPiece(
        _taken(order, positions),
        _taken(order, heads.days + rest.days),
        few(_taken(order, _taken(heads.sorts, tags) + _taken(rest.tags.numbers, rest.tags.table))),
        few(_taken(order, heads.units + _taken(rest.units.numbers, rest.units.table))),
    )


def headed_series(series: Series, besides: Sequence[Recorded], heads: Heads) -> SeriesPiece:
    """What `prepare_series` makes of all facts of a stretch, as `headed_journal`. Errors: NotByHeads."""
    for recorded in heads.examples:
        at = bisect_left(heads.positions, recorded.position)
        day, serie, number = heads.days[at], heads.series[at], heads.numbers[at]
        due = [Numbered(_key(day, serie), number, _day(day))] if number >= 0 else []
        if list(series.numbers(recorded.fact)) != due:
            msg = f"{series.name}: @{recorded.position}"
            raise NotByHeads(msg)
    rest = prepare_series(series, besides)
    mine = [at for at, number in enumerate(heads.numbers) if number >= 0]
    days = _taken(mine, heads.days)
    keys = list(map(_key, days, _taken(mine, heads.series)))
    positions = _taken(mine, heads.positions) + rest.positions
    order = np.argsort(positions, kind="stable").tolist()
    return SeriesPiece(
        _taken(order, positions),
        _taken(order, _taken(mine, heads.numbers) + rest.numbers),
        _taken(order, days + rest.days),
        few(_taken(order, keys + _taken(rest.keys.numbers, rest.keys.table))),
    )


def _taken(places: Sequence[int], things: Sequence[T]) -> list[T]:
    return [things[place] for place in places]


def _day(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)


def _key(day: int, serie: str | None) -> str:
    """The series that a voucher's number belongs to."""
    return f"{day // 10_000}/{serie}"
