"""Free text: what may stand in it, and what may not.

Rule: contract §4 – text that looks like a personnummer (valid date, or day + 60, and check digit) is refused;
organisation numbers pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ledger.domain.language import _
from ledger.domain.refusal import Refusal

#: Longer text belongs in a document that the text refers to.
LONGEST_TEXT = 10_000

#: A code, a voucher number, a diary number or an organ is at most this long.
LONGEST_CODE = 100

#: Up to three characters, as in `850709 - 9805`.
#: Characters that turn the direction of writing: what is read would not be what stands there.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_SEPARATOR = "[-+\u2010-\u2015\u2212 \u00a0\u2009\u202f]{0,3}"
_LOOKS_LIKE = re.compile(rf"(?<!\d)(?:(?:19|20|18){_SEPARATOR})?(\d{{6}}){_SEPARATOR}(\d{{4}})(?!\d)")
_FIRST_SAMORDNINGSDAG = 61
_SAMORDNING = 60


@dataclass(slots=True)
class TextHoldsPersonnummer(Refusal):
    """No personnummer may stand in a fact: facts are kept for ever."""

    def sentence(self) -> str:
        """The text itself is not repeated."""
        return self.say(
            "Texten i {place} ser ut att innehålla ett personnummer eller samordningsnummer, "
            "och fakta sparas för alltid: ta bort numret och skriv i stället ett ärende- eller diarienummer.",
            place=_place(self.kolumn),
        )


@dataclass(slots=True)
class TextIsUnreadable(Refusal):
    """Text must be printable."""

    def sentence(self) -> str:
        """Names the character class."""
        return self.say(
            "Texten i {place} innehåller styrtecken eller ofullständiga tecken, som inte kan "
            "läsas: skriv om texten utan dem.",
            place=_place(self.kolumn),
        )


@dataclass(slots=True)
class ColumnIsBlank(Refusal):
    """Codes and names say something."""

    def sentence(self) -> str:
        """Names the column."""
        return self.say("Kolumnen {self.kolumn} är tom, men behövs: fyll i den.")


@dataclass(slots=True)
class TextIsTooLong(Refusal):
    """Text has a length that a report can print."""

    length: int

    def sentence(self) -> str:
        """Gives both lengths."""
        return self.say(
            "Texten i {place} har {self.length} tecken, men högst {most} ryms: "
            "korta texten och hänvisa till handlingen.",
            place=_place(self.kolumn),
            most=LONGEST_TEXT,
        )


@dataclass(slots=True)
class CodeIsTooLong(Refusal):
    """A code, a number or a name of an organ is part of a stream's key, which has a length."""

    length: int

    def sentence(self) -> str:
        """Gives both lengths."""
        return self.say(
            "Värdet i {place} har {self.length} tecken, men högst {most} ryms: korta det.",
            place=_place(self.kolumn),
            most=LONGEST_CODE,
        )


@lru_cache(maxsize=65_536)
def holds_personnummer(text: str) -> bool:
    """Whether a personnummer or samordningsnummer of 10 or 12 digits stands in the text."""
    return any(_is_personnummer(match[1], match[2]) for match in _LOOKS_LIKE.finditer(text))


def _is_personnummer(six: str, four: str) -> bool:
    digits = [int(c) for c in six + four]
    year, month, day = digits[0] * 10 + digits[1], digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]
    if day >= _FIRST_SAMORDNINGSDAG:
        day -= _SAMORDNING
    if not any(_is_date(century + year, month, day) for century in (1800, 1900, 2000)):
        return False
    doubled = (digit * 2 if place % 2 == 0 else digit for place, digit in enumerate(digits))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0  # noqa: PLR2004 - the Luhn sum


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=65_536)
def is_unreadable(text: str) -> bool:
    """Whether the text holds control characters (line breaks and tabs apart) or lone surrogates."""
    return not text.isprintable() and any(
        c in _TURNS or unicodedata.category(c) == "Cs" or (unicodedata.category(c) == "Cc" and c not in "\n\r\t")
        for c in text
    )


def _place(kolumn: str | None) -> str:
    return _("kolumnen {kolumn}").format(kolumn=kolumn) if kolumn else _("ett fält")


def text_refusals(text: str | None, kolumn: str, rad: int | None = None) -> Iterator[Refusal]:
    """What is wrong with a piece of free text, if anything."""
    if not text or (text.isalnum() and len(text) < 10):  # noqa: PLR2004 - a code, too short for a personnummer
        return
    if len(text) > LONGEST_TEXT:
        yield TextIsTooLong(len(text), rad=rad, kolumn=kolumn)
    elif is_unreadable(text):
        yield TextIsUnreadable(rad=rad, kolumn=kolumn)
    elif holds_personnummer(text):
        yield TextHoldsPersonnummer(rad=rad, kolumn=kolumn)


def length_refusals(code: str | None, kolumn: str) -> Iterator[Refusal]:
    """Whether a code, a number or an organ is too long to be part of a key."""
    if code and len(code) > LONGEST_CODE:
        yield CodeIsTooLong(len(code), kolumn=kolumn)


def name_refusals(text: str, kolumn: str) -> Iterator[Refusal]:
    """What is wrong with a code or a name that a register is to hold: as a text, and blank."""
    if not text.strip():
        yield ColumnIsBlank(kolumn=kolumn)
    yield from text_refusals(text, kolumn)
