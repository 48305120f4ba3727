"""Sums kept ahead: for a view, at some numbers of entries, the sum of each of its cells from January through a month.

A checkpoint stores the months whose sums changed since the one before: of each year that got entries, from the first
month that did through the last that ever had any. So the sum through a month is in the newest row of its year at or
before the month, and of those of one checkpoint in the latest month.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.stored.cube_pieces import Pieces
from ledger.reporting.stored.cube_tables import Tables

#: A row of a checkpoint: its end and its month.
Row = tuple[int, int]


class _Year(NamedTuple):
    """The checkpoints that hold a year: their ends, and of each the first and the last month that it stores."""

    ends: list[int]
    spans: list[tuple[int, int]]

    def note(self, month: int, e: int) -> None:
        """There is a row of this checkpoint: months come in order."""
        if self.ends and self.ends[-1] == e:
            self.spans[-1] = self.spans[-1][0], month
        else:
            self.spans.append((month, month))
            # Last, for by these a question finds its checkpoint.
            self.ends.append(e)

    def newest(self, month: int, e: int) -> Row | None:
        """Where the sums through a month are, of the first `e` entries."""
        for n in range(bisect_right(self.ends, e) - 1, -1, -1):
            first, last = self.spans[n]
            if first <= month:
                return self.ends[n], min(month, last)
        return None


class Checkpoints:
    """Where the checkpoints of one generation lie. Only grows; the vectors are fetched when they are asked for."""

    def __init__(self, number: int, pieces: Pieces) -> None:
        self._number, self._pieces = number, pieces
        self._ends: dict[int, list[int]] = {}
        self._years: dict[int, dict[int, _Year]] = {}
        self._upto = 0

    def extend(self, tables: Tables, upto: int) -> None:
        """Learn of the checkpoints to a number of entries."""
        if upto <= self._upto:
            return
        found = tables.rows(
            "SELECT e, view, month FROM cube_checkpoint"
            " WHERE material = ? AND e > ? AND e <= ? ORDER BY e, view, month",
            self._number,
            self._upto,
            upto,
        )
        for e, view, month in found:
            self.note(view, month, e)
        self._upto = upto

    def note(self, view: int, month: int, e: int) -> None:
        """There is a row of this checkpoint."""
        ends = self._ends.setdefault(view, [])
        if not ends or ends[-1] != e:
            ends.append(e)
        self._years.setdefault(view, {}).setdefault(month // 12, _Year([], [])).note(month, e)

    def last(self, view: int, count: int) -> int:
        """The last checkpoint of a view among so many entries; 0 where there is none."""
        ends = self._ends.get(view, [])
        index = bisect_right(ends, count)
        return ends[index - 1] if index else 0

    def years(self, view: int) -> list[int]:
        """The years of which a view has checkpoints."""
        return list(self._years.get(view, ()))

    def last_months(self) -> dict[int, int]:
        """Of each year the last month that had entries by then, 0 for January."""
        found: dict[int, int] = {}
        for years in self._years.values():
            for year, held in years.items():
                found[year] = max(found.get(year, 0), *(last % 12 for _, last in held.spans))
        return found

    def needed(self, view: int, months: tuple[int, int], e: int) -> list[tuple[Row, np.ufunc]]:
        """The vectors that make up the sums of the months from one to another, of the first `e` entries, and how."""
        first, last = months
        found: list[tuple[Row | None, np.ufunc]] = []
        # A copy, for another question may learn of a year meanwhile.
        for year, held in list(self._years.get(view, {}).items()):
            if first // 12 <= year <= last // 12:
                found.append((held.newest(min(last, year * 12 + 11), e), np.add))
                if first > year * 12:
                    found.append((held.newest(first - 1, e), np.subtract))
        return [(row, how) for row, how in found if row]

    def between(self, view: int, after: int, upto: int) -> list[Row]:
        """The rows of a view's checkpoints that end after one number of entries and not after another."""
        return [
            (e, month)
            for held in list(self._years.get(view, {}).values())
            for e, (first, last) in zip(held.ends, held.spans, strict=False)
            if after < e <= upto
            for month in range(first, last + 1)
        ]

    def through(self, tables: Tables, view: int, month: int, e: int) -> NDArray[Any] | None:
        """The sums from January through a month, of the first `e` entries; shorter where cells came later."""
        held = self._years.get(view, {}).get(month // 12)
        newest = held.newest(month, e) if held else None
        return self._pieces.vector(tables, view, *newest) if newest else None
