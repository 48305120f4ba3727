"""Analys och kommentar to the rows of a report: the newest recorded by `kand` counts.

Rule: contract §2 – comments are taken by `kand` only, never by `beslutad`.
"""

from __future__ import annotations

from ledger.reporting.material import KOMMENTAR
from ledger.reporting.rules.asked import Asked


def comments(asked: Asked) -> dict[str, str]:
    """The comment of each row that has one."""
    question = asked.question
    rows = asked.snapshot.rows(KOMMENTAR, f"{question.rapport}/{question.ar}/{question.tom}", question.kand)
    return {held.row.rad: held.row.text for held in rows}
