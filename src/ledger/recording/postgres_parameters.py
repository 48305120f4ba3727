"""What the statements that write to the PostgreSQL log are given: an array for every column, and the head."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from psycopg.types.numeric import Int8

from ledger.recording.arrays import Packed, bigints, byteas, texts
from ledger.recording.judge import Addition, Member
from ledger.recording.stamping import Row

_Types = Mapping[str, Callable[[Any], Packed]]

_FACTS: Final[_Types] = dict(
    zip(Row._fields, (bigints, texts, texts, bigints, *(texts,) * 4, *(byteas,) * 5), strict=True)
)
_COMMANDS: Final[_Types] = {"ids": texts, "fields": texts, "first": bigints, "last": bigints}
_TOUCHED: Final[_Types] = {"keys": texts, "touched_at": bigints}
_KEPT: Final[_Types] = {"kept_at": bigints, "kept": byteas}


def added(addition: Addition) -> dict[str, Any]:
    """An addition, and the head after it. Errors: UnicodeEncodeError for text that cannot be stored."""
    stamper = addition.stamper
    return {
        **_turned(addition.rows, _FACTS),
        **_turned(addition.commands, _COMMANDS),
        **_turned(list(addition.touched.items()), _TOUCHED),
        **_turned(stamper.kept, _KEPT),
        "size": Int8(stamper.size),
        "newest": stamper.recorded_at,
        "frontier": stamper.frontier.pack(),
    }


def expected(group: Sequence[Member], addition: Addition) -> dict[str, Any]:
    """What a group rests on: the head before it, and that no key was touched after the earliest reading of it."""
    as_of: dict[str, int] = {}
    for append in (member.append for member in group if member.append is not None):
        for key in append.reads:
            as_of[key] = min(as_of.get(key, append.as_of), append.as_of)
    before = addition.before
    return {
        "reads": texts(as_of),
        "as_of": bigints(as_of.values()),
        "size_before": Int8(before.size),
        "frontier_before": before.frontier,
    }


def _turned(rows: Sequence[tuple[Any, ...]], types: _Types) -> dict[str, Packed]:
    """Rows turned to columns, each packed as its type."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(types)
    return {name: pack(column) for (name, pack), column in zip(types.items(), columns, strict=True)}
