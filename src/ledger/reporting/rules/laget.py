"""What stands of a register whose rows are replaced by newer ones about the same thing.

All rows of the newest day count, of each thing and year. Limited as everything is: by `kand`, and by `beslutad`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from ledger.reporting.entry import Key, Lagesbelopp, Register
from ledger.reporting.measure import Laget
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.columns import Columns, Fields, columns, number_of
from ledger.reporting.rules.kept import Kept
from ledger.reporting.rules.prognos import Newest
from ledger.reporting.stored.exact import ore
from ledger.reporting.stored.register import Held

#: In which field of a cell's key each code of a `Lagesbelopp` lies.
FIELDS: Final = {"om": "projekt", "kategori": "konto", "status": "verksamhet"}


class Said(NamedTuple):
    """What the newest row says of everything, by what it is about; and what names this state."""

    name: tuple[Any, ...]
    rows: dict[str, Lagesbelopp]


def encoded(held: Sequence[Held[Lagesbelopp]], memory: Kept) -> Fields:
    """Rows as columns."""
    rows = [one.row for one in held]
    cell = np.array([memory.cells.place(_key(row)) for row in rows], np.int64)
    return {
        "cell": cell,
        "om": memory.codes.column(memory.cells, FIELDS["om"])[cell],
        "amount": ore([row.belopp_ore for row in rows]),
        "day": np.array([number_of(row.dag) for row in rows], np.int64),
    }


def newest(asked: Asked, measure: Laget) -> Newest:
    """The rows of a year that count, in log order. Errors: TypeError for a measure of no register."""
    if measure.register is None:
        msg = "a measure of what stands names its register"
        raise TypeError(msg)
    return _newest(asked, measure.register, asked.question.ar + measure.year, measure)


def _newest(asked: Asked, register: Register, year: int, measure: Laget) -> Newest:
    def read() -> Newest:
        given: Columns[Any] = columns(asked.snapshot, register, str(year), encoded)
        rows = given.rows(given.known(asked.question.kand) & (given["day"] <= asked.last(measure.at)))
        about, day = given["om"][rows], given["day"][rows]
        days = np.zeros(len(asked.kept.codes), np.int64)
        np.maximum.at(days, about, day)
        return Newest(given, rows[day == days[about]])

    return asked.once(("lage", register.name, year, asked.until(measure.at)), read)


def said(asked: Asked, register: Register) -> Said:
    """The newest row of everything the register is about: of the year asked for, else of the year nearest before it.

    Where nothing was said of it by then, of the first year after.
    """
    ar = asked.question.ar
    years = sorted(int(key) for key in asked.snapshot.register(register).all_keys())
    # The one that is said last counts: first the years to come, the farthest first; then the past ones in order.
    ordered = [*reversed([year for year in years if year > ar]), *(year for year in years if year <= ar)]
    rows: dict[str, Lagesbelopp] = {}
    for year in ordered:
        for held in newest(asked, Laget(register=register, year=year - ar)).held():
            row: Any = held.row
            rows[row.om] = row
    changed = asked.snapshot.register(register).last_change(asked.question.kand)
    return Said((asked.snapshot.number(register), changed, ar, asked.until(None)), rows)


def _key(row: Lagesbelopp) -> Key:
    return Key(row.ansvar, verksamhet=row.status, konto=row.kategori, slag=row.slag, projekt=row.om)
