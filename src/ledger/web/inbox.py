"""What waits for whoever asks: `GET /api/v1/att-gora`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from ledger.domain.inbox import to_do
from ledger.web import openapi, parameters
from ledger.web.house import House
from ledger.web.jsontext import dumps


class Syssla(BaseModel):
    """En sak att göra. `falt` är det som är känt av kommandots kropp."""

    slag: str = Field(
        description="foresla, ratta, granska, besluta, bekrafta, las_in, stang eller attest", examples=["besluta"]
    )
    om: str = Field(description="Ärendet, positionen, perioden eller enheten", examples=["KS 2024-61"])
    text: str = Field(examples=["Ärendet KS 2024-61 väntar på beslut av bitr. kommundirektör"])
    kommando: str | None = Field(default=None, examples=["decide_arende"])
    falt: dict[str, Any] = Field(examples=[{"arende": "KS 2024-61", "version": 2}])


class AttGora(BaseModel):
    """Det som väntar på den som frågar."""

    position: int = Field(examples=[512])
    att_gora: list[Syssla]


def router(house: House) -> APIRouter:
    """/api/v1/att-gora."""
    api = APIRouter(prefix="/api/v1", tags=["Kommandon"])

    @api.get("/att-gora", summary="Det som väntar på mig", response_model=AttGora, responses=openapi.problems(422))
    def att_gora(request: Request) -> Response:
        """Ärenden att granska, besluta eller rätta, registreringar och filer att bekräfta, perioder att stänga."""
        parameters.read(request, ())
        position, found = house.ledger.look(lambda books, today: (books.position, to_do(books, house.caller, today)))
        body = {"position": position, "att_gora": [{**one._asdict(), "falt": dict(one.falt)} for one in found]}
        return Response(dumps(body), media_type="application/json", headers={"Cache-Control": "no-store"})

    return api
