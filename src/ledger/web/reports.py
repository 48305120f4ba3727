"""Reports over HTTP: the list of them, their answers, the facts behind a cell, and the difference between two answers.

Answers are served as the bytes that `ledger.reporting` made. At a fixed `kand=@N` and `ar` they never change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from ledger.domain.refusal import Refused
from ledger.reporting.answer import instant_text
from ledger.reporting.asked import Question
from ledger.reporting.explain import NAMED, Uppdelning
from ledger.reporting.question_refusals import CellDoesNotExist
from ledger.reporting.report import Report
from ledger.reporting.skillnad import Skillnad
from ledger.web import asking, factwords, openapi, parameters
from ledger.web.house import House
from ledger.web.jsontext import dumps
from ledger.web.problems import no
from ledger.web.rules import ParameterIsOtherwise

#: How long an answer that never changes may be kept: a year, the longest that caches count with.
FOR_EVER: Final = "private, max-age=31536000, immutable"

#: Facts on a page of those behind a cell.
PAGE: Final = 100

#: So many explaining facts are told in words; all are named by position.
MOST_TOLD: Final = 500


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

    @api.get(
        "/{namn}/cell", summary="Fakta bakom en siffra", responses=_answers(openapi.CELL),
        openapi_extra={"parameters": [*asking.described_as(asking.CELL), *asking.documented()]},
    )  # fmt: skip
    def cell(request: Request, namn: str) -> Response:
        """Varje faktum bakom en cell med sin andel och löpande summa, en sida i taget. Andelarna blir cellen."""
        asked = asking.given(request)
        figure, asked = asking.figure(asked)
        found = cell_of(house, house.reports.question(namn, asked, house.today()), figure)
        return json_answer(request, dumps(paged(found, figure)), fixed=asking.is_fixed(asked))

    @api.get(
        "/{namn}/skillnad", summary="Skillnaden mellan två svar", responses=_answers(openapi.DIFFERENCE),
        openapi_extra={"parameters": [*asking.described_as(asking.DIFFERENCE), *asking.documented(asking.BOTH)]},
    )  # fmt: skip
    def difference(request: Request, namn: str) -> Response:
        """De celler som skiljer sig mellan svar A (`fran`) och B (`till`), med de fakta som förklarar dem på öret."""
        two = asking.two(asking.given(request))
        a, b = (house.reports.question(namn, asked, house.today()) for asked in (two.a, two.b))
        check_chosen(house, a, b, two)
        found = house.reports.skillnad(a, b)
        body = dumps(told_difference(found, two, lambda position: fact_of(house, position)))
        return json_answer(request, body, fixed=asking.is_fixed(two.a) and asking.is_fixed(two.b))

    return api


def cell_of(house: House, question: Question, figure: asking.Figure) -> Uppdelning:
    """One page of the facts behind a cell. Errors: Refused (no such cell), ProblemRaised (no such page)."""
    found = house.reports.cell(question, figure.rad, figure.kolumn, first=(figure.sida - 1) * PAGE, size=PAGE)
    if figure.sida > (last := pages_of(found.antal)):
        raise no(ParameterIsOtherwise(f"en sida 1–{last}", kolumn="sida", varde=str(figure.sida)))
    return found


def check_chosen(house: House, a: Question, b: Question, two: asking.Two) -> None:
    """Whether the row and column that are chosen stand in any of two answers. Errors: Refused."""
    if not two.rad and not two.kolumn:
        return
    answers = house.reports.ask(a), house.reports.ask(b)
    rows = tuple(dict.fromkeys(rad.nyckel for answer in answers for rad in answer.rader))
    columns = tuple(dict.fromkeys(k.nyckel for answer in answers for k in answer.kolumner if k.form == "belopp"))
    chosen = (("rad", two.rad, rows), ("kolumn", two.kolumn, columns))
    refusals = [
        CellDoesNotExist(kolumn=name, varde=key, choices=known[:NAMED])
        for name, key, known in chosen
        if key and key not in known
    ]
    if refusals:
        raise Refused(refusals)


def paged(found: Uppdelning, figure: asking.Figure) -> dict[str, Any]:
    """The facts behind a cell with their page."""
    body: dict[str, Any] = msgspec.to_builtins(found)
    return {**body, "sida": figure.sida, "sidor": pages_of(found.antal), "per_sida": PAGE}


def pages_of(antal: int) -> int:
    """How many pages so many facts take; one where there are none."""
    return max(-(-antal // PAGE), 1)


def told_difference(found: Skillnad, two: asking.Two, fact: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """A difference, of one row or column where they are asked for, with the facts that explain it in words."""
    cells = tuple(c for c in found.celler if two.rad in {"", c.rad} and two.kolumn in {"", c.kolumn})
    positions = sorted({forklaring.position for c in cells for forklaring in c.fakta})
    body: dict[str, Any] = msgspec.to_builtins(replace(found, celler=cells, positioner=tuple(positions)))
    return {**body, "fakta": [fact(position) for position in positions[:MOST_TOLD]]}


def fact_of(house: House, position: int) -> dict[str, Any]:
    """A fact in words, with its envelope."""
    recorded = house.ledger.log.read(position - 1, upto=position, limit=1)[0]
    told = factwords.told(recorded.fact)
    return {
        "position": position,
        "faktum": recorded.name,
        "slag": told.kind,
        "text": told.line,
        "beslut": told.decision,
        "recorded_at": instant_text(recorded.recorded_at),
        "vem": recorded.actor,
    }


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
