"""What is noted in the access log: all that an auditor reads, every file that is taken away, and who signs in and out.

The line is written before the answer leaves, so nothing is read that is not noted.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.types import Message, Scope

from ledger.interchange.forms import FORMS, PACKAGES
from ledger.web import allowed
from ledger.web.house import House
from ledger.web.visitor import Visitor

#: Roles whose reading is noted.
WATCHED: Final = frozenset({"revisor"})

#: Forms that are read where they are asked for; the others are taken away.
READ_ON_THE_SPOT: Final = frozenset({"json", "text"})

#: What files are, as their answers say it: how they were asked for may be written in many ways.
FILES: Final = frozenset(
    [form.media_type for name, form in FORMS.items() if name not in READ_ON_THE_SPOT]
    + [form.media_type for form in PACKAGES.values()]
)

#: Where reading is asked for with POST: the log is checked and replayed.
PROVING: Final = "/provning"

READS: Final = "läser"
EXPORTS: Final = "exporterar"

_FAILED: Final = 400


def what(scope: Scope, visitor: Visitor, message: Message) -> str | None:
    """What an answer that begins is, if it is to be noted. A no is not."""
    path: str = scope["path"]
    reads = scope["method"] in allowed.READING or allowed.begins(path, PROVING)
    if not reads or allowed.is_public(path) or message["status"] >= _FAILED:
        return None
    if Headers(raw=message.get("headers", [])).get("content-type") in FILES:
        return EXPORTS
    return READS if visitor.caller.roll in WATCHED else None


def note(house: House, visitor: Visitor, vad: str, scope: Scope, message: Message) -> None:
    """Note an answer that begins, with the position it is of: its own, or else the newest."""
    given = Headers(raw=message.get("headers", [])).get("liggare-position", "")
    position = int(given) if given.isdigit() else house.ledger.log.head().position
    query = scope["query_string"].decode("latin-1")
    address = f"{scope['path']}?{query}" if query else scope["path"]
    house.identity.atkomst.note(visitor.caller, vad, address, position)
