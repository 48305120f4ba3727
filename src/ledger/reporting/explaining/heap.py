"""What facts change on the lines of one kind in one column, where outcome lies in piles: counted, and listed as asked.

A column takes piles under factors, so nothing is worked out of every fact again: their numbers add up, and the first
facts of a line are among the first of its piles.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.explaining.balance import COMES, GOES, Balance, Listed, stretched
from ledger.reporting.explaining.pooled import Piles
from ledger.reporting.explaining.shares import POSITION_BITS, begins
from ledger.reporting.stored.codes import Mask
from ledger.reporting.stored.exact import most, roomy
from ledger.reporting.stored.space import Numbers


class Heap:
    """Piles, each under a factor and taking part in a way (0: not at all), and what other facts change besides."""

    def __init__(self, piles: Piles, factors: Numbers, how: NDArray[np.int8], rest: Balance | None) -> None:
        self._piles, self._factors, self._how, self._rest = piles, factors, how, rest
        held = piles.ends - piles.starts
        self._held = np.where(factors != 0, held, 0)
        # A fact on both sides with the same share was neither added nor taken away.
        stays = (how == 0) | (how == COMES | GOES)
        idle = np.where(stays, 0, piles.idle + held - self._held).sum(axis=0)
        sizes = self._held.sum(axis=0)
        if rest:
            sizes[rest.lines] += rest.sizes
            for line, nothing in rest.idle.items():
                idle[line] += nothing
        self.lines = np.flatnonzero(sizes)
        self.sizes: NDArray[np.intp] = sizes[self.lines]
        self.idle = {line: int(idle[line]) for line in np.flatnonzero(idle).tolist()}

    def listed(self, many: NDArray[np.intp], after: int = 0) -> Listed:
        """So many facts of every line, after some, in log order."""
        wanted = np.zeros(self._held.shape[1], np.int64)
        wanted[self.lines] = many + after
        line, found = self._first(wanted)
        order = np.argsort(line << POSITION_BITS | found.position, kind="stable")
        line = line[order]
        starts = begins(line)
        place = np.arange(len(line)) - np.repeat(starts, np.diff(starts, append=len(line)))
        order = order[(place >= after) & (place < wanted[line])]
        return Listed(found.position[order], found.amount[order], found.how[order])

    def _first(self, wanted: Numbers) -> tuple[Numbers, Listed]:
        """The first facts of every pile and of the rest, as many as are wanted of their line, and the line of each."""
        sizes = np.minimum(self._held, wanted).ravel()
        places = stretched(self._piles.starts.ravel(), sizes)
        factors = np.repeat(self._factors.ravel(), sizes)
        amount = factors * roomy(self._piles.amount[places], max(most(factors), 1))
        how = np.repeat(self._how.ravel(), sizes)
        line = np.repeat(np.tile(np.arange(len(wanted)), len(self._held)), sizes)
        position = self._piles.position[places]
        if self._rest:
            rest = self._rest.listed(wanted[self._rest.lines])
            lines = np.repeat(self._rest.lines, np.minimum(wanted[self._rest.lines], self._rest.sizes))
            line, position = np.concatenate((line, lines)), np.concatenate((position, rest.position))
            amount, how = np.concatenate((amount, rest.amount)), np.concatenate((how, rest.how))
        return line, Listed(position, amount, how)

    def note(self, explains: Mask) -> None:
        """Note which positions change any line."""
        piles, changing = self._piles, (self._held > 0) & ~self._piles.noted
        if (changing | (piles.starts == piles.ends)).all():
            explains[piles.position] = True
        else:
            explains[piles.position[stretched(piles.starts[changing], self._held[changing])]] = True
        piles.noted[changing] = True
        if self._rest:
            self._rest.note(explains)
