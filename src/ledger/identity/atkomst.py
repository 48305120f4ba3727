"""The access log, apart from the facts: who read what, when, and at which position. It is only ever added to.

Reader: auditors and administrators. Actors are pseudonyms, as in the log.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from ledger.domain.roll import Caller
from ledger.identity.tables import ATKOMST, Place

#: Two who come at once may try for the same number; the one who lost tries the next.
_TRIES: Final = 100

#: As much of an address as is kept.
LONGEST_ADDRESS: Final = 2000


class Atkomst(NamedTuple):
    """A line of the access log. `position` is the place in the log that the answer was of."""

    nummer: int
    tid: str
    actor: str
    roll: str
    vad: str
    adress: str
    position: int


class AccessLog:
    """The access log of one ledger. Any thread may use it."""

    def __init__(self, place: Place) -> None:
        """Keep it at a place."""
        self._place = place

    def note(self, caller: Caller, vad: str, adress: str, position: int) -> None:
        """Add a line, durably before whoever asked has the answer."""
        newest = select(func.coalesce(func.max(ATKOMST.c.nummer), 0) + 1).scalar_subquery()
        line = {"actor": caller.actor, "roll": caller.roll, "vad": vad, "adress": adress[:LONGEST_ADDRESS]}
        for _ in range(_TRIES - 1):
            try:
                with self._place.writing() as connection:
                    connection.execute(
                        insert(ATKOMST).values(nummer=newest, tid=self._place.now(), position=position, **line)
                    )
            except IntegrityError:
                continue
            return
        msg = "the access log could not be numbered"
        raise RuntimeError(msg)

    def page(self, after: int, most: int) -> list[Atkomst]:
        """Lines after a number, in order."""
        asked = select(ATKOMST).where(ATKOMST.c.nummer > after).order_by(ATKOMST.c.nummer).limit(most)
        with self._place.reading() as connection:
            return [Atkomst(**row._mapping) for row in connection.execute(asked)]  # noqa: SLF001 - its documented name

    def newest(self) -> int:
        """The number of the last line; 0 where there is none."""
        with self._place.reading() as connection:
            return int(connection.execute(select(func.coalesce(func.max(ATKOMST.c.nummer), 0))).scalar_one())
