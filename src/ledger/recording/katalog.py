"""The directory of people, outside the log: facts carry pseudonyms (`a-17`), and only here is it said who that is.

So a person can be forgotten without a single fact changing. Created by migrations, not with the log's tables.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from threading import Lock
from typing import Self

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, delete, func, insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from ledger.recording import place
from ledger.recording.migrating import migrate

__all__ = ["Katalog", "migrate", "prepare"]

#: Two who come at once may try for the same number; the one who lost tries the next.
_TRIES = 100

#: So much of a digest tells a name from another's (`_NAME`).
_PART = 12

PERSON = Table(
    "person",
    MetaData(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=True, unique=True),
)

#: Who a person is at an identity provider, as a digest. Goes when the name goes.
SUBJEKT = Table("subjekt", MetaData(), Column("digest", Text, primary_key=True), Column("actor", Text, nullable=False))


#: A name as sign-in enters it: the name, the user name in brackets, and what tells it from an older one of that name.
_NAME = re.compile(r"(?P<name>.*?)(?: \((?P<user>[^()]*)\))?(?: [0-9a-f]{12})?")


def _names_of(entered: str) -> set[str]:
    """What a person is called: all that the directory says, the name alone, and the user name."""
    found = _NAME.fullmatch(entered)
    return {entered, *(part for part in (found.groups() if found else ()) if part)}


def prepare(url: str) -> None:
    """Make a database ready for a ledger: the log's tables, then all migrations. Idempotent, and safe at once."""
    place.of(url).create()
    migrate(url)


class Katalog:
    """The directory of one ledger. Any thread may use it."""

    def __init__(self, engine: Engine) -> None:
        """Use `Katalog.open`."""
        self._engine = engine
        self._writing = engine.execution_options(**{place.WRITING: True})
        self._known: dict[str, str] = {}
        self._lock = Lock()

    @staticmethod
    def open(url: str) -> Katalog:
        """The directory at an address that `prepare` made ready."""
        return Katalog(place.engine(url))

    def __enter__(self) -> Self:
        """The directory itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def actor_for(self, name: str) -> str:
        """The pseudonym of a person, `a-1`, `a-2` …; a new one for who was never seen, or was forgotten.

        Errors: ValueError for a blank name.
        """
        if not name.strip():
            msg = "en person utan namn kan inte registrera något"
            raise ValueError(msg)
        known = self._known.get(name) or self._find(name) or self._enter(name)
        with self._lock:
            self._known[name] = known
        return known

    def actor_of_subject(self, digest: str, name: str) -> str:
        """The pseudonym of who signed in at an identity provider; `name` names a person who was never seen.

        A name that somebody has already is not enough to be that person: the newcomer's gets the digest's beginning.
        Person and subject are entered at once, so that whoever takes the name meanwhile does not become this one.
        """
        for _ in range(_TRIES):
            with self._engine.connect() as connection:
                known = connection.execute(select(SUBJEKT.c.actor).where(SUBJEKT.c.digest == digest)).scalar()
            if known is not None:
                return str(known)
            free = self._free_name(name, digest)
            # The same person signed in twice at once, or somebody took the number or the name: looked at again.
            with suppress(IntegrityError), self._writing.begin() as connection:
                actor = _entered(connection, free)
                connection.execute(insert(SUBJEKT).values(digest=digest, actor=actor))
                return actor
        raise _unwritten(name)

    def name_of(self, actor_id: str) -> str | None:
        """Who an actor is; None for an actor that does not exist or was forgotten."""
        with self._engine.connect() as connection:
            return connection.execute(select(PERSON.c.name).where(PERSON.c.id == actor_id)).scalar()

    def known_as(self, said: str) -> list[str]:
        """The pseudonyms of those whom somebody means by a pseudonym, a name or a user name, none forgotten."""
        wanted = " ".join(unicodedata.normalize("NFC", said).split())
        if not wanted or not wanted.isprintable():
            return []
        name = PERSON.c.name
        might = name.startswith(wanted, autoescape=True) | name.contains(f"({wanted})", autoescape=True)
        asked = select(PERSON.c.id, name).where(name.is_not(None), (PERSON.c.id == wanted) | might)
        with self._engine.connect() as connection:
            rows = connection.execute(asked.order_by(PERSON.c.number)).all()
        # A pseudonym is nobody else's, whatever others call themselves.
        exact = [row.id for row in rows if row.id == wanted]
        return exact or [row.id for row in rows if wanted in _names_of(row.name)]

    def forget(self, actor_id: str) -> None:
        """Take a person's name out of the directory. Their facts stay, under a pseudonym that leads nowhere."""
        with self._writing.begin() as connection:
            connection.execute(update(PERSON).where(PERSON.c.id == actor_id).values(name=None))
            connection.execute(delete(SUBJEKT).where(SUBJEKT.c.actor == actor_id))
        with self._lock:
            self._known = {name: known for name, known in self._known.items() if known != actor_id}

    def _find(self, name: str) -> str | None:
        with self._engine.connect() as connection:
            return connection.execute(select(PERSON.c.id).where(PERSON.c.name == name)).scalar()

    def _free_name(self, name: str, digest: str) -> str:
        """A name that nobody has: the one given, else with a part of the digest."""
        parts = (digest[at : at + _PART] for at in range(0, len(digest), _PART))
        for one in (name, *(f"{name} {part}" for part in parts)):
            if self._find(one) is None:
                return one
        raise _unwritten(name)

    def _enter(self, name: str) -> str:
        for _ in range(_TRIES):
            try:
                with self._writing.begin() as connection:
                    return _entered(connection, name)
            except IntegrityError:
                # Someone else took the number, or entered the same person.
                found = self._find(name)
                if found is not None:
                    return found
        raise _unwritten(name)


def _entered(connection: Connection, name: str) -> str:
    """The pseudonym of a person who is entered. Errors: IntegrityError where the number or the name is taken."""
    newest = connection.execute(select(func.max(PERSON.c.number))).scalar() or 0
    actor_id = f"a-{newest + 1}"
    connection.execute(insert(PERSON).values(number=newest + 1, id=actor_id, name=name))
    return actor_id


def _unwritten(name: str) -> RuntimeError:
    return RuntimeError(f"katalogen kunde inte skrivas: {name}")
