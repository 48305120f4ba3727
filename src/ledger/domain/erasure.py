"""Texts that may be erased by law: where there are any, and rows whose texts were erased, still those recorded.

A repeated file is compared with what is recorded. Where a text was erased since, the rest of the row decides.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ledger.domain.fact import ERASED, PRIVATE_FIELDS


def same_rows(before: Iterable[Any], given: Iterable[Any]) -> bool:
    """Whether rows (named tuples of one kind) are those recorded before, in any order, apart from erased texts."""
    rows = list(before)
    if any(getattr(row, name) == ERASED for row in rows for name in _texts_of(row)):
        return Counter(map(_without_texts, rows)) == Counter(map(_without_texts, given))
    return Counter(rows) == Counter(given)


def holds_text(value: Any) -> bool:
    """Whether a fact, or anything in it, has a free text that may have to be erased."""
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return any(map(holds_text, value))
    is_fact = dataclasses.is_dataclass(value)
    names = [field.name for field in dataclasses.fields(value)] if is_fact else getattr(value, "_fields", ())
    held = ((name, getattr(value, name)) for name in names)
    return any(part is not None if name in PRIVATE_FIELDS else holds_text(part) for name, part in held)


def _texts_of(row: Any) -> frozenset[str]:
    return PRIVATE_FIELDS.intersection(row._fields)


def _without_texts(row: Any) -> Any:
    return row._replace(**dict.fromkeys(_texts_of(row)))
