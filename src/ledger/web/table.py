"""An answer as a table on a page: which columns, which rows under which heading, and where each figure leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

from ledger.domain.language import _
from ledger.domain.money import shown
from ledger.reporting.answer import Answer, Cell, Kolumn, Rad
from ledger.reporting.tables.two_trees import split
from ledger.web import spoken, words

#: Half the width of a deviation bar, in units of its drawing.
HALF: Final = 50

#: Rows that carry a bar.
BARRED: Final = frozenset({"enhet", "kod", "projekt", "ofordelat"})

#: Rows of lists: their amounts are single facts, not sums that can be taken apart.
LISTED: Final = frozenset({"rad", "rubrik", "fler"})

#: Rows that a long table can do without at first.
LEFT_OUT: Final = BARRED | {"andring", "rubrik"}

#: How much further in rows stand that are under one heading, or under two.
INSIDE: Final = ("", "inne", "inne2")

#: How rows of each sort look.
STYLES: Final = {
    "summa": "summa",
    "delsumma": "delsumma",
    "varav": "varav",
    "andring": "niva2",
    "rubrik": "grupp",
}

#: The deviation that the bars draw, the first that the table shows.
DEVIATIONS: Final = ("avvikelse", "avvikelse_prognos", "ar_avvikelse", "total_avvikelse", "prognosavvikelse")


@dataclass(frozen=True, slots=True)
class Bar:
    """A deviation as a bar from the middle: to the left and hatched where it is a deficit."""

    x: str
    width: str
    is_deficit: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: its text, where it leads, and whether it is a deficit."""

    text: str
    href: str | None = None
    is_deficit: bool = False
    is_number: bool = True
    is_text: bool = False
    is_main: bool = False
    bar: Bar | None = None
    has_bar: bool = False
    deficit: str = ""
    #: The figure in words, with its row and its column, for those who hear it.
    said: str = ""

    def shown_as(self, text: str, href: str | None) -> Figure:
        """The same with another text, and leading elsewhere."""
        return Figure(
            text, href, self.is_deficit, self.is_number, self.is_text, self.is_main, self.bar, self.has_bar,
            self.deficit, self.said,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `heading` stands above it where a new part of the table begins."""

    nyckel: str
    namn: str
    kod: str | None
    style: str
    figures: list[Figure]
    heading: str | None = None
    kommentar: str | None = None
    anchor: str = ""
    comment_href: str | None = None
    below: Below | None = None
    id: str = ""
    #: So many rows are left out where this one stands, which is no row of the answer.
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Below:
    """What is under a row: how the open rows are named when this one is opened or closed, and what it shows open.

    `asked` are the parameters of the answer about the row alone.
    """

    key: str
    toggled: str
    asked: dict[str, str]
    answer: Answer | None = None
    below: Mapping[str, Below] = field(default_factory=dict)

    @property
    def controls(self) -> str:
        """The rows that closing it takes away, by id."""
        return " ".join(f"{self.key}.{rad.nyckel}" for rad in _inside(self.answer)) if self.answer else ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column, with room for bars after it where it is the deviation that they draw."""

    rubrik: str
    is_number: bool
    has_bar: bool


@dataclass(slots=True)
class Table:
    """A table as the template draws it."""

    headings: list[Heading] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    width: int = 1
    more: int = 0
    keys: tuple[str, ...] = ()

    @property
    def can_open(self) -> bool:
        """Whether any row opens."""
        return any(row.below for row in self.rows)

    @property
    def comments(self) -> list[Row]:
        """The rows that somebody has commented on."""
        return [row for row in self.rows if row.kommentar]


#: What the forms that people open in other programs are called.
PROGRAMS: Final = {"xlsx": "Excel", "docx": "Word", "pdf": "PDF", "csv": "CSV"}


def files_of(report: str, asked: dict[str, str]) -> list[tuple[str, str]]:
    """The files that an answer can be had as: what each is called, and its address."""
    return [(name, address("api", "v1", "rapporter", report, **asked, format=form)) for form, name in PROGRAMS.items()]


def address(*parts: str, **asked: str) -> str:
    """An address of the house, its parts and parameters encoded; blank parameters are left out."""
    return "/" + "/".join(map(_quoted, parts)) + _query(tuple(asked.items()))


@lru_cache(maxsize=4096)
def _quoted(part: str) -> str:
    return quote(part, safe="")


@lru_cache(maxsize=256)
def _query(asked: tuple[tuple[str, str], ...]) -> str:
    """The parameters of an address: the same for all the figures of a table."""
    query = urlencode([(name, value) for name, value in asked if value])
    return f"?{query}" if query else ""


def voucher_address(ar: int | str, serie: str, vernr: str) -> str:
    """The page of a voucher; that of the report where an address cannot hold the serie."""
    if "/" in serie:
        return address("rapporter", "verifikation", ar=str(ar), serie=serie, vernr=vernr)
    return address("verifikationer", str(ar), serie, vernr)


class Shown(NamedTuple):
    """A column with what all its cells share."""

    kolumn: Kolumn
    is_number: bool
    is_signed: bool
    is_drawn: bool
    has_deficits: bool

    @staticmethod
    def of(kolumn: Kolumn, drawn: str | None) -> Shown:
        """A column of a table whose bars draw another."""
        return Shown(
            kolumn,
            _is_number(kolumn),
            split(kolumn.nyckel)[0] in words.SIGNED,
            kolumn.nyckel == drawn,
            kolumn.form == "belopp" and "avvikelse" in kolumn.nyckel,
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """What all rows of a table share: its columns, the one whose amounts are drawn, and the largest of those."""

    columns: tuple[Shown, ...]
    drawn: str | None
    largest: int


def table_of(
    answer: Answer,
    asked: dict[str, str],
    *,
    every_column: bool = False,
    below: Mapping[str, Below] | None = None,
    most: int | None = None,
) -> Table:
    """The table of an answer. `asked` are the parameters that its links carry; `below` the rows that can be opened.

    Of a long table the rows of `most` figures are shown, and those of sums all the same.
    """
    answer, below = answer.shown(), below or {}
    columns = tuple(k for k in answer.kolumner if every_column or not answer.utskrift or k.nyckel in answer.utskrift)
    drawn = next((key for key in DEVIATIONS if any(k.nyckel == key for k in columns)), None)
    kolumner = tuple(Shown.of(kolumn, drawn) for kolumn in columns)
    shape = Shape(kolumner, drawn, max((abs(ore) for ore in _all_drawn(answer, drawn, below)), default=0))
    table = Table(more=len(answer.kolumner) - len(columns))
    table.keys = tuple(k.nyckel for k in columns)
    table.headings = [Heading(k.rubrik, _is_number(k), k.nyckel == drawn) for k in columns]
    table.width = 1 + len(columns) + (drawn is not None)
    seen_sum = False
    room = most // max(len(columns), 1) if most else len(answer.rader)
    for rad in answer.rader:
        if rad.sort in LEFT_OUT and (room := room - 1) < 0:
            _leave_out(table.rows)
            continue
        heading = _heading(table.rows, rad, seen_sum=seen_sum)
        table.rows.append(_row(answer, rad, shape, asked, heading, below.get(rad.nyckel)))
        table.rows.extend(_opened(below.get(rad.nyckel), shape, 1))
        seen_sum = seen_sum or rad.nyckel == "summa"
    return table


def _leave_out(rows: list[Row]) -> None:
    """One row less, said where it would have stood."""
    before = rows.pop().left_out if rows and rows[-1].left_out else 0
    rows.append(Row("", "", None, "", [], left_out=before + 1))


def _opened(below: Below | None, shape: Shape, depth: int) -> list[Row]:
    """The rows under one that is open, and those under them."""
    rows: list[Row] = []
    if below is None or below.answer is None:
        return rows
    for rad in _inside(below.answer):
        inner = below.below.get(rad.nyckel)
        row = _row(below.answer, rad, shape, below.asked, None, inner)
        rows.append(replace(row, style=f"under under{min(depth, 3)}", id=f"{below.key}.{rad.nyckel}"))
        rows.extend(_opened(inner, shape, depth + 1))
    return rows


def _inside(answer: Answer) -> list[Rad]:
    """The rows of which the sum of an answer is the sum."""
    keys = [rad.nyckel for rad in answer.rader]
    before = answer.rader[: keys.index("summa")] if "summa" in keys else answer.rader
    return [rad for rad in before if rad.sort in BARRED]


def _all_drawn(answer: Answer, drawn: str | None, below: Mapping[str, Below]) -> list[int]:
    """The amounts that bars are drawn of, in the table and under its rows."""
    found = [value for rad in answer.rader if (value := _drawn(rad, drawn)) is not None]
    for one in below.values():
        found.extend(_all_drawn(one.answer, drawn, one.below) if one.answer else ())
    return found


def _row(
    answer: Answer, rad: Rad, shape: Shape, asked: dict[str, str], heading: str | None, below: Below | None
) -> Row:
    figures = [_figure(answer, rad, kolumn, shape, asked) for kolumn in shape.columns]
    inside = INSIDE[min(max(rad.indrag, 1), len(INSIDE)) - 1]
    style = f"{STYLES.get(rad.sort, '')} {inside}".strip()
    kod = rad.nyckel if rad.sort in {"kod", "projekt"} else None
    anchor = "analys-" + quote(rad.nyckel, safe="")
    # What is said now is said of what is known now.
    is_now = rad.sort not in LISTED and not asked.get("kand")
    comment = address("kommentar", answer.rapport, rad.nyckel, **asked) if is_now else None
    return Row(rad.nyckel, rad.namn, kod, style, figures, heading, rad.kommentar, anchor, comment, below)


def _heading(rows: list[Row], rad: Rad, *, seen_sum: bool) -> str | None:
    """Units with the rule resultat stand after the sum, under a heading of their own."""
    if not seen_sum or rad.sort != "enhet" or any(row.heading for row in rows):
        return None
    return _("Redovisas som resultat, utanför summan")


def _is_number(kolumn: Kolumn) -> bool:
    return kolumn.form in {"belopp", "kronor", "antal", "tal", "ar"}


def _drawn(rad: Rad, drawn: str | None) -> int | None:
    value = rad.celler.get(drawn) if drawn and rad.sort in BARRED else None
    return value if isinstance(value, int) else None


def _figure(answer: Answer, rad: Rad, column: Shown, shape: Shape, asked: dict[str, str]) -> Figure:
    kolumn, enhet = column.kolumn, answer.enhet
    cell: Cell = rad.celler.get(kolumn.nyckel)
    text = words.figure(cell, kolumn.form, enhet, signed=column.is_signed)
    if rad.sort == "rubrik" and cell is None:
        text = ""
    href = None
    if kolumn.form == "belopp" and cell is not None and rad.sort not in LISTED:
        href = address("rapporter", answer.rapport, rad.nyckel, kolumn.nyckel, **asked)
    return Figure(
        text,
        href,
        column.has_deficits and isinstance(cell, int) and shown(cell, enhet) < 0,
        column.is_number,
        kolumn.form == "text",
        kolumn.nyckel in {"utfall", "ar_utfall"},
        _bar(_drawn(rad, shape.drawn) if column.is_drawn else None, shape.largest, enhet),
        column.is_drawn,
        _("över ram") if rad.sort == "projekt" else _("underskott"),
        spoken.figure(rad.namn, kolumn, text, enhet) if href else "",
    )


def _bar(value: int | None, largest: int, enhet: str) -> Bar | None:
    """The bar of a deviation; none where it is shown as zero. Tenths of a unit, in whole numbers."""
    if value is None or not largest or not shown(value, enhet):
        return None
    tenths = max(abs(value) * HALF * 10 // largest, 1)
    width = f"{tenths // 10}.{tenths % 10}"
    return Bar(f"-{width}" if value < 0 else "0", width, value < 0)
