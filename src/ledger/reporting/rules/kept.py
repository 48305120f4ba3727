"""What is kept between questions because the next one may need it: worked out once, thrown away when little used.

Everything here follows from immutable facts and is found by what it follows from, so it is never wrong and may be
shared by threads. Nothing here holds a connection.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Final

from numpy.typing import NDArray

from ledger.reporting.entry import Key
from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.codes import Codes, Keyring

if TYPE_CHECKING:
    from ledger.reporting.stored.snapshot import Snapshot

#: How many of each are kept: states of the organisation and of projects, trees, and layouts with their placings.
STATES: Final = 64
TREES: Final = 128
LAYOUTS: Final = 128
SENTENCES: Final = 10_000
#: How many years of decisions, and of forecasts, are kept as columns.
COLUMNS: Final = 256
#: Bytes of what is kept of the decisions of years: which count, and what they come to.
WORKED_OUT: Final = 32 * 2**20
#: Bytes of what budgets and forecasts come to on rows.
GATHERED: Final = 16 * 2**20
#: How many sets of footnotes on findings are kept.
NOTES: Final = 1024
#: Of how many questions the findings on decisions are kept: there may be thousands of each.
FINDINGS: Final = 16
#: What a name takes besides its numbers, about.
NAMING: Final = 2_000


class Kept:
    """All that sums keep of one read model."""

    def __init__(self) -> None:
        self.codes = Codes()
        #: Cells of decisions and forecasts.
        self.cells: Keyring[Key] = Keyring()
        #: Why movements were made.
        self.reasons: Keyring[Any] = Keyring()
        self.states: Bounded[Any] = Bounded(STATES)
        self.trees: Bounded[Any] = Bounded(TREES)
        self.layouts: Bounded[Any] = Bounded(LAYOUTS)
        #: Rows of layouts, spelled out columns, and sentences of footnotes.
        self.lines: Bounded[Any] = Bounded(LAYOUTS)
        self.columns_of: Bounded[Any] = Bounded(LAYOUTS)
        self.sentences: Bounded[Any] = Bounded(SENTENCES)
        self.columns: Bounded[Any] = Bounded(COLUMNS)
        #: What budgets and forecasts come to on the rows of a layout.
        self.gathered: Bounded[Any] = Bounded(GATHERED)
        #: Footnotes on findings, by the findings.
        self.notes: Bounded[tuple[str, ...]] = Bounded(NOTES)
        #: Findings on decisions, by the question.
        self.findings: Bounded[Any] = Bounded(FINDINGS)
        #: Up to which position a year's outcome had no entry in a table.
        self.nothing: Bounded[int] = Bounded(NOTES)
        self._worked_out: Bounded[tuple[NDArray[Any], ...]] = Bounded(WORKED_OUT)

    def worked_out(self, name: Hashable, make: Callable[[], tuple[NDArray[Any], ...]]) -> tuple[NDArray[Any], ...]:
        """Columns of numbers that follow from what their name says, made where they are not kept."""
        found = self._worked_out.peek(name)
        if found is None:
            found = make()
            self._worked_out.put(name, found, NAMING + sum(column.nbytes for column in found))
        return found


def kept(snapshot: Snapshot) -> Kept:
    """What is kept of the read model that a snapshot is of."""
    found: Kept | None = snapshot.built.get(("kept",))
    return found or snapshot.built.setdefault(("kept",), Kept())
