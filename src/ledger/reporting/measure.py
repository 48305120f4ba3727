"""Measures that columns are built of, and the formulas over them.

A measure is data: what to sum and which rule decides what counts. The rules lie in files of their own (`utfall.py`,
`budget.py`, `omgang.py`, `prognos.py`, `projekt.py`). `year` is relative to the year asked for: −1 is the year before.
Amounts have the books' sign: cost and expenditure +, income −.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Self

from ledger.reporting.entry import Cube

Of = Literal["drift", "investering"]
Through = Literal["tom", "year"]


@dataclass(frozen=True)
class Measure:
    """What is summed. `at` names the parameter of the question whose date takes the place of `beslutad`."""

    of: Of = "drift"
    year: int = 0
    slag: str | None = None
    at: str | None = None

    #: Budget and forecast carry no handelse: when it is asked for they have no figure.
    blank_with_handelse = True
    #: A forecast that nobody gave is no figure; any other sum over nothing is 0.
    blank_when_none = False

    def shifted(self, years: int) -> Self:
        """The same of another year."""
        return replace(self, year=self.year + years)

    def about(self, of: Of) -> Self:
        """The same of the running budget or of investments."""
        return replace(self, of=of)

    def dated(self, parameter: str) -> Self:
        """The same as it was on the date that a parameter of the question gives."""
        return replace(self, at=parameter)

    def __add__(self, other: Measure | Formula) -> Formula:
        return Formula(((1, self),)) + other

    def __sub__(self, other: Measure | Formula) -> Formula:
        return Formula(((1, self),)) - other

    def __neg__(self) -> Formula:
        return Formula(((-1, self),))


@dataclass(frozen=True)
class Formula:
    """A sum of measures, each plus or minus. Where one has no figure the whole has none."""

    terms: tuple[tuple[int, Measure], ...]

    def __add__(self, other: Measure | Formula) -> Formula:
        return Formula(self.terms + formula(other).terms)

    def __sub__(self, other: Measure | Formula) -> Formula:
        return Formula(self.terms + tuple((-factor, measure) for factor, measure in formula(other).terms))

    def shifted(self, years: int) -> Formula:
        """The same of another year."""
        return Formula(tuple((factor, measure.shifted(years)) for factor, measure in self.terms))

    def about(self, of: Of) -> Formula:
        """The same of the running budget or of investments."""
        return Formula(tuple((factor, measure.about(of)) for factor, measure in self.terms))


def formula(value: Measure | Formula) -> Formula:
    """A formula, also of one measure alone."""
    return value if isinstance(value, Formula) else Formula(((1, value),))


@dataclass(frozen=True)
class Utfall(Measure):
    """Outcome: January through `tom`, the whole year, or everything `since_start` of the ledger."""

    through: Through = "tom"
    since_start: bool = False
    cube: Cube | None = None

    blank_with_handelse = False


@dataclass(frozen=True)
class Budget(Measure):
    """Budget in the round in force: the whole year, or by month and twelfths through `tom`.

    `only` keeps original budget (`ursprunglig`) or the changes of it (`andring`).
    """

    through: Through = "year"
    only: Literal["", "ursprunglig", "andring"] = ""


@dataclass(frozen=True)
class Totalutgift(Measure):
    """The decided total of projects over all years."""

    of: Of = "investering"


@dataclass(frozen=True)
class Prognos(Measure):
    """The newest full-year forecast."""

    blank_when_none = True


@dataclass(frozen=True)
class Totalprognos(Measure):
    """Per project: outcome before the year, the year's forecast (else its outcome), and later years' forecasts."""

    of: Of = "investering"
