"""Digests of a command's body, field by field, so that a conflict over its id can say what differs."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

import msgspec


def digests(command: Any) -> dict[str, str]:
    """A short digest of every field of a command, so that a conflict can say which ones differ."""
    fields = {"kommando": _digest(type(command).__name__)}
    for field in dataclasses.fields(command):
        fields[field.name] = _digest(getattr(command, field.name))
    return fields


def _digest(value: object) -> str:
    # The name tells apart commands within a command that have the same fields.
    return hashlib.sha256(msgspec.json.encode((type(value).__name__, value))).hexdigest()[:16]
