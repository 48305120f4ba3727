"""Columns of which nothing is registered: their sums are 0, but say nothing.

Outcome of a month to come, a year before the ledger, a budget that nobody has decided. What is worked out of such a
column says nothing either. A forecast that nobody gave has no figure at all (grid.py).
"""

from __future__ import annotations

from dataclasses import replace

from ledger.reporting.measure import Budget, Laget, Measure, Utfall
from ledger.reporting.report import Column
from ledger.reporting.rules.summing import is_blank
from ledger.reporting.tables.sheet import Sheet


def lacks(sheet: Sheet, column: Column) -> bool:
    """Whether nothing is registered of a part of what a column is worked out of."""
    if column.nyckel not in sheet.lacking:
        sheet.lacking[column.nyckel] = _lacks(sheet, column)
    return sheet.lacking[column.nyckel]


def _lacks(sheet: Sheet, column: Column) -> bool:
    foot = sheet.report.table is not None and sheet.report.table.investments_at_foot
    measures = [measure for formula in column.formulas for _, measure in formula.terms]
    parts = [measures, [measure.about("investering") for measure in measures]] if foot else [measures]
    return bool(measures) and all(any(not _registered(sheet, measure) for measure in of) for of in parts)


def is_plain(column: Column) -> bool:
    """Whether a column shows one thing that is registered, and is not worked out of several or a part of one."""
    if column.formula is None or len(column.formula.terms) != 1:
        return False
    ((_, measure),) = column.formula.terms
    return not (isinstance(measure, Budget) and measure.only)


def _registered(sheet: Sheet, measure: Measure) -> bool:
    """Whether anything is registered of a measure, where it can have a figure; several columns ask."""
    found = sheet.said.get(measure)
    if found is None:
        found = sheet.said[measure] = _is_registered(sheet, measure)
    return found


def _is_registered(sheet: Sheet, measure: Measure) -> bool:
    """The same. That no budget is changed or proposed is a fact in itself."""
    if is_blank(sheet.asked, measure):
        return True
    if isinstance(measure, Budget) and measure.only:
        whole = replace(measure, only="", through="year")
        return measure.only == "forslag" or whole not in sheet.grids or sheet.registered(whole)
    if isinstance(measure, Laget):
        # That a register says nothing of a year beside others is a fact in itself.
        return sheet.holds_anything()
    return not isinstance(measure, Budget | Utfall) or sheet.registered(measure)
