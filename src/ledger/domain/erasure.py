"""Rows whose texts have been erased by law: still the rows that were recorded.

A repeated file is compared with what is recorded. Where a text was erased since, the rest of the row decides.
"""

from __future__ import annotations

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


def _texts_of(row: Any) -> frozenset[str]:
    return PRIVATE_FIELDS.intersection(row._fields)


def _without_texts(row: Any) -> Any:
    return row._replace(**dict.fromkeys(_texts_of(row)))
