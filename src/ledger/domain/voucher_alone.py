"""One voucher by itself, and whether it is right at a glance, as nearly all are that are posted one by one.

Rule: as verifikation.py and behorighet.py.
Not here: what is wrong with a voucher; here is only said yes, or nothing. Many at once (voucher_columns.py).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ledger.domain import mandat
from ledger.domain.guards import CODES
from ledger.domain.money import LARGEST_ORE
from ledger.domain.rader import Approved, Utfallsrad
from ledger.domain.roll import RIGHTS, Caller
from ledger.domain.text import LONGEST_CODE, text_refusals
from ledger.domain.utfall import codes_of, rad_refusals
from ledger.domain.verifikation import PostVerifikation, month_of
from ledger.domain.voucher_columns import is_closed

if TYPE_CHECKING:
    from ledger.domain.books import Books


class Glance(NamedTuple):
    """That a voucher is right: what is known of the codes of each row, by which right it is posted, what was read."""

    approved: list[Approved]
    mandat: str
    reads: frozenset[str]


def glance(books: Books, caller: Caller, voucher: PostVerifikation) -> Glance | None:
    """What a voucher rests on that `decide` would post, and nothing besides, and that its caller may post.

    None says nothing of it: it is to be judged with more thought.
    """
    day, rader = voucher.bokforingsdatum, voucher.rader
    if voucher.rattar is not None or voucher.ursprungsdatum is not None or not rader or is_closed(books, _month(day)):
        return None
    if not (_is_number(voucher.serie) and _is_number(voucher.vernr) and _may_post(caller)):
        return None
    approved, balance, projects = [], 0, set()
    for rad in rader:
        known = _known(books, rad, day)
        if known is None:
            return None
        balance += rad.belopp_ore
        approved.append(known)
        projects.add(rad.projekt)
    if balance:
        return None
    right = "roll" if books.of(mandat.State).is_closed else "oppet"
    return Glance(approved, f"{right}/{caller.roll}", _guards(_month(day), frozenset(projects)))


def _known(books: Books, rad: Utfallsrad, day: date) -> Approved | None:
    """What is known of the codes of a row, or is found now; None for a row that is wrong."""
    codes = codes_of(rad)
    known = books.approved.get(codes)
    if known is None or not known.first <= day <= known.last:
        return None if any(rad_refusals(books, rad, day, 0)) else books.approved[codes]
    is_right = (
        -LARGEST_ORE <= rad.belopp_ore <= LARGEST_ORE
        and not any(text_refusals(rad.text, "text"))
        and not any(text_refusals(rad.motpart, "motpart"))
    )
    return known if is_right else None


def _is_number(number: str) -> bool:
    return bool(number) and number.isprintable() and len(number) <= LONGEST_CODE


def _may_post(caller: Caller) -> bool:
    """Whether a caller may post vouchers of any unit."""
    return not caller.enheter and PostVerifikation in RIGHTS.get(caller.roll, ())


#: The month of a day: there are few days, and they come again.
_month = lru_cache(maxsize=4096)(month_of)


@lru_cache(maxsize=4096)
def _guards(month: str, projects: frozenset[str | None]) -> frozenset[str]:
    """As `guards.reads`: there are few months, and most vouchers name no project."""
    return CODES | {f"period/{month}"} | {f"projekt/{projekt}" for projekt in projects if projekt}
