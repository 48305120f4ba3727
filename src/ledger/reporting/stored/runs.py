"""Runs: whole numbers without gaps between them, as two columns, the first and the last number of each run.

Disjoint, ascending, and never next to one another, so that what lies between two runs is missing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]


class Runs(NamedTuple):
    """The runs of some numbers."""

    firsts: Numbers
    lasts: Numbers

    def gaps(self) -> list[tuple[int, int]]:
        """What is missing between the first and the last number: first and last of each gap."""
        return list(zip((self.lasts[:-1] + 1).tolist(), (self.firsts[1:] - 1).tolist(), strict=True))

    def listed(self) -> list[tuple[int, int]]:
        """First and last of each run."""
        return list(zip(self.firsts.tolist(), self.lasts.tolist(), strict=True))


NONE = Runs(np.zeros(0, np.int64), np.zeros(0, np.int64))


def united(*several: Runs) -> Runs:
    """The runs of all numbers that any of these hold. A single number is a run of its own: `Runs(numbers, numbers)`."""
    firsts = np.concatenate([runs.firsts for runs in several])
    if not firsts.size:
        return NONE
    order = np.argsort(firsts, kind="stable")
    firsts = firsts[order]
    lasts = np.maximum.accumulate(np.concatenate([runs.lasts for runs in several])[order])
    begins = np.ones(len(firsts), np.bool_)
    begins[1:] = firsts[1:] > lasts[:-1] + 1
    return Runs(firsts[begins], lasts[np.append(begins[1:], True)])
