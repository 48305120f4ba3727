"""What the API page says beyond the endpoints: problem answers, and the whole in one document."""

from __future__ import annotations

from typing import Any, Final

from ledger.web.problems import MEDIA_TYPE, TITLES, Problem

DESCRIPTION: Final = """
En kommuns budgetbeslut, utfall och prognoser som fakta som aldrig ändras, och rapporter vid varje tidpunkt.

Varje fråga har två tidsaxlar: `kand` (vad som var registrerat) och `beslutad` (vad som gällde). Belopp är hela ören.
Ett svar med fast `kand=@N` och `ar` är detsamma för alltid. Maskiner visar en nyckel i huvudet `Authorization: Bearer`,
webbläsare sin session; i öppet läge är anroparen den som inställningarna anger. Vem som får vad står i docs/roller.md.
"""

TAGS: Final = [
    {"name": "Rapporter", "description": "Frågor på två tidsaxlar, siffrornas fakta och skillnader mellan svar"},
    {"name": "Fakta", "description": "Loggen: alla fakta i den ordning de registrerades"},
    {"name": "Behörighet", "description": "Vem jag är, nycklar för maskiner, rolltabellen och åtkomstloggen"},
    {"name": "Kommandon", "description": "Registrera beslut, utfall och prognoser; torrkör först"},
    {"name": "Drift", "description": "Hälsa och stämpel"},
]

#: Answers that every address may give.
ALWAYS: Final = (400, 401, 403, 405, 421, 429, 500, 503)

#: Answers that every command may give.
WRITING: Final = (*ALWAYS, 404, 409, 413, 415, 422)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem answers of an address, besides those of every address."""
    return {
        status: {
            "description": TITLES[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({*statuses, *ALWAYS})
    }


def stamped(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers of an address whose answer has a tag and a stamp: it, that it is the same as before, and problems."""
    headers = {
        "ETag": {"description": "Stark; densamma för samma svar", "schema": {"type": "string"}},
        "Cache-Control": {
            "description": "Vid en fast fråga till en rapport: immutable, eller ett dygn om svaret har fritext som kan "
            "gallras; annars no-cache",
            "schema": {"type": "string"},
        },
        "Last-Modified": {"description": "När lägets sista faktum registrerades", "schema": {"type": "string"}},
        "Liggare-Position": {"description": "Läget som svaret följer av", "schema": {"type": "integer"}},
        "Liggare-Root": {"description": "Loggens trädrot vid läget", "schema": {"type": "string"}},
    }
    return {
        200: {"description": "Svaret", "headers": headers},
        304: {"description": "Oförändrat sedan svaret med angiven ETag, eller sedan angiven tid"},
        **problems(*statuses),
    }


#: What callers show who they are by.
SHOWN: Final = {
    "nyckel": {"type": "http", "scheme": "bearer", "description": "En nyckel, eller ett bevis för maskiner"},
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-liggare", "description": "En inloggad webbläsare"},
}


