"""What is asked, and the days that follow from it."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import NamedTuple, TypeAlias

#: Row key → column key → öre, or null (`slutar`: a year).
Answer: TypeAlias = dict[str, dict[str, int | None]]


class UnanswerableError(ValueError):
    """The question names a unit, a round or a grouping that is not there; the engine refuses it."""


class Question(NamedTuple):
    """The parameters of contract §2. `kand` is a position; `stora` is nothing or `separat`, `stora_fran` kronor."""

    rapport: str
    ar: int
    tom: int = 12
    per: str = "stab"
    ansvar: str | None = None
    kand: int | None = None
    beslutad: date | None = None
    organisation: date | None = None
    handelse: str | None = None
    jamfor_prognos: date | None = None
    omgang: date | None = None
    med_forslag: bool = False
    stora: str | None = None
    jamfor_organisation: date | None = None
    stora_fran: int | None = None

    @property
    def last_day(self) -> date:
        """The last day asked for: that of month `tom`."""
        return date(self.ar, self.tom, monthrange(self.ar, self.tom)[1])

    @property
    def tree_day(self) -> date:
        """The day whose tree the figures are shown in."""
        return self.organisation or self.last_day
