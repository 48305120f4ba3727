"""Tokens for machines: a secret that is shown once and kept as a digest, for one role, some units and some time.

Guards: a machine takes no decision, so a token has none of the roles that do; a token that only reads writes nothing;
a machine and whoever is responsible for it are one person to fyra ögon.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import case, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError

from ledger.domain.language import phrase
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.roll import RIGHTS, Caller
from ledger.identity.machines import MACHINE, is_machine
from ledger.identity.refusals import (
    ResponsibleIsMachine,
    ResponsibleIsUnknown,
    RollIsNotForMachines,
    RollWritesNothing,
    TokenIsMadeAlready,
    TokenIsNameless,
    TokenIsUnknown,
    TokenLivesTooLong,
)
from ledger.identity.tables import TOKEN, Place, digest, secret
from ledger.identity.untrusted import Untrusted
from ledger.recording.instant import instant_text
from ledger.recording.katalog import Katalog

#: What a token begins with, so that it is recognised where it has been left lying.
PREFIX: Final = "liggare"

#: Roles that a machine may have: none that decides, and none that hands out rights.
ROLLER: Final = ("ekonom", "controller", "revisor", "internkontroll", "lasare")

#: Those of them that may register something.
WRITING: Final = tuple(roll for roll in ROLLER if RIGHTS[roll])

#: Days that a token lives at most.
LONGEST_LIFE: Final = 366

_PARTS: Final = 3


class Token(NamedTuple):
    """A token without its secret. Instants are texts; `aterkallad` and `anvand` may be None.

    `aterkallad_av` is None also where a token was withdrawn before that was kept.
    """

    id: str
    namn: str
    actor: str
    roll: str
    enheter: tuple[str, ...]
    skriver: bool
    skapad: str
    skapad_av: str
    upphor: str
    aterkallad: str | None
    aterkallad_av: str | None
    anvand: str | None
    ansvarig: str

    @property
    def caller(self) -> Caller:
        """Whoever shows it."""
        return Caller(self.actor, self.roll, self.enheter, maskin=True)

    def holds(self, now: str) -> bool:
        """Whether it lets its machine in at an instant."""
        return self.aterkallad is None and self.upphor > now


class Tokens:
    """The tokens of one ledger. Any thread may use it."""

    def __init__(self, place: Place, katalog: Katalog) -> None:
        """Keep them at a place; machines have their pseudonyms in the directory, as people do."""
        self._place = place
        self._katalog = katalog

    def make(
        self,
        namn: str,
        roll: str,
        *,
        enheter: Sequence[str],
        skriver: bool,
        days: int,
        by: str,
        ansvarig: str | None = None,
        token_id: str | None = None,
    ) -> tuple[Token, str]:
        """A new token and its secret, which is never shown again. Errors: Refused.

        `ansvarig` is the pseudonym of who is responsible for the machine: `by`, where none is given. `token_id` is one
        from `new_id`: so a form that is sent twice makes one token.
        """
        if faults := self.faults(namn, roll, days, ansvarig, skriver=skriver):
            raise Refused(faults)
        now = self._place.clock()
        made = Token(
            id=token_id or new_id(), namn=namn.strip(), actor=self._katalog.actor_for(f"{MACHINE} {namn.strip()}"),
            roll=roll, enheter=tuple(enheter), skriver=skriver, skapad=instant_text(now), skapad_av=by,
            upphor=instant_text(now + timedelta(days=days)), aterkallad=None, aterkallad_av=None,
            anvand=None, ansvarig=ansvarig or by,
        )  # fmt: skip
        key = secret()
        row = made._asdict() | {"enheter": json.dumps(made.enheter, ensure_ascii=False), "digest": digest(key)}
        try:
            with self._place.writing() as connection:
                connection.execute(insert(TOKEN).values(row))
        except IntegrityError:
            raise refuse(TokenIsMadeAlready(varde=made.id)) from None
        return made, f"{PREFIX}_{made.id}_{key}"

    def faults(self, namn: str, roll: str, days: int, ansvarig: str | None, *, skriver: bool) -> list[Refusal]:
        """What is wrong with a token that is to be made."""
        found: list[Refusal] = []
        if not namn.strip() or len(namn) > LONGEST_NAME or not namn.isprintable():
            found.append(TokenIsNameless(LONGEST_NAME, kolumn="namn"))
        if roll not in ROLLER:
            found.append(RollIsNotForMachines(roll[:40], ROLLER, kolumn="roll"))
        elif skriver and roll not in WRITING:
            found.append(RollWritesNothing(roll, WRITING, kolumn="skriver"))
        if not 1 <= days <= LONGEST_LIFE:
            found.append(TokenLivesTooLong(days, LONGEST_LIFE, kolumn="dagar"))
        if ansvarig is not None:
            found.extend(self._responsible_faults(ansvarig))
        return found

    def _responsible_faults(self, ansvarig: str) -> Iterator[Refusal]:
        name = self._katalog.name_of(ansvarig) if ansvarig.isprintable() else None
        if name is None:
            yield ResponsibleIsUnknown(kolumn="ansvarig", varde=ansvarig[:60])
        elif is_machine(name):
            yield ResponsibleIsMachine(kolumn="ansvarig", varde=ansvarig)

    def find(self, shown: str) -> Token:
        """The token that is shown. Errors: Untrusted for one that is unknown, withdrawn or too old."""
        parts = shown.split("_", _PARTS - 1)
        if len(parts) != _PARTS or parts[0] != PREFIX:
            raise Untrusted(UNKNOWN)
        with self._place.reading() as connection:
            row = connection.execute(select(TOKEN).where(TOKEN.c.id == parts[1])).one_or_none()
        # The digest is compared even where there is no such token, so that the time says nothing of it.
        is_same = hmac.compare_digest(digest(parts[2]), row.digest if row else digest(""))
        if row is None or not is_same:
            raise Untrusted(UNKNOWN)
        if row.aterkallad is not None:
            raise Untrusted(WITHDRAWN)
        if row.upphor <= self._place.now():
            raise Untrusted(TOO_OLD)
        return _token(row)

    def page(self, after: int = 0, most: int = 1000) -> list[Token]:
        """Tokens in the order they were made, after so many; those withdrawn too."""
        asked = select(TOKEN).order_by(TOKEN.c.skapad, TOKEN.c.id).offset(after).limit(most)
        with self._place.reading() as connection:
            return [_token(row) for row in connection.execute(asked)]

    def shown(self, ansvarig: str | None, after: int = 0, most: int = 1000) -> list[Token]:
        """Tokens as people look for them, all or those that somebody is responsible for, after so many.

        Those that hold come first, the newest of them first.
        """
        holds = TOKEN.c.aterkallad.is_(None) & (TOKEN.c.upphor > self._place.now())
        asked = select(TOKEN).order_by(case((holds, 0), else_=1), TOKEN.c.skapad.desc(), TOKEN.c.id)
        if ansvarig is not None:
            asked = asked.where(TOKEN.c.ansvarig == ansvarig)
        with self._place.reading() as connection:
            return [_token(row) for row in connection.execute(asked.offset(after).limit(most))]

    def one(self, token_id: str) -> Token:
        """A token by its id. Errors: Refused where there is none."""
        row = None
        if ID.fullmatch(token_id):
            with self._place.reading() as connection:
                row = connection.execute(select(TOKEN).where(TOKEN.c.id == token_id)).one_or_none()
        if row is None:
            raise refuse(TokenIsUnknown(varde=token_id[:60]))
        return _token(row)

    def withdraw(self, token_id: str, by: str) -> Token:
        """Withdraw a token for ever, as `by`. To do so again changes nothing. Errors: Refused where there is none."""
        known = self.one(token_id)
        with self._place.writing() as connection:
            fresh = update(TOKEN).where(TOKEN.c.id == known.id, TOKEN.c.aterkallad.is_(None))
            connection.execute(fresh.values(aterkallad=self._place.now(), aterkallad_av=by))
        return self.one(known.id)

    def note_use(self, used: dict[str, str]) -> None:
        """Note when tokens were last used: instants by id."""
        with self._place.writing() as connection:
            for token_id, at in used.items():
                connection.execute(update(TOKEN).where(TOKEN.c.id == token_id).values(anvand=at))


UNKNOWN: Final = phrase("Nyckeln finns inte: kontrollera den, eller be den som administrerar liggaren om en ny.")
WITHDRAWN: Final = phrase("Nyckeln är återkallad: be den som administrerar liggaren om en ny.")
TOO_OLD: Final = phrase("Nyckeln har slutat gälla: be den som administrerar liggaren om en ny.")

LONGEST_NAME: Final = 100

#: What `new_id` makes.
ID: Final = re.compile(r"t-[0-9a-f]{10}")


def new_id() -> str:
    """An id that no token has."""
    return f"t-{secrets.token_hex(5)}"


def _token(row: Row[tuple[object, ...]]) -> Token:
    known = {name: value for name, value in row._mapping.items() if name != "digest"}  # noqa: SLF001 - its documented name
    return Token(**{**known, "enheter": tuple(json.loads(known["enheter"]))})
