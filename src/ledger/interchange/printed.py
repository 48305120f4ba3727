"""An answer as it is printed: words and figures as text, ready to be set as a page, whatever the page is made of.

Rule: contract §3 – Swedish figures, each rounded on its own from exact öre; `–` where there is no figure, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ledger.domain.money import MINUS, NBSP, swedish
from ledger.reporting.answer import Answer, Cell, Kolumn, Rad, Stampel

#: What stands over units that are shown after the sum.
BESIDE: Final = "Redovisas som resultat, utanför summan:"

NUMBERS: Final = frozenset({"belopp", "antal", "ar"})
UNITS: Final = {"kr": "kronor", "tkr": "tusental kronor (tkr)", "mnkr": "miljoner kronor (mnkr)"}

#: Parameters that a heading does not repeat: the unit has its own place, the rest stands in the stamp.
UNSAID: Final = ("enhet", "kand", "organisation", "ar", "tom")


@dataclass(frozen=True)
class Tryckrad:
    """A printed row. `beside`: it is the first of those that stand outside the sum."""

    namn: str
    celler: tuple[str, ...]
    indrag: int
    sort: str
    beside: bool = False


@dataclass(frozen=True)
class Tryck:
    """A printed answer. `tal` says which columns hold figures and stand to the right."""

    rubrik: str
    underrubrik: str
    kolumner: tuple[str, ...]
    tal: tuple[bool, ...]
    rader: tuple[Tryckrad, ...]
    kommentarer: tuple[tuple[str, str], ...]
    fotnoter: tuple[str, ...]
    stampel: str
    rot: str
    dag: datetime


def printed(answer: Answer, *, every_column: bool = False) -> Tryck:
    """The answer as printed; `every_column`: not only those of a narrow table."""
    columns = printed_columns(answer, every_column=every_column)
    beside = first_beside(answer.rader)
    rows = tuple(
        Tryckrad(
            rad.namn,
            tuple(shown_cell(rad, column, answer.enhet) for column in columns),
            rad.indrag,
            rad.sort,
            n == beside,
        )
        for n, rad in enumerate(answer.rader)
    )
    return Tryck(
        answer.rubrik,
        subtitle(answer),
        tuple(column.rubrik for column in columns),
        tuple(column.form in NUMBERS for column in columns),
        rows,
        tuple((rad.namn, rad.kommentar) for rad in answer.rader if rad.kommentar),
        answer.fotnoter,
        stamp_text(answer.stampel),
        answer.stampel.root,
        stamp_day(answer),
    )


def printed_columns(answer: Answer, *, every_column: bool = False) -> list[Kolumn]:
    """The columns of a narrow printed table, or all."""
    return [k for k in answer.kolumner if every_column or not answer.utskrift or k.nyckel in answer.utskrift]


def first_beside(rows: Sequence[Rad]) -> int | None:
    """The place of the first unit that stands after the sum and outside it."""
    sums = [n for n, rad in enumerate(rows) if rad.nyckel == "summa"]
    return next((n for n, rad in enumerate(rows) if sums and n > sums[0] and rad.sort == "enhet"), None)


def subtitle(answer: Answer) -> str:
    """The unit of money and what else the question said."""
    said = [
        f"{name} {value}"
        for name, value in answer.fraga.items()
        if value not in (None, "", "nej") and name not in UNSAID
    ]
    return " · ".join([UNITS.get(answer.enhet, answer.enhet).capitalize(), *said])


def stamp_text(stampel: Stampel) -> str:
    """From what the answer was worked out, in one line."""
    instant = f"{instant_text(stampel.recorded_at)} UTC" if stampel.recorded_at else "tom logg"
    lage = "öppet läge" if stampel.lage == "oppet" else stampel.lage
    return f"Läge @{stampel.position} · {instant} · rapportversion {stampel.version} · {lage}"


def stamp_day(answer: Answer) -> datetime:
    """When what the answer shows was recorded: files made of one answer carry one date."""
    text = answer.stampel.recorded_at
    return datetime.fromisoformat(text).astimezone(UTC) if text else datetime(1980, 1, 1, tzinfo=UTC)


def shown_cell(rad: Rad, column: Kolumn, enhet: str) -> str:
    """A cell as Swedish text. A heading shows what it has and no dashes."""
    value: Cell = rad.celler.get(column.nyckel)
    if value is None:
        return "–" if column.form in NUMBERS and rad.sort not in ("rubrik", "fler") else ""
    if column.form == "belopp" and isinstance(value, int):
        return swedish(value, enhet)
    if column.form == "antal" and isinstance(value, int):
        return f"{value:,}".replace(",", NBSP).replace("-", MINUS)
    return instant_text(str(value)) if column.form == "tid" else str(value)


def instant_text(text: str) -> str:
    """`2024-05-28T12:00:00.000000Z` as `2024-05-28 12:00:00`."""
    return text.replace("T", " ").partition(".")[0].removesuffix("Z")
