"""The rows of a table as a whole, as columns: what is alike among them, and which are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ledger.reporting.rules.movements import Change
from ledger.reporting.stored.codes import Mask
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.layout import Line
from ledger.reporting.tables.placing import Placing


def is_counted(slag: str, of: tuple[str, ...] | None, only: str | None) -> bool:
    """Whether an amount of a slag is in a row of some slag (all, where none is named), of a measure of one alone."""
    return (of is None or slag in of) and only in {None, slag}


class Kind(NamedTuple):
    """Rows of one kind: one of them, where they stand – all rows as a slice, which copies nothing – and how many."""

    line: Line
    rows: Numbers | slice
    size: int


class Lines:
    """Rows in order. Those that are not shown because they hold nothing are among them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.all = list(lines)
        self._known: tuple[int, Numbers] | None = None
        self._counting: dict[tuple[tuple[str, ...], str | None], Numbers] = {}

    def __len__(self) -> int:
        return len(self.all)

    @cached_property
    def kinds(self) -> list[Kind]:
        """The rows that tell of the same measures."""
        kinds: dict[tuple[object, ...], list[int]] = {}
        for n, line in enumerate(self.all):
            kinds.setdefault((line.of, line.at, isinstance(line.group, Change)), []).append(n)
        if len(kinds) == 1:
            return [Kind(self.all[0], slice(None), len(self.all))]
        return [Kind(self.all[rows[0]], np.array(rows, np.int64), len(rows)) for rows in kinds.values()]

    @cached_property
    def headings(self) -> Mask:
        """Which rows are headings, without figures."""
        return np.array([bool(line.over) for line in self.all], np.bool_)

    @cached_property
    def has_headings(self) -> bool:
        """Whether any row is one."""
        return bool(self.headings.any())

    @cached_property
    def split(self) -> Mask:
        """Which rows are of some slag only."""
        return np.array([bool(line.slag) for line in self.all], np.bool_)

    def counting(self, slags: tuple[str, ...], only: str | None) -> Numbers:
        """Which slag count in each row (1, else 0), a column for each; of a measure that is of one slag that alone."""
        name = (slags, only)
        found = self._counting.get(name)
        if found is None:
            kinds, numbers = self._slags
            table = [[is_counted(slag, of, only) for slag in slags] for of in kinds]
            found = np.array(table, np.int64).reshape(len(kinds), len(slags))[numbers]
            self._counting[name] = found
        return found

    @cached_property
    def _slags(self) -> tuple[list[tuple[str, ...] | None], Numbers]:
        """What slag rows are of, each once, and which of them each row has."""
        number: dict[tuple[str, ...] | None, int] = {}
        numbers = [number.setdefault(line.slag, len(number)) for line in self.all]
        return list(number), np.array(numbers, np.int64)

    @cached_property
    def keyed(self) -> dict[str, list[int]]:
        """The rows of each key, by place: most often one."""
        found: dict[str, list[int]] = {}
        for n, line in enumerate(self.all):
            found.setdefault(line.nyckel, []).append(n)
        return found

    @cached_property
    def sorts(self) -> dict[str, Numbers]:
        """The rows of each sort, by place."""
        found: dict[str, list[int]] = {}
        for n, line in enumerate(self.all):
            found.setdefault(line.sort, []).append(n)
        return {sort: np.array(places, np.int64) for sort, places in found.items()}

    @cached_property
    def signs(self) -> Numbers:
        """The sign of every row."""
        return np.array([line.sign for line in self.all], np.int64)

    @cached_property
    def _always(self) -> Mask:
        return np.array([line.always for line in self.all], np.bool_)

    @cached_property
    def places(self) -> dict[Line, int]:
        """Where every row stands."""
        return {line: n for n, line in enumerate(self.all)}

    def groups(self, placing: Placing, none: int, changes: Mapping[Change, int]) -> Numbers:
        """The number of every row's group: `none` where it holds nothing, lines of a specification as given."""
        if not changes and self._known and self._known[0] == none:
            return self._known[1]
        # A group that another question has met meanwhile holds nothing here.
        found = [
            changes[line.group] if isinstance(line.group, Change) else min(placing.find(line.group, none), none)
            for line in self.all
        ]
        numbers = np.array(found, np.int64)
        self._known = none, numbers
        return numbers

    @cached_property
    def _keys(self) -> tuple[int, Numbers, Numbers, list[tuple[int, list[int]]]]:
        """Keys as numbers: how many; each row's own, and its head's or else its own; what headings stand over."""
        number: dict[str, int] = {}
        own = [number.setdefault(line.nyckel, len(number)) for line in self.all]
        heads = [number.setdefault(line.head or line.nyckel, len(number)) for line in self.all]
        over = [(n, [number[key] for key in line.over if key in number]) for n, line in enumerate(self.all)]
        return len(number), np.array(own, np.int64), np.array(heads, np.int64), [one for one in over if one[1]]

    def shown(self, holds: Mask) -> Numbers:
        """The rows that are always there and those that hold something, by place; a varav row with its head.

        A heading is shown with any row that it stands over.
        """
        size, own, heads, over = self._keys
        held = self._always | holds
        has = np.zeros(size, np.bool_)
        has[own[held]] = has[heads[held]] = True
        found = has[heads]
        for n, below in over:
            found[n] |= has[below].any()
        return np.flatnonzero(found)
