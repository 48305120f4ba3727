"""Rows of `facts` as PostgreSQL's binary COPY format, packed by hand: twice as fast as through the driver."""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct

from ledger.recording.stamping import Row

COPY_START = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
COPY_END = b"\xff\xff"

_FIRST = Struct(">hiqi27si").pack
_VERSION = Struct(">iqi").pack
_SIZE = Struct(">i").pack
_NULL = _SIZE(-1)
_COLUMNS = len(Row._fields)
_BIGINT = 8
_INSTANT = 27


def copy_rows(rows: Sequence[Row]) -> bytes:
    """Rows as COPY takes them, without header and trailer. Rows of one command follow one another."""
    pieces: list[bytes] = []
    add = pieces.append
    envelope: tuple[str, str, str] | None = None
    packed_envelope = b""
    for row in rows:
        if envelope != row[5:8]:
            envelope = row[5:8]
            packed_envelope = b"".join(_text(text) for text in envelope)
        stream, name, public = row.stream.encode(), row.name.encode(), row.public
        add(_FIRST(_COLUMNS, _BIGINT, row.position, _INSTANT, row.recorded_at.encode(), len(stream)))
        add(stream)
        add(_VERSION(_BIGINT, row.version, len(name)))
        add(name)
        add(packed_envelope)
        add(_SIZE(len(public)))
        add(public)
        add(_NULL * 3 if row.private is None else _sized(row.private, row.salt, row.private_digest))
        add(_sized(row.leaf))
    return b"".join(pieces)


def _text(text: str) -> bytes:
    return _sized(text.encode())


def _sized(*fields: bytes | None) -> bytes:
    return b"".join(_NULL if field is None else _SIZE(len(field)) + field for field in fields)
