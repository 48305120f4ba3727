"""The rows of a table as a whole: what is alike among them, and where each is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from ledger.reporting.rules.movements import Change
from ledger.reporting.stored.codes import Mask
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.layout import Line
from ledger.reporting.tables.placing import Placing


class Lines:
    """Rows in order. Those that are not shown because they hold nothing are among them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.all = list(lines)
        self._known: tuple[int, Numbers] | None = None

    def __len__(self) -> int:
        return len(self.all)

    @cached_property
    def kinds(self) -> list[tuple[Line, Numbers]]:
        """The rows that are of the same amounts of their groups, by place, with one of them."""
        kinds: dict[tuple[object, ...], list[int]] = {}
        for n, line in enumerate(self.all):
            kinds.setdefault((line.slag, line.of, line.at, isinstance(line.group, Change)), []).append(n)
        return [(self.all[rows[0]], np.array(rows, np.int64)) for rows in kinds.values()]

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

    def shown(self, holds: Mask) -> list[int]:
        """The rows that are always there and those that hold something, by place; a varav row with its head.

        A heading is shown with any row that it stands over.
        """
        held = np.flatnonzero(self._always | holds).tolist()
        shown = {self.all[n].nyckel for n in held} | {self.all[n].head for n in held}
        return [
            n
            for n, line in enumerate(self.all)
            if (line.head or line.nyckel) in shown or not shown.isdisjoint(line.over)
        ]
