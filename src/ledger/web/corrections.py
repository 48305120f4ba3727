"""Corrections both ways: the facts that one corrects, and those that correct it.

Rule: BFL 5:5 and 5:9 – whoever reads a corrected entry learns of the correction, and the correction leads back.
"""

from __future__ import annotations

from ledger.application import Ledger
from ledger.domain.events import (
    RegistreringCorrected,
    UtfallCorrected,
    UtfallReported,
    VerifikationCorrected,
    VerifikationPosted,
)
from ledger.domain.fact import Fact


def corrects(ledger: Ledger, fact: Fact) -> list[int]:
    """The positions of the facts that a fact corrects."""
    match fact:
        case RegistreringCorrected():
            return [fact.rattar]
        case UtfallCorrected():
            return list(fact.rattar)
        case VerifikationCorrected():
            return [found.position for found in ledger.log.stream(fact.keys[0])[:1]]
    return []


def corrected_by(ledger: Ledger, position: int, fact: Fact) -> list[int]:
    """The positions of the facts that correct the fact at a position."""
    if isinstance(fact, VerifikationPosted):
        return sorted(ledger.log.touched([fact.stream]).values())
    if isinstance(fact, UtfallReported | UtfallCorrected):
        return [
            found.position
            for found in ledger.log.stream(fact.stream)
            if isinstance(found.fact, UtfallCorrected) and position in found.fact.rattar
        ]
    return [found.position for found in ledger.log.stream(f"rattelse/{position}")]
