"""The investment projects as they stand on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from ledger.domain.events import ProjektChanged
from tests.oracle.standing import Standing

COMPLETED: Final = ("fardigstallt", "avbrutet")
ONGOING: Final = ("beslutat", "pagaende")


def projects(standing: Sequence[Standing], day: date) -> dict[str, ProjektChanged]:
    """Each project's last row that has begun on the day, else its first. Of two of one date, the last recorded."""
    history: dict[str, list[ProjektChanged]] = {}
    for _, fact in standing:
        if isinstance(fact, ProjektChanged):
            history.setdefault(fact.projekt, []).append(fact)
    found = {}
    for projekt, rows in history.items():
        first = min(row.statusdatum for row in rows)
        begun = [row for row in rows if row.statusdatum <= max(day, first)]
        newest = max(row.statusdatum for row in begun)
        found[projekt] = [row for row in begun if row.statusdatum == newest][-1]
    return found
