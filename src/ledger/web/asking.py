"""The parameters of a question as they stand in an address, and what each means.

Both the API and the pages read them here; `ledger.reporting` judges their values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request

from ledger.domain.refusal import Refusal
from ledger.reporting.question import PARAMETERS
from ledger.web.jsontext import unprintable
from ledger.web.parameters import described
from ledger.web.problems import ProblemRaised, shortened
from ledger.web.rules import ParameterIsOtherwise

#: Longest value that is looked at.
LONGEST: Final = 200

MEANING: Final[dict[str, tuple[str, dict[str, Any], Any]]] = {
    "ar": ("Räkenskapsår; utelämnat: i år", {"type": "integer", "minimum": 1900, "maximum": 2199}, 2024),
    "tom": ("Till och med månad 1–12, från januari", {"type": "integer", "minimum": 1, "maximum": 12, "default": 12}, 12),
    "kand": (
        "Känt vid: ett läge `@1234`, en tidpunkt med Z eller tidsskillnad, eller ett datum (dagens slut i Stockholm); "
        "utelämnat: nu",
        {"type": "string"},
        "2025-02-03T14:12:08Z",
    ),
    "beslutad": ("Bara det som är daterat senast denna dag; utelämnat: allt", {"type": "string"}, "2024-12-31"),
    "per": ("Rader per nivå eller kod; rapporten säger vilka", {"type": "string"}, "stab"),
    "ansvar": ("Enheten vars träd visas; utelämnat: hela kommunen", {"type": "string"}, "KS"),
    "organisation": ("Dagen vars organisation siffrorna visas i", {"type": "string"}, "2024-12-31"),
    "handelse": ("Bara utfall märkt med denna händelse", {"type": "string"}, "corona"),
    "jamfor_prognos": ("Jämför med prognosen som den var denna dag", {"type": "string"}, "2024-08-31"),
    "omgang": ("En äldre budgetomgång, efter beslutsdatum", {"type": "string"}, "2023-11-28"),
    "med_forslag": ("Räkna in förslag som inte är beslutade", {"type": "string", "enum": ["ja", "nej"], "default": "nej"}, "nej"),
    "stora": ("Stora projekt för sig", {"type": "string", "enum": ["med", "separat"], "default": "med"}, "med"),
    "enhet": ("Enhet som visas (JSON är alltid ören)", {"type": "string", "enum": ["kr", "tkr", "mnkr"]}, "mnkr"),
}

#: A position that names one state of the log for ever.
FIXED: Final = re.compile(r"@[0-9]{1,18}")


def documented(names: Sequence[str] = PARAMETERS) -> list[dict[str, Any]]:
    """The parameters of a question as the API page lists them."""
    found = []
    for name in names:
        meaning, schema, example = MEANING[name]
        found.append(described(name, meaning, schema, example=example))
    return found


def given(request: Request) -> dict[str, str]:
    """The parameters of an address, each once and readable. Errors: ProblemRaised (422)."""
    found: dict[str, str] = {}
    refusals: list[Refusal] = []
    for name, text in request.query_params.multi_items():
        shown = shortened(text, 60)
        if name in found:
            refusals.append(ParameterIsOtherwise("angiven en gång", kolumn=shortened(name, 60), varde=shown))
        elif len(text) > LONGEST or unprintable(text):
            refusals.append(ParameterIsOtherwise(f"högst {LONGEST} vanliga tecken", kolumn=shortened(name, 60), varde="…"))
        else:
            found[name] = text
    if refusals:
        raise ProblemRaised(refusals)
    return found


def is_fixed(asked: dict[str, str]) -> bool:
    """Whether a question means the same for ever: a given year, known at a given position."""
    return bool(FIXED.fullmatch(asked.get("kand", "").strip())) and bool(asked.get("ar", "").strip())
