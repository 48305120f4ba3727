"""Forms carry what the session gave them (CSRF): put into every form of a page, and asked of every form that is sent.

Nobody who draws or reads a form needs to think of it: the field comes first and is taken away before the form is read.
"""

from __future__ import annotations

import hmac
import re
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

FIELD: Final = "csrf"

#: What comes first in a form holds the field; no more is read ahead.
AHEAD: Final = 2_000

FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")

_FORM: Final = re.compile(r'<form\b(?=[^>]*\bmethod="post")[^>]*>', re.IGNORECASE)
_URLENCODED: Final = re.compile(rb"csrf=([A-Za-z0-9_-]*)(?:&|$)")
_MULTIPART: Final = re.compile(
    rb'(--[^\r\n]+)\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n([A-Za-z0-9_-]*)\r\n', re.IGNORECASE
)


def with_field(html: str, csrf: str) -> str:
    """A page whose forms carry the field."""
    field = f'<input type="hidden" name="{FIELD}" value="{csrf}">'
    return _FORM.sub(lambda form: form[0] + field, html) if csrf else html


def is_form(scope: Scope) -> bool:
    """Whether a request is one that a form of another site could send."""
    if scope["method"] != "POST":
        return False
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    return kind in FORMS or not kind


async def opened(scope: Scope, receive: Receive, csrf: str) -> Receive | None:
    """The rest of a form that carries the field; None for one that does not."""
    ahead, more = b"", True
    while more and len(ahead) < AHEAD:
        message = await receive()
        if message["type"] != "http.request":
            break
        ahead += message.get("body", b"")
        more = message.get("more_body", False)
    content_type = Headers(scope=scope).get("content-type", "").lower()
    if content_type.startswith("multipart/"):
        found = _MULTIPART.match(ahead)
        given, rest = (found[2], ahead[found.end() :]) if found else (b"", ahead)
    else:
        found = _URLENCODED.match(ahead)
        given, rest = (found[1], ahead[found.end() :]) if found else (b"", ahead)
    if not csrf or not hmac.compare_digest(given, csrf.encode()):
        return None
    first: Message | None = {"type": "http.request", "body": rest, "more_body": more}

    async def replayed() -> Message:
        nonlocal first
        if first is None:
            return await receive()
        message, first = first, None
        return message

    return replayed
