"""Reports over HTTP: the list of them, their answers, the facts behind a cell, and the difference between two answers.

Answers are served as the bytes that `ledger.reporting` made. At a fixed `kand=@N` and `ar` they never change.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from ledger.reporting.report import Report
from ledger.web import asking, openapi, parameters
from ledger.web.house import House
from ledger.web.jsontext import dumps

#: How long an answer that never changes may be kept: a year, the longest that caches count with.
FOR_EVER: Final = "private, max-age=31536000, immutable"


class Rapport(BaseModel):
    """En rapport i listan. `per` är de rader den kan visas med, den förvalda först; `filter` dess egna parametrar."""

    namn: str = Field(examples=["driftsammandrag"])
    rubrik: str = Field(examples=["Driftsammandrag"])
    version: int = Field(examples=[1])
    slag: str = Field(description="summor eller lista", examples=["summor"])
    per: list[str] = Field(examples=[["stab", "verksamhet"]])
    filter: list[str] = Field(examples=[[]])
    adress: str = Field(examples=["/api/v1/rapporter/driftsammandrag"])


class Rapportlista(BaseModel):
    """Alla rapporter."""

    rapporter: list[Rapport]


def router(house: House) -> APIRouter:
    """The addresses under /api/v1/rapporter."""
    api = APIRouter(prefix="/api/v1/rapporter", tags=["Rapporter"])

    @api.get("", summary="Alla rapporter", response_model=Rapportlista, responses=openapi.problems(422))
    def listed(request: Request) -> Response:
        """Namn, rubrik, adress och vilka rader varje rapport kan visas med."""
        parameters.read(request, ())
        return json_answer(request, dumps({"rapporter": [_entry(r) for r in house.reports.reports.values()]}))

    @api.get(
        "/{namn}", summary="En rapport", responses=_answers(openapi.ANSWER),
        openapi_extra={"parameters": asking.documented()},
    )  # fmt: skip
    def one(request: Request, namn: str) -> Response:
        """Svaret på en fråga: kolumner, rader med celler i ören, fotnoter och stämpel."""
        asked = asking.given(request)
        body = house.reports.answer(namn, asked, house.today()).to_bytes()
        return json_answer(request, body, fixed=asking.is_fixed(asked))

    return api


def json_answer(request: Request, body: bytes, *, fixed: bool = False) -> Response:
    """JSON with a strong ETag; 304 where the caller has it already. What is fixed may be kept for ever."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": FOR_EVER if fixed else "no-cache"}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or tag in [part.strip().removeprefix("W/") for part in known.split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _entry(report: Report) -> dict[str, Any]:
    return {
        "namn": report.name,
        "rubrik": report.rubrik,
        "version": report.version,
        "slag": "summor" if report.table else "lista",
        "per": list(report.table.per) if report.table else [],
        "filter": [f.name for f in report.filters],
        "adress": f"/api/v1/rapporter/{report.name}",
    }


def _answers(schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    headers = {
        "ETag": {"description": "Stark; densamma för samma svar", "schema": {"type": "string"}},
        "Cache-Control": {"description": "immutable vid fast kand=@N och ar", "schema": {"type": "string"}},
    }
    return {
        200: {"description": "Svaret", "headers": headers, "content": {"application/json": {"schema": schema}}},
        304: {"description": "Oförändrat sedan svaret med angiven ETag"},
        **openapi.problems(404, 422),
    }
