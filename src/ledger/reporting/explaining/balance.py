"""What facts change on every line of one column, of what comes, what goes and what is moved: each fact once a line."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.explaining.shares import Shares, begins, side_by_side, sums, times
from ledger.reporting.stored.codes import Mask
from ledger.reporting.stored.exact import roomy
from ledger.reporting.stored.space import Numbers, Ore

#: How a fact takes part: in what comes, in what goes, or by what it moves; one bit each.
COMES: Final = 1
GOES: Final = 2
MOVES: Final = 4


class Piece(NamedTuple):
    """Shares that all take part in the same way."""

    how: int
    shares: Shares


class Listed(NamedTuple):
    """Facts of lines, in order of line and then of log: which, its share, and how it takes part."""

    position: Numbers
    amount: Ore
    how: NDArray[np.int8]


class Balance(NamedTuple):
    """The facts that change some lines, in order of line and then of log, and how each takes part.

    Those of the line `lines[n]` stand from `starts[n]` and before `ends[n]`; `idle` is how many facts came or went
    without changing a line, for every line that has such.
    """

    position: Numbers
    amount: Ore
    how: NDArray[np.int8]
    lines: Numbers
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    idle: dict[int, int]

    @property
    def sizes(self) -> NDArray[np.intp]:
        """How many facts change each line."""
        return self.ends - self.starts

    def listed(self, many: NDArray[np.intp], after: int = 0) -> Listed:
        """So many facts of every line, after some."""
        starts = np.minimum(self.starts + after, self.ends)
        places = stretched(starts, np.minimum(many, self.ends - starts))
        return Listed(self.position[places], self.amount[places], self.how[places])

    def note(self, explains: Mask) -> None:
        """Note which positions change any line."""
        explains[self.position] = True


def stretched(starts: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.intp]:
    """The places of stretches, one after the other, each from its start and of its size."""
    begun = np.cumsum(sizes) - sizes
    places: NDArray[np.intp] = np.repeat(starts - begun, sizes) + np.arange(int(sizes.sum()))
    return places


def balanced(pieces: list[Piece]) -> Balance | None:
    """What facts change on lines; none where none takes part."""
    pieces = [piece for piece in pieces if piece.shares.size]
    if not pieces:
        return None
    shares, how = _netted(pieces)
    changes = shares.amount != 0
    # A fact on both sides with the same share was neither added nor taken away.
    idle = np.bincount(shares.line[~changes & (how != COMES | GOES)])
    if not changes.all():
        shares, how = shares.some(changes), how[changes]
    starts = begins(shares.line)
    ends = np.append(starts, len(how))[1:]
    none = {line: int(idle[line]) for line in np.flatnonzero(idle).tolist()}
    return Balance(shares.position, shares.amount, how, shares.line[starts], starts, ends, none)


def _netted(pieces: list[Piece]) -> tuple[Shares, NDArray[np.int8]]:
    """The sum of every fact on every line, and how the fact takes part."""
    if len(pieces) == 1:
        ((how, shares),) = pieces
        return shares, np.full(shares.size, how, np.int8)
    ways = np.concatenate([np.full(piece.shares.size, piece.how, np.int8) for piece in pieces])
    shares, order = side_by_side([piece.shares for piece in pieces])
    starts = begins(shares.line, shares.position)
    ways = np.bitwise_or.reduceat(ways[order], starts)
    return Shares(shares.line[starts], shares.position[starts], sums(shares.amount, starts)), ways


def weighed(shares: Shares, weights: Numbers) -> Shares:
    """Shares times the weight of their line."""
    if (weights == weights[0]).all():
        return times(int(weights[0]), shares)
    held = roomy(shares.amount, int(np.abs(weights).max()))
    return shares._replace(amount=weights[shares.line] * held)
