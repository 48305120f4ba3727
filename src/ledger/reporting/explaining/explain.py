"""What a figure is the sum of: a page of the facts behind one cell, exact to the öre.

A fact's share of a cell is its entries under the cell's formula and sign (behind.py). Not here: the difference of two
answers (skillnad.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from ledger.domain.refusal import refuse
from ledger.reporting.answer import Stampel, instant_text
from ledger.reporting.bokforing import late_days
from ledger.reporting.explaining.behind import Behind
from ledger.reporting.explaining.lying import kind_of
from ledger.reporting.explaining.shares import NOTHING, Shares, joined, times, total
from ledger.reporting.log import Log
from ledger.reporting.question_refusals import CellDoesNotExist
from ledger.reporting.report import Column
from ledger.reporting.tables.layout import Line
from ledger.reporting.tables.sheet import Sheet, sign
from ledger.reporting.told import decision

#: Facts behind a cell, or behind the difference of one, on a page.
PAGE_OF_FACTS: Final = 100

#: So many rows or columns are named when one does not exist.
NAMED: Final = 40


@dataclass(frozen=True)
class Andel:
    """One fact behind a cell: its share, the running sum, its own days, when it was recorded and by whom.

    `datum` and `sista_datum` are the first and last day of what it adds to the cell; `beslut` is the decision (organ,
    day, paragraph, diary number), blank for facts that are none. `ursprungsdatum` is the day that a voucher belongs to
    which came when its month was closed.
    """

    position: int
    belopp_ore: int
    lopande_ore: int
    datum: str
    sista_datum: str
    recorded_at: str
    faktum: str
    beslut: str
    vem: str
    mandat: str | None
    ursprungsdatum: str | None


@dataclass(frozen=True)
class Uppdelning:
    """One page of the facts behind a cell. `netto_noll` facts cancel in it and are counted, not listed."""

    rapport: str
    stampel: Stampel
    fraga: dict[str, Any]
    rad: str
    namn: str
    kolumn: str
    rubrik: str
    summa_ore: int | None
    antal: int
    netto_noll: int
    andelar: tuple[Andel, ...]


def find(sheet: Sheet, rad: str, kolumn: str) -> tuple[Line, Column]:
    """The row and column of a cell. Errors: Refused, both named when both are missing."""
    line = next((line for line in sheet.lines if line.nyckel == rad), None)
    column = next((column for column in sheet.columns if column.nyckel == kolumn and column.formula), None)
    refusals = []
    if line is None:
        rows = tuple(line.nyckel for line in sheet.lines)[:NAMED]
        refusals.append(CellDoesNotExist(kolumn="rad", varde=rad, choices=rows))
    if column is None:
        columns = tuple(column.nyckel for column in sheet.columns if column.formula)[:NAMED]
        refusals.append(CellDoesNotExist(kolumn="kolumn", varde=kolumn, choices=columns))
    if line is None or column is None:
        raise refuse(*refusals)
    return line, column


def page(
    sheet: Sheet, figure: tuple[Line, Column], log: Log, *, first: int, size: int
) -> tuple[int, int, tuple[Andel, ...]]:
    """How many facts a cell has, how many cancel in it, and one page of the facts in log order."""
    line, column = figure
    behind = Behind(sheet, [line])
    shares = of_cell(behind, line, column)
    listed = np.flatnonzero(shares.amount)
    shown = listed[first : first + size]
    positions = shares.position[shown].tolist()
    days = _days(sheet, line, column, positions)
    running = total(shares.amount[listed[:first]])
    andelar = []
    facts = log.read_positions(positions)
    late = late_days(facts, sheet.asked.question.kand, log.read_positions)
    for recorded, amount in zip(facts, shares.amount[shown].tolist(), strict=True):
        running += amount
        original = late.get(recorded.position)
        andelar.append(
            Andel(
                position=recorded.position,
                belopp_ore=amount,
                lopande_ore=running,
                datum=_day(min(days[recorded.position])),
                sista_datum=_day(max(days[recorded.position])),
                recorded_at=instant_text(recorded.recorded_at),
                faktum=recorded.name,
                beslut=decision(recorded.fact),
                vem=recorded.actor,
                mandat=recorded.mandat,
                ursprungsdatum=original.isoformat() if original else None,
            )
        )
    return len(listed), shares.size - len(listed), tuple(andelar)


def of_cell(behind: Behind, line: Line, column: Column) -> Shares:
    """The shares of a cell, in its own sign; none where it has no figure."""
    sheet, turned = behind.sheet, sign(line, column)
    if sheet.cell(line, column) is None:
        return NOTHING
    terms = sheet.formula(line, column).terms
    return joined([times(factor * turned, behind.on(measure, kind_of(line))) for factor, measure in terms])


def _days(sheet: Sheet, line: Line, column: Column, positions: list[int]) -> dict[int, list[int]]:
    """The days of what some facts add to a cell."""
    found: dict[int, list[int]] = {position: [] for position in positions}
    behind = Behind(sheet, [line], between=(positions[0], positions[-1])) if positions else Behind(sheet, [])
    for _, measure in sheet.formula(line, column).terms:
        for _, entries in behind.laid(measure, kind_of(line)):
            first, last = (np.searchsorted(entries.position, positions, side).tolist() for side in ("left", "right"))
            for position, begin, end in zip(positions, first, last, strict=True):
                found[position] += entries.day[begin:end].tolist()
    return found


def _day(number: int) -> str:
    return date(number // 10000, number // 100 % 100, number % 100).isoformat()
