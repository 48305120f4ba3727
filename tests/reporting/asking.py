"""Reports over facts in memory, and questions written as an accountant says them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from datetime import date
from typing import Any

import projections
from ledger.domain.fact import Fact
from ledger.domain.refusal import Refused
from ledger.reporting.answer import Answer
from ledger.reporting.report import Report
from ledger.reporting.reports import Reports
from ledger.reporting.rules.asked import Question
from ledger.reporting.stored.schema import open_database
from tests.reporting.memory_log import MemoryLog

TODAY = date(2025, 2, 3)


def report_files() -> list[Report]:
    """Every report of the house, found as `ledger.elsewhere` finds them."""
    modules = [importlib.import_module(f"projections.{m.name}") for m in pkgutil.iter_modules(projections.__path__)]
    return [module.REPORT for module in modules]


class Desk:
    """One ledger in memory and its reports."""

    def __init__(
        self, facts: Iterable[Fact] = (), *, url: str = "sqlite://", reports: Iterable[Report] | None = None
    ) -> None:
        self.log = MemoryLog(facts)
        self.reports = Reports(open_database(url), self.log, report_files() if reports is None else reports)

    def close(self) -> None:
        self.reports.runner.stop(120)
        self.reports.engine.dispose()

    def ask(self, rapport: str, **parameters: Any) -> Answer:
        return self.reports.answer(rapport, written(parameters), TODAY)

    def question(self, rapport: str, **parameters: Any) -> Question:
        return self.reports.question(rapport, written(parameters), TODAY)

    def cells(self, rapport: str, rad: str, **parameters: Any) -> dict[str, Any]:
        """The cells of one row."""
        return rows(self.ask(rapport, **parameters))[rad]

    def refusals(self, rapport: str, **parameters: Any) -> list[str]:
        """The sentences with which a question is refused."""
        try:
            self.ask(rapport, **parameters)
        except Refused as refused:
            return [refusal.sentence() for refusal in refused.refusals]
        return []


def written(parameters: dict[str, Any]) -> dict[str, str | None]:
    """Parameters as the edge gives them: text."""
    return {name: None if value is None else str(value) for name, value in parameters.items()}


def rows(answer: Answer) -> dict[str, dict[str, Any]]:
    """The cells of an answer by row."""
    return {row.nyckel: row.celler for row in answer.rader}
