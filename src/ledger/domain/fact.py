"""What every fact has in common: an archive name, a stream, guard keys and a place in the catalogue.

A fact is something that was decided or has happened. It is never edited: a changed shape gets a new version
(`omfordelning_decided.v2`) and the old one stays readable through an upcast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

#: Free text that may name a person. Fields with these names, at any depth, are the private part of a fact.
PRIVATE_FIELDS = frozenset({"text", "motivering", "kommentar", "motpart", "filnamn"})

#: Characters below this are control characters.
FIRST_PRINTABLE = 32

#: What a private field reads as after a lawful erasure.
ERASED = "[raderad]"

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

_CATALOGUE: dict[str, type[Fact]] = {}
_UPCASTS: dict[str, Upcast] = {}


class Fact:
    """Base of all facts: frozen dataclasses that say what was decided, without clock and without derived sums.

    A subclass is declared with `name` (its archive name without version), `stream` (a template over its fields: the
    natural text key, such as `organisation/{ansvar}`) and `touches` (templates of its guard keys).
    """

    name: ClassVar[str] = ""
    stream_template: ClassVar[str] = ""
    key_templates: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(
        cls, *, name: str = "", version: int = 1, stream: str = "", touches: tuple[str, ...] | None = None
    ) -> None:
        """Enter the class in the catalogue under its hand-written, versioned archive name."""
        super().__init_subclass__()
        if stream:
            cls.stream_template = stream
        if touches is not None:
            cls.key_templates = touches
        if name:
            cls.name = f"{name}.v{version}"
            known = _CATALOGUE.get(cls.name)
            if known is not None:
                msg = f"two facts are called {cls.name}: {known.__qualname__} and {cls.__qualname__}"
                raise TypeError(msg)
            _CATALOGUE[cls.name] = cls
        elif own := cls.__dict__.get("name"):
            # A slotted dataclass is made twice; the second class carries the name of the first and takes its place.
            _CATALOGUE[own] = cls

    @property
    def stream(self) -> str:
        """The natural text key of the stream that this fact belongs to, such as `verifikation/2024/A/00000123`."""
        return self.stream_template.format_map(_Parts(self, part))

    @property
    def keys(self) -> tuple[str, ...]:
        """The guard keys that this fact touches, such as `ram/KS/2024`: what a later decision may depend on."""
        return tuple(template.format_map(_Parts(self, str)) for template in self.key_templates)


class _Parts(dict[str, str]):
    """The fields of a fact as parts of a key, looked up when a template asks for them."""

    def __init__(self, fact: Fact, form: Callable[[object], str]) -> None:
        super().__init__()
        self._fact, self._form = fact, form

    def __missing__(self, key: str) -> str:
        return self._form(getattr(self._fact, key))


def catalogue() -> Mapping[str, type[Fact]]:
    """All facts by archive name, current versions only."""
    return _CATALOGUE


def upcasts() -> Mapping[str, Upcast]:
    """Functions that lift the stored fields of an old fact version one version."""
    return _UPCASTS


def register_upcast(old_name: str, upcast: Upcast) -> None:
    """Let facts stored as `old_name` (`x.v1`) be read as the next version (`x.v2`)."""
    if old_name in _UPCASTS:
        msg = f"{old_name} already has an upcast"
        raise TypeError(msg)
    _UPCASTS[old_name] = upcast


def next_name(name: str) -> str:
    """The archive name one version up: `x.v1` gives `x.v2`."""
    stem, _, number = name.rpartition(".v")
    return f"{stem}.v{int(number) + 1}"


def check_catalogue(facts: Mapping[str, type[Fact]] | None = None, chain: Mapping[str, Upcast] | None = None) -> None:
    """Check at start-up that every old version leads to a current fact and that no version is missing.

    Errors: TypeError that names the broken link.
    """
    facts = _CATALOGUE if facts is None else facts
    chain = _UPCASTS if chain is None else chain
    for name in facts:
        stem, _, number = name.rpartition(".v")
        if not stem or not number.isdigit() or int(number) < 1:
            msg = f"{name} is not an archive name of the form x.v1"
            raise TypeError(msg)
        if name in chain:
            msg = f"{name} is current and cannot have an upcast"
            raise TypeError(msg)
        for older in range(1, int(number)):
            if f"{stem}.v{older}" not in chain:
                msg = f"{stem}.v{older} cannot be read: its upcast is missing"
                raise TypeError(msg)
    for old in chain:
        name = next_name(old)
        while name not in facts:
            if name not in chain:
                msg = f"the upcast of {old} leads to {name}, which does not exist"
                raise TypeError(msg)
            name = next_name(name)


def part(value: object) -> str:
    """One part of a stream key: `/`, `%` and control characters percent-encoded, `-` where blank."""
    if value is None or value == "":
        return "-"
    text = str(value)
    if text == "-":
        return "%2D"
    if text.isalnum():
        return text
    return "".join(f"%{ord(c):02X}" if c in "/%" or ord(c) < FIRST_PRINTABLE else c for c in text)
