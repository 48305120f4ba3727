"""Who is signed in: sessions on the server's side, so that they can be ended there, and sign-ins that are under way.

A browser holds a random key, the table its digest. Guards: a session ends when it has been still too long, when it is
too old, when the table of roles has changed, and when it is closed; a sign-in is used once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, delete, func, insert, select, update

from ledger.domain.roll import Caller
from ledger.identity.roller import Roll
from ledger.identity.tables import INLOGGNING, ROLLVERSION, SESSION, Place, digest, secret
from ledger.recording.instant import instant_text, text_instant

#: How long a sign-in may be under way.
PATIENCE: Final = timedelta(minutes=10)


class Session(NamedTuple):
    """Somebody signed in. `key` is the digest that it is found by, `csrf` what its forms carry."""

    key: str
    actor: str
    roller: tuple[Roll, ...]
    vald: int
    funktioner: tuple[str, ...]
    csrf: str
    id_token: str | None
    anvand: datetime

    @property
    def caller(self) -> Caller:
        """The person in the role that is chosen."""
        roll = self.roller[self.vald]
        return Caller(self.actor, roll.roll, roll.enheter, self.funktioner)


class Begun(NamedTuple):
    """A sign-in that is under way: what the answer must carry, and where the person was heading."""

    nonce: str
    verifier: str
    sedan: str


class Sessions:
    """The sessions of one ledger. Any thread may use it."""

    def __init__(self, place: Place, idle: timedelta, longest: timedelta) -> None:
        """Sessions end when still for `idle`, and in any case after `longest`."""
        self._place = place
        self._idle = idle
        self.longest = longest

    # ---------------------------------------------------------------- sessions

    def open(
        self,
        actor: str,
        roller: Sequence[Roll],
        funktioner: Sequence[str] = (),
        *,
        version: int | None = None,
        id_token: str | None = None,
    ) -> str:
        """Sign somebody in; the key for the browser. `version`: of the table of roles, None where there is none."""
        key, now = secret(), self._place.clock()
        row = {
            "digest": digest(key), "actor": actor, "roller": json.dumps(roller), "vald": 0,
            "funktioner": json.dumps(funktioner), "rollversion": version, "csrf": secret(), "id_token": id_token,
            "anvand": instant_text(now), "upphor": instant_text(now + self.longest),
        }  # fmt: skip
        with self._place.writing() as connection:
            connection.execute(delete(SESSION).where(self._is_over()))
            connection.execute(insert(SESSION).values(row))
        return key

    def find(self, key: str) -> Session | None:
        """The session of a key; None for one that is unknown or over."""
        return self._one(select(SESSION).where(SESSION.c.digest == digest(key), ~self._is_over()))

    def choose(self, session: Session, vald: int) -> str:
        """Take another of the roles; a new key for the browser, for rights have changed."""
        key = secret()
        with self._place.writing() as connection:
            one = update(SESSION).where(SESSION.c.digest == session.key)
            connection.execute(one.values(digest=digest(key), vald=vald, csrf=secret()))
        return key

    def close(self, session: Session) -> None:
        """Sign out."""
        with self._place.writing() as connection:
            connection.execute(delete(SESSION).where(SESSION.c.digest == session.key))

    def note_use(self, used: dict[str, str]) -> None:
        """Note when sessions were last used: instants by key."""
        with self._place.writing() as connection:
            for key, at in used.items():
                connection.execute(update(SESSION).where(SESSION.c.digest == key).values(anvand=at))

    def _is_over(self) -> Any:
        now = self._place.clock()
        newest = select(func.coalesce(func.max(ROLLVERSION.c.version), 0)).scalar_subquery()
        return (
            (SESSION.c.upphor <= instant_text(now))
            | (SESSION.c.anvand <= instant_text(now - self._idle))
            | (SESSION.c.rollversion.is_not(None) & (SESSION.c.rollversion != newest))
        )

    def _one(self, asked: Select[Any]) -> Session | None:
        with self._place.reading() as connection:
            row = connection.execute(asked).one_or_none()
        if row is None:
            return None
        roller = tuple(Roll(roll, tuple(units)) for roll, units in json.loads(row.roller))
        duties = tuple(json.loads(row.funktioner))
        used = text_instant(row.anvand)
        return Session(row.digest, row.actor, roller, row.vald, duties, row.csrf, row.id_token, used)

    # ---------------------------------------------------------------- sign-ins under way

    def begin(self, begun: Begun) -> str:
        """A sign-in begins; its `state`, which is valid once."""
        state, now = secret(), self._place.clock()
        row = begun._asdict() | {"digest": digest(state), "upphor": instant_text(now + PATIENCE)}
        with self._place.writing() as connection:
            connection.execute(delete(INLOGGNING).where(INLOGGNING.c.upphor <= instant_text(now)))
            connection.execute(insert(INLOGGNING).values(row))
        return state

    def finish(self, state: str) -> Begun | None:
        """What was begun under a state, which is used up by this; None for one that is unknown, used or too old."""
        this = INLOGGNING.c.digest == digest(state)
        with self._place.writing() as connection:
            row = connection.execute(select(INLOGGNING).where(this)).one_or_none()
            taken = connection.execute(delete(INLOGGNING).where(this)).rowcount
        # Of two that come at once on PostgreSQL both may read the row, but only one deletes it.
        if row is None or not taken or row.upphor <= self._place.now():
            return None
        return Begun(row.nonce, row.verifier, row.sedan)
