"""Codes that rows carry: each exists, and was valid when the row is about.

Rule: contract §4 – units, verksamheter and konton are valid on some day of the year (budget), on the bokföringsdatum or
the prognosdatum; a project need only exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.domain.language import N_, _
from ledger.domain.refusal import Kind, Refusal
from ledger.domain.versions import History

NAMES = {
    "ansvar": N_("Enheten"), "verksamhet": N_("Verksamheten"), "konto": N_("Kontot"), "projekt": N_("Projektet"),
}  # fmt: skip
FILES = {
    "ansvar": N_("organisationsfilen"), "verksamhet": N_("verksamhetsfilen"),
    "konto": N_("kontofilen"), "projekt": N_("projektfilen"),
}  # fmt: skip

#: The first and the last räkenskapsår that a row can be about.
FIRST_YEAR, LAST_YEAR = 1900, 2199


def code_refusals(
    chart: dict[str, History[Any]], sort: str, kod: str | None, first: date, last: date, *, rad: int | None, kolumn: str
) -> Iterator[Refusal]:
    """What is wrong with a code of a versioned chart between two days, if anything. A blank code is not judged."""
    if not kod:
        return
    history = chart.get(kod)
    if history is None:
        yield CodeIsUnknown(sort, kod, rad=rad, kolumn=kolumn, varde=kod)
    elif not history.valid_between(first, last):
        yield CodeIsNotValid(sort, kod, first, last, spans(history), rad=rad, kolumn=kolumn, varde=kod)


def year_span(ar: int) -> tuple[date, date]:
    """First and last day of a räkenskapsår (calendar year, LKBR 1:5)."""
    return date(ar, 1, 1), date(ar, 12, 31)


def year_refusals(ar: int, kolumn: str, rad: int | None = None) -> Iterator[Refusal]:
    """What is wrong with a räkenskapsår, if anything."""
    if not FIRST_YEAR <= ar <= LAST_YEAR:
        yield YearIsUnknown(rad=rad, kolumn=kolumn, varde=str(ar))


def spans(history: History[Any]) -> str:
    """When a code is valid, in words: `2022-01-01–2023-12-31, 2025-01-01–`."""
    return ", ".join(f"{version.fran}–{history.last_day(version) or ''}" for version in history.versions)


@dataclass(slots=True)
class YearIsUnknown(Refusal):
    """A räkenskapsår is a year that a municipality can account for."""

    def sentence(self) -> str:
        """Gives the range."""
        return self.say(
            "Året {self.varde} i {self.kolumn} är inget räkenskapsår: skriv ett år från {first_year} till {last_year}.",
            first_year=FIRST_YEAR,
            last_year=LAST_YEAR,
        )


@dataclass(slots=True)
class CodeIsUnknown(Refusal):
    """A code exists in the ledger or in the same import."""

    kind = Kind.MISSING
    sort: str
    kod: str

    def sentence(self) -> str:
        """Says where codes come from."""
        return self.say(
            "{what} {self.kod} finns inte: lägg till koden i {where} eller rätta raden.",
            what=_(NAMES[self.sort]),
            where=_(FILES[self.sort]),
        )


@dataclass(slots=True)
class CodeIsNotValid(Refusal):
    """A code is valid when the row is about."""

    sort: str
    kod: str
    first: date
    last: date
    valid: str

    def sentence(self) -> str:
        """Says when it is valid."""
        if self.first == self.last:
            text = N_(
                "{what} {self.kod} gäller inte {self.first} (gäller {self.valid}): rätta koden eller datumet, eller "
                "ändra kodens giltighet."
            )
        else:
            text = N_(
                "{what} {self.kod} gäller inte under {self.first.year} (gäller {self.valid}): rätta koden eller "
                "datumet, eller ändra kodens giltighet."
            )
        return self.say(text, what=_(NAMES[self.sort]))


@dataclass(slots=True)
class AmountIsTooLarge(Refusal):
    """An amount fits in canonical JSON exactly."""

    belopp_ore: int

    def sentence(self) -> str:
        """Names the limit."""
        return self.say(
            "Beloppet {self.belopp_ore} öre är större än vad liggaren kan spara exakt: kontrollera beloppet.",
        )
