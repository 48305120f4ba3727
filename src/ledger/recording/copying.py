"""Rows of `facts` as PostgreSQL's binary COPY format, packed by hand: twice as fast as through the driver."""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct

from ledger.recording.stamping import Row
from ledger.recording.tree import HASH_SIZE

COPY_START = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
COPY_END = b"\xff\xff"

_FIRST = Struct(">hiqi27si").pack
_VERSION = Struct(">iqi").pack
_SIZE = Struct(">i").pack
_NULL = _SIZE(-1)
_LEAF = _SIZE(HASH_SIZE)
_COLUMNS = len(Row._fields)
_BIGINT = 8
_INSTANT = 27


def copy_rows(rows: Sequence[Row]) -> bytes:
    """Rows as COPY takes them, without header and trailer. Rows of one command follow one another."""
    pieces: list[bytes] = []
    packed_for, envelope = None, b""
    for row in rows:
        (position, recorded_at, stream, version, name, actor, mandat, command_id,
         public, private, salt, digest, leaf) = row  # fmt: skip
        if command_id != packed_for:
            packed_for = command_id
            envelope = _text(actor) + _text(mandat) + _text(command_id)
        key, named = stream.encode(), name.encode()
        pieces += (
            _FIRST(_COLUMNS, _BIGINT, position, _INSTANT, recorded_at.encode(), len(key)), key,
            _VERSION(_BIGINT, version, len(named)), named, envelope,
            _SIZE(len(public)), public,
            _NULL * 3 if private is None else _sized(private, salt, digest),
            _LEAF, leaf,
        )  # fmt: skip
    return b"".join(pieces)


def _text(text: str) -> bytes:
    return _sized(text.encode())


def _sized(*fields: bytes | None) -> bytes:
    return b"".join(_NULL if field is None else _SIZE(len(field)) + field for field in fields)
