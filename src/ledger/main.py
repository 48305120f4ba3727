"""The door: builds the house from the settings. The only importer of `projections`, and of every room."""

from __future__ import annotations

import os
import pkgutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from types import TracebackType
from typing import Self
from uuid import uuid4
from zoneinfo import ZoneInfo

import projections
from ledger.application import Ledger
from ledger.domain.roll import Caller
from ledger.recording.katalog import Katalog, prepare
from ledger.recording.store import FactLog
from ledger.reporting.log import Log
from ledger.reporting.report import Report
from ledger.reporting.reports import Reports
from ledger.reporting.schema import open_database
from ledger.settings import Settings

VERSION = version("budgetliggare")

#: Days are those of the municipality's clock.
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """The clock of the house."""
    return datetime.now(UTC)


def salt() -> bytes:
    """Sixteen random bytes for a private part."""
    return os.urandom(16)


def new_id() -> str:
    """An id for a command that came without one."""
    return str(uuid4())


def today() -> date:
    """The day in Sweden."""
    return now().astimezone(STOCKHOLM).date()


def report_files() -> list[Report]:
    """Every report, found as a file in `projections`. Errors: TypeError for a file that declares none."""
    reports = []
    for module in pkgutil.iter_modules(projections.__path__):
        report = getattr(import_module(f"projections.{module.name}"), "REPORT", None)
        if not isinstance(report, Report):
            msg = f"projections/{module.name}.py declares no REPORT"
            raise TypeError(msg)
        reports.append(report)
    return reports


@dataclass
class House:
    """One ledger, opened: its log, its commands, its reports and the people who use it."""

    settings: Settings
    log: FactLog
    katalog: Katalog
    ledger: Ledger
    reports: Reports

    @staticmethod
    def open(settings: Settings, *, create: bool = True) -> House:
        """Open the ledger that the settings name. Errors: NoLedger where there is none and `create` is false."""
        if create:
            prepare(settings.database)
        log = FactLog.open(settings.database, clock=now, salt=salt, create=create)
        if not create:
            prepare(settings.database)
        return House(
            settings,
            log,
            Katalog.open(settings.database),
            Ledger(log),
            reports_over(settings.database, log),
        )

    @cached_property
    def caller(self) -> Caller:
        """Whoever the settings name, under a pseudonym."""
        return Caller(self.katalog.actor_for(self.settings.anvandare), self.settings.roll)

    def begin_writing(self, kommun: str | None = None) -> None:
        """Note the municipality's name and the program's version before the first fact of this run."""
        self.ledger.open(kommun, VERSION, self.caller)

    def close(self) -> None:
        """Let go of everything."""
        self.reports.runner.stop()
        self.reports.engine.dispose()
        self.katalog.close()
        self.log.close()

    def __enter__(self) -> Self:
        """The house itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def reports_over(database: str, log: Log) -> Reports:
    """The reports of a log, with their read model in a database."""
    return Reports(open_database(database), log, report_files())
