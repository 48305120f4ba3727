"""One of two sheets that are compared: its lines, and how each of its columns is taken apart there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ledger.reporting.explaining.balance import Piece, weighed
from ledger.reporting.explaining.behind import Behind, Pools
from ledger.reporting.explaining.lying import Kind
from ledger.reporting.measure import Measure
from ledger.reporting.stored.codes import Mask
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.figures import Figures


class Term(NamedTuple):
    """A measure of a column, whether it is taken whole, on which rows, and under which weights there."""

    measure: Measure
    whole: bool
    keep: Mask
    weights: Numbers


class Taken(NamedTuple):
    """On which lines a column is taken apart beside the other sheet, and on which whole."""

    beside: Mask
    whole: Mask


class Side:
    """One of the sheets and its lines, in the order of `rows`. `weight` is the sign of what it counts."""

    def __init__(self, figures: Figures, rows: Sequence[str], how: int, weight: int) -> None:
        self.sheet, self.columns, self.how, self.weight = figures.sheet, figures.columns, how, weight
        self.lines = figures.lines(rows)
        self._signs = np.array([line.sign if line else 0 for line in self.lines], np.int64)
        self.taken: dict[str, Taken] = {}

    def open(self, other: Side, pools: Pools) -> None:
        """Make ready to take the lines apart."""
        self._beside = Behind(self.sheet, self.lines, other.sheet, pools=pools)
        whole = np.logical_or.reduce([taken.whole for taken in self.taken.values()])
        lines = [line if on else None for line, on in zip(self.lines, whole, strict=True)]
        self._whole = Behind(self.sheet, lines, pools=pools)

    def terms(self, kolumn: str, lines: Sequence[int]) -> Iterator[Term]:
        """What a column is the sum of on lines of one kind, as far as it is taken apart there."""
        taken, line = self.taken[kolumn], next((self.lines[n] for n in lines if self.lines[n]), None)
        if line is None or not (taken.beside[lines] | taken.whole[lines]).any():
            return
        column = self.columns[kolumn]
        weights = self.weight * (self._signs if column.signed == "rad" else np.ones_like(self._signs))
        for factor, measure in self.sheet.formula(line, column).terms:
            for whole, keep in ((False, taken.beside), (True, taken.whole)):
                if keep[lines].any():
                    yield Term(measure, whole, keep, factor * weights)

    def pieces(self, kolumn: str, kind: Kind, lines: Sequence[int]) -> Iterator[Piece]:
        """The shares of one column on the lines of a kind, under their signs; but for what lies in piles."""
        for term in self.terms(kolumn, lines):
            shares = (self._whole if term.whole else self._beside).on(term.measure, kind)
            kept = shares if term.keep[lines].all() else shares.some(term.keep[shares.line])
            yield Piece(self.how, weighed(kept, term.weights))
