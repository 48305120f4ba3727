"""Commands over HTTP: `POST /api/v1/kommandon/<namn>`, one address for every command type of the domain.

The id of a command is its `Idempotency-Key`: the same key and body gives the first answer again, for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from ledger.application import Done
from ledger.domain.events_behorighet import RegistreringMade
from ledger.domain.fact import Fact
from ledger.domain.language import plain_text
from ledger.domain.roll import RIGHTS
from ledger.reporting.explaining.verkan import effects
from ledger.web import openapi, parameters
from ledger.web.bodies import JsonRoute
from ledger.web.examples import SUMMARIES
from ledger.web.house import House
from ledger.web.jsontext import dumps, plain
from ledger.web.problems import no
from ledger.web.rules import IdempotencyKeyIsUnreadable
from ledger.web.schemas import BY_NAME, command_of, model_of

DRY_RUN: Final = (parameters.YesOrNo("torrkor", "Visa vad som skulle registreras, utan att registrera det"),)

#: Keys that the program makes itself hold a slash, so that nobody else can take them.
KEY: Final = re.compile(r"[A-Za-z0-9._~:+=-]{1,200}")

_Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Kommandots id: samma nyckel och kropp ger det första svaret igen. Utan nyckel skapas en.",
        json_schema_extra={"pattern": f"^{KEY.pattern}$", "examples": ["018f7d2e-6c0a-7c3e-9d2b-0f3a9f6b1c55"]},
    ),
]


class Registrerat(BaseModel):
    """Vad kommandot ledde till: nya fakta på positionerna `forsta` till `sista`. 0 nya: allt fanns redan."""

    nya: int = Field(examples=[1])
    kommando_id: str = Field(examples=["018f7d2e-6c0a-7c3e-9d2b-0f3a9f6b1c55"])
    forsta: int | None = Field(default=None, examples=[513])
    sista: int | None = Field(default=None, examples=[513])


class Torrkort(BaseModel):
    """Vad kommandot skulle leda till."""

    nya: int = Field(examples=[1])
    torrkor: bool = True
    fakta: list[dict[str, Any]]
    verkan: list[dict[str, Any]] = Field(description="De celler i rapporterna som skulle ändras, i ören före och efter")


class Kommando(BaseModel):
    """Ett kommando i listan."""

    namn: str = Field(examples=["decide_omfordelning"])
    sammanfattning: str
    adress: str = Field(examples=["/api/v1/kommandon/decide_omfordelning"])
    roller: list[str] = Field(description="Roller som får utföra det", examples=[["ekonom", "beslutsfattare"]])


class Kommandolista(BaseModel):
    """Alla kommandon."""

    kommandon: list[Kommando]


def router(house: House) -> APIRouter:
    """The addresses under /api/v1/kommandon."""
    api = APIRouter(prefix="/api/v1/kommandon", tags=["Kommandon"], route_class=JsonRoute)

    @api.get("", summary="Alla kommandon", response_model=Kommandolista, responses=openapi.problems(422))
    def listed(request: Request) -> Response:
        """Namn, adress och vilka roller som får utföra dem. Fälten står i API-beskrivningen."""
        parameters.read(request, ())
        return Response(dumps({"kommandon": [_entry(name) for name in BY_NAME]}), media_type="application/json")

    for name, command in BY_NAME.items():
        api.add_api_route(
            f"/{name}",
            _endpoint(house, command),
            methods=["POST"],
            name=name,
            status_code=201,
            summary=SUMMARIES.get(name, name),
            response_model=Registrerat,
            responses=_RESPONSES,
            openapi_extra={"parameters": parameters.documented(DRY_RUN)},
        )
    return api


_ECHO: Final = {"description": "Kommandots id", "schema": {"type": "string"}}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    201: {
        "description": "Registrerat. Samma Idempotency-Key igen ger samma svar, med huvudet Idempotency-Replayed",
        "headers": {
            "Location": {"description": "Det första faktumet", "schema": {"type": "string"}},
            "Idempotency-Key": _ECHO,
        },
    },
    200: {"description": "Inget nytt: allt fanns redan. Eller en torrkörning", "model": Registrerat | Torrkort},
    **openapi.problems(*openapi.WRITING),
}


def _entry(name: str) -> dict[str, Any]:
    roles = [roll for roll, commands in RIGHTS.items() if BY_NAME[name] in commands]
    address = f"/api/v1/kommandon/{name}"
    return {"namn": name, "sammanfattning": SUMMARIES.get(name, name), "adress": address, "roller": roles}


def _endpoint(house: House, kind: type[Any]) -> Callable[..., Response]:
    def endpoint(request: Request, kropp: Any, key: _Key = None) -> Response:
        dry = parameters.read(request, DRY_RUN)["torrkor"]
        if key is not None and not KEY.fullmatch(key):
            raise no(IdempotencyKeyIsUnreadable(kolumn="Idempotency-Key"))
        command = command_of(kind, kropp)
        if dry:
            judged = house.ledger.judge(command, house.caller)
            counting = _counting(judged.facts)
            found = effects(house.reports, counting, house.today())
            changes = [msgspec.to_builtins(one, enc_hook=plain_text) for one in found]
            facts = [shown(fact) for fact in judged.facts]
            body = {"nya": len(judged.facts), "torrkor": True, "fakta": facts, "verkan": changes}
            return Response(dumps(body), media_type="application/json")
        command_id = key or house.new_id()
        return _told(house, command_id, house.ledger.execute(command, house.caller, command_id))

    # The body's model is made at run time, so the annotation is too.
    endpoint.__annotations__["kropp"] = model_of(kind)
    return endpoint


def _told(house: House, command_id: str, done: Done) -> Response:
    """The answer to a command that is recorded; the reports have it before the caller can ask."""
    headers = {"Idempotency-Key": command_id}
    body: dict[str, Any] = {"nya": done.facts, "kommando_id": command_id}
    if not done.facts:
        return Response(dumps(body), media_type="application/json", headers=headers)
    house.reports.runner.wait_for(done.last)
    headers["Location"] = f"/api/v1/fakta/{done.first}"
    if done.repeated:
        headers["Idempotency-Replayed"] = "true"
    body |= {"forsta": done.first, "sista": done.last}
    return Response(dumps(body), 201, headers, "application/json")


def _counting(facts: Sequence[Fact]) -> list[Fact]:
    """Facts as they will count: what one person registers, when another has confirmed it."""
    return [fact.fakta if isinstance(fact, RegistreringMade) else fact for fact in facts]


def shown(fact: Fact) -> dict[str, Any]:
    """A fact that is not recorded, as JSON values with its archive name."""
    return {"name": fact.name, "stream": fact.stream, "fakta": plain(fact)}
