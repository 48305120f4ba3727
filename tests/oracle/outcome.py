"""The outcome: every booked row with its day, corrections included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ledger.domain.events import UtfallCorrected, UtfallReported, VerifikationPosted
from ledger.domain.fact import Fact
from ledger.domain.rader import Utfallsrad
from tests.oracle.entries import DRIFT, INVESTERING, Entry
from tests.oracle.standing import Standing, dated


class Booked(NamedTuple):
    """An amount of outcome on a day."""

    day: date
    entry: Entry


def booked(standing: Sequence[Standing], beslutad: date | None, handelse: str | None) -> list[Booked]:
    """Every row of drift or investment dated by `beslutad`, and tagged with `handelse` where it is asked for."""
    found = []
    for _, fact in standing:
        for day, sign, ansvar, rad in _rows(fact):
            if rad.slag not in DRIFT + INVESTERING or not ansvar or not dated(day, beslutad):
                continue
            if handelse is None or rad.handelse == handelse:
                entry = Entry(ansvar, rad.verksamhet, rad.konto, rad.projekt, rad.slag, sign * rad.belopp_ore)
                found.append(Booked(day, entry))
    return found


def _rows(fact: Fact) -> Iterator[tuple[date, int, str | None, Utfallsrad]]:
    """Day, sign, unit and row. A correcting voucher holds inverse rows itself; a new leverans reverses the old one."""
    if isinstance(fact, VerifikationPosted):
        for rad in fact.rader:
            yield fact.bokforingsdatum, 1, rad.ansvar, rad
    elif isinstance(fact, UtfallReported):
        for summarad in fact.rader:
            yield summarad.bokforingsdatum, 1, summarad.rad.ansvar or fact.ansvar, summarad.rad
    elif isinstance(fact, UtfallCorrected):
        for sign, rader in ((-1, fact.fore), (1, fact.efter)):
            for summarad in rader:
                yield summarad.bokforingsdatum, sign, summarad.rad.ansvar or fact.ansvar, summarad.rad


def in_year(rows: Sequence[Booked], ar: int, tom: int = 12) -> list[Entry]:
    """The rows of January through month `tom` of a year."""
    return [row.entry for row in rows if row.day.year == ar and row.day.month <= tom]


def through_day(rows: Sequence[Booked], last: date) -> list[Entry]:
    """The rows from the beginning through a day."""
    return [row.entry for row in rows if row.day <= last]
