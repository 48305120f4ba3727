"""Facts over HTTP: pages by position, each fact with its envelope and its bytes as they are kept."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from ledger.reporting.answer import stamp
from ledger.web import openapi, parameters
from ledger.web.corrections import corrected_by, corrects
from ledger.web.house import House
from ledger.web.jsontext import dumps
from ledger.web.lasting import answered, finished
from ledger.web.problems import ProblemRaised, no
from ledger.web.rules import FactIsUnknown, ParameterIsOtherwise

PAGE: Final = (
    parameters.Whole("efter", "Fakta efter denna position", 0),
    parameters.Whole("antal", "Högst så många", 100, lowest=1, highest=1000),
)

#: Longest position that is looked up; longer ones are nowhere.
LONGEST_POSITION: Final = 15


class Faktum(BaseModel):
    """Ett faktum med sitt kuvert. `public` är det som är hashat; `private` är fritext som får gallras."""

    position: int = Field(examples=[214])
    recorded_at: str = Field(examples=["2024-05-08T15:40:02.000000Z"])
    stream: str = Field(examples=["beslut/2024-04-23/kommunfullmäktige/52/KS 2024-118/ramjustering"])
    version: int = Field(examples=[1])
    name: str = Field(examples=["ramjustering_decided.v1"])
    actor: str = Field(examples=["a-17"])
    mandat: str = Field(examples=["oppet/ekonom"])
    command_id: str = Field(examples=["018f7d2e-6c0a-7c3e-9d2b-0f3a9f6b1c55"])
    public: dict[str, Any]
    private: dict[str, Any] | None = None
    salt: str | None = Field(default=None, description="Saltet till den privata delen, hexadecimalt")
    private_digest: str | None = Field(
        default=None, description="SHA-256 av salt och privat del; finns kvar efter gallring"
    )
    raderad: bool = Field(default=False, description="Den privata delen är gallrad")


class EttFaktum(Faktum):
    """Ett faktum med de fakta som det rättar och de som rättar det."""

    rattar: list[int] = Field(description="Positioner som faktumet rättar", examples=[[214]])
    rattas_av: list[int] = Field(description="Positioner som rättar faktumet", examples=[[]])


class Faktasida(BaseModel):
    """En sida fakta i positionsordning. `nasta` är adressen till nästa sida, tom på den sista."""

    fakta: list[Faktum]
    nasta: str | None = Field(default=None, examples=["/api/v1/fakta?efter=100&antal=100"])
    position: int = Field(description="Den senaste positionen i liggaren", examples=[512])


class Steg(BaseModel):
    """Ett steg uppåt: roten över fakta `fran`–`till`, som står till vänster eller till höger om vägen."""

    fran: int = Field(examples=[215])
    till: int = Field(examples=[216])
    sida: Literal["vanster", "hoger"]
    hash: str = Field(examples=["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"])


class Bevis(BaseModel):
    """Att ett faktum ingår i liggaren vid ett läge (RFC 6962): bladet, vägen upp och trädroten.

    Bladet räknas ur faktumet som det är lagrat nu. `haller` är om blad och väg ger `rot`.
    """

    position: int = Field(examples=[214])
    lage: int = Field(description="Liggaren hade så många fakta", examples=[512])
    blad: str = Field(description="SHA-256 av 0x00 och faktumets tio fält, vart och ett efter sin längd i fyra byte")
    vag: list[Steg] = Field(description="Närmast bladet först: noden ovanför är SHA-256 av 0x01, vänster och höger")
    rot: str = Field(description="Trädroten vid läget")
    haller: bool


#: Which head a fact is proven under.
UNDER: Final = (parameters.Whole("lage", "Liggaren som den var vid detta läge; utelämnat: nu", 0),)


def router(house: House) -> APIRouter:
    """The addresses under /api/v1/fakta."""
    api = APIRouter(prefix="/api/v1/fakta", tags=["Fakta"])

    @api.get(
        "", summary="Fakta i positionsordning", response_model=Faktasida,
        responses=openapi.stamped(422), openapi_extra={"parameters": parameters.documented(PAGE)},
    )  # fmt: skip
    def page(request: Request) -> Response:
        """Fakta efter en position, högst `antal`. Följ `nasta` till slutet."""
        asked = parameters.read(request, PAGE)
        head = house.ledger.log.head().position
        found = house.ledger.log.read_raw(min(asked["efter"], head), head, asked["antal"])
        last = found[-1].position if found else head
        following = f"/api/v1/fakta?efter={last}&antal={asked['antal']}" if last < head else None
        body = {"fakta": [raw(stored) for stored in found], "nasta": following, "position": head}
        return _answer(house, request, body, head)

    @api.get("/{position}", summary="Ett faktum", response_model=EttFaktum, responses=openapi.stamped(404, 422))
    def one(request: Request, position: str) -> Response:
        """Faktumet på en position, med kuvert, offentlig och privat del, vad det rättar och vad som rättar det."""
        parameters.read(request, ())
        stored, ledger = stored_at(house, position), house.ledger
        fact = ledger.log.read_positions([stored.position])[0].fact
        both = {"rattar": corrects(ledger, fact), "rattas_av": corrected_by(ledger, stored.position, fact)}
        return _answer(house, request, raw(stored) | both, ledger.log.head().position)

    @api.get(
        "/{position}/bevis", summary="Bevis för ett faktum", response_model=Bevis,
        responses=openapi.stamped(404, 422), openapi_extra={"parameters": parameters.documented(UNDER)},
    )  # fmt: skip
    def proof(request: Request, position: str) -> Response:
        """Vägen från faktumet till trädroten, att pröva med ett tjugotal kontrollsummor och utan resten av liggaren."""
        return proven(house, request, position)

    return api


def proven(house: House, request: Request, position: str) -> Response:
    """The proof of a fact as JSON. Errors: ProblemRaised (404, 422)."""
    asked, stored = parameters.read(request, UNDER), stored_at(house, position)
    head = house.ledger.log.head().position
    under = asked["lage"] or head
    if not stored.position <= under <= head:
        form = f"ett läge från {stored.position}, faktumets eget, till {head}, det senaste"
        raise ProblemRaised([ParameterIsOtherwise(form, kolumn="lage", varde=str(under))])
    found = house.ledger.log.prove(stored.position, under)
    steps = [{"fran": s.first, "till": s.last, "sida": SIDES[s.is_left], "hash": s.root.hex()} for s in found.path]
    body = {
        "position": found.position, "lage": found.size, "blad": found.leaf.hex(), "vag": steps,
        "rot": found.root.hex(), "haller": found.holds,
    }  # fmt: skip
    return _answer(house, request, body, under)


#: On which side of the way a subtree stands, by whether it is to the left.
SIDES: Final = {True: "vanster", False: "hoger"}


def stored_at(house: House, position: str) -> Any:
    """The fact at a position given as text, `214` or `@214`, as it is stored. Errors: ProblemRaised (404)."""
    digits = position.removeprefix("@")
    known = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_POSITION
    number = int(digits) if known else 0
    found = house.ledger.log.read_raw(number - 1, number, 1) if number else []
    if not found:
        shown = digits if known else position[:20]
        raise no(FactIsUnknown(shown, house.ledger.log.head().position))
    return found[0]


def raw(stored: Any) -> dict[str, Any]:
    """A stored fact as JSON values; its two parts are the very bytes that are kept."""
    fact: dict[str, Any] = {name: getattr(stored, name) for name in _ENVELOPE}
    fact["public"] = msgspec.Raw(stored.public)
    if stored.private is not None:
        fact["private"] = msgspec.Raw(stored.private)
        fact["salt"] = stored.salt.hex()
    if stored.private_digest is not None:
        fact["private_digest"] = stored.private_digest.hex()
        fact["raderad"] = stored.private is None
    return fact


_ENVELOPE: Final = ("position", "recorded_at", "stream", "version", "name", "actor", "mandat", "command_id")


def _answer(house: House, request: Request, body: dict[str, Any], position: int) -> Response:
    """An answer that follows from the log at a position: asked for again each time, as what is stored is looked at."""
    return answered(request, finished(dumps(body), stampel=stamp(house.ledger.log, position, 0)))
