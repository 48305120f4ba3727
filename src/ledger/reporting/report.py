"""What a report is: its rows, its columns and, where it is a list, its sections. All of it data.

A column is either an amount in the row's own direction or a deviation in the books' sign; a heading may hold `{ar}`
and `{manader}`, and two headings with `|` between: the first for a whole year, the second for a part of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from ledger.reporting.entry import Cube, Journal, Material, Register
from ledger.reporting.material import STANDARD
from ledger.reporting.measure import Budget, Formula, Measure, Of, Utfall, formula

if TYPE_CHECKING:
    from ledger.reporting.lista import Asking

#: How a cell is written: an amount in öre, a count, a year, a date, an instant or text.
Form = Literal["belopp", "antal", "ar", "datum", "tid", "text"]

#: When a column is among the printed ones of a narrow table.
Printed = Literal["", "alltid", "helar", "delar", "prognos", "delar_prognos"]

MONTHS: Final = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")

LEVELS: Final = ("namnd", "forvaltning", "stab", "avdelning", "enhet", "post")


@dataclass(frozen=True)
class Column:
    """One column: its key, its heading, what it sums, and how it is signed and printed."""

    nyckel: str
    rubrik: str
    formula: Formula | None
    signed: Literal["rad", "bocker"] = "rad"
    year: int = 0
    printed: Printed = ""
    needs: str | None = None
    plan: bool = False
    form: Form = "belopp"
    attribute: str | None = None

    def for_year(self, ar: int, year: int) -> Column:
        """The column of `ar` + `year`, with the year set in its key and its measures."""
        shifted = self.formula.shifted(year) if self.formula else None
        return replace(self, nyckel=self.nyckel.format(ar=ar + year), formula=shifted, year=year, plan=False)


def amount(
    nyckel: str,
    rubrik: str,
    of: Measure | Formula,
    *,
    year: int = 0,
    printed: Printed = "",
    signed: Literal["rad", "bocker"] = "rad",
) -> Column:
    """An amount in the row's own direction (cost, income, net cost or result), or as the formula gives it."""
    return Column(nyckel, rubrik, formula(of), signed, year, printed)


def deviation(
    nyckel: str, rubrik: str, of: Measure | Formula, *, printed: Printed = "", needs: str | None = None
) -> Column:
    """A deviation in the books' sign, so that plus is favourable on every kind of row. Rule: contract §3."""
    return Column(nyckel, rubrik, formula(of), "bocker", 0, printed, needs)


def plan_years(nyckel: str, rubrik: str, of: Budget, *, printed: Printed = "") -> Column:
    """One column for every later year that the budget plans for."""
    return Column(nyckel, rubrik, formula(of), printed=printed, plan=True)


def project_year(nyckel: str, rubrik: str, attribute: str) -> Column:
    """A year that the project itself states, such as when it ends. Sums have none."""
    return Column(nyckel, rubrik, None, form="ar", attribute=attribute)


@dataclass(frozen=True)
class Table:
    """Which rows a report has: of what, grouped how (the first `per` is the default), and what stands at its foot.

    With `only_sums` no unit has a row of its own, but those outside the sum.
    """

    of: Of
    per: tuple[str, ...]
    only_sums: bool = False
    specification: bool = False
    investments_at_foot: bool = False


def listed(nyckel: str, rubrik: str, form: Form = "text", *, printed: Printed = "alltid") -> Column:
    """A column of a list."""
    return Column(nyckel, rubrik, None, form=form, printed=printed)


@dataclass(frozen=True)
class Filter:
    """A parameter that a list can be asked with besides the usual ones: one of `choices`, or of a `pattern`."""

    name: str
    meaning: str
    choices: tuple[str, ...] = ()
    pattern: str = r".+"


@dataclass(frozen=True)
class Report:
    """One report. Sums have `table` and `columns`; a list has `columns` and `listing`, a function of what is asked."""

    name: str
    rubrik: str
    columns: tuple[Column, ...]
    table: Table | None = None
    listing: Callable[[Asking], Iterable[Any]] | None = None
    filters: tuple[Filter, ...] = ()
    material: tuple[Material, ...] = ()
    enhet: str = "mnkr"
    version: int = 1
    notes: tuple[str, ...] = field(default=())

    def stores(self) -> tuple[Material, ...]:
        """All the material that must be stored for it: what all reports share, and its own."""
        measures = [measure for column in self.columns if column.formula for _, measure in column.formula.terms]
        own = [measure.cube for measure in measures if isinstance(measure, Utfall) and measure.cube]
        return tuple(dict.fromkeys((*STANDARD, *self.material, *own)))


__all__ = ["Column", "Cube", "Filter", "Form", "Journal", "Register", "Report", "Table"]
