"""What differs between the organisations of two days, among the units of a table: told in a footnote, by name.

Told from the earlier day to the later, whichever of them the question is asked in.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Final

from ledger.domain.language import N_, phrase
from ledger.domain.refusal import strung
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
        _said(
            N_("flyttade: {units}"), (_way(old.namn, then, old, now, new) for old, new in units if _has_moved(old, new))
        ),
        _said(
            N_("sammanslagna: {units}"),
            (_from_to(old.namn, _above(now, new)) for old, new in units if _is_merged(old, new)),
        ),
        _said(N_("upphörda: {units}"), (old.namn for old, new in units if _has_ceased(old, new))),
        _said(N_("nya: {units}"), (new.namn for old, new in units if new.open and not old.open)),
        _said(N_("namnbyten: {units}"), (_from_to(old.namn, new.namn) for old, new in units if old.namn != new.namn)),
    ]
    days = phrase("{first} till {last}", first=_day(before.asked.chart), last=_day(after.asked.chart))
    told = [text for text in told if text]
    return [phrase("Organisationen från {days}: {told}.", days=days, told=reduce(_and, told))] if told else []


def _has_moved(old: Unit, new: Unit) -> bool:
    return old.parent != new.parent and old.open == new.open


def _is_merged(old: Unit, new: Unit) -> bool:
    return old.parent != new.parent and old.open and not new.open


def _has_ceased(old: Unit, new: Unit) -> bool:
    return old.parent == new.parent and old.open and not new.open


def _way(namn: str, then: Tree, old: Unit, now: Tree, new: Unit) -> str:
    return phrase("{namn} ({way})", namn=namn, way=_from_to(_above(then, old), _above(now, new)))


def _from_to(one: str, other: str) -> str:
    return phrase("{one} → {other}", one=one, other=other)


def _and(one: str, other: str) -> str:
    return phrase("{one}; {other}", one=one, other=other)


def _above(tree: Tree, unit: Unit) -> str:
    """The name of the unit above; the top has none."""
    above = tree.units.get(unit.parent or "")
    return above.namn if above else phrase("överst")


def _said(kind: str, names: Iterator[str]) -> str:
    """One kind of change with its units; blank where there are none."""
    told = list(names)
    if not told:
        return ""
    units = strung(told[:NAMED])
    if len(told) > NAMED:
        units = phrase("{names} och {count} till", names=units, count=len(told) - NAMED)
    return phrase(kind, units=units)


def _day(chart: Chart) -> str:
    return chart.day.isoformat()
