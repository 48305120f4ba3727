"""Serving: the house behind its HTTP edge, on a port, until somebody stops it; and the example of Linköping."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import sqlite3
import threading
from datetime import date
from importlib.resources import as_file, files
from time import monotonic
from typing import Final

import psycopg
import uvicorn
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message

from ledger.cli_progress import Progress as Bar
from ledger.interchange.importing import Progress
from ledger.main import VERSION, House, new_id, today
from ledger.recording.store import ClockIsBehind, CommandIdTaken, LogIsAway, Moved
from ledger.reporting.reports import Reports
from ledger.settings import Settings
from ledger.web import house as web
from ledger.web import rules
from ledger.web.app import create_app
from ledger.web.callers import CannotListen, check_binding, check_demo
from ledger.web.drawing import Drawing
from ledger.web.timebar import newest_year

#: The example's ledger, in the folder where it is started.
DEMO = "liggare-demo.db"

#: How long answers under way may take when the server stops, in seconds.
PATIENCE = 10

#: How long reports are asked at the start so that readers need not wait, in seconds.
WARMING = 30

#: What it rests before the first and between two of them at most, in seconds.
LONGEST_REST = 0.5

#: What it rests between two parts of what is read in, in seconds.
REST = 0.05

#: So many new things are made before the collector looks through them.
YOUNG = 50_000

#: The reports whose sums the first page shows, and the templates that it and theirs are drawn by.
FIRST = ("driftsammandrag", "investeringsuppfoljning")
FIRST_TEMPLATES = ("house.html", "parts.html", "start.html", "report.html", "timebar.html", "diagram.html")

#: An address that nobody needs to sign in for, and that every other is compared with before it is found not to exist.
NOWHERE: Final = "/hjalp/ingenting"

LOGGER = logging.getLogger(__name__)

HOW = {
    "oppet": "öppet läge: ingen inloggning, bara den här datorn.",
    "demo": "DEMONSTRATION: vem som helst på den här datorn väljer själv vem den är.",
    "oidc": "med inloggning.",
}


def application(house: House) -> FastAPI:
    """The HTTP edge over a house."""
    edge = web.House(
        ledger=house.ledger,
        reports=house.reports,
        identity=house.identity,
        new_id=new_id,
        today=today,
        version=VERSION,
        largest_body=house.settings.storsta_kropp,
        hosts=house.settings.hosts,
        kontakt=house.settings.kontakt,
        behind_proxy=house.settings.bakom_proxy,
        per_minute=house.settings.anrop_per_minut,
        patience=house.settings.langsta_svarstid,
        known_errors={
            Moved: rules.moved,
            CommandIdTaken: rules.command_id_taken,
            ClockIsBehind: rules.clock_is_behind,
            LogIsAway: rules.database_is_away,
            SQLAlchemyError: rules.database_is_away,
            psycopg.Error: rules.database_is_away,
            sqlite3.Error: rules.database_is_away,
        },
    )
    return create_app(edge)


def serve(settings: Settings) -> None:
    """Serve a ledger until interrupted. Errors: BindsBeyondLoopback, DemoIsReachable, CannotListen."""
    if settings.auth == "demo":
        check_demo(settings.host, bakom_proxy=settings.bakom_proxy, hosts=settings.hosts)
    check_binding(settings.host, bakom_proxy=settings.bakom_proxy)
    collect_seldom()
    with listening(settings) as listener, House.open(settings) as house:
        house.begin_writing()
        with Bar() as progress:
            house.reports.runner.catch_up(told=progress)
        house.reports.runner.start()
        served = application(house)
        shown = ready(house.reports, served.state.drawing)
        asyncio.run(looked_up(served))
        stopping = threading.Event()
        warming = threading.Thread(target=warm, args=(house.reports, shown, stopping), name="warming", daemon=True)
        warming.start()
        config = uvicorn.Config(
            served, log_level="warning", access_log=False, server_header=False, lifespan="off",
            timeout_graceful_shutdown=PATIENCE, proxy_headers=False,
        )  # fmt: skip
        address = f"http://{settings.host}:{listener.getsockname()[1]}"
        sentence = f"Budgetliggare visas på {address} – {HOW[settings.auth]} Avsluta med Ctrl-C."
        Announced(config, sentence, served.state.house.closing).run([listener])
        stopping.set()
        warming.join(PATIENCE)


def collect_seldom() -> None:
    """Look for garbage less often: an answer makes tens of thousands of things, and hardly any of them are any."""
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def ready(reports: Reports, drawing: Drawing) -> int:
    """Ask what the first page shows and read its templates: whoever comes first waits no longer than others.

    The year that it shows.
    """
    drawing.read(FIRST_TEMPLATES)
    try:
        question = reports.question(FIRST[0], {}, today())
        with reports.snapshot(question) as snapshot:
            ar = newest_year(snapshot, question)
    except Exception as error:  # noqa: BLE001 - whoever asks will be told
        LOGGER.info("the first page was not made ready: %s", error)
        return today().year
    _ask(reports, [(name, {"ar": str(ar)}) for name in FIRST])
    return ar


async def looked_up(app: ASGIApp) -> int:
    """Ask for an address that does not exist: whoever asks first waits until all those that do are built.

    The status of the answer.
    """
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": NOWHERE, "raw_path": NOWHERE.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept", b"text/html")], "client": None, "server": None,
    }  # fmt: skip
    await app(scope, receive, send)
    return int(said[0]["status"])


def warm(reports: Reports, shown: int, stopping: threading.Event) -> None:
    """Ask every report of the year that is shown, so that what is kept between questions is there before the first.

    Then the sums of every year, the newest first: as known now, and as known when the year had ended. Between them
    nothing is asked for four times as long as each took, or half a second, so that those who wait come first. At last
    what any other moment's figures are made of is read in, with rests.
    """
    # Whoever waited for the server to begin comes first.
    stopping.wait(LONGEST_REST)
    sums = [name for name, report in reports.reports.items() if report.table]
    every = [*sums, *(name for name in reports.reports if name not in sums)]
    _ask(reports, [(name, {"ar": str(shown)}) for name in every], stopping)
    ended = [(ar, {"kand": f"{ar + 1}-01-31"} if date(ar + 1, 1, 31) < today() else {}) for ar in reports.years()]
    asked = [(name, {"ar": str(ar), **kand}) for ar, then in ended for kand in ({}, then) for name in sums]
    _ask(reports, asked, stopping)
    try:
        for _ in reports.read_in():
            if stopping.wait(REST):
                break
    except Exception as error:  # noqa: BLE001 - whoever asks will be told; this was only a kindness
        LOGGER.info("what figures are made of was not read in: %s", error)


def _ask(reports: Reports, asked: list[tuple[str, dict[str, str]]], stopping: threading.Event | None = None) -> None:
    """Ask some reports; where one may have to stop only a fifth of the time is taken, and WARMING seconds at most."""
    begun = monotonic()
    for name, parameters in asked:
        if stopping and (stopping.is_set() or monotonic() - begun > WARMING):
            break
        at = monotonic()
        try:
            reports.answer(name, parameters, today())
        except Exception as error:  # noqa: BLE001 - whoever asks will be told; this was only a kindness
            LOGGER.info("%s was not warmed: %s", name, error)
        if stopping:
            stopping.wait(min(4 * (monotonic() - at), LONGEST_REST))
    # What is kept is no garbage: the collector, which stops every answer, need not look through it again.
    gc.collect()
    gc.freeze()


class Announced(uvicorn.Server):
    """A server that says where it is when it is ready, not before, and lets those who listen know when it stops."""

    def __init__(self, config: uvicorn.Config, sentence: str, closing: threading.Event) -> None:
        """Keep what to say, and by what to let know."""
        super().__init__(config)
        self._sentence, self._closing = sentence, closing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Be ready, then say so."""
        await super().startup(sockets)
        print(self._sentence, flush=True)  # noqa: T201 - the last line of `make demo`

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would go on for ever, then stop."""
        self._closing.set()
        await super().shutdown(sockets)


def listening(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say. Errors: CannotListen."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise CannotListen(settings.host, settings.port) from error
    # Those that call inherit it. Without it the end of an answer waits for the caller's delayed receipt, 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def prepare_demo(settings: Settings, progress: Progress) -> Settings:
    """The example of Linköping in a ledger of its own beside the others; the settings that show it."""
    demo = settings.model_copy(update={"database": f"sqlite:///{DEMO}", "roll": "ekonom"})
    with House.open(demo) as house, as_file(files("ledger") / "exempel" / "linkoping") as folder:
        house.begin_writing("Linköpings kommun")
        house.import_paths(sorted(folder.glob("*.csv")), progress, rattar=None)
        house.reports.runner.catch_up()
    return demo
