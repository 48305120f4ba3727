"""Rows of a register as columns: one array a field, in the order in which they were recorded.

"Known at" is a mask over them. A state of columns never changes; when the register does, a new one takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

import numpy as np

from ledger.reporting.entry import Register
from ledger.reporting.rules.kept import Kept, kept
from ledger.reporting.stored.codes import Mask
from ledger.reporting.stored.register import NEVER, Held
from ledger.reporting.stored.snapshot import Snapshot
from ledger.reporting.stored.space import Numbers

T = TypeVar("T")
#: What one kind of row becomes: an array a field.
Fields = dict[str, Any]
Encode = Callable[[Sequence[Held[T]], Kept], Fields]

#: Later than any day, and the bits that a day takes: `99991231`.
LAST_DAY: Final = 2**27 - 1
DAY_BITS: Final = 27


def number_of(day: date) -> int:
    """A day as a number: `20240331`."""
    return day.year * 10000 + day.month * 100 + day.day


def day_of(number: int) -> date:
    """The day of a number."""
    return date(number // 10000, number // 100 % 100, number % 100)


@dataclass(eq=False)
class Columns(Generic[T]):
    """The rows under one key of a register, as of the register's change `changed`, with fields of their own kind.

    `read` is how many rows were looked at.
    """

    changed: int
    read: int
    held: list[Held[T]]
    fields: Fields

    def __getitem__(self, field: str) -> Any:
        return self.fields[field]

    def __len__(self) -> int:
        return len(self.held)

    @property
    def position(self) -> Numbers:
        """By which fact."""
        found: Numbers = self.fields["position"]
        return found

    @cached_property
    def said(self) -> Numbers:
        """The rows in the order in which they were said: a correction stands where the fact stood that it corrects."""
        # Rows of one fact lie in their own order already.
        return np.argsort(self.fields["order"], kind="stable")

    def known(self, kand: int) -> Mask:
        """Which rows count in what was known at a position."""
        found: Mask = (self.position <= kand) & (self.fields["ceased"] > kand)
        return found

    def rows(self, mask: Mask) -> Numbers:
        """The rows of a mask, in the order in which they were said."""
        return self.said[mask[self.said]]


def columns(
    snapshot: Snapshot, declared: Register, key: str, encode: Encode[T], keep: Callable[[T], bool] | None = None
) -> Columns[T]:
    """The rows under a key, at least as far as the snapshot goes; with `keep` only some of them."""
    register, memory = snapshot.register(declared), kept(snapshot)
    name = (snapshot.number(declared), key, encode)
    changed = register.last_change(NEVER)
    known: Columns[T] | None = memory.columns.peek(name)
    # One without rows is known too: it has no length.
    if known is not None and known.changed == changed:
        return known
    column = register.column(key)
    # Others may add to it meanwhile: what they add is left for the next time.
    read = len(column.held)
    first = known.read if known is not None else 0
    more = column.held[first:read]
    if keep:
        more = [held for held in more if keep(held.row)]
    held, fields = more, encode(more, memory)
    fields["order"] = np.array([one.order for one in more], np.int64)
    fields["position"] = np.array([one.position for one in more], np.int64)
    if known is not None:
        held = known.held + more
        fields = {field: np.concatenate((known[field], values)) for field, values in fields.items()}
    # Rows may cease long after they were recorded.
    fields["ceased"] = np.array([NEVER if one.ceased is None else one.ceased for one in held], np.int64)
    found = Columns(changed, read, held, fields)
    memory.columns.put(name, found)
    return found


def joined(parts: Sequence[Columns[T]]) -> Columns[T]:
    """The rows under several keys together, the keys in the order given."""
    fields = {field: np.concatenate([part[field] for part in parts]) for field in parts[0].fields}
    held = [one for part in parts for one in part.held]
    return Columns(min(part.changed for part in parts), len(held), held, fields)
