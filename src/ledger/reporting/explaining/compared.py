"""Two sheets of one report in the same organisation, compared line by line: which facts count in one of them only.

Of cells that both show alike, only what one sheet counts and the other does not is read. A cell that has a figure in
one of them only is taken apart whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ledger.reporting.explaining.balance import COMES, GOES, MOVES, Balance, Piece, balanced
from ledger.reporting.explaining.heap import Heap
from ledger.reporting.explaining.lying import Kind, kind_of
from ledger.reporting.explaining.pooling import Pooling
from ledger.reporting.explaining.shares import Shares, summed
from ledger.reporting.explaining.side import Side, Taken
from ledger.reporting.stored.codes import Mask
from ledger.reporting.stored.exact import ore
from ledger.reporting.tables.figures import Figures
from ledger.reporting.tables.layout import Line

#: What facts moved, by column and then row: position and öre.
Moved = Mapping[str, Mapping[str, Sequence[tuple[int, int]]]]


class Compared:
    """What comes to the lines of a sheet `before` to make it the sheet `after`, and what goes.

    `lines` are found in the sheets by their keys; one that is in none of them may still have had figures `moved` away.
    """

    def __init__(
        self, before: Figures, after: Figures, lines: Sequence[Line], columns: Sequence[str], moved: Moved
    ) -> None:
        self._rows, self._moved = [line.nyckel for line in lines], moved
        self._before, self._after = Side(before, self._rows, GOES, -1), Side(after, self._rows, COMES, 1)
        self._kinds: dict[Kind, list[int]] = {}
        for n, line in enumerate(lines):
            self._kinds.setdefault(kind_of(line), []).append(n)
        alike = self._alike()
        for kolumn in columns:
            has = [_has_figure(figures, kolumn, self._rows) for figures in (before, after)]
            self._take(kolumn, alike & has[0] & has[1], has)
        sides = self._after, self._before
        self._pooling = Pooling(sides, self._kinds, columns, _positions(moved))
        for one, other in (sides, sides[::-1]):
            one.open(other, self._pooling.pools)

    def _alike(self) -> Mask:
        """The lines that are of the same amounts in both."""
        if self._before.sheet.layout is not self._after.sheet.layout:
            return np.zeros(len(self._rows), np.bool_)
        pairs = zip(self._before.lines, self._after.lines, strict=True)
        same = [one and two and (one.group, kind_of(one)) == (two.group, kind_of(two)) for one, two in pairs]
        return np.array(same, np.bool_)

    def _take(self, kolumn: str, alike: Mask, has: Sequence[Mask]) -> None:
        """Judge how the cells of a column are taken apart."""
        one, two = (side.columns.get(kolumn) for side in (self._before, self._after))
        beside = alike if one and two and one.formula == two.formula else np.zeros_like(alike)
        for side, there in zip((self._before, self._after), has, strict=True):
            side.taken[kolumn] = Taken(beside, there & ~beside)

    def column(self, kolumn: str) -> Iterator[Balance | Heap]:
        """The facts that change a column; no line is in several balances."""
        moved = self._moved.get(kolumn, {})
        for kind, lines in self._kinds.items():
            pieces = [piece for side in (self._after, self._before) for piece in side.pieces(kolumn, kind, lines)]
            if moved:
                pieces.append(Piece(MOVES, self._moves(moved, lines)))
            balance = balanced(pieces)
            found = self._pooling.heap(kind, kolumn, balance) or balance
            if found:
                yield found

    def _moves(self, moved: Mapping[str, Sequence[tuple[int, int]]], lines: Sequence[int]) -> Shares:
        """What facts moved in a column."""
        rows = sorted((n, *move) for n in lines for move in moved.get(self._rows[n], ()))
        line, position = np.array([row[:2] for row in rows], np.int64).reshape(-1, 2).T
        return summed(Shares(line, position, ore([amount for _, _, amount in rows])))


def _positions(moved: Moved) -> list[int]:
    """The facts that moved anything."""
    return [position for rows in moved.values() for moves in rows.values() for position, _ in moves]


def _has_figure(figures: Figures, kolumn: str, rows: Sequence[str]) -> Mask:
    return np.array([amount is not None for amount in figures.column(kolumn, rows)], np.bool_)
