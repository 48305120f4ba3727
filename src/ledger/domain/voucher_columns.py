"""Vouchers beside one another, in columns, and whether all of them are right at a glance.

Rule: as verifikation.py.
Not here: what is wrong with a voucher; here is only said yes, or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import accumulate, chain, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, cast

from ledger.domain.money import LARGEST_ORE
from ledger.domain.period import CLOSED
from ledger.domain.rader import Approved, Codes, Utfallsrad
from ledger.domain.text import LONGEST_CODE, text_refusals
from ledger.domain.utfall import rad_refusals
from ledger.domain.verifikation import PostVerifikation, month_of

if TYPE_CHECKING:
    from ledger.domain.books import Books

_AMOUNT, _CODES, _MOTPART, _TEXT = itemgetter(0), itemgetter(slice(1, 10)), itemgetter(10), itemgetter(11)


class Columns(NamedTuple):
    """Vouchers, their days and numbers of rows; and of all their rows in order the codes and amounts (öre).

    `texts` are all private texts that there are, None where a row has none.
    """

    vouchers: Sequence[PostVerifikation]
    days: Sequence[date]
    counts: Sequence[int]
    rader: Sequence[Utfallsrad]
    codes: Sequence[Codes]
    amounts: Sequence[int]
    texts: frozenset[str | None]


def in_columns(vouchers: Sequence[PostVerifikation]) -> Columns:
    """Vouchers as columns."""
    of_each = [voucher.rader for voucher in vouchers]
    rader = list(chain.from_iterable(of_each))
    return Columns(
        vouchers=vouchers,
        days=[voucher.bokforingsdatum for voucher in vouchers],
        counts=list(map(len, of_each)),
        rader=rader,
        codes=list(map(_CODES, rader)),
        amounts=list(map(_AMOUNT, rader)),
        texts=frozenset({*map(_MOTPART, rader), *map(_TEXT, rader)}),
    )


def right_at_a_glance(books: Books, columns: Columns) -> list[Approved] | None:
    """What is known of the codes of every row, where all vouchers are right: `decide` would post each of them.

    None says nothing of any one of them: each is to be judged by itself, and by what stands under its number.
    """
    vouchers, counts, amounts = columns.vouchers, columns.counts, columns.amounts
    numbers = {voucher.serie for voucher in vouchers} | {voucher.vernr for voucher in vouchers}
    sums = list(accumulate(amounts))
    is_right = (
        all(counts)
        and all(number and number.isprintable() and len(number) <= LONGEST_CODE for number in numbers)
        and all(voucher.rattar is None for voucher in vouchers)
        and not any(is_closed(books, month) for month in set(map(month_of, set(columns.days))))
        # Where every voucher sums to zero the running sum is zero after each of them, and the other way round.
        and not any(sums[end - 1] for end in accumulate(counts))
        and -LARGEST_ORE <= min(amounts, default=0) <= max(amounts, default=0) <= LARGEST_ORE
        and not any(list(text_refusals(text, "text")) for text in columns.texts)
    )
    return _approved(books, columns) if is_right else None


def is_closed(books: Books, month: str) -> bool:
    """Whether a month is closed for anybody."""
    return month in books.periods.closed or CLOSED in books.periods.parts.get(month, {}).values()


def _approved(books: Books, columns: Columns) -> list[Approved] | None:
    """What is known of the codes of every row, or is found now; None as soon as one is wrong on its day."""
    days = chain.from_iterable(map(repeat, columns.days, columns.counts))
    approved = list(map(books.approved.get, columns.codes))
    for n, (known, day) in enumerate(zip(approved, days, strict=True)):
        if known is None or not known.first <= day <= known.last:
            if any(rad_refusals(books, columns.rader[n], day, 0)):
                return None
            approved[n] = books.approved[columns.codes[n]]
    return cast("list[Approved]", approved)