def with_problem_schema(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the schema of problems, and without the errors that FastAPI would have answered with."""
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    document["components"]["securitySchemes"] = SHOWN
    document["security"] = [{name: []} for name in SHOWN]
    return document


def _table(properties: dict[str, Any], example: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "examples": [example]}


_STAMP: Final = {
    "position": 512,
    "recorded_at": "2025-02-03T14:12:08.000000Z",
    "root": "9c1f…",
    "version": 1,
    "lage": "oppet",
}

#: What a report answers with (contract §6).
ANSWER: Final = _table(
    {
        "rapport": {"type": "string"},
        "rubrik": {"type": "string"},
        "stampel": {"type": "object"},
        "fraga": {"type": "object", "description": "Alla parametrar som användes; kand alltid som @N"},
        "kolumner": {"type": "array", "items": {"type": "object"}},
        "rader": {"type": "array", "items": {"type": "object"}, "description": "Celler i ören, eller null"},
        "fotnoter": {"type": "array", "items": {"type": "string"}},
    },
    {
        "rapport": "driftsammandrag",
        "rubrik": "Driftsammandrag",
        "stampel": _STAMP,
        "fraga": {"ar": 2024, "tom": 12, "per": "stab", "ansvar": "KS", "kand": "@512", "beslutad": None},
        "kolumner": [{"nyckel": "utfall", "rubrik": "Bokslut 2024", "form": "belopp"}],
        "rader": [
            {"nyckel": "summa", "namn": "Summa", "sort": "summa", "indrag": 0, "celler": {"utfall": 63_214_900_000}}
        ],
        "fotnoter": ["Avvikelse = budget − utfall; plus är överskott."],
    },
    ("rapport", "stampel", "fraga", "kolumner", "rader", "fotnoter"),
)

#: The facts behind a cell.
CELL: Final = _table(
    {
        "rad": {"type": "string"},
        "kolumn": {"type": "string"},
        "summa_ore": {"type": ["integer", "null"]},
        "antal": {"type": "integer", "description": "Fakta bakom cellen"},
        "netto_noll": {"type": "integer", "description": "Fakta vars belopp tar ut varandra i cellen; de listas inte"},
        "andelar": {
            "type": "array",
            "items": {"type": "object"},
            "description": "En sida fakta med belopp, löpande summa, egna datum (första och sista), "
            "registreringstid, beslut, vem och mandat",
        },
        "sida": {"type": "integer"},
        "sidor": {"type": "integer"},
    },
    {
        "rad": "KLF-NAR",
        "kolumn": "budget",
        "summa_ore": 4_340_000_000,
        "antal": 1,
        "netto_noll": 0,
        "andelar": [
            {
                "position": 88,
                "belopp_ore": 4_340_000_000,
                "lopande_ore": 4_340_000_000,
                "datum": "2023-11-28",
                "sista_datum": "2023-11-28",
                "recorded_at": "2025-02-03T14:12:08.000000Z",
                "faktum": "internbudget_adopted.v1",
                "beslut": "kommunstyrelsen 2023-11-28 § 201 KS 2023-644",
                "vem": "a-17",
                "mandat": "oppet/ekonom",
                "ursprungsdatum": None,
            }
        ],
        "sida": 1,
        "sidor": 1,
    },
    ("rad", "kolumn", "summa_ore", "antal", "andelar", "sida", "sidor"),
)

#: The difference of two answers.
DIFFERENCE: Final = _table(
    {
        "fran": {"type": "object", "description": "Frågan bakom svar A"},
        "till": {"type": "object", "description": "Frågan bakom svar B"},
        "celler": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Varje cell med antal fakta som förklarar den, hur många som tar ut varandra (netto_noll) "
            "och dem själva; av fler än hundra de tio första: ange rad, kolumn och sida för var och en av sidor",
        },
        "positioner": {
            "type": "array",
            "items": {"type": "integer"},
            "description": "De första av alla fakta som förklarar någon av cellerna",
        },
        "antal": {"type": "integer", "description": "Fakta som förklarar någon av cellerna"},
        "fakta": {"type": "array", "items": {"type": "object"}, "description": "De första av cellernas fakta i ord"},
    },
    {
        "celler": [
            {
                "rad": "summa",
                "kolumn": "budget",
                "fran_ore": 67_180_000_000,
                "till_ore": 65_400_000_000,
                "skillnad_ore": -1_780_000_000,
                "fakta": [{"position": 214, "belopp_ore": -1_630_000_000, "hur": "tillkommer"}],
                "netto_noll": 0,
                "antal": 1,
                "sidor": 1,
            }
        ],
        "positioner": [214],
        "antal": 1,
        "fakta": [{"position": 214, "slag": "Ramjustering", "beslut": "kommunfullmäktige 2024-04-23 § saknas"}],
    },
    ("celler", "positioner", "antal", "fakta"),
)
