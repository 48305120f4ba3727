"""Answers that say no: RFC 9457 problem documents with stable types, or the same as a page for a browser.

Every broken rule has the address `/fel/<rule>`, which explains it. What several rules break together is answered with
the first rule's type and status, and all of them in `fel`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ledger.domain.language import N_, SWEDISH, _, speaking
from ledger.domain.refusal import Kind, Refusal, sentences
from ledger.web import rules
from ledger.web.jsontext import dumps

MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final = {Kind.INVALID: 422, Kind.MISSING: 404, Kind.CONFLICT: 409, Kind.FORBIDDEN: 403}

TITLES: Final = {
    400: N_("Begäran går inte att läsa"),
    401: N_("Ingen är inloggad"),
    403: N_("Det är inte tillåtet"),
    404: N_("Det som efterfrågas finns inte"),
    405: N_("Metoden går inte att använda här"),
    409: N_("Det strider mot det som redan är registrerat"),
    413: N_("Begäran är för stor"),
    415: N_("Innehållstypen går inte att läsa"),
    421: N_("Fel värdnamn"),
    422: N_("Uppgifterna bryter mot en regel"),
    429: N_("För många anrop"),
    500: N_("Något gick fel i programmet"),
    503: N_("Tjänsten kan inte svara just nu"),
}


class Fel(BaseModel):
    """One broken rule: which, where, and its sentence. `rad` counts from 0."""

    regel: str = Field(examples=["PeriodIsClosed"])
    mening: str = Field(examples=["Perioden 2024-03 är stängd och tar inte emot bokföring: …"])
    rad: int | None = Field(default=None, examples=[0])
    kolumn: str | None = Field(default=None, examples=["bokforingsdatum"])
    varde: str | None = Field(default=None, examples=["2024-03-31"])


class Problem(BaseModel):
    """Why the answer is no (RFC 9457). `type` is stable and leads to a page about the rule."""

    type: str = Field(examples=["/fel/period-is-closed"])
    title: str = Field(examples=["Det strider mot det som redan är registrerat"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["Perioden 2024-03 är stängd och tar inte emot bokföring: …"])
    fel: list[Fel]


class ProblemRaised(HTTPException):
    """A no on its way to the caller. Holds at least one broken rule."""

    def __init__(self, refusals: Iterable[Refusal], headers: dict[str, str] | None = None) -> None:
        """Keep the rules; the first decides the status."""
        self.refusals: Sequence[Refusal] = tuple(refusals)
        super().__init__(status_of(self.refusals[0]), self.refusals[0].rule, headers)


def no(*refusals: Refusal, headers: dict[str, str] | None = None) -> ProblemRaised:
    """A no to raise, from rules written out."""
    return ProblemRaised(refusals, headers)


def status_of(refusal: Refusal | type[Refusal]) -> int:
    """The HTTP status of a broken rule: its own at the edge, else by its kind."""
    if isinstance(refusal, rules.EdgeRefusal) or (isinstance(refusal, type) and issubclass(refusal, rules.EdgeRefusal)):
        return refusal.status
    return STATUS[refusal.kind]


def address(rule: str) -> str:
    """Where a rule is explained: `PeriodIsClosed` is `/fel/period-is-closed`."""
    return "/fel/" + re.sub(r"(?<!^)(?=[A-Z])", "-", rule).lower()


def document(refusals: Sequence[Refusal]) -> dict[str, Any]:
    """The problem document of what was refused."""
    first = refusals[0]
    status = status_of(first)
    return {
        "type": address(first.rule),
        "title": _(TITLES[status]),
        "status": status,
        "detail": " ".join(sentences(refusals)),
        "fel": [_fault(refusal) for refusal in refusals],
    }


def answer(refusals: Sequence[Refusal], headers: dict[str, str] | None = None) -> Response:
    """The problem document as an answer, in Swedish as all that programs read."""
    with speaking(SWEDISH):
        body = document(refusals)
    return Response(dumps(body), status_code=body["status"], media_type=MEDIA_TYPE, headers=headers)


def _fault(refusal: Refusal) -> dict[str, Any]:
    places = {"rad": refusal.rad, "kolumn": refusal.kolumn, "varde": shortened(refusal.varde)}
    given = {name: value for name, value in places.items() if value is not None}
    return {"regel": refusal.rule, "mening": refusal.sentence(), **given}


def shortened(value: str | None, most: int = 200) -> str | None:
    """A value as it can be repeated in an answer."""
    return value if value is None or len(value) <= most else value[: most - 1] + "…"
