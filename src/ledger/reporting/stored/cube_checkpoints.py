"""Sums kept ahead: for a view, at some numbers of entries, the sum of each of its cells from January through a month.

A checkpoint stores the months whose sums changed since the one before: of each year that got entries, from the first
month that did through the last that ever had any. So the sum through a month is in the newest row of its year at or
before the month, and of those of one checkpoint in the latest month.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.cube_columns import unpack_vector
from ledger.reporting.stored.cube_tables import Tables
from ledger.reporting.stored.space import Numbers


class Checkpoints:
    """Where the checkpoints of one generation lie. Only grows; the vectors are fetched when they are asked for."""

    def __init__(self, number: int, remembered: Bounded[Any]) -> None:
        self._number, self._remembered = number, remembered
        self._ends: dict[int, list[int]] = {}
        self._of_month: dict[tuple[int, int], list[int]] = {}
        self._years: dict[int, list[int]] = {}
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
        self._of_month.setdefault((view, month), []).append(e)
        years = self._years.setdefault(view, [])
        if month // 12 not in years:
            years.append(month // 12)

    def last(self, view: int, count: int) -> int:
        """The last checkpoint of a view among so many entries; 0 where there is none."""
        ends = self._ends.get(view, [])
        index = bisect_right(ends, count)
        return ends[index - 1] if index else 0

    def last_months(self) -> dict[int, int]:
        """Of each year the last month that had entries by then, 0 for January."""
        found: dict[int, int] = {}
        for _, month in self._of_month:
            found[month // 12] = max(month % 12, found.get(month // 12, 0))
        return found

    def total(self, tables: Tables, view: int, months: tuple[int, int], e: int, out: Numbers) -> None:
        """Add the sums of the months from the first to the last, of the first `e` entries."""
        first, last = months
        for year in self._years.get(view, ()):
            if first // 12 <= year <= last // 12:
                self._add(tables, view, min(last, year * 12 + 11), e, out, np.add)
                if first > year * 12:
                    self._add(tables, view, first - 1, e, out, np.subtract)

    def _add(self, tables: Tables, view: int, month: int, e: int, out: Numbers, how: np.ufunc) -> None:
        vector = self.through(tables, view, month, e)
        if vector is not None:
            part = out[: len(vector)]
            how(part, vector, out=part)

    def through(self, tables: Tables, view: int, month: int, e: int) -> NDArray[Any] | None:
        """The sums from January through a month, of the first `e` entries; shorter where cells came later."""
        best = (0, 0)
        for of in range(month // 12 * 12, month + 1):
            at = self._of_month.get((view, of))
            if at and (index := bisect_right(at, e)):
                best = max(best, (at[index - 1], of))
        if not best[0]:
            return None
        name = ("checkpoint", self._number, view, *best)
        vector: NDArray[Any] | None = self._remembered.peek(name)
        if vector is None:
            ((data,),) = tables.rows(
                "SELECT data FROM cube_checkpoint WHERE material = ? AND e = ? AND view = ? AND month = ?",
                self._number,
                best[0],
                view,
                best[1],
            )
            vector = unpack_vector(data)
            self._remembered.put(name, vector, vector.nbytes)
        return vector
