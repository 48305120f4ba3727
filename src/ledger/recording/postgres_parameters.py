"""What the statements that write to the PostgreSQL log are given: an array for every column, and the head."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from psycopg.types.numeric import Int8

from ledger.recording.arrays import Packed, bigints, byteas, texts
from ledger.recording.judge import Addition
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


def one(addition: Addition) -> dict[str, Any] | None:
    """An addition that is a command of one fact, and nothing else, with the head after it; None for any other."""
    stamper = addition.stamper
    if len(addition.rows) != 1 or len(addition.commands) != 1 or addition.touched or stamper.kept:
        return None
    head = {"size": stamper.size, "newest": stamper.recorded_at, "frontier": stamper.frontier.pack()}
    return {**dict(zip(Row._fields, addition.rows[0], strict=True)), "fields": addition.commands[0][1], **head}


def ones(addition: Addition) -> dict[str, Any] | None:
    """An addition of commands of one fact each, and nothing else, with the head after it; None for any other."""
    stamper = addition.stamper
    if len(addition.rows) != len(addition.commands) or addition.touched or stamper.kept:
        return None
    fields = texts(fields for _, fields, _, _ in addition.commands)
    head = {"size": stamper.size, "newest": stamper.recorded_at, "frontier": stamper.frontier.pack()}
    return {**_turned(addition.rows, _FACTS), "fields": fields, **head}


def expected(addition: Addition) -> dict[str, Any]:
    """The head that an addition rests on."""
    return {"size_before": addition.before.size, "frontier_before": addition.before.frontier}


def _turned(rows: Sequence[tuple[Any, ...]], types: _Types) -> dict[str, Packed]:
    """Rows turned to columns, each packed as its type."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(types)
    return {name: pack(column) for (name, pack), column in zip(types.items(), columns, strict=True)}
