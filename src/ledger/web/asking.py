"""The parameters of a question as they stand in an address, and what each means.

Both the API and the pages read them here; `ledger.reporting` judges their values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from starlette.requests import Request

from ledger.domain.koder import FIRST_YEAR, LAST_YEAR
from ledger.domain.language import phrase
from ledger.domain.refusal import Refusal
from ledger.interchange.forms import FORMS
from ledger.reporting.explaining.skillnad import Utsnitt
from ledger.reporting.log import Log
from ledger.reporting.question import PARAMETERS, an_instant
from ledger.reporting.report import Report
from ledger.web.jsontext import unprintable
from ledger.web.parameters import described
from ledger.web.problems import ProblemRaised, shortened
from ledger.web.rules import ParameterIsOtherwise, ParameterIsUnknown

#: Longest value that is looked at.
LONGEST: Final = 200

MEANING: Final[dict[str, tuple[str, dict[str, Any], Any]]] = {
    "ar": ("Räkenskapsår; utelämnat: i år", {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}, 2024),
    "tom": (
        "Till och med månad 1–12, från januari",
        {"type": "integer", "minimum": 1, "maximum": 12, "default": 12},
        12,
    ),
    "kand": (
        "Känt vid: ett läge `@1234`, en tidpunkt med Z eller tidsskillnad, eller ett datum; utelämnat: nu",
        {"type": "string"},
        "2025-02-03T14:12:08Z",
    ),
    "beslutad": ("Bara det som är daterat senast denna dag; utelämnat: allt", {"type": "string"}, "2024-12-31"),
    "per": ("Rader per nivå eller kod; rapporten säger vilka", {"type": "string"}, "stab"),
    "ansvar": ("Enheten vars träd visas; utelämnat: hela kommunen", {"type": "string"}, "KS"),
    "organisation": (
        "Dagen vars organisation siffrorna visas i, eller `fg` för sista dagen året före",
        {"type": "string"},
        "2024-12-31",
    ),
    "jamfor_organisation": (
        "Visa dessutom varje belopp i en annan dags organisation: ett datum, eller `fg` för sista dagen året före",
        {"type": "string"},
        "2023-12-31",
    ),
    "handelse": ("Bara utfall märkt med denna händelse", {"type": "string"}, "corona"),
    "jamfor_prognos": ("Jämför med prognosen som den var denna dag", {"type": "string"}, "2024-08-31"),
    "omgang": ("En äldre budgetomgång, efter beslutsdatum", {"type": "string"}, "2023-11-28"),
    "med_forslag": (
        "Räkna in förslag som inte är beslutade",
        {"type": "string", "enum": ["ja", "nej"], "default": "nej"},
        "nej",
    ),
    "stora": ("Stora projekt för sig", {"type": "string", "enum": ["med", "separat"], "default": "med"}, "med"),
    "stora_fran": (
        "Beslutad totalutgift i hela kronor från vilken ett projekt är stort; utelämnat: 50 miljoner",
        {"type": "integer", "minimum": 1, "default": 50_000_000},
        50_000_000,
    ),
    "enhet": ("Enhet som visas (JSON är alltid ören)", {"type": "string", "enum": ["kr", "tkr", "mnkr"]}, "mnkr"),
}

#: Parameters that may be instants, which lie in years that a calendar and its time zones can hold.
INSTANTS: Final = frozenset({"kand", "fran", "till"})
DATED: Final = re.compile(r"\s*([0-9]{4})")

#: A position that names one state of the log for ever.
FIXED: Final = re.compile(r"@[0-9]{1,18}")


def documented(names: Sequence[str] = PARAMETERS) -> list[dict[str, Any]]:
    """The parameters of a question as the API page lists them."""
    return described_as({name: MEANING[name] for name in names})


def given(request: Request) -> dict[str, str]:
    """The parameters of an address, each once and readable. Errors: ProblemRaised (422)."""
    found: dict[str, str] = {}
    refusals: list[Refusal] = []
    for name, text in request.query_params.multi_items():
        shown = shortened(text, 60)
        if name in found:
            refusals.append(ParameterIsOtherwise(phrase("angiven en gång"), kolumn=shortened(name, 60), varde=shown))
        elif len(text) > LONGEST or unprintable(text):
            refusals.append(
                ParameterIsOtherwise(
                    phrase("högst {most} vanliga tecken", most=LONGEST), kolumn=shortened(name, 60), varde="…"
                )
            )
        elif name in INSTANTS and (dated := DATED.match(text)) and not FIRST_YEAR <= int(dated[1]) <= LAST_YEAR:
            refusals.append(
                ParameterIsOtherwise(
                    phrase("en tid mellan {first} och {last}", first=FIRST_YEAR, last=LAST_YEAR),
                    kolumn=name,
                    varde=shown,
                )
            )
        else:
            found[name] = text
    if refusals:
        raise ProblemRaised(refusals)
    return found


#: What an answer is asked with besides the question.
ANSWER: Final[dict[str, tuple[str, dict[str, Any], Any]]] = {
    "format": ("Svarets form; `csv-excel` har semikolon och decimalkomma", {"type": "string", "enum": [*FORMS]}, "xlsx")
}


def form(asked: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The form that is asked for (json where none is) and the rest of the question. Errors: ProblemRaised."""
    rest = dict(asked)
    name = rest.pop("format", "").strip() or "json"
    if name not in FORMS:
        raise ProblemRaised(
            [
                ParameterIsOtherwise(
                    phrase("något av {forms}", forms=", ".join(FORMS)), kolumn="format", varde=shortened(name, 60)
                )
            ]
        )
    return name, rest


