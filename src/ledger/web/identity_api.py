"""Who one is, keys for machines, the table of roles and the access log, over HTTP.

Not here: how the table of roles is changed (the command line), nor signing in (signing_in.py).
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from ledger.identity.roller import Version
from ledger.identity.tokens import LONGEST_LIFE, LONGEST_NAME, ROLLER
from ledger.web import openapi, parameters
from ledger.web.allowed import WRITERS
from ledger.web.bodies import JsonRoute
from ledger.web.house import House
from ledger.web.jsontext import dumps
from ledger.web.problems import no
from ledger.web.rules_identity import NobodyIsSignedIn
from ledger.web.visitor import current

PAGE: Final = (
    parameters.Whole("efter", "Efter så många, i den ordning de kom till", 0),
    parameters.Whole("antal", "Högst så många", 100, lowest=1, highest=1000),
)
VERSIONS: Final = (
    parameters.Whole("fore", "Versioner före denna; 0 för de nyaste", 0),
    parameters.Whole("antal", "Högst så många", 10, lowest=1, highest=100),
)

#: What holds a secret, or says who somebody is, is kept by no cache.
NEVER_KEPT: Final = {"Cache-Control": "no-store"}


class Jag(BaseModel):
    """Den som frågar. `enheter` begränsar rollen (tomt: hela kommunen), `funktioner` följer av inloggningen."""

    actor: str = Field(examples=["a-17"])
    namn: str | None = Field(default=None, examples=["Eva Ekonom (eva.ekonom@kommun.se)"])
    roll: str = Field(examples=["ekonom"])
    enheter: list[str] = Field(examples=[["KS"]])
    funktioner: list[str] = Field(examples=[["enhetschef KLF-EKON"]])
    egna: list[str] = Field(description="Andra pseudonymer för samma person: maskiner med nyckel", examples=[["a-23"]])
    maskin: bool = Field(description="En maskin granskar, beslutar och bekräftar ingenting", examples=[False])
    inloggning: str = Field(description="oppet, session eller nyckel", examples=["nyckel"])
    skriver: bool = Field(description="Om den som frågar får registrera över huvud taget")


class Nyckel(BaseModel):
    """En nyckel för en maskin, utan sin hemlighet."""

    id: str = Field(examples=["t-5d2f8c01ab"])
    namn: str = Field(examples=["Ekonomisystemet, inläsning"])
    actor: str = Field(examples=["a-23"])
    roll: str = Field(examples=["ekonom"])
    enheter: list[str] = Field(examples=[["KS"]])
    skriver: bool
    skapad: str = Field(examples=["2025-02-03T14:12:08.000000Z"])
    skapad_av: str = Field(examples=["a-2"])
    ansvarig: str = Field(description="Den som ansvarar för maskinen och räknas som samma person", examples=["a-17"])
    upphor: str = Field(examples=["2025-08-02T14:12:08.000000Z"])
    aterkallad: str | None = None
    aterkallad_av: str | None = Field(
        default=None, description="Tomt också för nycklar som återkallades innan det sparades av vem"
    )
    anvand: str | None = Field(default=None, description="När den senast användes, på några sekunder när")


class NyNyckel(Nyckel):
    """En nyckel som just skapats. `token` visas bara den här gången."""

    token: str = Field(examples=["liggare_t-5d2f8c01ab_…"])


class Nyckelsida(BaseModel):
    """En sida nycklar i den ordning de skapades, även återkallade."""

    nycklar: list[Nyckel]
    nasta: str | None = Field(default=None, examples=["/api/v1/token?efter=100&antal=100"])


class SkapaNyckel(BaseModel):
    """En nyckel som ska skapas. En maskin fattar inga beslut, så bara vissa roller går att ge."""

    model_config = ConfigDict(
        extra="forbid", strict=True,
        json_schema_extra={
            "examples": [{"namn": "Rapportvisning", "roll": "lasare", "enheter": [], "skriver": False, "dagar": 180}]
        },
    )  # fmt: skip

    namn: str = Field(min_length=1, max_length=LONGEST_NAME)
    roll: str = Field(max_length=40, json_schema_extra={"examples": list(ROLLER)})
    enheter: list[Annotated[str, Field(min_length=1, max_length=100)]] = []
    skriver: bool = Field(default=False, description="Om nyckeln får registrera, inte bara läsa")
    dagar: int = Field(ge=1, le=LONGEST_LIFE, description="Hur länge den gäller")
    ansvarig: str | None = Field(
        default=None, max_length=40, description="Pseudonymen för den som ansvarar för maskinen; annars den som skapar"
    )


class Rolltabell(BaseModel):
    """Versioner av rolltabellen, den nyaste först. Den första i den nyaste sidan gäller."""

    versioner: list[dict[str, Any]]
    nasta: str | None = Field(default=None, examples=["/api/v1/roller?fore=3&antal=10"])


class Atkomstsida(BaseModel):
    """En sida ur åtkomstloggen, den äldsta först. `position` är läget som det lästa var av."""

    atkomst: list[dict[str, Any]]
    nasta: str | None = Field(default=None, examples=["/api/v1/atkomstlogg?efter=100&antal=100"])


def router(house: House) -> APIRouter:
    """The addresses of identity."""
    api = APIRouter(prefix="/api/v1", tags=["Behörighet"], route_class=JsonRoute)
    _who(api, house)
    _keys(api, house)
    _roles_and_log(api, house)
    return api


def _who(api: APIRouter, house: House) -> None:
    @api.get("/jag", summary="Vem jag är", response_model=Jag, responses=openapi.problems(422))
    def jag(request: Request) -> Response:
        """Den som nyckeln eller sessionen tillhör, i vilken roll och för vilka enheter."""
        parameters.read(request, ())
        visitor = current()
        if visitor is None:
            raise no(NobodyIsSignedIn())
        name = house.identity.katalog.name_of(visitor.caller.actor)
        writes = not visitor.only_reads and visitor.caller.roll in WRITERS
        return _json({**visitor.caller._asdict(), "namn": name, "inloggning": visitor.how, "skriver": writes})


def _keys(api: APIRouter, house: House) -> None:
    tokens = house.identity.tokens

    @api.get(
        "/token", summary="Alla nycklar", response_model=Nyckelsida,
        responses=openapi.problems(422), openapi_extra={"parameters": parameters.documented(PAGE)},
    )  # fmt: skip
    def listed(request: Request) -> Response:
        """Nycklar för maskiner, utan hemligheter."""
        asked = parameters.read(request, PAGE)
        found = tokens.page(asked["efter"], asked["antal"] + 1)
        shown, more = found[: asked["antal"]], len(found) > asked["antal"]
        following = f"/api/v1/token?efter={asked['efter'] + len(shown)}&antal={asked['antal']}" if more else None
        return _json({"nycklar": [one._asdict() for one in shown], "nasta": following})

    @api.post(
        "/token", summary="Skapa en nyckel", response_model=NyNyckel, status_code=201,
        responses=openapi.problems(409, 413, 415, 422),
    )  # fmt: skip
    def make(request: Request, kropp: SkapaNyckel) -> Response:
        """En ny nyckel. Hemligheten `token` visas bara i det här svaret; liggaren sparar bara dess kontrollsumma."""
        parameters.read(request, ())
        made, token = tokens.make(
            kropp.namn, kropp.roll, enheter=kropp.enheter, skriver=kropp.skriver, days=kropp.dagar,
            by=house.caller.actor, ansvarig=kropp.ansvarig,
        )  # fmt: skip
        return _json({**made._asdict(), "token": token}, 201)

    @api.delete(
        "/token/{nyckel}", summary="Återkalla en nyckel", response_model=Nyckel, responses=openapi.problems(404, 422)
    )
    def withdraw(request: Request, nyckel: str) -> Response:
        """Nyckeln slutar gälla genast och för alltid. Att göra om det ändrar ingenting."""
        parameters.read(request, ())
        return _json(tokens.withdraw(nyckel, house.caller.actor)._asdict())


def _roles_and_log(api: APIRouter, house: House) -> None:
    identity = house.identity

    @api.get(
        "/roller", summary="Rolltabellen", response_model=Rolltabell,
        responses=openapi.problems(422), openapi_extra={"parameters": parameters.documented(VERSIONS)},
    )  # fmt: skip
    def roller(request: Request) -> Response:
        """Vilka roller och funktioner inloggningstjänstens uppgifter ger, med alla tidigare versioner."""
        asked = parameters.read(request, VERSIONS)
        found = identity.roller.versions(asked["fore"] or None, asked["antal"])
        more = bool(found) and found[-1].version > 1
        following = f"/api/v1/roller?fore={found[-1].version}&antal={asked['antal']}" if more else None
        return _json({"versioner": [_version(one) for one in found], "nasta": following})

    @api.get(
        "/atkomstlogg", summary="Åtkomstloggen", response_model=Atkomstsida,
        responses=openapi.problems(422), openapi_extra={"parameters": parameters.documented(PAGE)},
    )  # fmt: skip
    def log(request: Request) -> Response:
        """Vad revisorer har läst, vilka filer som har hämtats och vilka som har loggat in, när och vid vilket läge."""
        asked = parameters.read(request, PAGE)
        found = identity.atkomst.page(asked["efter"], asked["antal"])
        more = bool(found) and found[-1].nummer < identity.atkomst.newest()
        following = f"/api/v1/atkomstlogg?efter={found[-1].nummer}&antal={asked['antal']}" if more else None
        return _json({"atkomst": [line._asdict() for line in found], "nasta": following})


def _version(one: Version) -> dict[str, Any]:
    return {**one._asdict(), "rader": [rad._asdict() for rad in one.rader]}


def _json(value: Any, status: int = 200) -> Response:
    return Response(dumps(value), status, NEVER_KEPT, "application/json")
