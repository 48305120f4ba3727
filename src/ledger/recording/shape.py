"""The shape of a fact or row: which fields it has, which are private, and how to take it apart and put it together.

A shape is compiled once per class to msgspec structs, so that the work per fact is done by a few calls in C. Structs
for writing have their fields in sorted order and leave out what is None; structs for reading are strict about types.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import fields as dataclass_fields
from datetime import date
from operator import attrgetter, itemgetter
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec.structs import astuple

from ledger.domain.fact import ERASED, PRIVATE_FIELDS, Fact

#: The largest integer that every reader of JSON keeps exact.
LARGEST_INT = 2**53 - 1

_EXACT_INT = Annotated[int, msgspec.Meta(ge=-LARGEST_INT, le=LARGEST_INT)]
_SCALARS: dict[Any, Any] = {str: str, int: _EXACT_INT, bool: bool, date: date}

#: Chooses and orders values.
Pick = Callable[[Any], tuple[Any, ...]]
Encode = Callable[[Any], tuple[bytes, "bytes | None"]]
Decode = Callable[..., Any]


class NotCanonical(ValueError):  # noqa: N818 - named as the broken rule
    """A value that canonical JSON cannot carry. `field` is its path in the fact, such as `rader[2].text`."""

    def __init__(self, field: str, why: str) -> None:
        """Say which field, and what is wrong with it."""
        self.field = field
        super().__init__(f"{field}: {why}")


class Unreadable(ValueError):  # noqa: N818 - named as the broken rule
    """Stored bytes that are not a fact of the name they are stored under."""

    def __init__(self, name: str, why: str) -> None:
        """Say which fact, and why it cannot be read."""
        self.name = name
        super().__init__(f"{name} cannot be read: {why}")


class NestedFact(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A fact inside a fact, as it is written: its own parts, untouched."""

    fact: msgspec.Raw
    name: str


class NestedPrivate(msgspec.Struct, forbid_unknown_fields=True):
    """The private part of a fact inside a fact."""

    fact: msgspec.Raw


class Rows:
    """A field that is a list of rows."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.public_type: Any = types.GenericAlias(list, (shape.public_reader,))
        self.private_type: Any = types.GenericAlias(list, (shape.private_reader,))
        self.has_private = shape.has_private

    def split(self, rows: Any, encode: Encode) -> tuple[Any, Any]:
        """Public rows, and private rows of the same number or None."""
        shape = self.shape
        if shape.inner:
            pairs = [shape.split(row, encode) for row in rows]
            public = [pair[0] for pair in pairs]
            if all(pair[1] is None for pair in pairs):
                return public, None
            return public, [{} if pair[1] is None else pair[1] for pair in pairs]
        write, pick = shape.public_writer, shape.pick_public
        public = [write(*pick(row)) for row in rows]
        if not shape.has_private:
            return public, None
        texts = [shape.pick_private(row) for row in rows]
        if texts.count(shape.nothing) == len(texts):
            return public, None
        return public, [shape.private_writer(*text) for text in texts]

    def join(self, public: Any, private: Any, decode: Decode, *, erased: bool) -> tuple[Any, ...]:
        """The rows as they were. Errors: msgspec.ValidationError when the two parts do not fit each other."""
        shape = self.shape
        if private is None:
            if shape.inner:
                return tuple([shape.join(row, None, decode, erased=erased) for row in public])
            hidden, make, order = shape.hidden(erased=erased), shape.make, shape.order
            return tuple([make(order(astuple(row) + hidden)) for row in public])
        if len(private) != len(public):
            msg = f"{len(private)} private rows beside {len(public)} public rows"
            raise msgspec.ValidationError(msg)
        return tuple([shape.join(row, text, decode, erased=erased) for row, text in zip(public, private, strict=True)])


class Row:
    """A field that is one row."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.public_type: Any = shape.public_reader
        self.private_type: Any = shape.private_reader
        self.has_private = shape.has_private

    def split(self, row: Any, encode: Encode) -> tuple[Any, Any]:
        """The row's public struct, and its private one or None."""
        return self.shape.split(row, encode)

    def join(self, public: Any, private: Any, decode: Decode, *, erased: bool) -> Any:
        """The row as it was."""
        return self.shape.join(public, private, decode, erased=erased)


