"""How rows are written in the read model: canonical JSON, keys sorted, nothing blank."""

from __future__ import annotations

from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder(order="sorted")


def dumps(value: Any) -> str:
    """A value as canonical JSON text."""
    return _ENCODER.encode(value).decode()
