"""Decisions as columns: which proposals are closed, and what a footnote needs of the decisions behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ledger.reporting.material import BESLUT, Beslutsrad
from ledger.reporting.rules.columns import Columns, Fields, columns, number_of
from ledger.reporting.rules.kept import Kept
from ledger.reporting.stored.register import Held
from ledger.reporting.stored.snapshot import Snapshot

Decisions = Columns[Beslutsrad]

#: How a decision that closes a proposal came out.
CLOSING: Final = ("beslutat", "avslaget")

#: How what has movements came out.
MADE: Final = ("beslutat", "forslag")


def encoded(held: Sequence[Held[Beslutsrad]], _memory: Kept) -> Fields:
    """Decisions as columns."""
    rows = [one.row for one in held]
    return {
        "day": np.array([number_of(row.beslutsdatum) for row in rows], np.int64),
        "closes": np.array([row.forslag is not None and row.forslag != "" for row in rows], np.bool_),
        "unnumbered": np.array([not row.paragraf for row in rows], np.bool_),
    }


def decisions(snapshot: Snapshot, outcome: str = "beslutat") -> Decisions:
    """All decisions that came out so."""
    return columns(snapshot, BESLUT, outcome, encoded)


def decision_at(snapshot: Snapshot, position: int) -> Beslutsrad | None:
    """The decision or proposal that the fact at a position is."""
    for outcome in MADE:
        of = decisions(snapshot, outcome)
        place = int(np.searchsorted(of.position, position))
        if place < len(of) and of.position[place] == position:
            return of.held[place].row
    return None


def same_decision(row: Beslutsrad) -> tuple[object, ...]:
    """What all parts of one decision have in common. Rule: contract §4."""
    return row.typ, row.beslutsorgan, row.beslutsdatum, row.paragraf, row.diarienummer, row.utfall


def closed(snapshot: Snapshot, kand: int, last: int) -> set[tuple[str, str]]:
    """Kind and diary number of proposals that a decision or rejection has closed, known and dated in time."""
    found = set()
    for outcome in CLOSING:
        of = decisions(snapshot, outcome)
        for row in np.flatnonzero(of["closes"] & (of["day"] <= last) & of.known(kand)).tolist():
            found.add((of.held[row].row.typ, of.held[row].row.forslag or ""))
    return found
