"""What differs between the organisations of two days, among the units of a table: told in a footnote, by name.

Told from the earlier day to the later, whichever of them the question is asked in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ledger.reporting.rules.tree import Chart, Tree, Unit
from ledger.reporting.tables.sheet import Sheet

#: So many units are named of each kind of change.
NAMED: Final = 40


def changes(one: Sheet, two: Sheet) -> list[str]:
    """The footnote about units that moved, merged, began, ceased or were renamed between two sheets' days; or none."""
    before, after = sorted((one, two), key=lambda sheet: sheet.asked.chart.day)
    shown = set(before.layout.units) | set(after.layout.units)
    then, now = before.asked.tree, after.asked.tree
    units = [(then.units[code], now.units[code]) for code in now.units if code in shown and code in then.units]
    told = [
        _said("flyttade", (_way(old.namn, then, old, now, new) for old, new in units if _has_moved(old, new))),
        _said("sammanslagna", (f"{old.namn} → {_above(now, new)}" for old, new in units if _is_merged(old, new))),
        _said("upphörda", (old.namn for old, new in units if _has_ceased(old, new))),
        _said("nya", (new.namn for old, new in units if new.open and not old.open)),
        _said("namnbyten", (f"{old.namn} → {new.namn}" for old, new in units if old.namn != new.namn)),
    ]
    days = f"{_day(before.asked.chart)} till {_day(after.asked.chart)}"
    told = [text for text in told if text]
    return [f"Organisationen från {days}: {'; '.join(told)}."] if told else []


def _has_moved(old: Unit, new: Unit) -> bool:
    return old.parent != new.parent and old.open == new.open


def _is_merged(old: Unit, new: Unit) -> bool:
    return old.parent != new.parent and old.open and not new.open


def _has_ceased(old: Unit, new: Unit) -> bool:
    return old.parent == new.parent and old.open and not new.open


def _way(namn: str, then: Tree, old: Unit, now: Tree, new: Unit) -> str:
    return f"{namn} ({_above(then, old)} → {_above(now, new)})"


def _above(tree: Tree, unit: Unit) -> str:
    """The name of the unit above; the top has none."""
    above = tree.units.get(unit.parent or "")
    return above.namn if above else "överst"


def _said(kind: str, names: Iterator[str]) -> str:
    """One kind of change with its units; blank where there are none."""
    told = list(names)
    more = f" och {len(told) - NAMED} till" if len(told) > NAMED else ""
    return f"{kind}: {', '.join(told[:NAMED])}{more}" if told else ""


def _day(chart: Chart) -> str:
    return chart.day.isoformat()
