"""Rows of outcome and forecast: the code string (kodsträng) with an amount.

Not here: rows of budget decisions (rorelse.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

#: The codes of an outcome row, as they stand in it from ansvar to handelse.
Codes = tuple[str | None, ...]


class Utfallsrad(NamedTuple):
    """One row of outcome; `belopp_ore` has the books' sign. `slag` is blank on balance rows."""

    belopp_ore: int
    ansvar: str | None = None
    konto: str | None = None
    slag: str | None = None
    verksamhet: str | None = None
    aktivitet: str | None = None
    projekt: str | None = None
    objekt: str | None = None
    fri: str | None = None
    handelse: str | None = None
    motpart: str | None = None
    text: str | None = None


@dataclass(slots=True)
class Approved:
    """Codes that have been found right on the days from `first` to `last`.

    `written`: a row with them as it is recorded, with `%d` for the amount, once somebody has had to write one.
    """

    first: date
    last: date
    written: str | None = None


class Summarad(NamedTuple):
    """A summary row from the ERP with its own day; `ursprungsdatum` where it belongs to an earlier, closed month."""

    bokforingsdatum: date
    rad: Utfallsrad
    ursprungsdatum: date | None = None


class Prognosrad(NamedTuple):
    """A full-year forecast of one slag: a magnitude, as in a budget."""

    slag: str
    belopp_ore: int
    projekt: str | None = None
    kommentar: str | None = None
