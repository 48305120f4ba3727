"""Pages for people: reports with their time bar, the facts behind a figure, differences, single facts and rules.

Server-rendered and readable without JavaScript: every choice is a link or a GET form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import HTMLResponse, Response

from ledger.domain.language import N_, _
from ledger.domain.refusal import Kind, Refusal, sentences
from ledger.web import (
    bulk_page,
    case_page,
    comment_page,
    facts,
    help_page,
    import_page,
    inbox_page,
    live,
    organisation_page,
    period_page,
    problems,
    proving_page,
    register_page,
    registration_page,
    rules,
    token_page,
    voucher_page,
)
from ledger.web.cell_page import CellPages
from ledger.web.drawing import Drawing, static_files
from ledger.web.fact_page import FactPage
from ledger.web.house import House
from ledger.web.report_page import ReportPage
from ledger.web.start_page import StartPage

#: Pages with their own addresses, each a router of its house and its drawing.
PAGES: Final = (
    register_page,
    import_page,
    help_page,
    proving_page,
    comment_page,
    voucher_page,
    inbox_page,
    bulk_page,
    registration_page,
    case_page,
    period_page,
    organisation_page,
    token_page,
)

REMEDIES: Final = {
    Kind.INVALID: N_(
        "Uppgifterna går inte att använda som de är skrivna. Rätta det som svaret pekar på och försök igen."
    ),
    Kind.MISSING: N_("Något som nämns finns inte. Kontrollera koden eller adressen, eller registrera det först."),
    Kind.CONFLICT: N_(
        "Uppgifterna strider mot det som redan är registrerat, och det som är registrerat ändras inte. "
        "Registrera något nytt, eller rätta med en rättelse som pekar på det felaktiga."
    ),
    Kind.FORBIDDEN: N_("Den som frågar får inte göra detta, eller frågar från fel plats."),
}


def install(app: FastAPI, house: House) -> None:
    """Put the pages on the application."""
    drawing = Drawing(house)
    app.state.drawing = drawing
    for page in PAGES:
        app.include_router(page.router(house, drawing))
    app.include_router(live.router(house))
    app.include_router(_reports(house, drawing))
    app.include_router(_facts(house, drawing))
    app.include_router(_rules(drawing))
    app.mount("/static", static_files(), name="static")


def _reports(house: House, drawing: Drawing) -> APIRouter:
    """The start, the reports with their cells and what changed between two occasions."""
    pages = APIRouter(include_in_schema=False)
    start_page = StartPage(house, drawing)
    report_page = ReportPage(house, drawing)
    cell_pages = CellPages(house, drawing)

    @pages.get("/")
    def start(request: Request) -> Response:
        return start_page.show(request)

    @pages.get("/rapporter")
    def every_report() -> Response:
        return drawing.page("rapporter.html", chosen="rapporter", groups=drawing.report_groups())

    @pages.get("/rapporter/{namn}")
    def report(request: Request, namn: str) -> Response:
        return report_page.show(request, namn)

    @pages.get("/rapporter/{namn}/skillnad")
    def difference(request: Request, namn: str) -> Response:
        return cell_pages.difference(request, namn)

    @pages.get("/rapporter/{namn}/{rad:path}/{kolumn}")
    def cell(request: Request, namn: str, rad: str, kolumn: str) -> Response:
        return cell_pages.cell(request, namn, rad, kolumn)

    return pages


def _facts(house: House, drawing: Drawing) -> APIRouter:
    """Single facts and their proofs."""
    pages = APIRouter(include_in_schema=False)
    fact_page = FactPage(house, drawing)

    @pages.get("/fakta/{position}")
    def fact(position: str) -> Response:
        return fact_page.show(position)

    @pages.get("/fakta/{position}/bevis")
    def proof(request: Request, position: str) -> Response:
        return facts.proven(house, request, position)

    return pages


def _rules(drawing: Drawing) -> APIRouter:
    """Every rule that a no can point at."""
    pages = APIRouter(include_in_schema=False)

    @pages.get("/fel")
    def every_rule() -> Response:
        listed = sorted(rules.every_rule(), key=lambda rule: rule.__name__)
        return drawing.page("rules.html", rules=[_described(rule) for rule in listed])

    @pages.get("/fel/{rule}")
    def one_rule(rule: str) -> Response:
        known = {problems.address(kind.__name__): kind for kind in rules.every_rule()}
        kind = known.get(f"/fel/{rule}")
        if kind is None:
            raise problems.no(rules.AddressIsUnknown(f"/fel/{problems.shortened(rule, 60)}"))
        status = problems.status_of(kind)
        return drawing.page(
            "rule.html", rule=kind.__name__, title=_(problems.TITLES[status]), status=status,
            remedy=_(REMEDIES[kind.kind]), meaning=_described(kind)["meaning"], address=problems.address(kind.__name__),
        )  # fmt: skip

    return pages


def _described(kind: type[Refusal]) -> dict[str, Any]:
    return {
        "name": kind.__name__,
        "address": problems.address(kind.__name__),
        "status": problems.status_of(kind),
        "meaning": (kind.__doc__ or "").strip(),
    }


def no(request: Request, refusals: Sequence[Refusal], headers: dict[str, str] | None = None) -> HTMLResponse:
    """A no as a page."""
    drawing: Drawing = request.app.state.drawing
    problem = problems.document(refusals)
    answer = drawing.page("no.html", http_status=problem["status"], problem=problem, sentences=sentences(refusals))
    answer.headers.update(headers or {})
    return answer
