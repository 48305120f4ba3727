"""What every figure is the sum of: for each cell the facts and their shares, exact to the öre.

A fact's share of a cell is its entries under the cell's formula and sign. What lies in twelfths is shared in log order
(budget.py), so the shares of a cell always add up to it. Not here: the difference of two answers (skillnad.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.domain.refusal import refuse
from ledger.reporting import projekt, utfall
from ledger.reporting.answer import Stampel, instant_text
from ledger.reporting.asked import Asked, Part
from ledger.reporting.layout import Line
from ledger.reporting.log import Log, Recorded
from ledger.reporting.measure import Measure, Totalprognos, Utfall
from ledger.reporting.question_refusals import CellDoesNotExist
from ledger.reporting.report import Column
from ledger.reporting.sheet import Figure, Sheet, counts, parts_of, sign

#: The share of every fact of a cell, by position; a fact whose entries cancel has the share 0.
Shares = dict[int, int]

#: So many rows or columns are named when one does not exist.
NAMED = 40


@dataclass(frozen=True)
class Andel:
    """One fact behind a cell: its share, the running sum, both dates, and who recorded what."""

    position: int
    belopp_ore: int
    lopande_ore: int
    datum: str
    recorded_at: str
    faktum: str
    vem: str
    mandat: str | None


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


def details(asked: Asked, measure: Measure, beside: Asked | None = None) -> Iterable[Part]:
    """Everything that a measure is the sum of, fact by fact."""
    if measure.blank_with_handelse and asked.question.handelse:
        return ()
    if isinstance(measure, Utfall):
        return utfall.shares(asked, measure, beside)
    if isinstance(measure, Totalprognos):
        return projekt.shares(asked, measure)
    return parts_of(asked, measure)


def shares(sheet: Sheet) -> dict[Figure, Shares]:
    """The shares of every cell that has a figure and is a sum."""
    return dict(shares_by_cell(sheet, lambda measure: details(sheet.asked, measure)))


def shares_by_cell(
    sheet: Sheet, parts: Callable[[Measure], Iterable[Part]], lines: Iterable[Line] | None = None
) -> Iterator[tuple[Figure, Shares]]:
    """The shares of every cell, of the parts that a function gives for each measure."""
    held: dict[Measure, dict[Any, dict[str, Shares]]] = {}
    for measure in sheet.measures():
        by_group = held.setdefault(measure, {})
        for part in parts(measure):
            for group in sheet.layout.groups(part, measure.of):
                of_slag = by_group.setdefault(group, {}).setdefault(part.key.slag or "", {})
                of_slag[part.position] = of_slag.get(part.position, 0) + part.amount_ore
    for line in lines if lines is not None else sheet.lines:
        for column in sheet.columns:
            if column.formula is None or sheet.cell(line, column) is None:
                continue
            yield Figure(line.nyckel, column.nyckel), _cell_shares(sheet, line, column, held)


def _cell_shares(sheet: Sheet, line: Line, column: Column, held: dict[Measure, dict[Any, dict[str, Shares]]]) -> Shares:
    found: Shares = {}
    for factor, measure in sheet.formula(line, column).terms:
        for slag, of_slag in held[measure].get(line.group, {}).items():
            if counts(line, measure, slag):
                for position, amount in of_slag.items():
                    share = factor * sign(line, column) * amount
                    found[position] = found.get(position, 0) + share
    return found


# ---------------------------------------------------------------- one cell


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


def cell_parts(sheet: Sheet, line: Line, column: Column) -> Iterator[Part]:
    """What one cell is the sum of: amounts in the cell's own sign, in no order."""
    if sheet.cell(line, column) is None:
        return
    for factor, measure in sheet.formula(line, column).terms:
        for part in _held(sheet, line, measure):
            yield part._replace(amount_ore=factor * sign(line, column) * part.amount_ore)


def _held(sheet: Sheet, line: Line, measure: Measure) -> Iterable[Part]:
    """What a row holds of a measure, fact by fact."""

    def belongs(part: Part) -> bool:
        return counts(line, measure, part.key.slag or "") and line.group in sheet.layout.groups(part, measure.of)

    if isinstance(measure, Utfall):
        return utfall.shares_of_cells(sheet.asked, measure, lambda key: belongs(Part(key, 0)))
    return filter(belongs, details(sheet.asked, measure))


def page(
    sheet: Sheet, figure: tuple[Line, Column], log: Log, *, first: int, size: int
) -> tuple[int, int, tuple[Andel, ...]]:
    """How many facts a cell has, how many cancel in it, and one page of the facts in log order."""
    shares_of: Shares = {}
    days: dict[int, int] = {}
    for part in cell_parts(sheet, *figure):
        shares_of[part.position] = shares_of.get(part.position, 0) + part.amount_ore
        days[part.position] = min(part.effective, days.get(part.position, part.effective))
    listed = sorted(position for position, share in shares_of.items() if share)
    running = sum(shares_of[position] for position in listed[:first])
    andelar = []
    for position in listed[first : first + size]:
        running += shares_of[position]
        recorded = fact_at(log, position)
        andelar.append(
            Andel(
                position,
                shares_of[position],
                running,
                _day(days[position]),
                instant_text(recorded.recorded_at),
                recorded.name,
                recorded.actor,
                recorded.mandat,
            )
        )
    return len(listed), len(shares_of) - len(listed), tuple(andelar)


def fact_at(log: Log, position: int) -> Recorded:
    """The fact at a position."""
    return log.read(position - 1, upto=position, limit=1)[0]


def _day(number: int) -> str:
    return date(number // 10000, number // 100 % 100, number % 100).isoformat()
