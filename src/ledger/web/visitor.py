"""Whoever the request under way is from. It is found once, at the entrance, and holds for all that the request does."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Literal

from ledger.domain.language import N_
from ledger.domain.roll import Caller
from ledger.identity.roller import Roll

#: The roles in words.
ROLES: Final = {
    "ekonom": N_("ekonom"),
    "controller": N_("controller"),
    "attestant": N_("attestant"),
    "beslutsfattare": N_("beslutsfattare"),
    "revisor": N_("revisor"),
    "internkontroll": N_("internkontroll"),
    "lasare": N_("läsare"),
    "admin": N_("administratör"),
}

#: How a visitor showed who they are. `oppet`: not at all, the settings say it.
How = Literal["oppet", "session", "nyckel"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who may ask. `key` tells visitors apart for limits, `csrf` is what their forms carry.

    `roller` are the roles to choose among.
    """

    caller: Caller
    how: How
    key: str
    csrf: str = ""
    only_reads: bool = False
    roller: tuple[Roll, ...] = ()


#: None: nobody has signed in.
UNDER_WAY: Final[ContextVar[Visitor | None]] = ContextVar("visitor", default=None)


def current() -> Visitor | None:
    """Whoever the request under way is from."""
    return UNDER_WAY.get()
