"""Why the answers to two questions differ, where each is shown in two organisations: the columns and their twins.

The twins are the answer to the same question in the other organisation, so they are taken apart as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ledger.domain.refusal import Refused
from ledger.reporting.explaining.skillnad import Cellskillnad, Difference, Utsnitt
from ledger.reporting.report import Report
from ledger.reporting.rules.asked import Asked
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.two_trees import TWIN, split


def difference_of(report: Report, a: Asked, b: Asked, asked: Utsnitt) -> Difference | TwoDifferences:
    """The difference of two answers; with twins where both have them. Errors: Refused."""
    if a.question.jamfor_organisation and b.question.jamfor_organisation:
        return TwoDifferences(report, a, b, asked)
    return Difference(report, a, b, asked)


class TwoDifferences:
    """The cells of two answers and of their twins. Errors: Refused where no answer has the row or column asked for."""

    def __init__(self, report: Report, a: Asked, b: Asked, asked: Utsnitt) -> None:
        kolumn, is_twin = split(asked.kolumn)
        self._found: list[tuple[str, Difference]] = []
        refused: list[Refused] = []
        for suffix, one, two in (("", a, b), (TWIN, _twin(a), _twin(b))):
            if kolumn and is_twin != bool(suffix):
                continue
            try:
                self._found.append((suffix, Difference(report, one, two, replace(asked, kolumn=kolumn))))
            except Refused as error:
                # A row may stand in one of the organisations only.
                for refusal in error.refusals:
                    refusal.varde = asked.kolumn if refusal.kolumn == "kolumn" else refusal.varde
                refused.append(error)
        if not self._found:
            raise refused[0]

    @property
    def positions(self) -> Numbers:
        """The positions of all facts that explain some cell."""
        return np.unique(np.concatenate([difference.positions for _, difference in self._found]))

    def cells(self) -> Iterator[Cellskillnad]:
        """Every cell that differs or that facts passed through, row by row, the twins after the columns."""
        by_row: dict[str, list[Cellskillnad]] = {}
        for suffix, difference in self._found:
            for cell in difference.cells():
                by_row.setdefault(cell.rad, []).append(replace(cell, kolumn=cell.kolumn + suffix))
        for cells in by_row.values():
            yield from cells


def _twin(asked: Asked) -> Asked:
    """The question whose answer the twins are: the same in the other organisation."""
    day = asked.question.jamfor_organisation
    return Asked(replace(asked.question, organisation=day, jamfor_organisation=None), asked.snapshot)
