"""Cells of a file: what a piece of text means as an amount, a day, a year, a month, a yes or a code.

Rule: contract §4 – amounts in kronor with `.` or `,`, thousands in groups with a blank, U+00A0 or U+202F, `-` or
U+2212, at most two decimals; days `YYYY-MM-DD`. Nothing is guessed: what can be read in two ways is refused.
Every reader gives the value, or the Refusal that says what to do; nothing is raised, for faulty files are long.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.domain.koder import FIRST_YEAR, LAST_YEAR
from ledger.domain.money import MINUS, NBSP
from ledger.domain.refusal import Refusal

MONTHS: Final = 12

#: Blanks that may stand between groups of thousands.
NARROW_NBSP: Final = "\u202f"
_BLANK: Final = f"[ {NBSP}{NARROW_NBSP}]"
_AMOUNT: Final = re.compile(
    rf"(?P<sign>[-{MINUS}]?)(?P<whole>[0-9]{{1,18}}|[0-9]{{1,3}}(?:{_BLANK}[0-9]{{3}}){{1,5}})(?:[.,](?P<rest>[0-9]{{1,2}}))?"
)
#: How nearly all amounts are written; the two groups together are the öre.
_PLAIN: Final = re.compile(r"(-?[0-9]{1,18})[.,]([0-9]{2})").fullmatch
_MORE_DECIMALS: Final = re.compile(rf"[-{MINUS}]?[0-9 {NBSP}{NARROW_NBSP}]+[.,][0-9]{{3,}}")
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEAR: Final = re.compile(r"[0-9]{4}")
_MONTH: Final = re.compile(r"0?[1-9]|1[0-2]")
_YES_NO: Final = {"ja": True, "nej": False}


def text(raw: str) -> str | None:
    """A cell as text: without blanks around it, in Unicode's composed form (NFC); None where it is blank."""
    stripped = raw.strip()
    if not stripped:
        return None
    return stripped if stripped.isascii() else unicodedata.normalize("NFC", stripped)


def amount_ore(raw: str) -> int | Refusal:
    """Kronor as öre: `1 234,50`, `-1234.5`, `−7`."""
    if plain := _PLAIN(raw):
        return int(plain[1] + plain[2])
    found = _AMOUNT.fullmatch(raw) or _AMOUNT.fullmatch(raw.strip())
    if found is None:
        return _amount_refusal(raw.strip())
    sign, whole, rest = found.groups()
    if not whole.isdecimal():
        whole = re.sub(_BLANK, "", whole)
    ore = int(whole) * 100 + (int(rest.ljust(2, "0")) if rest else 0)
    return -ore if sign else ore


def day(raw: str) -> date | Refusal:
    """A day: `2024-03-31`."""
    stripped = raw.strip()
    found = _DAY.fullmatch(stripped)
    if found is None:
        return DayIsUnreadable(varde=stripped)
    try:
        value = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return DayIsNotInCalendar(varde=stripped)
    return value if FIRST_YEAR <= value.year <= LAST_YEAR else YearIsOutOfRange(varde=stripped)


def year(raw: str) -> int | Refusal:
    """A year: `2024`."""
    stripped = raw.strip()
    if not _YEAR.fullmatch(stripped):
        return YearIsUnreadable(varde=stripped)
    value = int(stripped)
    return value if FIRST_YEAR <= value <= LAST_YEAR else YearIsOutOfRange(varde=stripped)


def month(raw: str) -> int | Refusal:
    """A month: `1` to `12`."""
    stripped = raw.strip()
    return int(stripped) if _MONTH.fullmatch(stripped) else MonthIsUnreadable(varde=stripped)


def yes_or_no(raw: str) -> bool | Refusal:
    """`ja` or `nej`."""
    stripped = raw.strip()
    value = _YES_NO.get(stripped.casefold())
    return YesOrNoIsUnreadable(varde=stripped) if value is None else value


