"""How keys and rows are written in the read model: canonical JSON, keys sorted, nothing blank."""

from __future__ import annotations

from typing import Any

import msgspec

from ledger.reporting.entry import Key

_ENCODER = msgspec.json.Encoder(order="sorted")


def dumps(value: Any) -> str:
    """A value as canonical JSON text."""
    return _ENCODER.encode(value).decode()


def key_text(key: Key) -> str:
    """A cell key as canonical JSON, blank codes left out."""
    return dumps({name: code for name, code in zip(Key._fields, key, strict=True) if code is not None})


def key_of(text: str) -> Key:
    """A cell key from its canonical JSON."""
    return Key(**msgspec.json.decode(text))
