"""Pages for people: reports with their time bar, the facts behind a figure, differences, single facts and rules.

Server-rendered and readable without JavaScript: every choice is a link or a GET form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, Response

from ledger.domain.refusal import Kind, Refusal
from ledger.web import (
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
    rules,
    voucher_page,
)
from ledger.web.cell_page import CellPages
from ledger.web.drawing import Drawing, static_files
from ledger.web.fact_page import FactPage
from ledger.web.house import House
from ledger.web.report_page import ReportPage
from ledger.web.start_page import StartPage

REMEDIES: Final = {
    Kind.INVALID: "Uppgifterna går inte att använda som de är skrivna. Rätta det som svaret pekar på och försök igen.",
    Kind.MISSING: "Något som nämns finns inte. Kontrollera koden eller adressen, eller registrera det först.",
    Kind.CONFLICT: (
        "Uppgifterna strider mot det som redan är registrerat, och det som är registrerat ändras inte. "
        "Registrera något nytt, eller rätta med en rättelse som pekar på det felaktiga."
    ),
    Kind.FORBIDDEN: "Den som frågar får inte göra detta, eller frågar från fel plats.",
}


def install(app: FastAPI, house: House) -> None:
    """Put the pages on the application."""
    drawing = Drawing(house)
    report_page = ReportPage(house, drawing)
    start_page = StartPage(house, drawing)
    cell_pages = CellPages(house, drawing)
    fact_page = FactPage(house, drawing)
    app.state.drawing = drawing
    app.include_router(register_page.router(house, drawing))
    app.include_router(import_page.router(house, drawing))
    app.include_router(live.router(house))
    app.include_router(help_page.router(house, drawing))
    app.include_router(proving_page.router(house, drawing))
    app.include_router(comment_page.router(house, drawing))
    app.include_router(voucher_page.router(house, drawing))
    app.include_router(inbox_page.router(house, drawing))
    app.include_router(case_page.router(house, drawing))
    app.include_router(period_page.router(house, drawing))
    app.include_router(organisation_page.router(house, drawing))
    app.mount("/static", static_files(), name="static")

    @app.get("/", include_in_schema=False)
    def start(request: Request) -> Response:
        return start_page.show(request)

    @app.get("/rapporter", include_in_schema=False)
    def every_report() -> Response:
        return drawing.page("rapporter.html", chosen="rapporter", groups=drawing.report_groups())

    @app.get("/rapporter/{namn}", include_in_schema=False)
    def report(request: Request, namn: str) -> Response:
        return report_page.show(request, namn)

    @app.get("/rapporter/{namn}/skillnad", include_in_schema=False)
    def difference(request: Request, namn: str) -> Response:
        return cell_pages.difference(request, namn)

    @app.get("/rapporter/{namn}/{rad:path}/{kolumn}", include_in_schema=False)
    def cell(request: Request, namn: str, rad: str, kolumn: str) -> Response:
        return cell_pages.cell(request, namn, rad, kolumn)

    @app.get("/fakta/{position}", include_in_schema=False)
    def fact(position: str) -> Response:
        return fact_page.show(position)

    @app.get("/fakta/{position}/bevis", include_in_schema=False)
    def proof(request: Request, position: str) -> Response:
        return facts.proven(house, request, position)

    @app.get("/fel", include_in_schema=False)
    def every_rule() -> Response:
        listed = sorted(rules.every_rule(), key=lambda rule: rule.__name__)
        return drawing.page("rules.html", rules=[_described(rule) for rule in listed])

    @app.get("/fel/{rule}", include_in_schema=False)
    def one_rule(rule: str) -> Response:
        known = {problems.address(kind.__name__): kind for kind in rules.every_rule()}
        kind = known.get(f"/fel/{rule}")
        if kind is None:
            raise problems.no(rules.AddressIsUnknown(f"/fel/{problems.shortened(rule, 60)}"))
        status = problems.status_of(kind)
        return drawing.page(
            "rule.html", rule=kind.__name__, title=problems.TITLES[status], status=status,
            remedy=REMEDIES[kind.kind], meaning=_described(kind)["meaning"], address=problems.address(kind.__name__),
        )  # fmt: skip


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
    sentences = list(dict.fromkeys(refusal.sentence() for refusal in refusals))
    answer = drawing.page("no.html", http_status=problem["status"], problem=problem, sentences=sentences)
    answer.headers.update(headers or {})
    return answer
