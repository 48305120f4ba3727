"""The newest forecast: per unit in the running budget, per project (or unit) for investments.

All rows of the newest prognosdatum count. A forecast on a unit is set aside when a unit above it, in the tree asked
for, has a newer one. Rule: contract §3 and decision 0003.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.reporting.asked import Asked, Part
from ledger.reporting.entry import Key
from ledger.reporting.material import PROGNOS, Prognosbelopp
from ledger.reporting.measure import Of, Prognos
from ledger.reporting.omgang import is_drift_slag
from ledger.reporting.register import Held


def holder(row: Prognosbelopp, of: Of) -> tuple[str, str]:
    """What a forecast is kept for: a project, else a unit."""
    if of == "investering" and row.projekt:
        return "projekt", row.projekt
    return "enhet", row.ansvar


def newest(asked: Asked, year: int, of: Of, at: str | None = None) -> list[Held[Prognosbelopp]]:
    """The forecast rows of a year that count, in log order."""
    until = asked.until(at)
    known = [
        held
        for held in asked.snapshot.rows(PROGNOS, str(year), asked.question.kand)
        if is_drift_slag(held.row.slag) == (of == "drift") and (until is None or held.row.prognosdatum <= until)
    ]
    days: dict[tuple[str, str], date] = {}
    for held in known:
        key = holder(held.row, of)
        days[key] = max(days.get(key, date.min), held.row.prognosdatum)
    set_aside = {
        ("enhet", code)
        for kind, code in days
        if kind == "enhet"
        and any(days.get(("enhet", above), date.min) > days["enhet", code] for above in asked.tree.above(code))
    }
    return [
        held
        for held in known
        if held.row.prognosdatum == days[holder(held.row, of)] and holder(held.row, of) not in set_aside
    ]


def parts(asked: Asked, measure: Prognos) -> Iterator[Part]:
    """The forecast amounts that count."""
    for held in newest(asked, asked.question.ar + measure.year, measure.of, measure.at):
        yield part(held)


def part(held: Held[Prognosbelopp]) -> Part:
    """A forecast row as what it adds."""
    row = held.row
    day = row.prognosdatum.year * 10000 + row.prognosdatum.month * 100 + row.prognosdatum.day
    return Part(Key(row.ansvar, slag=row.slag, projekt=row.projekt), row.belopp_ore, held.position, day)
