"""Budget movements as columns, and which of them count: known, dated, decided.

`Counted` names the rows that a sum runs over; the same rows are what the sum is taken apart into.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from ledger.domain.kodstrang import DRIFT
from ledger.reporting.entry import Key
from ledger.reporting.material import BUDGET, Budgetsida
from ledger.reporting.measure import Of
from ledger.reporting.rules.columns import Columns, Fields, columns, joined, number_of
from ledger.reporting.rules.kept import Kept, kept
from ledger.reporting.stored.codes import Cells, Mask
from ledger.reporting.stored.exact import ore
from ledger.reporting.stored.register import NEVER, Held
from ledger.reporting.stored.snapshot import Snapshot
from ledger.reporting.stored.space import Numbers

Side = Held[Budgetsida]
Movements = Columns[Budgetsida]

#: Which decisions open a round.
OPENS: Final[dict[Of, str]] = {"drift": "budget", "investering": "investeringsram"}


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """The movements under one key that a figure is of: rows of the columns, in the order in which they were said."""

    of: Movements
    rows: Numbers

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, field: str) -> Any:
        return self.of[field][self.rows]

    def where(self, mask: Mask) -> Counted:
        """Those of them that a mask over them keeps."""
        return Counted(self.of, self.rows[mask])

    def held(self) -> list[Side]:
        """The movements themselves."""
        held = self.of.held
        return [held[row] for row in self.rows.tolist()]


class Decided(NamedTuple):
    """The movements under one key, and which of them are known, dated in time and decided."""

    of: Movements
    mask: Mask

    def about(self, of: Of) -> Mask:
        """Those of them that are of the running budget, or of investments."""
        drift: Mask = self.of["drift"]
        return self.mask & (drift if of == "drift" else ~drift)

    def counted(self, mask: Mask) -> Counted:
        """The movements of a mask."""
        return Counted(self.of, self.of.rows(mask))


#: What a line of a specification is of.
URSPRUNG: Final = "ursprung"
ANDRING: Final = "andring"
FORSLAG: Final = "forslag"


class Reason(NamedTuple):
    """What the movements of one fact have in common that are for one reason: a day, a typ of decision and a text."""

    effective: int
    position: int
    typ: str
    about: str


class Change(NamedTuple):
    """A line of a specification: what one decision, for one reason, does to the frame of a row of the table.

    `sort` is URSPRUNG (original budget), ANDRING or FORSLAG (not yet decided).
    """

    row: str
    sort: str
    effective: int
    position: int
    typ: str
    about: str


def key_of(side: Budgetsida) -> Key:
    """The cell of a movement."""
    return Key(side.ansvar, side.verksamhet, side.konto, side.slag, side.projekt)


def is_drift_slag(slag: str) -> bool:
    """Whether a slag is of the running budget."""
    return slag in DRIFT


def reason(held: Side) -> Reason:
    """Why a movement was made. What a unit does within its own budget is told as one, whatever its rows say."""
    side = held.row
    within = side.typ in {"detaljbudget", "periodisering"}
    return Reason(number_of(side.beslutsdatum), held.position, side.typ, "" if within else side.text or "")


def pots(cells: Cells, memory: Kept) -> Numbers:
    """What the frame and forecast of an investment are kept for, of every cell: its project (odd), else its unit."""
    projekt, ansvar = memory.codes.column(cells, "projekt"), memory.codes.column(cells, "ansvar")
    size = min(len(projekt), len(ansvar))
    found: Numbers = np.where(projekt[:size] > 0, 2 * projekt[:size] + 1, 2 * ansvar[:size])
    return found


def encoded(held: Sequence[Side], memory: Kept) -> Fields:
    """Movements as columns."""
    sides = [one.row for one in held]
    cell = np.array([memory.cells.place(key_of(side)) for side in sides], np.int64)
    numbers = memory.codes.numbers

    def flags(values: Iterator[bool]) -> Mask:
        return np.fromiter(values, np.bool_, len(sides))

    return {
        "cell": cell,
        "ansvar": memory.codes.column(memory.cells, "ansvar")[cell],
        "slag": memory.codes.column(memory.cells, "slag")[cell],
        "projekt": memory.codes.column(memory.cells, "projekt")[cell],
        "pot": pots(memory.cells, memory)[cell],
        "amount": ore([side.belopp_ore for side in sides]),
        "day": np.array([number_of(side.beslutsdatum) for side in sides], np.int64),
        "period": np.array([side.period or 0 for side in sides], np.int64),
        "drift": flags(is_drift_slag(side.slag) for side in sides),
        "proposed": flags(side.forslag is not None for side in sides),
        "original": flags(side.ursprunglig for side in sides),
        "leaves": flags((side.annat_ar or 0) > side.ar for side in sides),
        "comes": flags(side.annat_ar is not None and side.annat_ar < side.ar for side in sides),
        "opens": flags(side.typ == OPENS["drift" if is_drift_slag(side.slag) else "investering"] for side in sides),
        "typ": numbers(side.typ for side in sides),
        "reason": np.array([memory.reasons.place(reason(one)) for one in held], np.int64),
        "n": np.array([one.n for one in held], np.int64),
        "replaces": flags(side.ersatter for side in sides),
    }


def raised(snapshot: Snapshot) -> Movements | None:
    """The decided movements that raise a frame within its own year without financing; None where nothing is decided."""
    register, memory = snapshot.register(BUDGET), kept(snapshot)
    name, changed = (snapshot.number(BUDGET), raised), register.last_change(NEVER)
    known: Movements | None = memory.columns.peek(name)
    if known is not None and known.changed == changed:
        return known
    parts = [columns(snapshot, BUDGET, key, _dated, _raises) for key in register.all_keys()]
    if not parts:
        return None
    found = joined(parts)
    memory.columns.put(name, found)
    return found


def _raises(side: Budgetsida) -> bool:
    return side.ofinansierad and side.forslag is None


def _dated(held: Sequence[Side], _memory: Kept) -> Fields:
    return {"day": np.array([number_of(one.row.beslutsdatum) for one in held], np.int64)}
