"""Sums of öre that are exact whatever their size: 64 bits where those are enough, Python's own integers where not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ledger.reporting.stored.space import Numbers, Ore

#: The largest whole number of 64 bits.
LARGEST: Final = 2**63 - 1

#: Figures below this may be added and subtracted by the dozen in 64 bits.
SMALL: Final = 2**55


def ore(amounts: Sequence[int]) -> Ore:
    """Amounts as a vector."""
    try:
        return np.array(amounts, np.int64)
    except OverflowError:
        return np.array(amounts, object)


def most(amounts: Ore) -> int:
    """The largest magnitude in a vector; 0 where it is empty."""
    return max(int(amounts.max()), -int(amounts.min())) if amounts.size else 0


def roomy(amounts: Ore, terms: int) -> Ore:
    """The amounts in a form in which so many of them can be added without leaving it."""
    return amounts if amounts.dtype == object or most(amounts) * terms <= LARGEST else amounts.astype(object)


def settled(amounts: Ore) -> Ore:
    """The amounts in a form in which a few of them can be added: 64 bits where they are small."""
    if most(amounts) < SMALL:
        return amounts.astype(np.int64, copy=False)
    return amounts.astype(object, copy=False)


def added(places: Numbers, amounts: Ore, size: int) -> Ore:
    """The sum at each of `size` places."""
    held = roomy(amounts, len(amounts))
    found = np.zeros(size, held.dtype)
    np.add.at(found, places, held)
    return found


def padded(amounts: Ore, size: int) -> Ore:
    """A vector with nothing at the places that it does not reach."""
    if len(amounts) == size:
        return amounts
    return np.concatenate((amounts, np.zeros(size - len(amounts), amounts.dtype)))
