"""Cells: what the entries of a column add up to on a row, and the formulas over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

from tests.oracle.entries import Entry

#: Row → slag → öre in the books' sign. A slag is there when some entry of it counts, whatever the sum.
Tally: TypeAlias = dict[str, dict[str, int]]

#: The rows on which an entry lies.
Place: TypeAlias = Callable[[Entry], Sequence[str]]

OUTCOME: Final = "outcome"
BUDGET: Final = "budget"
FORECAST: Final = "forecast"

#: The whole of a row, as against one slag of it.
NET: Final = "net"


class Column(NamedTuple):
    """The entries that one column sums. Without entries (`None`) every cell of it is null."""

    kind: str
    entries: Sequence[Entry] | None


class Row(NamedTuple):
    """A row of the answer: the tally it shows (`of`), which slag of it, and -1 where income is shown positive."""

    key: str
    of: str
    slag: str = NET
    sign: int = 1


class Cells:
    """The sums of every column on every row, in the books' sign."""

    def __init__(self, columns: dict[str, Column], place: Place) -> None:
        self.columns = columns
        self.tallies = {key: tally(column.entries or (), place) for key, column in columns.items()}

    def book(self, column: str, row: Row) -> int | None:
        """The sum in the books' sign.

        Null: no forecast counts on the row, or a varav of a budget or forecast that is netto only.
        """
        kind, entries = self.columns[column]
        amounts = self.tallies[column].get(row.of, {})
        if entries is None or (kind == FORECAST and not amounts):
            return None
        if row.slag == NET:
            return sum(amounts.values())
        netto_only = "netto" in amounts and "kostnad" not in amounts and "intakt" not in amounts
        if kind != OUTCOME and netto_only:
            return None
        return amounts.get(row.slag, 0)

    def shown(self, column: str, row: Row) -> int | None:
        """The sum in the direction of the row."""
        book = self.book(column, row)
        return None if book is None else row.sign * book

    def in_direction(self, column: str, row: Row, slag: str, sign: int) -> int | None:
        """One slag of a row in its own direction; 0 on the row of the other slag."""
        if self.book(column, row._replace(slag=NET)) is None:
            return None
        if row.slag not in (NET, slag):
            return 0
        return sign * self.tallies[column].get(row.of, {}).get(slag, 0)

    def difference(self, column: str, other: str, row: Row) -> int | None:
        """`column` − `other` in the books' sign: an avvikelse, positive where it is favourable."""
        return minus(self.book(column, row), self.book(other, row))


def tally(entries: Sequence[Entry], place: Place) -> Tally:
    """The sum of the entries on every row and slag."""
    found: Tally = {}
    for entry in entries:
        for row in place(entry):
            amounts = found.setdefault(row, {})
            amounts[entry.slag] = amounts.get(entry.slag, 0) + entry.ore
    return found


def minus(a: int | None, b: int | None) -> int | None:
    """`a` − `b`, null where one is."""
    return None if a is None or b is None else a - b
