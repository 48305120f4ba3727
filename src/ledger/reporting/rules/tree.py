"""The organisation asked for: units as they were on a day, as known at a position, and whose figures lie under whom.

Rule: contract §3 and decision 0003. A unit's version is its last one begun by the day, else its first; a merged unit
hangs under the one it went into from the day after its last; siblings come in the order they were first recorded.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ledger.reporting.material import Enhet
from ledger.reporting.rules.columns import number_of
from ledger.reporting.stored.codes import Codes
from ledger.reporting.stored.register import Held, standing
from ledger.reporting.stored.space import Numbers


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


#: What decides a state between two changes: how many have happened, or the exact day where it is cut.
Moment = int | tuple[date, int]


def moment(changed: Sequence[date], chart: Chart) -> Moment:
    """The moment of a chart, of the days on which anything changes, in order."""
    return bisect_right(changed, chart.day) if chart.cut is None else (chart.day, chart.cut)


class Organisation:
    """Every version of every unit, as known at a position."""

    def __init__(self, known: Iterable[tuple[str, list[Held[Enhet]]]]) -> None:
        """Take the rows by unit, in the order in which the units were first recorded."""
        self._versions: dict[str, list[Held[Enhet]]] = {}
        self._closings: dict[str, list[Held[Enhet]]] = {}
        for ansvar, rows in known:
            versions = [held for held in rows if held.row.fran is not None]
            if versions:
                self._versions[ansvar] = sorted(versions, key=_fran)
                self._closings[ansvar] = [held for held in rows if held.row.till is not None]

    def but(self, known: Mapping[str, list[Held[Enhet]]], order: Iterable[str]) -> Organisation:
        """The same with the rows of some units replaced. `order`: all units as they were first recorded."""
        found, other = Organisation(()), Organisation(known.items())
        kept = {ansvar: rows for ansvar, rows in self._versions.items() if ansvar not in known or ansvar in other}
        found._versions = kept | other._versions
        if len(found._versions) > len(kept):
            found._versions = {ansvar: found._versions[ansvar] for ansvar in order if ansvar in found._versions}
        found._closings = {**self._closings, **other._closings}
        return found

    @cached_property
    def may_close(self) -> set[str]:
        """The units of which it is said that they cease."""
        return {ansvar for ansvar, rows in self._closings.items() if rows}

    def __contains__(self, ansvar: str) -> bool:
        return ansvar in self._versions

    def codes(self) -> list[str]:
        """All units, in the order in which they were first recorded."""
        return list(self._versions)

    def begins(self, ansvar: str) -> date:
        """The first day of a unit."""
        return _fran(self._versions[ansvar][0])

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

    def moment(self, chart: Chart) -> Moment:
        """What decides the state on a day: between two changes it is the same."""
        return moment(self._changed, chart)

    @cached_property
    def _changed(self) -> list[date]:
        """Every day on which a version begins or a unit has ceased, in order."""
        begun = {_fran(held) for rows in self._versions.values() for held in rows}
        return sorted(begun | self.days().keys())

    def moments(self, days: Numbers) -> Numbers:
        """Between which changes some days lie: the number of changes up to each."""
        return np.searchsorted(np.array([number_of(day) for day in self._changed], np.int64), days, "right")

    def day_of(self, number: int) -> date:
        """A day of the state after so many changes."""
        return self._changed[number - 1] if number else date.min

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
    """The organisation on one day. `codes` numbers the units."""

    def __init__(
        self, organisation: Organisation, chart: Chart, codes: Codes, alike: Mapping[str, Unit] | None = None
    ) -> None:
        """`alike`: units that are known to be the same, unless it is said of them that they cease."""
        self._codes = codes
        same = (alike or {}).keys() - organisation.may_close
        self.units = {
            code: alike[code] if alike and code in same else organisation.unit(code, chart)
            for code in organisation.codes()
        }
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

    @cached_property
    def _above(self) -> Numbers:
        """The unit that each unit hangs under, by number; NOTHING where there is none."""
        codes = self._codes.numbers(self.units)
        parents = self._codes.numbers(
            unit.parent if unit.parent in self.units else None for unit in self.units.values()
        )
        found = np.zeros(len(self._codes), np.int64)
        found[codes] = parents
        return found

    @cached_property
    def namnder(self) -> Numbers:
        """The nämnd of every unit by number: the nearest of level namnd at or above it, else the unit itself."""
        above, found = self._above, np.arange(len(self._above))
        is_namnd = np.zeros(len(above), np.bool_)
        is_namnd[self._codes.numbers(code for code, unit in self.units.items() if unit.niva == "namnd")] = True
        # A chain that ends in a circle has no more links than there are units.
        for _ in self.units:
            rising = np.flatnonzero(~is_namnd[found] & (above[found] > 0))
            if not len(rising):
                break
            found[rising] = above[found[rising]]
        return np.where(is_namnd[found], found, np.arange(len(found)))

    @cached_property
    def ancestry(self) -> tuple[Numbers, Numbers]:
        """Every unit beside each unit above it, by number."""
        below, above = self._codes.numbers(self.units), self._above
        pairs = [(below, above[below])]
        for _ in self.units:
            below, higher = pairs[-1]
            rising = above[higher] > 0
            if not rising.any():
                break
            pairs.append((below[rising], above[higher[rising]]))
        belows, aboves = np.concatenate([one for one, _ in pairs]), np.concatenate([one for _, one in pairs])
        # In a circle a unit comes back to itself, which is not above it.
        real = (aboves > 0) & (aboves != belows)
        return belows[real], aboves[real]
