"""How a form that was sent is read: whole, within its limit, and as fields with one value each.

Errors: ProblemRaised (400, 413), before anything is made of the form.
Not here: files that are sent (import_page.py), nor the field that a session asks for (form_guard.py).
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from ledger.web.bodies import whole
from ledger.web.problems import no
from ledger.web.rules import FormIsUnreadable

#: Bytes of a form of one or two choices, which those send too who have not signed in.
LARGEST_CHOICE: Final = 4_000

#: Fields of the largest form: a grid of 500 rows.
MOST_FIELDS: Final = 20_000


def fields(body: bytes) -> dict[str, str]:
    """The fields of a form, without the blanks around their values and with lines that end in one way."""
    try:
        sent = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise no(FormIsUnreadable()) from None
    return {name: value.replace("\r\n", "\n").strip() for name, value in sent}


async def _body(request: Request) -> bytes:
    return await whole(request, request.app.state.house.largest_body)


async def _small_body(request: Request) -> bytes:
    return await whole(request, LARGEST_CHOICE)


def _sent(body: Annotated[bytes, Depends(_body)]) -> dict[str, str]:
    return fields(body)


def _chosen(body: Annotated[bytes, Depends(_small_body)]) -> dict[str, str]:
    return fields(body)


#: The fields of the form that a request carries.
Sent = Annotated[dict[str, str], Depends(_sent)]

#: Those of a form of one or two choices.
Chosen = Annotated[dict[str, str], Depends(_chosen)]
