"""Real houses behind a real server: a ledger in a database, the edge over it, and uvicorn on a port that is free."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import httpx2 as httpx
import uvicorn
from sqlalchemy.exc import InterfaceError, OperationalError

from ledger import main
from ledger.domain.roll import Caller
from ledger.recording.store import ClockIsBehind, CommandIdTaken, Moved
from ledger.settings import Settings
from ledger.web import rules
from ledger.web.app import create_app
from ledger.web.house import House

#: The errors of the rooms that the edge may not know, and what each stands for. `ledger.main` says the same.
KNOWN = {
    Moved: rules.moved,
    CommandIdTaken: rules.command_id_taken,
    ClockIsBehind: rules.clock_is_behind,
    OperationalError: rules.database_is_away,
    InterfaceError: rules.database_is_away,
}

TODAY = date(2025, 2, 3)

#: Seconds that a server may take to end, on a machine that is busy with more.
PATIENCE = 120


def edge_of(opened: main.House, caller: Caller | None = None, **otherwise: Any) -> House:
    """The edge's house over an opened ledger; in öppet läge everybody is `caller`."""
    known: dict[str, Any] = {
        "ledger": opened.ledger,
        "reports": opened.reports,
        "identity": replace(opened.identity, standing=caller or opened.caller),
        "new_id": main.new_id,
        "today": lambda: TODAY,
        "version": main.VERSION,
        "known_errors": KNOWN,
    }
    return House(**{**known, **otherwise})


@contextmanager
def opened(url: str, *, roll: str = "ekonom", kommun: str = "Linköpings kommun") -> Iterator[main.House]:
    """A ledger in an empty database, begun."""
    with main.House.open(Settings(database=url, anvandare="prov", roll=roll)) as house:
        house.begin_writing(kommun)
        yield house


def listener() -> socket.socket:
    """A port that nobody else has; it is held from now on."""
    return socket.create_server(("127.0.0.1", 0))


@contextmanager
def served(edge: House, at: socket.socket | None = None) -> Iterator[str]:
    """The address of a server that runs in a thread of its own."""
    at = at or listener()
    config = uvicorn.Config(create_app(edge), log_level="warning", lifespan="off", proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([at],), daemon=True)
    address = f"http://127.0.0.1:{at.getsockname()[1]}"
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the server did not end"


@contextmanager
def process(url: str, **settings: str) -> Iterator[str]:
    """The address of `liggare serve`, a process of its own over a ledger that nobody has open."""
    given = {"database": url, "port": "0", "anrop_per_minut": "0", "langsta_svarstid": "0", **settings}
    environment = {**os.environ, **{f"LIGGARE_{name.upper()}": value for name, value in given.items()}}
    program = [str(Path(sys.executable).with_name("liggare")), "serve"]
    with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = next((line for line in server.stdout if "visas på" in line), "")
        try:
            assert said, "the server did not start"
            yield said.partition("visas på ")[2].partition(" ")[0]
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=PATIENCE)


@contextmanager
def talking(opened: main.House, **otherwise: Any) -> Iterator[httpx.Client]:
    """A program that talks to a server over a house; `otherwise` changes what the edge is given."""
    with served(edge_of(opened, **otherwise)) as address, client(address) as program:
        yield program


def client(address: str) -> httpx.Client:
    """A program that talks to the server."""
    return httpx.Client(base_url=address, timeout=60)


@contextmanager
def linkoping(url: str) -> Iterator[main.House]:
    """The example of the house in an empty database."""
    with opened(url) as house, as_file(files("ledger") / "exempel/linkoping") as folder:
        load(house, folder)
        yield house


def load(house: main.House, folder: Path) -> None:
    """Import every file of a folder of the shared data."""
    house.import_paths(sorted(folder.glob("*.csv")), lambda *_: None, rattar=None)
