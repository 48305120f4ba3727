"""Lists: reports whose rows are facts rather than sums."""

from __future__ import annotations

from ledger.reporting.answer import Answer
from ledger.reporting.asked import Asked
from ledger.reporting.log import Log
from ledger.reporting.report import Report


class Asking:
    """placeholder"""


def list_answer(report: Report, asked: Asked, log: Log) -> Answer:
    """The answer of a list."""
    raise NotImplementedError
