"""The door: builds the house from the settings. The only importer of `projections`, and of every room."""

from __future__ import annotations

import os
import pkgutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from socket import AF_INET, AF_INET6, create_server
from socket import socket as Socket
from types import TracebackType
from typing import Any, Self
from uuid import uuid4
from zoneinfo import ZoneInfo

import uvicorn
from eventsourcing.persistence import PersistenceError
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

import projections
from ledger.application import Ledger
from ledger.domain.refusal import Refusal, refuse
from ledger.domain.roll import Caller
from ledger.interchange.csv_file import Fil
from ledger.interchange.importing import Options, Progress, import_files
from ledger.recording.katalog import Katalog, prepare
from ledger.recording.place import shown
from ledger.recording.store import ClockIsBehind, CommandIdTaken, FactLog, Moved
from ledger.reporting.log import Log
from ledger.reporting.report import Report
from ledger.reporting.reports import Reports
from ledger.reporting.schema import open_database
from ledger.settings import Settings
from ledger.web import house as web
from ledger.web import rules
from ledger.web.app import create_app
from ledger.web.callers import check_binding

VERSION = version("budgetliggare")

#: The example's ledger, in the folder where it is started.
DEMO = "liggare-demo.db"

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

    @property
    def place(self) -> str:
        """Where the ledger is, for people: a file, or a database without its password."""
        return shown(self.settings.database).removeprefix("sqlite:///")

    def import_paths(self, paths: list[Path], progress: Progress, *, rattar: str | None, **options: Any) -> str:
        """Import files and say what became of them. Errors: FilesRefused, Moved, ClockIsBehind."""
        wishes = Options(rattar=None if rattar is None else position_of(rattar), **options)
        files = [Fil(path.name, path) for path in paths]
        return import_files(self.ledger, self.caller, files, wishes, new_id=new_id, progress=progress).text()

    def verify(self, progress: Progress) -> tuple[bool, str]:
        """Check the whole log; whether it is intact, and what to say of it."""
        size = self.log.head().position
        found = self.log.verify(lambda done: progress("prövar", done, size))
        if not found.ok:
            return False, f"Liggaren är SKADAD från @{found.broken}: {found.reason}"
        return True, f"Liggaren är hel: {found.position} fakta, obruten ordning, trädrot {found.root}."

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


def position_of(text: str) -> int:
    """A position written `@12` or `12`. Errors: Refused."""
    digits = text.strip().removeprefix("@")
    if not (digits.isascii() and digits.isdigit()) or int(digits) < 1:
        raise refuse(PositionIsUnreadable(kolumn="rattar", varde=text))
    return int(digits)


@dataclass(slots=True)
class PositionIsUnreadable(Refusal):
    """A position is written with its sign."""

    def sentence(self) -> str:
        """Shows the form."""
        return f"Positionen {self.varde} går inte att läsa: skriv den som i behandlingshistoriken, till exempel @12."


def reports_over(database: str, log: Log) -> Reports:
    """The reports of a log, with their read model in a database."""
    return Reports(open_database(database), log, report_files())


def application(house: House) -> FastAPI:
    """The HTTP edge over a house."""
    edge = web.House(
        ledger=house.ledger,
        reports=house.reports,
        caller=house.caller,
        new_id=new_id,
        today=today,
        version=VERSION,
        largest_body=house.settings.storsta_kropp,
        known_errors={
            Moved: lambda _: rules.LedgerMoved(),
            CommandIdTaken: lambda error: rules.CommandIdIsTaken(error.command_id, error.fields, error.first, error.last),
            ClockIsBehind: lambda _: rules.ClockIsBehindHead(),
            PersistenceError: lambda _: rules.DatabaseIsAway(),
            SQLAlchemyError: lambda _: rules.DatabaseIsAway(),
        },
    )
    return create_app(edge)


def serve(settings: Settings) -> None:
    """Serve a ledger until interrupted. Errors: BindsBeyondLoopback, OSError for a port that is taken."""
    check_binding(settings.host, bakom_proxy=settings.bakom_proxy)
    with listening(settings) as socket, House.open(settings) as house:
        house.begin_writing()
        house.reports.runner.start()
        config = uvicorn.Config(application(house), log_level="warning", access_log=False)
        address = f"http://{settings.host}:{socket.getsockname()[1]}"
        Announced(config, f"Budgetliggare visas på {address} – {OPEN_MODE} Avsluta med Ctrl-C.").run([socket])


OPEN_MODE = "öppet läge: ingen inloggning ännu, bara den här datorn."


class Announced(uvicorn.Server):
    """A server that says where it is when it is ready, not before."""

    def __init__(self, config: uvicorn.Config, sentence: str) -> None:
        """Keep what to say."""
        super().__init__(config)
        self._sentence = sentence

    async def startup(self, sockets: list[Socket] | None = None) -> None:
        """Be ready, then say so."""
        await super().startup(sockets)
        print(self._sentence, flush=True)  # noqa: T201 - the last line of `make demo`


def listening(settings: Settings) -> Socket:
    """A socket that listens where the settings say. Errors: OSError with a Swedish sentence."""
    family = AF_INET6 if ":" in settings.host else AF_INET
    try:
        return create_server((settings.host, settings.port), family=family)
    except OSError as error:
        reason = f"porten {settings.port} på {settings.host} kan inte användas ({error.strerror}); välj en annan med PORT="
        raise OSError(error.errno, reason, "Servern") from error


def prepare_demo(settings: Settings, progress: Progress) -> Settings:
    """The example of Linköping in a ledger of its own beside the others; the settings that show it."""
    demo = settings.model_copy(update={"database": f"sqlite:///{DEMO}", "roll": "ekonom"})
    with House.open(demo) as house, as_file(files("ledger") / "exempel" / "linkoping") as folder:
        house.begin_writing("Linköpings kommun")
        house.import_paths(sorted(folder.glob("*.csv")), progress, rattar=None)
        house.reports.runner.catch_up()
    return demo
