"""What is noted in the access log: all that an auditor reads, every file that is taken away, and who signs in and out.

The line is written before the answer leaves, so nothing is read that is not noted.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import Message, Scope

from ledger.interchange.forms import FORMS
from ledger.web import allowed
from ledger.web.house import House
from ledger.web.visitor import Visitor

#: Roles whose reading is noted.
WATCHED: Final = frozenset({"revisor"})

#: Forms that are read where they are asked for; the others are taken away.
READ_ON_THE_SPOT: Final = frozenset({"json", "text"})

#: Addresses whose answers are files in any form.
FILES: Final = ("/api/v1/rapportpaket",)

READS: Final = "läser"
EXPORTS: Final = "exporterar"

_FAILED: Final = 400


def what(scope: Scope, visitor: Visitor) -> str | None:
    """What a request is, if it is to be noted."""
    path: str = scope["path"]
    if scope["method"] not in allowed.READING or allowed.is_public(path):
        return None
    asked = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=100) if scope["query_string"] else {}
    form = asked.get("format", ["json"])[-1]
    if (form in FORMS and form not in READ_ON_THE_SPOT) or any(allowed.begins(path, file) for file in FILES):
        return EXPORTS
    return READS if visitor.caller.roll in WATCHED else None


def note(house: House, visitor: Visitor, vad: str, scope: Scope, message: Message) -> None:
    """Note an answer that begins, with the position it is of: its own, or else the newest. A no is not noted."""
    if message["status"] >= _FAILED:
        return
    given = Headers(raw=message.get("headers", [])).get("liggare-position", "")
    position = int(given) if given.isdigit() else house.ledger.log.head().position
    query = scope["query_string"].decode("latin-1")
    address = f"{scope['path']}?{query}" if query else scope["path"]
    house.identity.atkomst.note(visitor.caller, vad, address, position)
