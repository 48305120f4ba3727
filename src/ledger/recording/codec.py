"""Facts as canonical JSON and back: the bytes that are stored, hashed and proven.

Rule: RFC 8785 limited to strings, booleans, lists, objects and integers below 2⁵³. Absent values are omitted, never
null; keys are sorted; lists keep their order; dates are `YYYY-MM-DD`; strings are NFC without NUL and lone surrogates.
Rows (NamedTuples) are objects; a fact inside a fact is `{"fact": {…}, "name": "ramjustering_decided.v1"}`.

Private fields (`fact.PRIVATE_FIELDS`, at any depth) go to a mirror structure of their own: the same objects and lists
with only the private fields left, `{}` where a row has none; a list or object that holds none at all is omitted.

Erased: once the private part is blanked nobody can tell which optional texts there were. So in a fact whose private
part is blanked, *every* private field, required or optional and at any depth, reads `fact.ERASED`.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

import ledger.domain.events
import ledger.domain.events_behorighet
import ledger.domain.events_uppfoljning  # noqa: F401 - the facts enter the catalogue when they are imported
from ledger.domain.fact import PRIVATE_FIELDS, Fact, catalogue, next_name, upcasts
from ledger.recording.shape import Nested, NotCanonical, Shape, Unreadable, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Encoded", "NotCanonical", "Unreadable", "decode", "encode", "encode_parts", "is_plain", "lift"]

_ESCAPED_NUL = b"\\u0000"


class Encoded(NamedTuple):
    """A fact ready to be stored: its place, its archive name and its two parts as canonical JSON."""

    stream: str
    version: int
    name: str
    public: bytes
    private: bytes | None

    @property
    def originator_id(self) -> str:
        """The stream, in the library's words: to it an encoded fact is a stored event."""
        return self.stream

    @property
    def originator_version(self) -> int:
        """The version, in the library's words."""
        return self.version

    @property
    def topic(self) -> str:
        """The archive name, in the library's words."""
        return self.name

    @property
    def state(self) -> bytes:
        """The public part, in the library's words."""
        return self.public


def encode(fact: Fact, version: int) -> Encoded:
    """The fact as version `version` of its stream.

    Errors: NotCanonical (a ValueError) that names the field which canonical JSON cannot carry.
    """
    public, private = encode_parts(fact)
    return Encoded(fact.stream, version, fact.name, public, private)


def encode_parts(fact: Fact) -> tuple[bytes, bytes | None]:
    """Public and private part of a fact as canonical JSON. Errors: as `encode`."""
    shape = shape_of(type(fact))
    try:
        public, private = shape.split(shape.values(fact), encode_parts)
        public_bytes = msgspec.json.encode(public)
        private_bytes = None if private is None else msgspec.json.encode(private)
        # Reading back what was written is how types, integer ranges and dates are checked; it costs a microsecond.
        shape.public_decoder.decode(public_bytes)
        if private_bytes is not None:
            shape.private_decoder.decode(private_bytes)
    except (msgspec.ValidationError, UnicodeEncodeError, TypeError, OverflowError) as error:
        _find_fault(fact, shape)
        raise NotCanonical(fact.name or type(fact).__name__, str(error)) from error
    if not (is_plain(public_bytes) and (private_bytes is None or is_plain(private_bytes))):
        _find_fault(fact, shape)
    return public_bytes, private_bytes


def decode(name: str, public: bytes, private: bytes | None, *, erased: bool = False) -> Fact:
    """The fact that was stored under `name`, lifted to its current version. `erased`: its private part was blanked.

    Errors: Unreadable (a ValueError) when the name leads to no fact or the bytes do not have its shape.
    """
    kind = catalogue().get(name)
    if kind is None:
        name, public, private = lift(name, public, private)
        kind = catalogue()[name]
    shape = shape_of(kind)
    try:
        public_part = shape.public_decoder.decode(public)
        private_part = None if private is None or erased else shape.private_decoder.decode(private)
        fact: Fact = shape.join(public_part, private_part, decode, erased=erased)
    except msgspec.DecodeError as error:
        raise Unreadable(name, str(error)) from error
    return fact


def lift(name: str, public: bytes, private: bytes | None) -> tuple[str, bytes, bytes | None]:
    """An old fact version in the shape of the current one, through its chain of upcasts: name, public, private part.

    An upcast gets public and private fields together, as JSON values; after an erasure the private ones are missing.
    Errors: Unreadable when the name leads to no fact; msgspec.DecodeError for bytes that are no JSON.
    """
    fields = msgspec.json.decode(public)
    if private is not None:
        _merge(fields, msgspec.json.decode(private))
    while name not in catalogue():
        upcast = upcasts().get(name)
        if upcast is None:
            raise Unreadable(name, "there is no such fact and no upcast from it")
        fields = upcast(fields)
        name = next_name(name)
    public_part, private_part = _part(fields)
    encode_sorted = msgspec.json.Encoder(order="sorted").encode
    return name, encode_sorted(public_part), encode_sorted(private_part) if private_part else None


def _merge(public: Any, private: Any) -> None:
    """Put the private fields back beside the public ones, in place."""
    if isinstance(private, dict):
        for key, value in private.items():
            if key in public:
                _merge(public[key], value)
            else:
                public[key] = value
    else:
        for row, private_row in zip(public, private, strict=True):
            _merge(row, private_row)


def _part(value: Any) -> tuple[Any, Any]:
    """A JSON value divided in its public part and the mirror of its private part (falsy where there is none)."""
    if isinstance(value, list):
        pairs = [_part(item) for item in value]
        mirror = [private or {} for _, private in pairs]
        return [public for public, _ in pairs], mirror if any(mirror) else None
    if not isinstance(value, dict):
        return value, None
    public, private = {}, {}
    for key, item in value.items():
        if item is None:
            continue
        if key in PRIVATE_FIELDS:
            private[key] = item
            continue
        public[key], hidden = _part(item)
        if hidden:
            private[key] = hidden
    return public, private


# ---------------------------------------------------------------- text that is not canonical


def is_plain(data: bytes) -> bool:
    """Whether canonical JSON holds only NFC text without NUL. Quotes never compose, so the whole is judged at once."""
    return _ESCAPED_NUL not in data and (data.isascii() or unicodedata.is_normalized("NFC", data.decode()))


def _find_fault(record: Any, shape: Shape) -> None:
    """Name the first text of a record that canonical JSON refuses; nothing happens where all are fine."""
    for path, text in _texts(record, shape):
        if "\x00" in text:
            raise NotCanonical(path, "texten innehåller tecknet NUL")
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise NotCanonical(path, "texten innehåller ett halvt tecken (ensamt surrogat)")
        if not unicodedata.is_normalized("NFC", text):
            raise NotCanonical(path, "texten är inte i Unicode-form NFC")


def _texts(record: Any, shape: Shape, above: str = "") -> Iterator[tuple[str, str]]:
    """All strings of a record with their paths, such as `rader[2].text`."""
    for name, value in zip(shape.names, shape.values(record), strict=True):
        path = f"{above}{name}"
        inner = shape.inner.get(name)
        if isinstance(value, str):
            yield path, value
        elif value is None:
            continue
        elif isinstance(inner, Nested):
            yield from _texts(value, shape_of(type(value)), f"{path}.")
        elif isinstance(value, tuple):
            rows = value if shape.is_list(name) else (value,)
            for at, row in enumerate(rows):
                where = f"{path}[{at}]" if shape.is_list(name) else path
                if isinstance(row, str):
                    yield where, row
                elif inner is not None:
                    yield from _texts(row, inner.shape, f"{where}.")
