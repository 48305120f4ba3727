"""The posted rows of a ledger as flat columns, read by the driver alone: what answers are checked by and peers are fed.

Not here: anything of the ledger's own reading. A row of a leverans that was replaced stands twice more, once negative.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks import floors
from ledger.reporting.stored.cube import Window

POSTED: Final = ("verifikation_posted.v1", "verifikation_corrected.v1", "utfall_reported.v1", "utfall_corrected.v1")
DRIFT: Final = ("kostnad", "intakt")

#: Unit, slag, händelse.
Cell = tuple[str | None, str | None, str | None]


class Flat(NamedTuple):
    """Rows of drift in log order: position, number of the cell, day (`20240331`), öre."""

    position: NDArray[np.int64]
    cell: NDArray[np.int64]
    day: NDArray[np.int64]
    amount: NDArray[np.int64]
    cells: list[Cell]

    def sums(self, window: Window) -> dict[Cell, int]:
        """The sum of every cell within a window that is not zero, by looking at every row."""
        month = self.day // 100
        counts = (self.position <= window.kand) & (month >= window.first) & (month <= window.last)
        if window.until is not None:
            counts &= self.day <= window.until
        found = np.zeros(len(self.cells), np.int64)
        np.add.at(found, self.cell[counts], self.amount[counts])
        return {cell: int(total) for cell, total in zip(self.cells, found, strict=True) if total}


def flat(url: str, upto: int) -> Flat:
    """The rows of drift of the first facts of a ledger."""
    positions, cells, days, amounts = (array("q") for _ in range(4))
    numbers: defaultdict[Cell, int] = defaultdict(lambda: len(numbers))
    decode = msgspec.json.decode
    where = f"name IN {POSTED}"
    for page in floors.pages(url, "position, name, public", where=where):
        for position, _, public in page:
            if position > upto:
                break
            for day, sign, row in _rows(decode(public)):
                if row.get("slag") in DRIFT:
                    positions.append(position)
                    cells.append(numbers[row.get("ansvar"), row["slag"], row.get("handelse")])
                    days.append(int(day.replace("-", "")))
                    amounts.append(sign * row["belopp_ore"])
    position, cell, day, amount = (np.frombuffer(column, np.int64) for column in (positions, cells, days, amounts))
    return Flat(position, cell, day, amount, list(numbers))


def _rows(fact: dict[str, Any]) -> Any:
    """The rows of a posting with their day and sign."""
    if "bokforingsdatum" in fact:
        day = fact["bokforingsdatum"]
        return [(day, 1, row) for row in fact["rader"]]
    found = []
    for name, sign in (("rader", 1), ("fore", -1), ("efter", 1)):
        found += [(row["bokforingsdatum"], sign, row["rad"]) for row in fact.get(name, ())]
    return found
