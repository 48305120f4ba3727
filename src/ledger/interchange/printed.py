"""An answer as it is printed: words and figures as text, ready to be set as a page, whatever the page is made of.

Rule: contract §3 – Swedish figures, each rounded on its own from exact öre; `–` where there is no figure, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from ledger.domain.money import MINUS, NBSP, kronor, swedish
from ledger.domain.tal import swedish_text
from ledger.interchange.chart import Diagram
from ledger.reporting.answer import Answer, Cell, Kolumn, Rad, Stampel
from ledger.reporting.report import MONTHS

#: What stands over units that are shown after the sum.
BESIDE: Final = "Redovisas som resultat, utanför summan:"

NUMBERS: Final = frozenset({"belopp", "kronor", "antal", "tal", "ar"})
UNITS: Final = {"kr": "kronor", "tkr": "tusental kronor (tkr)", "mnkr": "miljoner kronor (mnkr)"}

LONG_MONTHS: Final = (
    *("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober"),
    *("november", "december"),
)

#: More columns than this are set on a page that lies down; so are several beside names of more characters than these.
UPRIGHT: Final = 6
SEVERAL, LONG_NAME = 5, 60

#: Texts of no more characters stand on one line; longer ones share what is left, by their length up to this.
SHORT: Final = 20
MOST_SHARE: Final = 60

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
    """A printed answer. `tal` says which columns hold figures and stand to the right; `forsta` heads the names.

    `tomt`: what is said where there are no rows to print.
    """

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
    forsta: str = "Benämning"
    tomt: str = "Inga rader."

    def longest(self, n: int) -> int:
        """How many characters the longest cell of a column has, or the longest word over it."""
        return max(map(len, [*self.kolumner[n].split(), *(rad.celler[n] for rad in self.rader)]), default=1)

    def share(self, n: int) -> int:
        """How much a column of long texts takes of the room that is left; nothing for one that is as wide as its texts.

        Names are the column before the first.
        """
        if n < 0:
            return max(1, min(max((len(rad.namn) + 2 * rad.indrag for rad in self.rader), default=1), MOST_SHARE))
        longest = self.longest(n)
        return 0 if self.tal[n] or longest <= SHORT else min(longest, MOST_SHARE)

    @property
    def is_wide(self) -> bool:
        """Whether the table needs a page that lies down: for its columns, or for long names beside several."""
        longest = max((len(rad.namn) for rad in self.rader), default=0)
        return len(self.kolumner) > UPRIGHT or (len(self.kolumner) >= SEVERAL and longest > LONG_NAME)


def printed(answer: Answer, *, every_column: bool = False) -> Tryck:
    """The answer as printed; `every_column`: not only those of a narrow table."""
    answer = answer.shown()
    columns = printed_columns(answer, every_column=every_column)
    empty, beside = nothing(answer, columns), first_beside(answer.rader)
    rows = tuple(
        Tryckrad(
            rad.namn,
            tuple(shown_cell(rad, column, answer.enhet) for column in columns),
            rad.indrag,
            rad.sort,
            n == beside,
        )
        for n, rad in enumerate(answer.rader)
        if not empty
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
        tomt=empty or "Inga rader.",
    )


def charted(tryck: Tryck, diagram: Diagram) -> Tryck:
    """The table behind a chart, to stand on a page of a printed answer."""
    rows = tuple(Tryckrad(name, tuple(cells), 0, "rad") for name, *cells in diagram.rader)
    return replace(
        tryck, rubrik=diagram.rubrik, forsta=diagram.kolumner[0], kolumner=diagram.kolumner[1:],
        tal=(True,) * (len(diagram.kolumner) - 1), rader=rows, kommentarer=(), fotnoter=(),
    )  # fmt: skip


def nothing(answer: Answer, columns: Sequence[Kolumn]) -> str:
    """What is said of a table of sums that holds no amount at all; blank where it holds one, and of lists."""
    amounts = [column.nyckel for column in columns if column.form == "belopp"]
    if not answer.fraga.get("per") or any(rad.celler.get(key) for rad in answer.rader for key in amounts):
        return ""
    return f"Inga belopp att visa: allt som tabellen skulle visa för {period(answer)} är 0 eller saknas."


def period(answer: Answer) -> str:
    """The year, or the months of it, that an answer is about."""
    return period_text(int(answer.fraga["ar"]), int(answer.fraga["tom"]))


def period_text(ar: int, tom: int) -> str:
    """A year, or the months of it until one."""
    if tom == len(MONTHS):
        return str(ar)
    return f"{LONG_MONTHS[0]} {ar}" if tom == 1 else f"{LONG_MONTHS[0]}–{LONG_MONTHS[tom - 1]} {ar}"


def printed_columns(answer: Answer, *, every_column: bool = False) -> list[Kolumn]:
    """The columns of a narrow printed table, or all."""
    return [k for k in answer.kolumner if every_column or not answer.utskrift or k.nyckel in answer.utskrift]


def first_beside(rows: Sequence[Rad]) -> int | None:
    """The place of the first unit that stands after the sum and outside it."""
    sums = [n for n, rad in enumerate(rows) if rad.nyckel == "summa"]
    return next((n for n, rad in enumerate(rows) if sums and n > sums[0] and rad.sort == "enhet"), None)


def subtitle(answer: Answer) -> str:
    """The period, the unit of money and what else the question said."""
    said = [
        f"{name} {value}"
        for name, value in answer.fraga.items()
        if value not in (None, "", "nej") and name not in UNSAID
    ]
    when = [period(answer)] if answer.fraga["ar"] else []
    return " · ".join(part for part in (*when, unit_of(answer), *said) if part)


def unit_of(answer: Answer) -> str:
    """What amounts are shown in, in words: exact ones in kronor; blank where there are none."""
    forms = {column.form for column in answer.kolumner}
    if "belopp" in forms:
        return UNITS.get(answer.enhet, answer.enhet)
    return UNITS["kr"] if "kronor" in forms else ""


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
    if column.form == "kronor" and isinstance(value, int):
        return kronor(value)
    if column.form == "antal" and isinstance(value, int):
        return f"{value:,}".replace(",", NBSP).replace("-", MINUS)
    if column.form == "tal":
        return swedish_text(str(value))
    return instant_text(str(value)) if column.form == "tid" else str(value)


def instant_text(text: str) -> str:
    """`2024-05-28T12:00:00.000000Z` as `2024-05-28 12:00:00`."""
    return text.replace("T", " ").partition(".")[0].removesuffix("Z")
