"""A small municipality for cases that are computed by hand, and short ways to write its facts.

KOMMUN ─ KS (nämnd) ─ KLF (förvaltning) ─ EKON, HR (staber)
       │            └ VSS (förvaltning, resultat) ─ IT (avdelning)
       └ BUN (nämnd)
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from ledger.domain.events import DECISIONS, Beslut, ProjektChanged, UnitChanged, UnitEstablished, UtfallReported
from ledger.domain.fact import Fact
from ledger.domain.rader import Prognosrad, Summarad, Utfallsrad
from ledger.domain.rorelse import Rorelse
from tests.oracle.question import Answer, Question
from tests.oracle.reports import answer

FIRST_DAY: Final = date(2022, 1, 1)


def day(text: str) -> date:
    """A date as it is written."""
    return date.fromisoformat(text)


def kr(kronor: int) -> int:
    """Kronor in öre."""
    return kronor * 100


def unit(ansvar: str, niva: str, overordnad: str | None, teckenregel: str | None = None) -> UnitEstablished:
    """A unit from the first day."""
    return UnitEstablished(ansvar, ansvar.title(), niva, FIRST_DAY, overordnad, teckenregel)


def changed(ansvar: str, niva: str, overordnad: str, fran: str, teckenregel: str | None = None) -> UnitChanged:
    """The unit's new version from a day."""
    return UnitChanged(ansvar, ansvar.title(), niva, day(fran), overordnad, teckenregel)


TOWN: Final[tuple[Fact, ...]] = (
    unit("KOMMUN", "kommun", None, "nettokostnad"),
    unit("KS", "namnd", "KOMMUN"),
    unit("KLF", "forvaltning", "KS"),
    unit("EKON", "stab", "KLF"),
    unit("HR", "stab", "KLF"),
    unit("VSS", "forvaltning", "KS", "resultat"),
    unit("IT", "avdelning", "VSS"),
    unit("BUN", "namnd", "KOMMUN"),
)


def move(kronor: int, ar: int, fran: str | None = None, till: str | None = None, **more: Any) -> Rorelse:
    """A movement of so many kronor; slag netto unless another is named, `more` by the fields' names."""
    return Rorelse(kr(kronor), "netto", ar, fran, till)._replace(**more)


def decided(typ: str, dag: str, *rorelser: Rorelse, forslag: str | None = None, dnr: str | None = None) -> Beslut:
    """A decision of a kind on a day."""
    return DECISIONS[typ]("kommunfullmäktige", day(dag), rorelser, diarienummer=dnr, forslag=forslag)


def rad(dag: str, kronor: int, ansvar: str, slag: str = "kostnad", **more: str) -> Summarad:
    """A row of outcome in the books' sign."""
    return Summarad(day(dag), Utfallsrad(kr(kronor), ansvar, slag=slag, **more))


def reported(*rader: Summarad) -> UtfallReported:
    """The rows of one unit and month."""
    first = rader[0]
    return UtfallReported(first.bokforingsdatum.isoformat()[:7], first.rad.ansvar or "", rader)


def prognosrad(kronor: int, slag: str = "netto", projekt: str | None = None) -> Prognosrad:
    """A forecast of one slag."""
    return Prognosrad(slag, kr(kronor), projekt)


def project(projekt: str, ansvar: str, status: str = "pagaende", statusdatum: str = "2022-01-01") -> ProjektChanged:
    """An investment project that ends in 2025."""
    return ProjektChanged(projekt, projekt, ansvar, status, day(statusdatum), slutar=date(2025, 6, 30))


def ask(history: tuple[Fact, ...], question: Question, *, bare: bool = False) -> Answer:
    """The answer in the small municipality; its own facts have the positions before 101."""
    town = () if bare else tuple(enumerate(TOWN, start=1))
    return answer([*town, *enumerate(history, start=101)], question)
