"""How a body is read: whole and within its limit, as JSON with one meaning; and what is wrong with its fields.

Errors: ProblemRaised, before any command is made of the body.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any, Final

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from ledger.domain.language import N_, phrase
from ledger.domain.refusal import Refusal
from ledger.web import jsontext
from ledger.web.problems import no, shortened
from ledger.web.rules import (
    BodyIsTooLarge,
    FieldIsMissing,
    FieldIsOtherwise,
    FieldIsUnknown,
    JsonIsUnreadable,
    MediaTypeIsUnsupported,
)

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]

#: Faults that are told at most; the rest are counted by sending the body again.
MOST_FAULTS: Final = 100


#: Rows of one list of a body at most; more come as a file.
MOST_ROWS: Final = 10_000


def too_long(value: Any, field: str = "kroppen") -> str | None:
    """The field of a list with too many rows, told before each row is judged; None where there is none."""
    if isinstance(value, list):
        if len(value) > MOST_ROWS:
            return shortened(field, 60)
        return next((found for part in value if (found := too_long(part, field)) is not None), None)
    if isinstance(value, dict):
        return next((found for name, part in value.items() if (found := too_long(part, name)) is not None), None)
    return None


async def whole(request: Request, limit: int) -> bytes:
    """A body of at most so many bytes. Errors: ProblemRaised (413)."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise no(BodyIsTooLarge(limit), headers={"Connection": "close"})
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise no(BodyIsTooLarge(limit), headers={"Connection": "close"})
    return bytes(body)


class JsonRequest(Request):
    """A request whose body is JSON."""

    _whole: bytes | None = None

    async def body(self) -> bytes:
        """The whole body. Errors: ProblemRaised (413, 415)."""
        if self._whole is None:
            media_type = self.headers.get("content-type", "")
            if media_type.partition(";")[0].strip().lower() != "application/json":
                raise no(
                    MediaTypeIsUnsupported(varde=shortened(media_type) or None),
                    headers={"Accept-Post": "application/json"},
                )
            self._whole = await whole(self, self.app.state.house.largest_body)
        return self._whole

    async def json(self) -> Any:
        """The body as JSON. Errors: ProblemRaised (400)."""
        try:
            value = jsontext.loads(await self.body())
        except jsontext.Unreadable as error:
            raise no(JsonIsUnreadable(str(error))) from error
        if (field := too_long(value)) is not None:
            raise no(FieldIsOtherwise(phrase("en lista med högst {most} rader", most=MOST_ROWS), kolumn=field))
        return value


class JsonRoute(APIRoute):
    """A route whose body is read as a JsonRequest."""

    def get_route_handler(self) -> Endpoint:
        """The endpoint, given a request that reads its body strictly."""
        inner = super().get_route_handler()

        async def endpoint(request: Request) -> Response:
            return await inner(JsonRequest(request.scope, request.receive))

        return endpoint


# ---------------------------------------------------------------- what pydantic says, as rules


def field_refusals(errors: Sequence[Mapping[str, Any]]) -> Iterator[Refusal]:
    """The faults that a model found in a body, each a rule with its Swedish sentence."""
    for error in errors[:MOST_FAULTS]:
        kind = error["type"]
        rad, kolumn = place(error["loc"])
        if kind == "missing":
            yield FieldIsMissing(rad=rad, kolumn=kolumn)
        elif kind == "extra_forbidden":
            yield FieldIsUnknown(rad=rad, kolumn=kolumn)
        else:
            form = _form(kind, error.get("ctx", {}))
            yield FieldIsOtherwise(form, rad=rad, kolumn=kolumn, varde=shown(error.get("input")))


def place(loc: Sequence[str | int]) -> tuple[int | None, str | None]:
    """The row (the last index) and the field (the last name) of a fault."""
    names = [part for part in loc if isinstance(part, str) and part not in {"body", "query", "path", "header"}]
    rows = [part for part in loc if isinstance(part, int)]
    return (rows[-1] if rows else None), (shortened(names[-1], 60) if names else None)


def shown(value: object) -> str | None:
    """A given value as it is repeated in a sentence: short, and not at all where it is a whole object or list."""
    if isinstance(value, dict | list):
        return None
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return shortened(str(value), 60) or "(tomt)"


#: What a value should be, by pydantic's name of the fault; `{}` stands for the limit.
FORMS: Final = {
    "string_type": N_("en text"),
    "int_type": N_("ett heltal utan decimaler"),
    "int_from_float": N_("ett heltal utan decimaler"),
    "bool_type": N_("true eller false"),
    "list_type": N_("en lista"),
    "greater_than_equal": N_("minst {ge}"),
    "less_than_equal": N_("högst {le}"),
    "string_too_long": N_("högst {max_length} tecken långt"),
    "string_too_short": N_("ifyllt"),
    "value_error": N_("ett datum mellan 1900 och 2199, skrivet åååå-mm-dd"),
    "union_tag_invalid": N_("ett kommando med namn och kropp, till exempel decide_ramjustering"),
    "union_tag_not_found": N_("ett kommando med namn och kropp"),
}


def _form(kind: str, context: Mapping[str, Any]) -> str:
    return phrase(FORMS.get(kind, N_("ett objekt med fält")), **context)
