"""Files of mått, a row each, and of their values: rows of one day and unit form one report.

A value stands in one cell as people write it: `4,3`, `≥4.0`, `Mindre än 23`, `Öka`, `I.U.`
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from ledger.domain import tal
from ledger.domain.events_uppfoljning import Matvarde
from ledger.domain.matt import KODER, RIKTADE, DefineMatt, ReportMatvarden
from ledger.domain.matt_refusals import MatvardeHasNoValue
from ledger.interchange.csv_file import Report, Table
from ledger.interchange.draft import Draft, Row, rows

#: Other ways of writing what a target asks, and why there is no value.
SIGNS: Final = {
    ">=": "≥", "=>": "≥", "minst": "≥", "<=": "≤", "=<": "≤", "högst": "≤", "mindre än": "<", "under": "<",
    "mer än": ">", "över": ">", "<=±": "≤±", "ej negativ": "≥",
}  # fmt: skip
CODES: Final = {"iu": "I.U.", "ingen uppgift": "I.U.", "na": "N/A", "ej aktuellt": "N/A", "–": "-", "\u2212": "-"}

_SIGNED: Final = re.compile(r"\s*([^0-9\-\u2212]*?)\s*([-\u2212]?[0-9].*?)\s*%?\s*")


class Lasvarde(NamedTuple):
    """A cell as it was read: a number, what it asks as a target, or why there is none."""

    tal: tal.Tal | None = None
    villkor: str | None = None
    kod: str | None = None


def read(text: str, *, is_target: bool) -> Lasvarde | None:
    """What a cell says; None for what cannot be read. A target that is a number asks for just that."""
    word = " ".join(text.split()).casefold()
    code = CODES.get(word.replace(".", "").replace("/", ""), word.upper())
    if code in KODER:
        return Lasvarde(kod=code)
    if word in RIKTADE:
        return Lasvarde(villkor=word)
    if word == "ej negativ":
        return Lasvarde(tal.Tal(0), SIGNS[word])
    found = _SIGNED.fullmatch(text)
    number = tal.read(found[2]) if found else None
    if found is None or number is None:
        return None
    sign = SIGNS.get(found[1].casefold(), found[1])
    return Lasvarde(number, sign or ("=" if is_target else None))


def matt(place: int, table: Table, report: Report) -> Iterator[Draft]:
    """The mått of a file, row by row."""
    for row in rows(table, report):
        fran = row.day("fran")
        if fran is not None:
            command = DefineMatt(
                row.code("matt"), row.code("namn"), row.code("slag"), fran, row.text("enhet"), row.text("riktning"),
                row.text("del_av"), row.text("mal"), row.text("overgripande_mal"), row.text("malomrade"),
            )  # fmt: skip
            yield Draft(place, command, (row.line,), row.is_broken)


@dataclass(slots=True)
class _Gathered:
    """The values of one day and unit so far."""

    rader: list[Matvarde] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    is_broken: bool = False


def varden(place: int, table: Table, report: Report) -> Iterator[Draft]:
    """The values of a file, in the order of the first row of each day and unit."""
    gathered: dict[tuple[date, str], _Gathered] = {}
    for row in rows(table, report):
        datum, ar, rad = row.day("datum"), row.year("ar"), None
        if datum is not None and ar is not None:
            rad = _value(row, ar)
        if datum is None or rad is None:
            continue
        of_day = gathered.setdefault((datum, row.code("ansvar")), _Gathered())
        of_day.rader.append(rad)
        of_day.lines.append(row.line)
        of_day.is_broken = of_day.is_broken or row.is_broken
    for (datum, ansvar), of_day in gathered.items():
        command = ReportMatvarden(datum, ansvar, tuple(of_day.rader))
        yield Draft(place, command, tuple(of_day.lines), of_day.is_broken)


def _value(row: Row, ar: int) -> Matvarde | None:
    """A row as a value; none where it cannot be read, which is reported."""
    sort, text, tom = row.code("sort"), row.code("varde"), row.month("tom")
    found = read(text, is_target=sort == "mal")
    if found is None:
        if text:
            row.refuse(MatvardeHasNoValue(KODER, kolumn="varde", varde=text))
        return None
    number = found.tal or tal.Tal(0)
    return Matvarde(
        row.code("matt"), ar, sort, found.tal.digits if found.tal else None, number.decimaler, tom, row.text("kon"),
        found.villkor, found.kod, row.text("text"),
    )  # fmt: skip
