"""A small municipality for hand-computed cells: two nämnder, staber, a resultat unit, and facts in a few words.

    KO ── KS ── KLF ── EKON, HR          NA ── SKOLA
             └─ VSS (resultat) ── KOST
Amounts are whole kronor.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.domain.events import (
    DECISIONS,
    Beslut,
    PrognosSubmitted,
    ProjektChanged,
    UnitChanged,
    UnitEstablished,
    UtfallReported,
    VerifikationPosted,
)
from ledger.domain.rader import Prognosrad, Summarad, Utfallsrad
from ledger.domain.rorelse import Rorelse


def day(text: str) -> date:
    return date.fromisoformat(text)


def kr(kronor: float) -> int:
    return round(kronor * 100)


def unit(ansvar: str, niva: str, overordnad: str | None, fran: str = "2020-01-01", **more: Any) -> UnitEstablished:
    return UnitEstablished(
        ansvar=ansvar, namn=more.pop("namn", ansvar), niva=niva, fran=day(fran), overordnad=overordnad, **more
    )


def moved(ansvar: str, niva: str, overordnad: str | None, fran: str, **more: Any) -> UnitChanged:
    return UnitChanged(
        ansvar=ansvar, namn=more.pop("namn", ansvar), niva=niva, fran=day(fran), overordnad=overordnad, **more
    )


TOWN = (
    unit("KO", "kommun", None),
    unit("KS", "namnd", "KO"),
    unit("KLF", "forvaltning", "KS"),
    unit("EKON", "stab", "KLF"),
    unit("HR", "stab", "KLF"),
    unit("VSS", "forvaltning", "KS", teckenregel="resultat"),
    unit("KOST", "avdelning", "VSS"),
    unit("NA", "namnd", "KO"),
    unit("SKOLA", "stab", "NA"),
)


def rorelse(kronor: float, ar: int, till: str | None = None, fran: str | None = None, **more: Any) -> Rorelse:
    return Rorelse(kr(kronor), more.pop("slag", "netto"), ar, fran_ansvar=fran, till_ansvar=till, **more)


def beslut(typ: str, datum: str, *rorelser: Rorelse, organ: str = "kommunfullmäktige", **more: Any) -> Beslut:
    return DECISIONS[typ](
        beslutsorgan=organ,
        beslutsdatum=day(datum),
        rorelser=rorelser,
        paragraf=more.pop("paragraf", "1"),
        **more,
    )


def budget(datum: str, **per_unit: tuple[int, float]) -> Beslut:
    """A budget decision: `budget("2023-11-20", KS=(2024, 100))`."""
    moves = (rorelse(kronor, ar, unit_code) for unit_code, (ar, kronor) in per_unit.items())
    return beslut("budget", datum, *moves)


def utfall(datum: str, ansvar: str, kronor: float, slag: str = "kostnad", **more: Any) -> UtfallReported:
    """One summary row: `kronor` in the books' sign."""
    return UtfallReported(datum[:7], ansvar, (summarad(datum, ansvar, kronor, slag, **more),))


def summarad(datum: str, ansvar: str, kronor: float, slag: str = "kostnad", **more: Any) -> Summarad:
    konto = more.pop("konto", "5010" if slag == "kostnad" else "3110")
    return Summarad(day(datum), Utfallsrad(kr(kronor), ansvar, konto, slag, **more))


def prognos(datum: str, ar: int, ansvar: str, *rader: tuple[str, float]) -> PrognosSubmitted:
    """`prognos("2024-08-31", 2024, "EKON", ("kostnad", 100))`."""
    return PrognosSubmitted(day(datum), ar, ansvar, tuple(Prognosrad(slag, kr(amount)) for slag, amount in rader))


def investeringsprognos(datum: str, ar: int, ansvar: str, projekt: str, kronor: float) -> PrognosSubmitted:
    return PrognosSubmitted(day(datum), ar, ansvar, (Prognosrad("utgift", kr(kronor), projekt),))


def projekt(kod: str, ansvar: str, status: str, statusdatum: str, slutar: str | None = None) -> ProjektChanged:
    return ProjektChanged(
        projekt=kod,
        namn=f"Projekt {kod}",
        ansvar=ansvar,
        status=status,
        statusdatum=day(statusdatum),
        slutar=day(slutar) if slutar else None,
    )


def verifikation(datum: str, vernr: int, ansvar: str, kronor: float, serie: str = "A") -> VerifikationPosted:
    """A balanced voucher of one cost row."""
    rader = (Utfallsrad(kr(kronor), ansvar, "5010", "kostnad"), Utfallsrad(-kr(kronor), None, "2440"))
    return VerifikationPosted(serie, str(vernr), day(datum), rader)