def voucher_name(raw: str) -> tuple[str, str, int] | Refusal:
    """What names a voucher to be corrected: `A 123 2024`."""
    parts = raw.split()
    if len(parts) != 3:  # noqa: PLR2004 - serie, number and year
        return VoucherNameIsUnreadable(varde=raw.strip())
    value = year(parts[2])
    if isinstance(value, Refusal):
        return VoucherNameIsUnreadable(varde=raw.strip())
    return text(parts[0]) or "", text(parts[1]) or "", value


def _amount_refusal(raw: str) -> Refusal:
    if "." in raw and "," in raw:
        return AmountHasTwoSeparators(varde=raw)
    if _MORE_DECIMALS.fullmatch(raw):
        return AmountHasManyDecimals(varde=raw)
    return AmountIsUnreadable(varde=raw)


@dataclass(slots=True)
class AmountIsUnreadable(Refusal):
    """An amount is digits, perhaps with a sign and decimals."""

    def sentence(self) -> str:
        """Shows the form."""
        return self.say(
            "Beloppet går inte att läsa: skriv kronor med siffror, högst två decimaler och eventuellt minustecken "
            "först, till exempel -1234,50 eller 1 234.50.",
        )


@dataclass(slots=True)
class AmountHasTwoSeparators(Refusal):
    """Decimal comma or point, not both."""

    def sentence(self) -> str:
        """Says which sign is for thousands."""
        return self.say(
            "Beloppet har både punkt och komma, så det går inte att veta vad som är decimaler: skriv decimalerna "
            "efter punkt eller komma och tusental med mellanslag eller ihop, till exempel 1234,50.",
        )


@dataclass(slots=True)
class AmountHasManyDecimals(Refusal):
    """There are 100 öre to a krona."""

    def sentence(self) -> str:
        """Warns of points for thousands."""
        return self.say(
            "Beloppet har fler än två decimaler: avrunda till hela ören. Är punkten eller kommat till för tusental, "
            "ta bort det.",
        )


@dataclass(slots=True)
class DayIsUnreadable(Refusal):
    """A day has one form."""

    def sentence(self) -> str:
        """Shows it."""
        return self.say(
            "Datumet går inte att läsa: skriv år-månad-dag med fyra, två och två siffror, till exempel 2024-03-31.",
        )


@dataclass(slots=True)
class DayIsNotInCalendar(Refusal):
    """A day exists."""

    def sentence(self) -> str:
        """Asks for another."""
        return self.say("Datumet finns inte i kalendern: rätta månaden eller dagen.")


@dataclass(slots=True)
class YearIsUnreadable(Refusal):
    """A year has four digits."""

    def sentence(self) -> str:
        """Shows the form."""
        return self.say("Året går inte att läsa: skriv det med fyra siffror, till exempel 2024.")


@dataclass(slots=True)
class YearIsOutOfRange(Refusal):
    """A year is one that the ledger can hold."""

    def sentence(self) -> str:
        """Gives the range."""
        return self.say(
            "Året ligger utanför {first_year}–{last_year}: rätta det.",
            first_year=FIRST_YEAR,
            last_year=LAST_YEAR,
        )


@dataclass(slots=True)
class MonthIsUnreadable(Refusal):
    """A month has a number."""

    def sentence(self) -> str:
        """Gives the range."""
        return self.say("Månaden går inte att läsa: skriv ett tal mellan 1 och {months}.", months=MONTHS)


@dataclass(slots=True)
class YesOrNoIsUnreadable(Refusal):
    """Yes or no."""

    def sentence(self) -> str:
        """Gives the words."""
        return self.say("Värdet är varken ja eller nej: skriv ja, nej eller ingenting.")


@dataclass(slots=True)
class VoucherNameIsUnreadable(Refusal):
    """A voucher is named by serie, number and year."""

    def sentence(self) -> str:
        """Shows the form."""
        return self.say(
            "Verifikationen som ska rättas går inte att läsa: skriv serie, nummer och år, till exempel A 123 2024.",
        )
