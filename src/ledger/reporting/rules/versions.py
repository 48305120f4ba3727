"""Projects and codes over time: of each the row that stands on a day, worked out once between two changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple

from ledger.reporting.entry import Register
from ledger.reporting.material import KONTO, PROJEKT, VERKSAMHET
from ledger.reporting.rules.kept import kept
from ledger.reporting.rules.tree import Chart, moment
from ledger.reporting.stored.register import Held, standing
from ledger.reporting.stored.snapshot import Snapshot

#: From which day a row of each of these registers holds.
DAYS: Final[dict[Register, Callable[[Any], date]]] = {
    PROJEKT: lambda stage: stage.statusdatum,
    VERKSAMHET: lambda kod: kod.fran,
    KONTO: lambda kod: kod.fran,
}


class _Known(NamedTuple):
    """All versions known at a position, by code, and the days on which any begins."""

    rows: dict[str, list[Held[Any]]]
    days: list[date]


class Standing(NamedTuple):
    """The row that stands of every code, and what names this state of them."""

    name: tuple[Any, ...]
    rows: dict[str, Any]


def stand(snapshot: Snapshot, declared: Register, chart: Chart) -> Standing:
    """Every code as it stood on a day: before its first row, the first."""
    register, memory, day_of = snapshot.register(declared), kept(snapshot), DAYS[declared]
    name: tuple[Any, ...] = (snapshot.number(declared), register.last_change(chart.kand))

    def read() -> _Known:
        found = {code: register.rows(code, chart.kand) for code in register.all_keys()}
        rows = {code: held for code, held in found.items() if held}
        return _Known(rows, sorted({day_of(one.row) for held in rows.values() for one in held}))

    known: _Known = memory.states.get(name, read)
    name = (*name, moment(known.days, chart))
    rows = memory.trees.get(
        name, lambda: {code: standing(held, day_of, chart.begun).row for code, held in known.rows.items()}
    )
    return Standing(name, rows)
