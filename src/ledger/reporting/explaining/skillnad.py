"""Why two answers differ: for every cell the facts whose shares add up to the difference, exact to the öre.

First the figures of A are moved into the organisation and the projects of B, one fact at a time: what each moves is
its share (reorganising.py). Then the facts that B counts and A did not enter, and those that A counted and B does not
(an older round, a replaced forecast) leave with reversed sign. Facts that cancel in a cell are counted, not listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from ledger.domain.language import phrase, plain_text
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.reporting.answer import Stampel
from ledger.reporting.explaining.balance import COMES, GOES, MOVES, Balance
from ledger.reporting.explaining.compared import Compared
from ledger.reporting.explaining.explain import NAMED, PAGE_OF_FACTS
from ledger.reporting.explaining.heap import Heap
from ledger.reporting.explaining.reorganising import Reorganising
from ledger.reporting.log import Log
from ledger.reporting.question_refusals import CellDoesNotExist, ParameterHasOtherForm
from ledger.reporting.report import Report
from ledger.reporting.rules.asked import Asked
from ledger.reporting.tables.figures import Figures
from ledger.reporting.tables.sheet import Sheet
from ledger.reporting.told import in_words

TILLKOMMER: Final = phrase("tillkommer")
UTGAR: Final = phrase("utgår")
ANDRAS: Final = phrase("ändras")
FLYTTAR: Final = phrase("flyttar")

#: How a fact explains a difference, by the ways in which it takes part; one that does so in several changes its share.
WAYS: Final = dict.fromkeys(range(8), ANDRAS) | {COMES: TILLKOMMER, GOES: UTGAR, MOVES: FLYTTAR}

#: So many facts are listed of a cell that has more than a page of them, where several cells are asked for.
FIRST_FACTS: Final = 10

#: So many of all the facts that explain some cell are named by position; those of a cell are on its pages.
MOST_NAMED: Final = 500

#: So many of the facts on the pages of all cells are told in words.
MOST_TOLD: Final = 500


class Forklaring(msgspec.Struct, frozen=True, gc=False):
    """One fact that explains a difference, and how: tillkommer, utgår, ändras (its share) or flyttar (figures)."""

    position: int
    belopp_ore: int
    hur: str


@dataclass(frozen=True)
class Cellskillnad:
    """The difference of one cell and the facts that explain it: `antal` of them, on `sidor` pages.

    `fakta` are all where one page holds them; else the page that was asked for of one cell, the first of several.
    `netto_noll` facts came or went without changing it.
    """

    rad: str
    namn: str
    kolumn: str
    fran_ore: int | None
    till_ore: int | None
    skillnad_ore: int
    fakta: tuple[Forklaring, ...]
    netto_noll: int = 0
    antal: int = 0
    sidor: int = 1


@dataclass(frozen=True)
class Skillnad:
    """Two answers compared: the cells that differ, and the first of the `antal` facts that explain some cell."""

    rapport: str
    fran: dict[str, Any]
    till: dict[str, Any]
    fran_stampel: Stampel
    till_stampel: Stampel
    celler: tuple[Cellskillnad, ...]
    positioner: tuple[int, ...]
    antal: int


@dataclass(frozen=True)
class Utsnitt:
    """What is asked of a difference: one row or column of it (blank: all), and which page of each cell's facts.

    `specification`: whether all rows are the lines of a specification too.
    """

    rad: str = ""
    kolumn: str = ""
    sida: int = 1
    specification: bool = True

    @property
    def is_one_cell(self) -> bool:
        """Whether one cell is asked for."""
        return bool(self.rad and self.kolumn)


WHOLE: Final = Utsnitt()


class Explained(NamedTuple):
    """What explains one cell: the facts that are listed, how many cancel, and how many there are."""

    fakta: tuple[Forklaring, ...]
    nothing: int
    antal: int


class Difference:
    """The cells of two sheets of one report, and what explains them.

    A line of a specification is told by its place, as in the answers: where another decision stands there, one comes
    and the other goes.

    Errors: Refused where neither sheet has the row or column asked for.
    """

    def __init__(self, report: Report, a: Asked, b: Asked, asked: Utsnitt = WHOLE) -> None:
        self.a, self.b, self.asked = Sheet(report, a), Sheet(report, b), asked
        self._check()
        lines = {line.nyckel: line for sheet in (self.a, self.b) for line in reversed(sheet.lines)}
        order = dict.fromkeys(line.nyckel for sheet in (self.b, self.a) for line in sheet.lines)
        every = [key for key in order if asked.specification or lines[key].sort != "andring"]
        self._lines = [lines[key] for key in ([asked.rad] if asked.rad else every)]
        keys = dict.fromkeys(column.nyckel for sheet in (self.b, self.a) for column in sheet.columns if column.formula)
        self._columns = [key for key in keys if asked.kolumn in {"", key}]
        self._explain()

    def _check(self) -> None:
        """Refuse a row or column that stands in neither answer, and a page of more cells than one."""
        sheets = (self.a, self.b)
        rows = dict.fromkeys(line.nyckel for sheet in sheets for line in sheet.lines)
        columns = dict.fromkeys(column.nyckel for sheet in sheets for column in sheet.columns if column.formula)
        chosen = (("rad", self.asked.rad, rows), ("kolumn", self.asked.kolumn, columns))
        refusals: list[Refusal] = [
            CellDoesNotExist(kolumn=name, varde=key, choices=tuple(known)[:NAMED])
            for name, key, known in chosen
            if key and key not in known
        ]
        if self.asked.sida > 1 and not self.asked.is_one_cell:
            rule, remedy = phrase("sidor finns för en cell i taget"), phrase("Ange rad och kolumn, eller utelämna sida")
            refusals.append(_no_page(self.asked.sida, rule, remedy))
        if refusals:
            raise Refused(refusals)

    def _explain(self) -> None:
        """Find the facts that change any cell that is asked for."""
        rows = [line.nyckel for line in self._lines]
        moved = Reorganising(self.a, self.b.asked, rows, self._columns)
        self._fran, self._till = Figures(self.a), Figures(self.b)
        shown = self._fran if moved.shown is self.a else Figures(moved.shown)
        compared = Compared(shown, self._till, self._lines, self._columns, moved.moved)
        self._explained: list[dict[int, Explained]] = []
        explains = np.zeros(max(self.a.asked.question.kand, self.b.asked.question.kand) + 1, np.bool_)
        for column in self._columns:
            explained: dict[int, Explained] = {}
            for balance in compared.column(column):
                balance.note(explains)
                explained |= self._told(balance)
            self._explained.append(explained)
        #: The positions of all facts that explain some cell.
        self.positions = np.flatnonzero(explains)
        if self.asked.sida > 1:
            self._check_page()

    def _check_page(self) -> None:
        """Refuse a page after the last of the one cell that is asked for."""
        last = max((pages_of(one.antal) for one in self._explained[0].values()), default=1)
        if self.asked.sida > last:
            rule, remedy = phrase("cellens fakta tar en sida"), phrase("Utelämna sida")
            if last > 1:
                rule = phrase("cellens fakta tar {last} sidor", last=last)
                remedy = phrase("Skriv högst sida={last}", last=last)
            raise refuse(_no_page(self.asked.sida, rule, remedy))

    def _told(self, balance: Balance | Heap) -> dict[int, Explained]:
        """What explains every line of a balance: a page of one cell, all or the first of several."""
        sizes = balance.sizes
        many = np.full(len(sizes), PAGE_OF_FACTS)
        if not self.asked.is_one_cell:
            many[sizes > PAGE_OF_FACTS] = FIRST_FACTS
        after = (self.asked.sida - 1) * PAGE_OF_FACTS
        position, amount, how = balance.listed(many, after)
        told = map(Forklaring, position.tolist(), amount.tolist(), map(WAYS.__getitem__, how.tolist()))
        listed = np.clip(sizes - after, 0, many).tolist()
        found = {line: Explained((), nothing, 0) for line, nothing in balance.idle.items()}
        for line, size, n in zip(balance.lines.tolist(), sizes.tolist(), listed, strict=True):
            found[line] = Explained(tuple(islice(told, n)), balance.idle.get(line, 0), size)
        return found

    def cells(self) -> Iterator[Cellskillnad]:
        """Every cell of the two answers that differs or that facts passed through, in B's order, then A's."""
        rows = [line.nyckel for line in self._lines]
        figures = [(self._fran.column(key, rows), self._till.column(key, rows)) for key in self._columns]
        for n, line in enumerate(self._lines):
            for kolumn, explained, (fran, till) in zip(self._columns, self._explained, figures, strict=True):
                before, after, found = fran[n], till[n], explained.get(n)
                change = (after or 0) - (before or 0)
                if change or found:
                    fakta, nothing, antal = found or Explained((), 0, 0)
                    yield Cellskillnad(
                        *(line.nyckel, line.namn, kolumn, before, after, change),
                        *(fakta, nothing, antal, pages_of(antal)),
                    )


def told(found: Skillnad, log: Log) -> dict[str, Any]:
    """A difference as the API answers it, with the first of its listed facts in words."""
    listed = sorted({fact.position for cell in found.celler for fact in cell.fakta})
    fakta = [in_words(recorded) for recorded in log.read_positions(listed[:MOST_TOLD])]
    body: dict[str, Any] = msgspec.to_builtins(found, enc_hook=plain_text)
    return {**body, "fakta": msgspec.to_builtins(fakta, enc_hook=plain_text)}


def pages_of(antal: int) -> int:
    """How many pages so many facts take; one where there are none."""
    return max(-(-antal // PAGE_OF_FACTS), 1)


def _no_page(sida: int, rule: str, remedy: str) -> ParameterHasOtherForm:
    return ParameterHasOtherForm(kolumn="sida", varde=str(sida), rule_text=rule, remedy=remedy)
