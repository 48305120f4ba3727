"""The outcome in which two answers differ, read once for all their lines and columns.

Two sheets of one layout count outcome within limits on both time axes (regions). Entries that lie in the same regions
are of one *lot*, and a fact nearly always is of one lot only: so how many facts change a line, and which come first, is
told of each lot and line once, whatever columns the lot is in. Facts of several lots are left to who asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.entry import Cube
from ledger.reporting.explaining.lying import NOWHERE, Kind, Lying
from ledger.reporting.explaining.shares import NOTHING, Shares, begins, side_by_side, summed, sums
from ledger.reporting.explaining.sources import Outcome
from ledger.reporting.measure import Measure
from ledger.reporting.stored.codes import Mask, among
from ledger.reporting.stored.cube import Window
from ledger.reporting.stored.cube_days import month_number, period_of
from ledger.reporting.stored.space import Entries, Numbers, Ore, Space

#: Regions are bits of one number.
MOST_REGIONS: Final = 62

#: Piles up to here have numbers of 16 bits, which take less time to sort.
SHORT: Final = 2**16


class Region(NamedTuple):
    """Entries that one sheet counts: those of a window, without those of another where there is one."""

    window: Window
    beside: Window | None

    @property
    def floor(self) -> int:
        """The position to which it holds nothing, as far as can be told at once."""
        other, own = self.beside, self.window
        if other is None or not (other.first <= own.first and own.last <= other.last):
            return 0
        lasts = other.until is None or (own.until is not None and own.until <= other.until)
        return other.kand if lasts else 0

    @property
    def is_empty(self) -> bool:
        """Whether it is sure to hold nothing."""
        return self.floor >= self.window.kand or self.window.first > self.window.last

    def holds(self, kand: int, days: Numbers) -> Mask:
        """Which days of entries lie in it that are known at a position and no earlier limit."""
        found = _within(self.window, kand, days)
        return found & ~_within(self.beside, kand, days) if self.beside else found


def _within(window: Window, kand: int, days: Numbers) -> Mask:
    months = days // 100
    found: Mask = (months >= window.first) & (months <= window.last) & (kand <= window.kand)
    return found if window.until is None else found & (days <= window.until)


class Lots(NamedTuple):
    """Entries in log order, and the lot of each."""

    entries: Entries
    lot: NDArray[np.int32]


class Piles(NamedTuple):
    """The facts of each lot on each line, in log order, with the share of each; `idle` is how many come to nothing.

    Those of a lot (row) and line (column) stand from `starts` and before `ends`. `noted` is for who looks through them
    pile by pile: which have been seen.
    """

    position: Numbers
    amount: Ore
    starts: Numbers
    ends: Numbers
    idle: Numbers
    noted: Mask


class Pool:
    """The outcome of one cube that two sheets of one layout count on some lines, in some regions.

    `others` are the positions of facts that change the lines in other ways too; ascending, each once.
    """

    def __init__(
        self, lying: Lying, outcome: Outcome, measure: Measure, regions: Sequence[Region], others: Numbers
    ) -> None:
        asked = lying.sheet.asked
        self._lying, self._measure, self.regions = lying, measure, regions
        self.space: Space = asked.snapshot.space(outcome.cube, lying.sheet.layout.view(measure.of))
        # Another question may add cells meanwhile, but none that this one counts.
        self._size = len(self.space)
        self.wanted = lying.lain(self.space, measure.of, self._size) & outcome.counted(asked, self.space, self._size)
        entries = self._read(outcome.cube)
        #: Which regions (rows) each lot (columns) lies in.
        self.lies_in, lot = _lots(regions, entries)
        self._plain, self._mixed = _parted(entries, lot, others)
        self._piles: dict[Kind, Piles] = {}

    def _read(self, cube: Cube) -> Entries:
        """The entries of all regions in log order, and others in the same months."""
        asked, fields = self._lying.sheet.asked, self.space.fields
        wanted = None if self.wanted.all() else self.wanted
        found = []
        for stretch in _stretches(self.regions):
            window = Window(stretch.first, stretch.last, stretch.known, None)
            beside = window._replace(kand=stretch.floor) if stretch.floor else None
            found.append(asked.snapshot.columns(cube, fields, window, beside=beside, wanted=wanted))
        found = [_merged(entries) for entries in found]
        if len(found) == 1:
            return found[0]
        entries = Entries(*(np.concatenate(columns) for columns in zip(*found, strict=True)))
        return _some(entries, np.argsort(entries.position, kind="stable"))

    def mixed(self, region: Region) -> Entries:
        """The entries in a region of facts that are in no pile."""
        inside = self.lies_in[self.regions.index(region)] if region in self.regions else np.zeros_like(self.lies_in[0])
        return _some(self._mixed.entries, inside[self._mixed.lot])

    def piles(self, kind: Kind, lines: int) -> Piles:
        """The facts on the lines of a kind; there are so many lines in all."""
        if kind not in self._piles:
            layers = self._lying.layers(self.space, self._size, self._measure, kind)
            shape = self.lies_in.shape[1], lines
            self._piles[kind] = _together(_apart([self._layer(lies, lines) for lies in layers]), shape)
        return self._piles[kind]

    def _layer(self, lies: Numbers, lines: int) -> Shares:
        """The shares of facts in cells that lie on one line each. Lines are numbered lot by lot; in log order."""
        line = lies.astype(np.int32).take(self._plain.entries.cell)
        place = self._plain.lot * np.int32(lines) + line
        position, amount = self._plain.entries.position, self._plain.entries.amount
        on = line != NOWHERE
        if not on.all():
            place, position, amount = place[on], position[on], amount[on]
        return summed(Shares(place, position, amount))


def _apart(layers: list[Shares]) -> list[Shares]:
    """Layers of which no two have shares on the same line."""
    seen = np.zeros(0, np.bool_)
    for layer in layers:
        here = np.bincount(layer.line, minlength=len(seen)) > 0
        if (here[: len(seen)] & seen).any():
            return [side_by_side(layers)[0]]
        here[: len(seen)] |= seen
        seen = here
    return layers


def _together(layers: list[Shares], shape: tuple[int, int]) -> Piles:
    """The piles of layers of which no two share any."""
    found = [_piled(layer, shape[0] * shape[1]) for layer in layers]
    if not found:
        found = [_piled(NOTHING, shape[0] * shape[1])]
    first, *rest = found
    for piles in rest:
        here, after = piles.ends > piles.starts, len(first.position)
        first = Piles(
            np.concatenate((first.position, piles.position)),
            np.concatenate((first.amount, piles.amount)),
            np.where(here, piles.starts + after, first.starts),
            np.where(here, piles.ends + after, first.ends),
            first.idle + piles.idle,
            first.noted,
        )
    position, amount, starts, ends, idle, noted = first
    return Piles(
        position, amount, starts.reshape(shape), ends.reshape(shape), idle.reshape(shape), noted.reshape(shape)
    )


def _piled(shares: Shares, width: int) -> Piles:
    """Shares in log order as so many piles, one after the other."""
    short = shares.line.astype(np.uint16) if width < SHORT else shares.line
    if not (short[1:] >= short[:-1]).all():
        shares = summed(shares.some(np.argsort(short, kind="stable")))
    changes = shares.amount != 0
    idle = np.zeros(width, np.int64)
    if not changes.all():
        idle = np.bincount(shares.line[~changes], minlength=width)
        shares = shares.some(changes)
    sizes = np.bincount(shares.line, minlength=width)
    ends = np.cumsum(sizes)
    return Piles(shares.position, shares.amount, ends - sizes, ends, idle, np.zeros(width, np.bool_))


# ---------------------------------------------------------------- lots


class Stretch(NamedTuple):
    """Months of which entries are read that were recorded after a position, up to another."""

    first: int
    last: int
    floor: int
    known: int


def _stretches(regions: Sequence[Region]) -> list[Stretch]:
    """What must be read of all months that any region holds."""
    bounds = sorted(
        {month for r in regions for month in (month_number(r.window.first), month_number(r.window.last) + 1)}
    )
    found: list[Stretch] = []
    for first, after in pairwise(bounds):
        inside = [r for r in regions if month_number(r.window.first) <= first < month_number(r.window.last) + 1]
        if inside:
            floor, known = min(r.floor for r in inside), max(r.window.kand for r in inside)
            last, stretch = period_of(after - 1), Stretch(period_of(first), period_of(after - 1), floor, known)
            if found and found[-1][2:] == stretch[2:] and month_number(found[-1].last) + 1 == first:
                stretch = found.pop()._replace(last=last)
            found.append(stretch)
    return found


def _lots(regions: Sequence[Region], entries: Entries) -> tuple[Mask, NDArray[np.int32]]:
    """Which regions (rows) each lot (columns) lies in, and the lot of every entry; NOWHERE for those in no region."""
    if not len(entries.position):
        return np.zeros((len(regions), 0), np.bool_), np.zeros(0, np.int32)
    first, last = int(entries.day.min()), int(entries.day.max())
    days = np.arange(first, last + 1)
    known = sorted({limit.kand for region in regions for limit in region if limit})
    patterns = np.zeros((len(known), len(days)), np.int64)
    for row, kand in enumerate(known):
        for n, region in enumerate(regions):
            patterns[row] |= region.holds(kand, days).astype(np.int64) << n
    every, number = np.unique(patterns, return_inverse=True)
    number = number.reshape(patterns.shape).astype(np.int32)
    if every[0] == 0:
        every, number = every[1:], number - np.int32(1)
    lot, begun = np.empty(len(entries.position), np.int32), 0
    for of, ended in zip(number, np.searchsorted(entries.position, known, "right").tolist(), strict=True):
        lot[begun:ended] = of.take(entries.day[begun:ended] - first)
        begun = ended
    return (every >> np.arange(len(regions))[:, None] & 1).astype(np.bool_), lot


def _parted(entries: Entries, lot: NDArray[np.int32], others: Numbers) -> tuple[Lots, Lots]:
    """The entries of facts that are of one lot and not among others, and those that are not."""
    on = lot != NOWHERE
    if not on.all():
        entries, lot = _some(entries, on), lot[on]
    position = entries.position
    turns = (position[1:] == position[:-1]) & (lot[1:] != lot[:-1])
    apart = np.union1d(position[1:][turns], others[among(others, position)])
    if not len(apart):
        return Lots(entries, lot), Lots(_some(entries, slice(0)), lot[:0])
    flags = np.zeros(int(max(position[-1], apart[-1])) + 1, np.bool_)
    flags[apart] = True
    mixed = flags[position]
    return Lots(_some(entries, ~mixed), lot[~mixed]), Lots(_some(entries, mixed), lot[mixed])


def _merged(entries: Entries) -> Entries:
    """The same with neighbours of one fact, cell and day made one: fewer to look through, again and again."""
    starts = begins(entries.position, entries.cell, entries.day)
    cell, day, position, _ = _some(entries, starts)
    return Entries(cell, day, position, sums(entries.amount, starts))


def _some(entries: Entries, chosen: NDArray[Any] | slice) -> Entries:
    return Entries(*(column[chosen] for column in entries))
