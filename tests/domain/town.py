"""A small municipality to judge rules in, and short words for its decisions."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.domain.beslut import (
    AdoptBudget,
    AdoptInternbudget,
    DecideBeslut,
    DecideInvesteringsram,
    DecideOmbudgetering,
    DecideOmfordelning,
    DecideRamjustering,
    DecideTotalutgift,
    SetDetaljbudget,
    SetPeriodisering,
)
from ledger.domain.events import DECISIONS, Beslut, KontoDefined, ProjektChanged, UnitEstablished, VerksamhetDefined
from ledger.domain.fact import Fact
from ledger.domain.rader import Summarad, Utfallsrad
from ledger.domain.rorelse import Rorelse
from ledger.domain.verifikation import PostVerifikation, Voucher

BEGIN = date(2020, 1, 1)

TOWN: tuple[Fact, ...] = (
    UnitEstablished("LKPG", "Linköping", "kommun", BEGIN),
    UnitEstablished("KS", "Kommunstyrelsen", "namnd", BEGIN, "LKPG"),
    UnitEstablished("KLF", "Ledningsförvaltningen", "forvaltning", BEGIN, "KS"),
    UnitEstablished("EKON", "Ekonomistaben", "stab", BEGIN, "KLF"),
    UnitEstablished("BUN", "Barn och ungdom", "namnd", BEGIN, "LKPG"),
    KontoDefined("5010", "Löner", "kostnad", BEGIN),
    KontoDefined("3010", "Avgifter", "intakt", BEGIN),
    KontoDefined("2510", "Leverantörer", "balans", BEGIN),
    VerksamhetDefined("100", "Nämnd", BEGIN),
    VerksamhetDefined("440", "Grundskola", BEGIN),
    ProjektChanged("P1", "Bron", "KLF", "pagaende", BEGIN),
    ProjektChanged("P2", "Badet", "BUN", "beslutat", BEGIN),
)

COMMANDS: dict[str, type[DecideBeslut]] = {
    command.typ: command
    for command in (
        AdoptBudget, DecideInvesteringsram, DecideTotalutgift, DecideRamjustering, AdoptInternbudget,
        DecideOmfordelning, DecideOmbudgetering, SetDetaljbudget, SetPeriodisering,
    )
}  # fmt: skip


def day(text: str) -> date:
    return date.fromisoformat(text)


def move(kronor: int = 100, slag: str = "netto", ar: int = 2024, **columns: Any) -> Rorelse:
    """A movement; the amount in whole kronor."""
    return Rorelse(kronor * 100, slag, ar, **columns)


def decide(typ: str, on: str, *rorelser: Rorelse, organ: str = "KF", **columns: Any) -> DecideBeslut:
    """A decision of a kind on a day, given as a command."""
    return COMMANDS[typ](organ, day(on), rorelser, **columns)


def decided(typ: str, on: str, *rorelser: Rorelse, organ: str = "KF", **columns: Any) -> Beslut:
    """The fact of a decision of a kind on a day."""
    return DECISIONS[typ](organ, day(on), rorelser, **columns)


def budget(on: str, kronor: int, ar: int = 2024, unit: str = "KS") -> DecideBeslut:
    return decide("budget", on, move(kronor, ar=ar, till_ansvar=unit))


def cost(kronor: int = 100, **columns: Any) -> Utfallsrad:
    return Utfallsrad(kronor * 100, **{"ansvar": "EKON", "konto": "5010", "slag": "kostnad"} | columns)


def balance(kronor: int = -100, **columns: Any) -> Utfallsrad:
    return Utfallsrad(kronor * 100, **{"konto": "2510"} | columns)


def voucher(
    vernr: str = "1", on: str = "2024-03-05", *rader: Utfallsrad, rattar: tuple[str, str, int] | None = None
) -> PostVerifikation:
    """A voucher of serie A: 100 kr of salaries, unless rows are given."""
    named = Voucher(*rattar) if rattar else None
    return PostVerifikation("A", vernr, day(on), rader or (cost(), balance()), named)


def summary(on: str, kronor: int, **columns: Any) -> Summarad:
    return Summarad(day(on), cost(kronor, **columns))
