"""The organisation asked for: units as they were on a day, as known at a position, and whose figures lie under whom.

Rule: contract §3 and decision 0003. A unit's version is its last one begun by the day, else its first; a merged unit
hangs under the one it went into from the day after its last; siblings come in the order they were first recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledger.reporting.material import Enhet
from ledger.reporting.register import Held, standing


class Chart(NamedTuple):
    """Which state of organisation and projects figures are shown in.

    Known at `kand`, on the day `day`; of what takes effect on that very day only facts up to `cut`, where it is given.
    """

    kand: int
    day: date
    cut: int | None = None

    def begun(self, effective: date, position: int) -> bool:
        """Whether something that takes effect on a day, told by the fact at a position, has happened."""
        if effective == self.day and self.cut is not None:
            return position <= self.cut
        return effective <= self.day


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in the tree: its version, what it hangs under, and whether it is open."""

    ansvar: str
    namn: str
    niva: str
    parent: str | None
    teckenregel: str | None
    open: bool


class Organisation:
    """Every version of every unit, as known at a position."""

    def __init__(self, known: Iterable[tuple[str, list[Held[Enhet]]]], kand: int) -> None:
        """Take the rows by unit, in the order in which the units were first recorded."""
        self.kand = kand
        self._versions: dict[str, list[Held[Enhet]]] = {}
        self._closings: dict[str, list[Held[Enhet]]] = {}
        for ansvar, rows in known:
            versions = [held for held in rows if held.row.fran is not None]
            if versions:
                self._versions[ansvar] = sorted(versions, key=_fran)
                self._closings[ansvar] = [held for held in rows if held.row.till is not None]
        self._namnd: dict[tuple[str, date], str] = {}

    def __contains__(self, ansvar: str) -> bool:
        return ansvar in self._versions

    def codes(self) -> list[str]:
        """All units, in the order in which they were first recorded."""
        return list(self._versions)

    def unit(self, ansvar: str, chart: Chart) -> Unit:
        """The unit as it was on the day."""
        held = standing(self._versions[ansvar], lambda row: row.fran or date.min, chart.begun)
        version = held.row
        begun = chart.begun(_fran(held), held.position)
        closing = self._closing(ansvar, version.fran if begun else None, chart)
        parent = version.overordnad
        if closing and closing.ersatt_av in self._versions:
            parent = closing.ersatt_av
        return Unit(ansvar, version.namn, version.niva, parent, version.teckenregel, open=begun and closing is None)

    def _closing(self, ansvar: str, since: date | None, chart: Chart) -> Enhet | None:
        """The last day that ended the version begun at `since`, if it has passed. The newest recorded counts."""
        passed = [
            held.row
            for held in self._closings[ansvar]
            if held.row.till is not None
            and (since is None or held.row.till >= since)
            and chart.begun(date.fromordinal(held.row.till.toordinal() + 1), held.position)
        ]
        return passed[-1] if passed else None

    def namnd(self, ansvar: str, day: date) -> str:
        """The nämnd of a unit on a day: the nearest of level namnd at or above it, else the unit itself."""
        key = (ansvar, day)
        if key not in self._namnd:
            self._namnd[key] = self._find_namnd(ansvar, day)
        return self._namnd[key]

    def _find_namnd(self, ansvar: str, day: date) -> str:
        chart, seen = Chart(self.kand, day), set[str]()
        code: str | None = ansvar
        while code and code in self._versions and code not in seen:
            seen.add(code)
            unit = self.unit(code, chart)
            if unit.niva == "namnd":
                return code
            code = unit.parent
        return ansvar

    def days(self) -> dict[date, list[int]]:
        """The days on which anything changes, with the facts that say so."""
        days: dict[date, list[int]] = {}
        for rows in self._versions.values():
            for held in rows[1:]:
                days.setdefault(held.row.fran or date.min, []).append(held.position)
        for rows in self._closings.values():
            for held in rows:
                if held.row.till:
                    days.setdefault(date.fromordinal(held.row.till.toordinal() + 1), []).append(held.position)
        return days


def _fran(held: Held[Enhet]) -> date:
    """The first day of a version."""
    return held.row.fran or date.min


class Tree:
    """The organisation on one day."""

    def __init__(self, organisation: Organisation, chart: Chart) -> None:
        self.units = {code: organisation.unit(code, chart) for code in organisation.codes()}
        self._children: dict[str | None, list[str]] = {}
        for code, unit in self.units.items():
            parent = unit.parent if unit.parent in self.units and unit.parent != code else None
            self._children.setdefault(parent, []).append(code)

    def top(self) -> str | None:
        """The first recorded unit without a parent."""
        roots = self._children.get(None, [])
        return roots[0] if roots else None

    def children(self, ansvar: str) -> list[str]:
        """The units directly under one."""
        return self._children.get(ansvar, [])

    def under(self, ansvar: str) -> Iterator[str]:
        """The unit and all under it, parents before children."""
        seen, waiting = set[str](), [ansvar]
        while waiting:
            code = waiting.pop()
            if code not in seen:
                seen.add(code)
                yield code
                waiting.extend(reversed(self.children(code)))

    def above(self, ansvar: str) -> Iterator[str]:
        """The unit's ancestors, the nearest first."""
        seen = {ansvar}
        unit = self.units.get(ansvar)
        while unit and unit.parent and unit.parent in self.units and unit.parent not in seen:
            seen.add(unit.parent)
            yield unit.parent
            unit = self.units[unit.parent]

    def rule(self, ansvar: str) -> str:
        """The sign rule of a unit, its own or the nearest above; nettokostnad where none is said."""
        for code in (ansvar, *self.above(ansvar)):
            unit = self.units.get(code)
            if unit and unit.teckenregel:
                return unit.teckenregel
        return "nettokostnad"
