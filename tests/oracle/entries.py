"""The one shape in which every amount reaches a report, and the slag it can have."""

from __future__ import annotations

from typing import Final, NamedTuple

DRIFT: Final = ("netto", "kostnad", "intakt")
INVESTERING: Final = ("utgift", "inkomst")

#: +1 where more is more cost in the books, -1 where more is more income.
SIGN: Final = {"netto": 1, "kostnad": 1, "intakt": -1, "utgift": 1, "inkomst": -1}


class Entry(NamedTuple):
    """An amount in the books' sign (cost +, income −), on the unit it was decided for, booked on or forecast by."""

    ansvar: str
    verksamhet: str | None
    konto: str | None
    projekt: str | None
    slag: str
    ore: int

    @property
    def key(self) -> tuple[str, str]:
        """What an investment is kept by: its project, or its unit where none is named."""
        return ("projekt", self.projekt) if self.projekt else ("ansvar", self.ansvar)
