"""Days and months as whole numbers without gaps, so that limits in time are ranges of small numbers.

A *month number* is years × 12 + months; a *day number* is month number × 31 + day − 1. Both keep the order of the
calendar, and the month of a day is one division. All of it works on numbers and on arrays of them.
"""

from __future__ import annotations

from calendar import monthrange
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Whole = TypeVar("Whole", int, NDArray[np.int64])


def month_number(period: Whole) -> Whole:
    """The number of a period such as `202403`."""
    return period // 100 * 12 + period % 100 - 1


def period_of(month: Whole) -> Whole:
    """The period of a month number: `202403`."""
    return month // 12 * 100 + month % 12 + 1


def day_number(day: Whole) -> Whole:
    """The number of a day such as `20240331`."""
    return month_number(day // 100) * 31 + day % 100 - 1


def day_of(number: Whole) -> Whole:
    """The day of a day number: `20240331`."""
    return period_of(number // 31) * 100 + number % 31 + 1


def ends_month(number: int) -> bool:
    """Whether no day of its month comes after this one."""
    month, day = divmod(number, 31)
    return day + 1 >= monthrange(month // 12, month % 12 + 1)[1]
