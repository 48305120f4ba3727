"""What facts add to lines of a table, as columns: by line, then in log order, each fact once a line with its share.

The share of a fact is the sum of what it adds; a fact whose amounts cancel has the share 0. Nothing here loops over
facts, and sums are exact whatever their size (exact.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.stored.exact import roomy
from ledger.reporting.stored.space import Numbers, Ore

#: Where runs of equal values begin.
Starts = NDArray[np.intp]

#: Lines beyond these have numbers of more than 16 bits, which take longer to sort.
SHORT: Final = 2**16

#: Bits of a log position, beside those of a line in one number.
POSITION_BITS: Final = 40


class Shares(NamedTuple):
    """What facts add: the number of the line, the position of the fact, öre."""

    line: Numbers
    position: Numbers
    amount: Ore

    @property
    def size(self) -> int:
        """How many shares there are, also those of 0."""
        return len(self.position)

    def some(self, chosen: NDArray[Any]) -> Shares:
        """Those of a mask, or of some places."""
        return Shares(self.line[chosen], self.position[chosen], self.amount[chosen])


NOTHING: Final = Shares(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))


def shared(line: Numbers | int, position: Numbers, amount: Ore) -> Shares:
    """The shares of amounts in log order, each on a line, or all on one."""
    if isinstance(line, int):
        starts = begins(position)
        found = position[starts]
        return Shares(np.full(len(found), line, np.int64), found, sums(amount, starts))
    return _by_line(summed(Shares(line, position, amount)))


def _by_line(shares: Shares) -> Shares:
    """Shares in log order, brought in order of line."""
    if not shares.size or (shares.line == shares.line[0]).all():
        return shares
    # Small numbers are sorted by their bits, in two passes and without comparing.
    short = shares.line.astype(np.uint16) if int(shares.line.max()) < SHORT else shares.line
    return summed(shares.some(np.argsort(short, kind="stable")))


def times(factor: int, shares: Shares) -> Shares:
    """Shares under a sign."""
    return shares if factor == 1 else shares._replace(amount=factor * roomy(shares.amount, abs(factor)))


def summed(shares: Shares) -> Shares:
    """The same with neighbours of one line and fact made one."""
    starts = begins(shares.line, shares.position)
    if len(starts) == shares.size:
        return shares
    return Shares(shares.line[starts], shares.position[starts], sums(shares.amount, starts))


def joined(pieces: Sequence[Shares]) -> Shares:
    """The shares of all pieces together."""
    present = [piece for piece in pieces if piece.size]
    if len(present) <= 1:
        return present[0] if present else NOTHING
    return summed(side_by_side(present)[0])


def side_by_side(pieces: Sequence[Shares]) -> tuple[Shares, NDArray[np.intp]]:
    """The shares of pieces in order of line and position, and the places they had one piece after the other."""
    line = np.concatenate([piece.line for piece in pieces])
    position = np.concatenate([piece.position for piece in pieces])
    amount = np.concatenate([piece.amount for piece in pieces])
    is_one = (line == line[0]).all() if len(line) else True
    # Each piece is in order already: the sort finds that out and merges them.
    order = np.argsort(position if is_one else line << POSITION_BITS | position, kind="stable")
    return Shares(line if is_one else line[order], position[order], amount[order]), order


def begins(*columns: NDArray[Any]) -> Starts:
    """Where a run of places begins that have the same value in every column."""
    size = len(columns[0])
    differs = np.ones(size, np.bool_)
    if size > 1:
        np.not_equal(columns[0][1:], columns[0][:-1], out=differs[1:])
        for column in columns[1:]:
            differs[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(differs)


def sums(amount: Ore, starts: Starts) -> Ore:
    """The sum of each run."""
    if len(starts) == len(amount):
        return amount
    held = roomy(amount, len(amount))
    if held.dtype == object:
        found: Ore = np.add.reduceat(held, starts)
        return found
    # What is added up to each end: several times as fast as adding up every run by itself.
    found = held.cumsum()[np.append(starts[1:], len(held)) - 1]
    found[1:] -= found[:-1].copy()
    return found


def total(amount: Ore) -> int:
    """The sum of all."""
    return int(roomy(amount, len(amount)).sum())
