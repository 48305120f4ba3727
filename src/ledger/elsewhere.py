"""What a process that reads for another opens: the log, the report files and their read model, and nothing else.

Every process that helps with a rebuild loads this module before its first fact, so the rooms of people and files are
not loaded here. The only importer of `projections`.
"""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from importlib import import_module

import projections
from ledger.recording.store import FactLog
from ledger.reporting.entry import Material
from ledger.reporting.log import Log
from ledger.reporting.report import Report
from ledger.reporting.reports import Reports
from ledger.reporting.stored.schema import open_database


def now() -> datetime:
    """The clock of the house."""
    return datetime.now(UTC)


def salt() -> bytes:
    """Sixteen random bytes for a private part."""
    return os.urandom(16)


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


def reports_over(database: str, log: Log) -> Reports:
    """The reports of a log, with their read model in a database. Errors: ValueError for an address of another kind."""
    from ledger.recording import place  # noqa: PLC0415 - knows every kind of database, which takes as long as numpy

    opener = partial(open_elsewhere, place.of(database).settings())
    return Reports(open_database(database), log, report_files(), opener=opener)


def open_elsewhere(settings: Mapping[str, str]) -> tuple[Log, list[Material]]:
    """The log and the material of every report, opened by a process that reads for one that has them open."""
    log = FactLog.at(settings, clock=now, salt=salt)
    return log, [material for report in report_files() for material in report.stores()]