class Nested:
    """A field that is a whole fact, of any kind: it keeps its own archive name and is lifted by its own upcasts."""

    public_type: Any = NestedFact
    private_type: Any = NestedPrivate
    has_private = True

    def split(self, fact: Any, encode: Encode) -> tuple[Any, Any]:
        """The fact's own two parts, wrapped."""
        public, private = encode(fact)
        hidden = None if private is None else NestedPrivate(msgspec.Raw(private))
        return NestedFact(msgspec.Raw(public), fact.name), hidden

    def join(self, public: Any, private: Any, decode: Decode, *, erased: bool) -> Any:
        """The fact as it was."""
        text = None if private is None else bytes(private.fact)
        return decode(public.name, bytes(public.fact), text, erased=erased)


class _Field(NamedTuple):
    """One field of a class, its type resolved."""

    name: str
    scalar: Any
    inner: Rows | Row | Nested | None
    is_list: bool
    is_optional: bool

    @property
    def is_private(self) -> bool:
        return self.name in PRIVATE_FIELDS


class Shape:
    """How one class is taken apart and put together. `names` are its fields as declared."""

    def __init__(self, kind: type) -> None:
        """Compile the shape. Errors: TypeError for a field that facts may not have."""
        declared = _declared(kind)
        self.names = tuple(field.name for field in declared)
        self.inner = {field.name: field.inner for field in declared if field.inner is not None}
        self._lists = {field.name for field in declared if field.is_list}
        self._is_row = issubclass(kind, tuple)
        self._inner_at = [(at, field.inner) for at, field in enumerate(declared) if field.inner is not None]
        public = sorted(f for f in declared if not f.is_private)
        private = sorted(f for f in declared if f.is_private or (f.inner is not None and f.inner.has_private))
        self.has_private: bool = bool(private)
        self.values: Pick = _as_it_is if self._is_row else _getter(self.names)
        self.make: Callable[[Any], Any] = getattr(kind, "_make", None) or _maker(kind)
        self._pickers(public, private)
        self._structs(kind.__name__, public, private)
        self._needs_private = [f.name for f in declared if f.is_private and not f.is_optional]
        self._blank = tuple(ERASED if f.is_private else None for f in private)
        self.nothing = tuple(None for _ in private)

    def _pickers(self, public: list[_Field], private: list[_Field]) -> None:
        """Compile the moves between declared order and sorted order."""
        public_at = [self.names.index(field.name) for field in public]
        private_at = [self.names.index(field.name) for field in private]
        self.pick_public, self.pick_private = _picker(public_at), _picker(private_at)
        #: From the sorted public fields followed by the sorted private ones to declared order.
        text_only = [len(public_at) + n for n, field in enumerate(private) if field.is_private]
        found = {self.names[at]: n for n, at in enumerate(public_at)}
        found.update({private[n - len(public_at)].name: n for n in text_only})
        self.order = _picker([found[name] for name in self.names])
        self._private_slot = {field.name: n for n, field in enumerate(private)}

    def _structs(self, title: str, public: list[_Field], private: list[_Field]) -> None:
        """Compile the structs that write and read the two parts."""
        define: Any = msgspec.defstruct
        self.public_writer = define(title, [(f.name, Any, None) for f in public], omit_defaults=True)
        self.private_writer = define(title, [(f.name, Any, None) for f in private], omit_defaults=True)
        strict = {"kw_only": True, "forbid_unknown_fields": True}
        self.public_reader = define(title, [_reading(f, f.scalar) for f in public], **strict)
        self.private_reader = define(title, [_reading_private(f) for f in private], **strict)
        self.public_decoder = msgspec.json.Decoder(self.public_reader)
        self.private_decoder = msgspec.json.Decoder(self.private_reader)

    def is_list(self, name: str) -> bool:
        """Whether the field is a list, of rows or of plain values."""
        return name in self._lists

    def hidden(self, *, erased: bool) -> tuple[Any, ...]:
        """What the private fields read as when there is no private part. Errors: msgspec.ValidationError."""
        if erased:
            return self._blank
        if self._needs_private:
            msg = f"the private field `{self._needs_private[0]}` is missing"
            raise msgspec.ValidationError(msg)
        return self.nothing

    def split(self, values: Any, encode: Encode) -> tuple[Any, Any]:
        """Structs to write: the public part, and the private part or None. `encode` writes facts inside facts."""
        if not self._inner_at:
            public = self.public_writer(*self.pick_public(values))
            hidden = self.pick_private(values)
            return public, None if hidden == self.nothing else self.private_writer(*hidden)
        outer, mirror = list(values), list(values)
        for at, inner in self._inner_at:
            if values[at] is not None:
                outer[at], mirror[at] = inner.split(values[at], encode)
        public = self.public_writer(*self.pick_public(outer))
        hidden = self.pick_private(mirror)
        return public, None if hidden == self.nothing else self.private_writer(*hidden)

    def join(self, public: Any, private: Any, decode: Decode, *, erased: bool) -> Any:
        """The record from what was read. `decode` reads facts inside facts. Errors: msgspec.ValidationError."""
        hidden = self.hidden(erased=erased) if private is None else astuple(private)
        values: Any = self.order(astuple(public) + hidden)
        if self._inner_at:
            values = list(values)
            for at, inner in self._inner_at:
                if values[at] is not None:
                    slot = self._private_slot.get(self.names[at])
                    mirror = None if slot is None or private is None else hidden[slot]
                    values[at] = inner.join(values[at], mirror, decode, erased=erased)
        return self.make(values)


