"""Columns of whole numbers as bytes: each in as few bytes a number as its own range asks for."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

#: A column of whole numbers: 64 bits or fewer, or Python's own integers where those are not enough.
Column = NDArray[Any]

#: Numbers from here on are kept as Python's own, so that one may be added to any other without a thought.
HUGE: Final = 2**62

#: Of one column: how many numbers (or bytes of text), bytes a number (0: text), and what is added to each.
_HEAD: Final = struct.Struct("<IBq")


def whole(numbers: Iterable[int]) -> Column:
    """Whole numbers of any size as a column."""
    listed = list(numbers)
    if listed and (max(listed) >= HUGE or min(listed) <= -HUGE):
        return np.array(listed, object)
    return np.array(listed, np.int64)


def pack(*columns: Column) -> bytes:
    """Columns as bytes, one after the other; at most four thousand million numbers in each."""
    return b"".join(part for column in columns for part in _parts(column))


def _parts(column: Column) -> tuple[bytes, bytes]:
    if column.dtype == object:
        text = msgspec.json.encode(column.tolist())
        return _HEAD.pack(len(text), 0, 0), text
    least = int(column.min()) if column.size else 0
    width = np.min_scalar_type(int(column.max()) - least if column.size else 0)
    return _HEAD.pack(column.size, width.itemsize, least), (column - least).astype(width.newbyteorder("<")).tobytes()


def unpack(data: bytes, *, narrow: bool = False) -> list[Column]:
    """The columns of `pack`, as 64-bit numbers or Python's own.

    With `narrow` those that are offset by nothing stay as narrow as they lie: to be looked at, not reckoned with.
    """
    columns: list[Column] = []
    at = 0
    while at < len(data):
        size, width, least = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        if width:
            column = np.frombuffer(data, f"<u{width}", size, at)
            columns.append(column if narrow and not least else column.astype(np.int64) + least)
            at += size * width
        else:
            columns.append(np.array(msgspec.json.decode(data[at : at + size], type=list[int]), object))
            at += size
    return columns
