"""JSON in and out of the edge: one meaning only when it is read, and the same bytes for the same answer.

Refused: duplicate keys, NaN and infinities, whole numbers beyond 2⁵³, depth, NUL, control characters, lone surrogates.
Strings are brought to NFC, the form in which facts are kept.
"""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from datetime import date, datetime
from typing import Any, Final, NoReturn

import msgspec

from ledger.domain.fact import Fact
from ledger.domain.language import plain_text
from ledger.domain.money import LARGEST_ORE

#: Objects and lists within one another. Commands need five.
DEEPEST: Final = 32

#: Digits of the largest number that is looked at.
LONGEST_NUMBER: Final = 400

_PLAIN_BREAKS: Final = frozenset("\n\r\t")
_ENCODER: Final = msgspec.json.Encoder(enc_hook=plain_text)


class Unreadable(Exception):  # noqa: N818 - named as what is so
    """The text is not JSON with one meaning. Says what is wrong, in Swedish."""


def dumps(value: Any) -> bytes:
    """A value as compact JSON; a `msgspec.Raw` is put in as it is."""
    return _ENCODER.encode(value)


def plain(value: Any) -> Any:
    """A fact, a row or a date as JSON values. What is blank is left out, as in the log."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        fields: tuple[str, ...] = tuple(field.name for field in dataclasses.fields(value))
    else:
        fields = getattr(value, "_fields", ())
    if fields:
        inner = {name: _named(getattr(value, name)) for name in fields}
        return {name: part for name, part in inner.items() if part is not None}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return value


def _named(value: Any) -> Any:
    """A fact inside a fact says which it is, as in the log."""
    return {"fact": plain(value), "name": value.name} if isinstance(value, Fact) else plain(value)


def loads(data: bytes) -> Any:
    """JSON that has one meaning only. Errors: Unreadable."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        msg = f"texten är inte UTF-8 (byte {error.start})"
        raise Unreadable(msg) from error
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_int=_whole, parse_constant=_constant)
    except json.JSONDecodeError as error:
        msg = f"{_fault(error)} på rad {error.lineno}, tecken {error.colno}"
        raise Unreadable(msg) from error
    except RecursionError as error:
        raise Unreadable(_TOO_DEEP) from error
    return _clean(value, 0, "")


_TOO_DEEP: Final = f"objekt och listor ligger djupare än {DEEPEST} nivåer i varandra"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            msg = f"fältet {_shown(key)} står två gånger i samma objekt"
            raise Unreadable(msg)
        found[key] = value
    return found


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER or not -LARGEST_ORE <= int(digits) <= LARGEST_ORE:
        msg = f"talet {_shown(digits)} är större än 2⁵³ − 1, som är det största som kan sparas exakt"
        raise Unreadable(msg)
    return int(digits)


def _constant(name: str) -> NoReturn:
    msg = f"{name} är inget tal i JSON"
    raise Unreadable(msg)


def _clean(value: Any, depth: int, path: str) -> Any:
    if isinstance(value, str):
        return _text(value, path)
    if depth > DEEPEST:
        raise Unreadable(_TOO_DEEP)
    if isinstance(value, dict):
        return {_text(key, path): _clean(part, depth + 1, f"{path}.{key}") for key, part in value.items()}
    if isinstance(value, list):
        return [_clean(part, depth + 1, f"{path}[{at}]") for at, part in enumerate(value)]
    return value


def _text(text: str, path: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    if (fault := unprintable(text)) is not None:
        msg = f"texten i {_shown(path.removeprefix('.')) or 'ett fältnamn'} innehåller {fault}"
        raise Unreadable(msg)
    return unicodedata.normalize("NFC", text)


def unprintable(text: str) -> str | None:
    """What in a text cannot be kept, in words: a half character, NUL or another control character."""
    for c in text:
        category = unicodedata.category(c)
        if category == "Cs":
            return "ett halvt tecken (ensamt surrogat)"
        if category == "Cc" and c not in _PLAIN_BREAKS:
            return "tecknet NUL" if c == "\0" else "ett styrtecken"
    return None


def _fault(error: json.JSONDecodeError) -> str:
    known = {
        "Expecting value": "ett värde saknas",
        "Expecting property name enclosed in double quotes": "ett fältnamn inom citattecken saknas",
        "Expecting ':' delimiter": "ett kolon saknas",
        "Expecting ',' delimiter": "ett komma saknas",
        "Unterminated string starting at": "en text avslutas inte",
        "Invalid control character at": "ett styrtecken står i en text",
        "Extra data": "det står något efter slutet",
    }
    return known.get(error.msg, "den bryter mot JSON:s form")


def _shown(text: str) -> str:
    """A text short enough, and printable, for a sentence."""
    safe = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return safe if len(safe) <= 40 else safe[:39] + "…"  # noqa: PLR2004 - a glance
