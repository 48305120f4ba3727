"""Exact decimals that are no money: digits and how many of them are decimals. 4,50 is not 4,5: what was said is kept.

Text is read as people write it (decimal comma or point, blanks for thousands) and written with a point.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ledger.domain.money import MINUS, NBSP, plain_digits

#: So many decimals and digits at most: what canonical JSON can carry exactly.
MOST_DECIMALS: Final = 6
LARGEST: Final = 2**53 - 1

_WRITTEN: Final = re.compile(rf"([-{MINUS}]?)([0-9]+(?:[ {NBSP}\u202f][0-9]{{3}})*)(?:[.,]([0-9]+))?")
_PLAIN: Final = re.compile(r"([^0-9-]*)(-?)([0-9]+)(\.[0-9]+)?")


class Tal(NamedTuple):
    """A number: `digits` of which the last `decimaler` are decimals. -17,1 is (-171, 1)."""

    digits: int
    decimaler: int = 0

    @property
    def text(self) -> str:
        """With a plain `-` and a point: `-17.1`."""
        return ("-" if self.digits < 0 else "") + plain_digits(abs(self.digits), self.decimaler)

    @property
    def is_exact(self) -> bool:
        """Whether it can be kept."""
        return abs(self.digits) <= LARGEST and 0 <= self.decimaler <= MOST_DECIMALS


def read(text: str) -> Tal | None:
    """The number that a text is; None for other texts."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    sign, whole, decimals = found[1], re.sub(r"\D", "", found[2]), found[3] or ""
    digits = int(whole + decimals)
    return Tal(-digits if sign else digits, len(decimals))


def compared(one: Tal, other: Tal) -> int:
    """Below, at or above zero as the first number is smaller than, equal to or larger than the other. Exact."""
    return one.digits * int(10**other.decimaler) - other.digits * int(10**one.decimaler)


def swedish_text(text: str) -> str:
    """A written number in Swedish, with whatever stands before it: `≥4.0` gives `≥4,0`; other texts as they are."""
    found = _PLAIN.fullmatch(text)
    if found is None:
        return text
    before, sign, whole, decimals = found[1], found[2], found[3], found[4] or ""
    grouped = f"{int(whole):,}".replace(",", NBSP)
    return before + (MINUS if sign else "") + grouped + decimals.replace(".", ",")
