"""Measures that columns are built of, and the formulas over them.

A measure is data: what to sum and which rule decides what counts. The rules lie in files of their own (`utfall.py`,
`budget.py`, `omgang.py`, `prognos.py`, `projekt.py`). `year` is relative to the year asked for: −1 is the year before.
Amounts have the books' sign: cost and expenditure +, income −.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, Self

from ledger.reporting.entry import Cube, Register

Of = Literal["drift", "investering", "lage"]
Through = Literal["tom", "year"]

#: Stands for every event that rows can be tagged with. No tag is written so: facts hold no control characters.
ANY_EVENT: Final = "\x00any"
#: Stands for the event that a column is about, where there is one of each (report.py).
EACH_EVENT: Final = "\x00each"


@dataclass(frozen=True)
class Measure:
    """What is summed. `at` is a date that limits it as `beslutad` does, or names what gives the date.

    That is a parameter of the question, or a round of forecasts where a column is one of each (report.py).
    """

    of: Of = "drift"
    year: int = 0
    slag: str | None = None
    at: str | date | None = None

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

    def dated(self, at: str | date) -> Self:
        """The same as it was on a date, or on the one that a parameter of the question gives."""
        return replace(self, at=at)

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

    def __neg__(self) -> Formula:
        return Formula(tuple((-factor, measure) for factor, measure in self.terms))

    def of_event(self, handelse: str) -> Formula:
        """The same of one event, where it is of each."""
        return Formula(
            tuple(
                (factor, replace(m, handelse=handelse) if isinstance(m, Utfall) and m.handelse == EACH_EVENT else m)
                for factor, m in self.terms
            )
        )

    def shifted(self, years: int) -> Formula:
        """The same of another year."""
        return Formula(tuple((factor, measure.shifted(years)) for factor, measure in self.terms))

    def about(self, of: Of) -> Formula:
        """The same of the running budget or of investments."""
        return Formula(tuple((factor, measure.about(of)) for factor, measure in self.terms))

    def dated(self, at: date) -> Formula:
        """The same as it was on a date."""
        return Formula(tuple((factor, measure.dated(at)) for factor, measure in self.terms))

    def dated_by(self, days: Mapping[str, date]) -> Formula:
        """The same with dates for what gives them."""
        return Formula(tuple((factor, replace(m, at=days.get(str(m.at), m.at))) for factor, m in self.terms))


def formula(value: Measure | Formula) -> Formula:
    """A formula, also of one measure alone."""
    return value if isinstance(value, Formula) else Formula(((1, value),))


@dataclass(frozen=True)
class Utfall(Measure):
    """Outcome: January through `tom`, the whole year, or everything `since_start` of the ledger.

    With `handelse` only what is tagged with that event, or with `ANY_EVENT`.
    """

    through: Through = "tom"
    since_start: bool = False
    cube: Cube | None = None
    handelse: str | None = None

    blank_with_handelse = False


@dataclass(frozen=True)
class Budget(Measure):
    """Budget in the round in force: the whole year, or by month and twelfths through `tom`.

    `only` keeps original budget (`ursprunglig`) or the changes of it (`andring`); `forslag` are the proposals that no
    decision or rejection has closed, in whatever round and whether they are counted or not.

    Of frames carried over to later years (ombudgetering): `begard` is what proposals ask to carry away from the year,
    however they came out, `overford` what is carried away, `mottagen` what comes from earlier years.
    """

    through: Through = "year"
    only: Literal["", "ursprunglig", "andring", "forslag", "begard", "overford", "mottagen"] = ""
    blank_when_none: bool = False


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


@dataclass(frozen=True)
class Laget(Measure):
    """Amounts of a register of `Lagesbelopp`: of each thing those of its newest day, of the year they are about."""

    of: Of = "lage"
    register: Register | None = None
    blank_when_none: bool = False
