"""How the service feels: whether its database answers, how far the reports have come, and the stamp of the log."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from ledger.reporting.answer import mode, stamp
from ledger.web import openapi, parameters
from ledger.web.house import House
from ledger.web.jsontext import dumps
from ledger.web.lasting import answered, finished


class Halsa(BaseModel):
    """Tjänstens tillstånd. `efter` är hur många fakta rapporterna har kvar att läsa."""

    status: str = Field(examples=["ok"])
    position: int = Field(examples=[512])
    efter: int = Field(examples=[0])
    lage: str = Field(examples=["oppet"])
    version: str = Field(examples=["0.1.0"])


class Stampel(BaseModel):
    """Liggarens stämpel just nu: senaste position, när den registrerades och trädhuvudet."""

    position: int = Field(examples=[512])
    recorded_at: str | None = Field(examples=["2025-02-03T14:12:08.000000Z"])
    root: str = Field(examples=["9c1f4be077a2d35e10b86c4fe2937a516d2c08fab7114e932a5fc6d081e93b7d"])
    lage: str = Field(examples=["oppet"])
    version: str = Field(description="Programmets version", examples=["0.1.0"])


def router(house: House) -> APIRouter:
    """/api/v1/halsa and /api/v1/stampel."""
    api = APIRouter(prefix="/api/v1", tags=["Drift"])

    @api.get("/halsa", summary="Hur tjänsten mår", response_model=Halsa, responses=openapi.problems(422, 503))
    def halsa(request: Request) -> Response:
        """200 när databasen svarar; annars 503."""
        parameters.read(request, ())
        head = house.ledger.log.head().position
        behind = max(head - house.reports.runner.position(), 0)
        lage = mode(house.ledger.log, head)
        body = {"status": "ok", "position": head, "efter": behind, "lage": lage, "version": house.version}
        return Response(dumps(body), media_type="application/json", headers={"Cache-Control": "no-store"})

    @api.get("/stampel", summary="Liggarens stämpel", response_model=Stampel, responses=openapi.stamped(422, 503))
    def stampel(request: Request) -> Response:
        """Det som varje svar bär: position, tidpunkt och trädhuvud."""
        parameters.read(request, ())
        now = stamp(house.ledger.log, house.ledger.log.head().position, 0)
        body = {"position": now.position, "recorded_at": now.recorded_at, "root": now.root, "lage": now.lage}
        return answered(request, finished(dumps({**body, "version": house.version}), stampel=now))

    return api
