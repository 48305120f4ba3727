"""The tables of sign-in, outside the log. Created by migrations 0002 to 0005; secrets stand here as digests only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Table, Text
from sqlalchemy.engine import Connection, Engine

from ledger.recording import place
from ledger.recording.instant import instant_text

_KNOWN = MetaData()

INLOGGNING = Table(
    "inloggning",
    _KNOWN,
    Column("digest", Text, primary_key=True),
    *(Column(name, Text) for name in ("nonce", "verifier", "sedan", "upphor")),
)
SESSION = Table(
    "session",
    _KNOWN,
    Column("digest", Text, primary_key=True),
    *(Column(name, Text) for name in ("actor", "roller", "funktioner", "csrf", "id_token", "anvand", "upphor")),
    Column("vald", Integer),
    Column("rollversion", Integer),
)
TOKEN = Table(
    "token",
    _KNOWN,
    Column("id", Text, primary_key=True),
    *(Column(name, Text) for name in ("digest", "namn", "actor", "roll", "enheter", "skapad", "skapad_av")),
    *(Column(name, Text) for name in ("upphor", "aterkallad", "aterkallad_av", "anvand", "ansvarig")),
    Column("skriver", Boolean),
)
MASKIN = Table("maskin", _KNOWN, *(Column(name, Text, primary_key=True) for name in ("actor", "ansvarig")))
ROLLVERSION = Table(
    "rollversion",
    _KNOWN,
    Column("version", Integer, primary_key=True, autoincrement=False),
    *(Column(name, Text) for name in ("skapad", "actor", "rader")),
)
ATKOMST = Table(
    "atkomst",
    _KNOWN,
    Column("nummer", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, Text) for name in ("tid", "actor", "roll", "vad", "adress")),
    Column("position", BigInteger),
)


@dataclass(frozen=True)
class Place:
    """Where the tables are, and the clock that dates what is put there. Any thread may use it."""

    engine: Engine
    clock: Callable[[], datetime]

    @staticmethod
    def at(url: str, clock: Callable[[], datetime]) -> Place:
        """The tables of the ledger at an address that `katalog.prepare` made ready."""
        return Place(place.engine(url), clock)

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that waits for no writer."""
        return self.engine.connect()

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that is committed at its end."""
        return self.engine.execution_options(**{place.WRITING: True}).begin()

    def now(self) -> str:
        """The instant as text."""
        return instant_text(self.clock())


def secret() -> str:
    """256 random bits, as they can stand in a cookie or a header."""
    return secrets.token_urlsafe(32)


def digest(value: str) -> str:
    """What is kept of a secret. The secret is random, so that no salt and no slow hash is needed."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
