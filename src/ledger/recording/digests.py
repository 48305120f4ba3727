"""Digests: of a command's body field by field, so that a conflict can say what differs; of what a file leads to."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from ledger.recording.codec import Encoded


def digests(command: Any) -> dict[str, str]:
    """A short digest of every field of a command, so that a conflict can say which ones differ."""
    fields = {"kommando": _known(type(command).__name__)}
    for field in dataclasses.fields(command):
        value = getattr(command, field.name)
        fields[field.name] = _known(value) if value is None or type(value) is date else _digest(value)
    return fields


@lru_cache(maxsize=4096)
def _known(value: str | date | None) -> str:
    """The digest of what comes again and again: a kind of command, a day, nothing."""
    return _digest(value)


def _digest(value: object) -> str:
    # The name tells apart commands within a command that have the same fields.
    return hashlib.sha256(msgspec.json.encode((type(value).__name__, value))).hexdigest()[:16]


def digest_of_facts(facts: Iterable[Encoded]) -> str:
    """The SHA-256 of the public parts of facts in order, each after its name: hex."""
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(b"%s %d " % (fact.name.encode(), len(fact.public)))
        digest.update(fact.public)
    return digest.hexdigest()