_SHAPES: dict[type, Shape] = {}


def shape_of(kind: type) -> Shape:
    """The shape of a fact or row class, compiled when first asked for."""
    shape = _SHAPES.get(kind)
    if shape is None:
        shape = _SHAPES[kind] = Shape(kind)
    return shape


# ---------------------------------------------------------------- compiling


def _declared(kind: type) -> list[_Field]:
    hints = typing.get_type_hints(kind)
    names = kind._fields if issubclass(kind, tuple) else [f.name for f in dataclass_fields(kind)]  # type: ignore[attr-defined,arg-type]
    return [_resolve(kind, name, hints[name]) for name in names]


def _resolve(kind: type, name: str, hint: Any) -> _Field:
    """One field with its type resolved. Errors: TypeError for a type that canonical JSON does not have."""
    options = typing.get_args(hint) if typing.get_origin(hint) in {typing.Union, types.UnionType} else (hint,)
    solid = [option for option in options if option is not types.NoneType]
    hint, is_optional = solid[0], len(solid) < len(options)
    is_list = typing.get_origin(hint) is tuple
    item = typing.get_args(hint)[0] if is_list else hint
    field: _Field | None = None
    if len(solid) == 1 and item in _SCALARS:
        scalar = types.GenericAlias(tuple, (_SCALARS[item], ...)) if is_list else _SCALARS[item]
        field = _Field(name, scalar, None, is_list, is_optional)
    elif isinstance(item, type) and issubclass(item, Fact) and not is_list:
        field = _Field(name, None, Nested(), is_list, is_optional)
    elif isinstance(item, type) and issubclass(item, tuple):
        inner = Rows(shape_of(item)) if is_list else Row(shape_of(item))
        field = _Field(name, None, inner, is_list, is_optional)
    if field is None or (field.is_private and field.scalar is not str):
        msg = f"{kind.__qualname__}.{name} cannot be written as canonical JSON: {hint}"
        raise TypeError(msg)
    return field


def _reading(field: _Field, scalar: Any) -> Any:
    kind = scalar if field.inner is None else field.inner.public_type
    return (field.name, kind | None, None) if field.is_optional else (field.name, kind)


def _reading_private(field: _Field) -> Any:
    if field.inner is not None:
        return field.name, field.inner.private_type | None, None
    return _reading(field, str)


def _as_it_is(row: Any) -> Any:
    return row


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _maker(kind: type) -> Callable[[Any], Any]:
    return lambda values: kind(*values)


def _picker(places: list[int]) -> Callable[[Any], tuple[Any, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple(values[at] for at in places)
