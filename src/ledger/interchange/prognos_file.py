"""Files of forecasts and comments: rows of one day, year and unit form one forecast; a comment is a row.

Rule: contract §4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from ledger.domain.kommentar import WriteKommentar
from ledger.domain.prognos import SubmitPrognos
from ledger.domain.rader import Prognosrad
from ledger.interchange.csv_file import Report, Table
from ledger.interchange.draft import Draft, rows


@dataclass(slots=True)
class _Gathered:
    """The rows of one forecast so far."""

    rader: list[Prognosrad] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    is_broken: bool = False


def drafts(place: int, table: Table, report: Report) -> Iterator[Draft]:
    """The forecasts of a file in the order of their first rows."""
    gathered: dict[tuple[date, int, str], _Gathered] = {}
    for row in rows(table, report):
        prognosdatum, ar, amount = row.day("prognosdatum"), row.year("ar"), row.amount_ore("belopp")
        if prognosdatum is None or ar is None:
            continue
        forecast = gathered.setdefault((prognosdatum, ar, row.code("ansvar")), _Gathered())
        forecast.rader.append(Prognosrad(row.code("slag"), amount or 0, row.text("projekt"), row.text("kommentar")))
        forecast.lines.append(row.line)
        forecast.is_broken = forecast.is_broken or row.is_broken
    for (prognosdatum, ar, ansvar), forecast in gathered.items():
        command = SubmitPrognos(prognosdatum, ar, ansvar, tuple(forecast.rader))
        yield Draft(place, command, tuple(forecast.lines), forecast.is_broken)


def comments(place: int, table: Table, report: Report) -> Iterator[Draft]:
    """The comments of a file, row by row."""
    for row in rows(table, report):
        ar, tom = row.year("ar"), row.month("tom")
        if ar is not None and tom is not None:
            command = WriteKommentar(ar, tom, row.code("rapport"), row.code("rad"), row.code("text"))
            yield Draft(place, command, (row.line,), row.is_broken)