class Figure(NamedTuple):
    """Which cell of an answer, and which page of its facts."""

    rad: str
    kolumn: str
    sida: int


class Two(NamedTuple):
    """The parameters of two questions, and what is asked of their difference."""

    a: dict[str, str]
    b: dict[str, str]
    of: Utsnitt


#: What a cell is asked with besides the question.
CELL: Final[dict[str, tuple[str, dict[str, Any], Any]]] = {
    "rad": ("Radens nyckel", {"type": "string"}, "summa"),
    "kolumn": ("Kolumnens nyckel", {"type": "string"}, "budget"),
    "sida": ("Sidan, från 1", {"type": "integer", "minimum": 1, "default": 1}, 1),
}

#: What a difference is asked with besides the question.
DIFFERENCE: Final[dict[str, tuple[str, dict[str, Any], Any]]] = {
    "fran": ("Svar A: känt vid; utelämnat: nu", {"type": "string"}, "@188"),
    "till": ("Svar B: känt vid; utelämnat: nu", {"type": "string"}, "@512"),
    "fran_beslutad": ("Svar A: beslutat till och med; utelämnat: allt", {"type": "string"}, "2024-01-31"),
    "till_beslutad": ("Svar B: beslutat till och med; utelämnat: allt", {"type": "string"}, "2024-12-31"),
    "rad": ("Bara denna rad", {"type": "string"}, "summa"),
    "kolumn": ("Bara denna kolumn", {"type": "string"}, "budget"),
    "sida": (
        "Sidan av cellens fakta, från 1; från 2 anges rad och kolumn",
        {"type": "integer", "minimum": 1, "default": 1},
        1,
    ),
}

#: The parameters that both questions of a difference share.
BOTH: Final = tuple(name for name in PARAMETERS if name not in {"kand", "beslutad"})

#: Pages that are looked at.
LAST_PAGE: Final = 1_000_000


def described_as(meanings: dict[str, tuple[str, dict[str, Any], Any]]) -> list[dict[str, Any]]:
    """Parameters as the API page lists them."""
    return [described(name, meaning, schema, example=example) for name, (meaning, schema, example) in meanings.items()]


def figure(asked: dict[str, str]) -> tuple[Figure, dict[str, str]]:
    """The cell that is asked for, and the question. Errors: ProblemRaised (422)."""
    rest = {name: text for name, text in asked.items() if name not in CELL}
    refusals: list[Refusal] = [
        ParameterIsOtherwise(phrase("en nyckel ur svaret"), kolumn=name, varde=None)
        for name in ("rad", "kolumn")
        if not asked.get(name)
    ]
    page = _page(asked, refusals)
    if refusals:
        raise ProblemRaised(refusals)
    return Figure(asked["rad"], asked["kolumn"], page), rest


def _page(asked: dict[str, str], refusals: list[Refusal]) -> int:
    """The page that is asked for."""
    page = asked.get("sida") or "1"
    if page.isascii() and page.isdigit() and 1 <= int(page) <= LAST_PAGE:
        return int(page)
    refusals.append(ParameterIsOtherwise(phrase("ett sidnummer från 1"), kolumn="sida", varde=shortened(page, 60)))
    return 1


def page(asked: dict[str, str]) -> int:
    """The page that is asked for, from 1. Errors: ProblemRaised (422)."""
    refusals: list[Refusal] = []
    number = _page(asked, refusals)
    if refusals:
        raise ProblemRaised(refusals)
    return number


def two(asked: dict[str, str]) -> Two:
    """The two questions of a difference."""
    refusals: list[Refusal] = [
        ParameterIsUnknown((*DIFFERENCE, *BOTH), kolumn=name, varde=shortened(asked[name], 60))
        for name in ("kand", "beslutad")
        if name in asked
    ]
    page = _page(asked, refusals)
    if refusals:
        raise ProblemRaised(refusals)
    shared = {name: text for name, text in asked.items() if name not in DIFFERENCE}
    a = {**shared, "kand": asked.get("fran", ""), "beslutad": asked.get("fran_beslutad", "")}
    b = {**shared, "kand": asked.get("till", ""), "beslutad": asked.get("till_beslutad", "")}
    return Two(a, b, Utsnitt(asked.get("rad", ""), asked.get("kolumn", ""), page))


def is_fixed(asked: dict[str, str], report: Report, log: Log) -> bool:
    """Whether a question means the same for ever: of a given year (lists need none), at a moment the log has passed."""
    if report.table and not asked.get("ar", "").strip():
        return False
    kand = asked.get("kand", "").strip()
    if FIXED.fullmatch(kand):
        return True
    instant = an_instant(kand) if kand else None
    # What is recorded from now on is recorded after the newest fact.
    newest = log.head()[1] if instant else None
    return bool(instant and newest and instant <= newest)
