"""The newest forecast: per unit in the running budget, per project (or unit) for investments.

All rows of the newest prognosdatum count. A forecast on a unit is set aside when a unit above it, in the tree asked
for, has a newer one. Rule: contract §3 and decision 0003.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from ledger.reporting.entry import Key
from ledger.reporting.material import PROGNOS, Prognosbelopp
from ledger.reporting.measure import Of
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.columns import Columns, Fields, columns, day_of, number_of
from ledger.reporting.rules.kept import Kept
from ledger.reporting.rules.movements import is_drift_slag, pots
from ledger.reporting.stored.codes import Mask, among, distinct
from ledger.reporting.stored.exact import ore
from ledger.reporting.stored.register import Held
from ledger.reporting.stored.space import Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Newest:
    """The forecast rows that count, by row."""

    of: Columns[Any]
    rows: Numbers

    def __getitem__(self, field: str) -> Any:
        return self.of[field][self.rows]

    def held(self) -> list[Held[Any]]:
        """The rows themselves."""
        return [self.of.held[row] for row in self.rows.tolist()]


def encoded(held: Sequence[Held[Prognosbelopp]], memory: Kept) -> Fields:
    """Forecast rows as columns. `pot` is what one of investments is kept for, `unit` of the running budget."""
    rows = [one.row for one in held]
    cell = np.array([memory.cells.place(_key(row)) for row in rows], np.int64)
    return {
        "cell": cell,
        "unit": 2 * memory.codes.column(memory.cells, "ansvar")[cell],
        "pot": pots(memory.cells, memory)[cell],
        "amount": ore([row.belopp_ore for row in rows]),
        "day": np.array([number_of(row.prognosdatum) for row in rows], np.int64),
        "drift": np.array([is_drift_slag(row.slag) for row in rows], np.bool_),
    }


def newest(asked: Asked, year: int, of: Of, at: str | date | None = None) -> Newest:
    """The forecast rows of a year that count, in log order."""
    return asked.once(("prognos", year, of, asked.until(at)), lambda: _newest(asked, year, of, at))


def name_of(asked: Asked, year: int, of: Of, at: str | date | None = None) -> Hashable:
    """What the forecast rows of a year that count follow from."""
    _, mask = _given(asked, year, of, at)
    return "prognos", asked.snapshot.number(PROGNOS), year, of, mask.tobytes(), asked.grown


def _given(asked: Asked, year: int, of: Of, at: str | date | None) -> tuple[Columns[Any], Mask]:
    """The forecast rows of a year, and which of them are known and dated in time."""

    def read() -> tuple[Columns[Any], Mask]:
        given = columns(asked.snapshot, PROGNOS, str(year), encoded)
        drift = given["drift"] if of == "drift" else ~given["drift"]
        return given, given.known(asked.question.kand) & drift & (given["day"] <= asked.last(at))

    return asked.once(("given", year, of, asked.until(at)), read)


def _newest(asked: Asked, year: int, of: Of, at: str | date | None) -> Newest:
    given, mask = _given(asked, year, of, at)
    rows = given.rows(mask)
    holder, day = given["unit" if of == "drift" else "pot"][rows], given["day"][rows]
    # The newest day of every unit beside that of each unit above it: forecasts on units have even numbers.
    below, above = asked.tree.ancestry
    days = np.zeros(2 * len(asked.kept.codes), np.int64)
    np.maximum.at(days, holder, day)
    set_aside = np.zeros(len(days), np.bool_)
    set_aside[2 * below[days[2 * above] > days[2 * below]]] = True
    return Newest(given, rows[(day == days[holder]) & ~set_aside[holder]])


def forecast_days(asked: Asked) -> list[date]:
    """The days on which units under the one asked for gave a forecast of the year, in order."""
    given = columns(asked.snapshot, PROGNOS, str(asked.question.ar), encoded)
    known = given.known(asked.question.kand) & (given["day"] <= asked.last(None))
    under = distinct(asked.kept.codes.numbers(asked.tree.under(asked.ansvar) if asked.ansvar else ()))
    return [day_of(day) for day in distinct(given["day"][known & among(given["unit"] // 2, under)]).tolist()]


def _key(row: Prognosbelopp) -> Key:
    return Key(row.ansvar, slag=row.slag, projekt=row.projekt)
