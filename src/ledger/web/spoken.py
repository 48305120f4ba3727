"""Figures as they are heard: *Ekonomistaben, avvikelse, plus 9,1 miljoner*."""

from __future__ import annotations

from typing import Final

from ledger.domain.language import N_, SWEDISH, _, said, spoken
from ledger.domain.money import MINUS, NBSP
from ledger.reporting.answer import Kolumn
from ledger.reporting.tables.two_trees import split
from ledger.web import words

UNITS: Final = {"kr": N_("{figure} kronor"), "tkr": N_("{figure} tusen kronor"), "mnkr": N_("{figure} miljoner")}


def figure(rad: str, kolumn: Kolumn, text: str, enhet: str) -> str:
    """The name of a figure: its row, its column, and the amount with its sign and its unit in words."""
    column = begun_small(said(kolumn.rubrik))
    return f"{said(rad)}, {column}, {amount(text, enhet, signed=_is_change(kolumn.nyckel))}"


def amount(text: str, enhet: str, *, signed: bool = False) -> str:
    """An amount as it is written, in words: `−1,8` is `minus 1,8 miljoner`. One of a change says plus."""
    bare = text.removeprefix("+").removeprefix(MINUS)
    sign = "minus " if text.startswith(MINUS) else "plus " if signed and bare.strip("0, ") else ""
    return sign + _(UNITS[enhet]).format(figure=_heard(bare))


def _heard(text: str) -> str:
    """A figure as it is read aloud: in other languages than Swedish `1 234,5` is `1,234.5`."""
    return text if spoken() is SWEDISH else text.replace(",", ".").replace(NBSP, ",")


def begun_small(text: str) -> str:
    """A heading inside a sentence: without its capital, unless it is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _is_change(nyckel: str) -> bool:
    """Whether a column says how far something is from something else."""
    name, _ = split(nyckel)
    return "avvikelse" in name or name in words.SIGNED
