"""Digests: of a command's body field by field, so that a conflict can say what differs; of what a file leads to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import msgspec

from ledger.recording.codec import Encoded

#: There are few texts of so many characters or less, so their digests are worth remembering.
SHORT: Final = 2

#: The fields of the kinds of commands that have come.
_NAMES: dict[type, tuple[str, ...]] = {}

_encode = msgspec.json.Encoder().encode


def digests(command: Any) -> dict[str, str]:
    """A short digest of every field of a command, so that a conflict can say which ones differ."""
    kind = type(command)
    fields = {"kommando": _known(kind.__name__)}
    for name in _NAMES.get(kind) or _names(kind):
        value = getattr(command, name)
        of = type(value)
        comes_again = value is None or of is date or (of is str and len(value) <= SHORT)
        fields[name] = _known(value) if comes_again else _digest(value)
    return fields


def _names(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a kind of command, looked up when it first comes."""
    _NAMES[kind] = names = tuple(field.name for field in dataclasses.fields(kind))
    return names


@lru_cache(maxsize=4096)
def _known(value: str | date | None) -> str:
    """The digest of what comes again and again: a kind of command, a day, a serie, nothing."""
    return _digest(value)


def _digest(value: object) -> str:
    # The name tells apart commands within a command that have the same fields.
    return sha256(_encode((type(value).__name__, value))).hexdigest()[:16]


def digest_of_facts(facts: Iterable[Encoded]) -> str:
    """The SHA-256 of the public parts of facts in order, each after its name: hex."""
    digest = sha256()
    for fact in facts:
        digest.update(b"%s %d " % (fact.name.encode(), len(fact.public)))
        digest.update(fact.public)
    return digest.hexdigest()
