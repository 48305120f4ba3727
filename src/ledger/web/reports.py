"""Reports over HTTP: the list of them, their answers, the facts behind a cell, and the difference between two answers.

Answers are served as the bytes that `ledger.reporting` made; how long they may be kept is said in lasting.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from ledger.domain.erasure import holds_text
from ledger.domain.language import plain_text
from ledger.interchange.forms import FORMS, Answered
from ledger.reporting.answer import Stampel, is_named_by_text
from ledger.reporting.explaining.explain import PAGE_OF_FACTS, Uppdelning
from ledger.reporting.explaining.skillnad import Skillnad, pages_of, told
from ledger.reporting.report import Report
from ledger.reporting.rules.asked import Question
from ledger.web import asking, openapi, parameters
from ledger.web.house import House
from ledger.web.jsontext import dumps
from ledger.web.lasting import JSON, Made, Shelf, answered, finished
from ledger.web.problems import no
from ledger.web.rules import ParameterIsOtherwise

#: The media types of answers that are files.
FILES: Final = tuple(dict.fromkeys(form.media_type for form in FORMS.values() if form.media_type != JSON))


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
    shelf = Shelf(house)

    @api.get("", summary="Alla rapporter", response_model=Rapportlista, responses=openapi.problems(422))
    def listed(request: Request) -> Response:
        """Namn, rubrik, adress och vilka rader varje rapport kan visas med."""
        parameters.read(request, ())
        body = dumps({"rapporter": [_entry(r) for r in house.reports.reports.values()]})
        return answered(request, finished(body))

    @api.get(
        "/{namn}", summary="En rapport", responses=_answers(openapi.ANSWER, FILES),
        openapi_extra={"parameters": [*asking.described_as(asking.ANSWER), *asking.documented()]},
    )  # fmt: skip
    def one(request: Request, namn: str) -> Response:
        """Svaret på en fråga: kolumner, rader med celler i ören, fotnoter och stämpel. `format` ger det som en fil."""
        form, asked = asking.form(asking.given(request))
        return shelf.answer(request, namn, (asked,), lambda: made_as(house, namn, asked, form))

    @api.get(
        "/{namn}/cell", summary="Fakta bakom en siffra", responses=_answers(openapi.CELL),
        openapi_extra={"parameters": [*asking.described_as(asking.CELL), *asking.documented()]},
    )  # fmt: skip
    def cell(request: Request, namn: str) -> Response:
        """Varje faktum bakom en cell med sin andel och löpande summa, en sida i taget. Andelarna blir cellen."""
        figure, asked = asking.figure(asking.given(request))
        return shelf.answer(request, namn, (asked,), lambda: made_of_cell(house, namn, asked, figure))

    @api.get(
        "/{namn}/skillnad", summary="Skillnaden mellan två svar", responses=_answers(openapi.DIFFERENCE),
        openapi_extra={"parameters": [*asking.described_as(asking.DIFFERENCE), *asking.documented(asking.BOTH)]},
    )  # fmt: skip
    def difference(request: Request, namn: str) -> Response:
        """De celler som skiljer sig mellan svar A (`fran`) och B (`till`), med de fakta som förklarar dem på öret."""
        two = asking.two(asking.given(request))
        return shelf.answer(request, namn, (two.a, two.b), lambda: made_of_difference(house, namn, two))

    return api


def made_as(house: House, namn: str, asked: dict[str, str], form: str) -> Made:
    """An answer in one of the forms. Errors: Refused."""
    report = house.reports.find(namn)
    if form == "json":
        answer = house.reports.answer(namn, asked, house.today())
        holds_text = report.table is None or answer.holds_text
        return Made(answer.to_bytes(), answer.stampel, holds_text, build=answer.build)
    question = house.reports.question(namn, asked, house.today())
    answer, chosen = house.reports.ask(question), FORMS[form]
    # A spreadsheet lists the facts behind its figures, with what they say.
    holds_text = report.table is None or answer.holds_text or form == "xlsx"
    name = "-".join(str(part) for part in (namn, answer.fraga.get("ar"), f"@{answer.stampel.position}") if part)
    body = chosen.made(Answered(house.reports, question, answer))
    return Made(body, answer.stampel, holds_text, chosen.media_type, f"{name}.{chosen.suffix}", answer.build)


def made_of_cell(house: House, namn: str, asked: dict[str, str], figure: asking.Figure) -> Made:
    """A page of the facts behind a cell. Errors: Refused, ProblemRaised."""
    build = house.reports.build(namn)
    found = cell_of(house, house.reports.question(namn, asked, house.today()), figure)
    return Made(dumps(paged(found, figure)), found.stampel, holds_text=is_named_by_text(found.rad), build=build)


def made_of_difference(house: House, namn: str, two: asking.Two) -> Made:
    """The difference of two answers, with the facts that explain it. Errors: Refused."""
    build = house.reports.build(namn)
    a, b = (house.reports.question(namn, asked, house.today()) for asked in (two.a, two.b))
    found, log = house.reports.skillnad(a, b, two.of), house.ledger.log
    body = told(found, log)
    facts = log.read_positions([fact["position"] for fact in body["fakta"]])
    texts = any(holds_text(recorded.fact) for recorded in facts)
    return Made(dumps(body), later(found), holds_text=texts, build=build)


def cell_of(house: House, question: Question, figure: asking.Figure) -> Uppdelning:
    """One page of the facts behind a cell. Errors: Refused (no such cell), ProblemRaised (no such page)."""
    first = (figure.sida - 1) * PAGE_OF_FACTS
    found = house.reports.cell(question, figure.rad, figure.kolumn, first=first)
    if figure.sida > (last := pages_of(found.antal)):
        raise no(ParameterIsOtherwise(f"en sida 1–{last}", kolumn="sida", varde=str(figure.sida)))
    return found


def later(found: Skillnad) -> Stampel:
    """The stamp that a difference follows from: the log at the later position, which holds that at the earlier."""
    return max(found.fran_stampel, found.till_stampel, key=lambda stampel: stampel.position)


def paged(found: Uppdelning, figure: asking.Figure) -> dict[str, Any]:
    """The facts behind a cell with their page."""
    body: dict[str, Any] = msgspec.to_builtins(found, enc_hook=plain_text)
    return {**body, "sida": figure.sida, "sidor": pages_of(found.antal), "per_sida": PAGE_OF_FACTS}


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


def _answers(schema: dict[str, Any], files: Iterable[str] = ()) -> dict[int | str, dict[str, Any]]:
    """What an address answers: JSON of a schema, and files of some media types."""
    found = openapi.stamped(404, 422)
    found[200]["content"] = {JSON: {"schema": schema}} | {kind: {"schema": {"type": "string"}} for kind in files}
    return found
