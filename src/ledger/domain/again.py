"""The command that leads to a fact, so that what one person registered can be judged again when another confirms it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from ledger.domain import beslut
from ledger.domain.bokslut import CloseYear
from ledger.domain.events import Beslut, PeriodOpened, RegistreringCorrected
from ledger.domain.events_behorighet import AttestantNamed, ForvaltningOpened, MandatEnded, MandatGranted, YearClosed
from ledger.domain.fact import Fact
from ledger.domain.mandat import EndMandat, GrantMandat, NameAttestant
from ledger.domain.period import OpenPeriod
from ledger.domain.rattelse import CorrectRegistrering


def command_for(fact: Fact) -> Any:
    """The command that leads to a fact of a kind that two people record."""
    match fact:
        case Beslut():
            kind = next(command for command in beslut.COMMANDS if command.typ == fact.typ)
            return kind(**_fields(fact))
        case RegistreringCorrected():
            return CorrectRegistrering(fact.rattar, command_for(fact.ratt) if fact.ratt else None, fact.motivering)
        case YearClosed():
            return CloseYear(fact.ar, fact.beslutsorgan, fact.beslutsdatum, fact.paragraf)
        case ForvaltningOpened() | PeriodOpened():
            return OpenPeriod(fact.period, fact.motivering or "", getattr(fact, "ansvar", None))
    kinds: dict[type[Fact], type[Any]] = {
        MandatGranted: GrantMandat,
        MandatEnded: EndMandat,
        AttestantNamed: NameAttestant,
    }
    return kinds[type(fact)](**_fields(fact))


def _fields(fact: Any) -> dict[str, Any]:
    return {each.name: getattr(fact, each.name) for each in fields(fact)}
