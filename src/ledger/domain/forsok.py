"""Refused attempts: who tried what, and which rule said no – noted once there are mandates, and not without end.

Reader: revisor and internal control, in the report avvisade.     Not here: what was in the attempt; it may be private.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from ledger.domain.events_behorighet import ForsokRefused
from ledger.domain.refusal import Kind, Refused

#: So many attempts of one caller are noted in so long a time; the others are counted in the next that is.
MOST: Final = 10
WINDOW: Final = timedelta(minutes=1)

#: Kinds that tell of rights and of two who want different things; what is unreadable or unknown is a mistake.
NOTED: Final = frozenset({Kind.FORBIDDEN, Kind.CONFLICT})


@dataclass(slots=True)
class Attempts:
    """When the attempts of each caller were noted lately, and how many were not."""

    noted: dict[str, deque[datetime]] = field(default_factory=dict)
    passed_over: dict[str, int] = field(default_factory=dict)

    def noted_as(self, actor: str, kommando: str, refused: Refused, now: datetime) -> ForsokRefused | None:
        """The fact of an attempt; None where its kind is not noted or its caller has been noted often enough."""
        refusal = next((refusal for refusal in refused.refusals if refusal.kind in NOTED), None)
        if refusal is None:
            return None
        lately = self.noted.setdefault(actor, deque())
        while lately and lately[0] <= now - WINDOW:
            lately.popleft()
        if len(lately) >= MOST:
            self.passed_over[actor] = self.passed_over.get(actor, 0) + 1
            return None
        lately.append(now)
        return ForsokRefused(kommando, refusal.rule, refusal.kind.value, 1 + self.passed_over.pop(actor, 0))


def name_of(command: Any) -> str:
    """What a command is called in the report: the name of its class."""
    return type(command).__name__
