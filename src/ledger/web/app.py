"""The application: every address of the edge, how it says no, and what stands before it all."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.domain.language import phrase
from ledger.domain.refusal import Refusal, Refused
from ledger.identity.untrusted import ProviderIsAway, Untrusted
from ledger.reporting.reports import ReportsAreBehind
from ledger.web import (
    commands,
    facts,
    health,
    identity_api,
    inbox,
    language,
    openapi,
    packages,
    pages,
    problems,
    reports,
    rules,
    rules_identity,
    signing_in,
)
from ledger.web.bodies import field_refusals, place, shown
from ledger.web.callers import Gate
from ledger.web.entrance import Entrance
from ledger.web.house import House

LOGGER = logging.getLogger(__name__)

API: Final = "/api/"


def create_app(house: House) -> FastAPI:
    """The whole edge over one ledger."""
    app = FastAPI(
        title="Budgetliggare", version=house.version, description=openapi.DESCRIPTION, openapi_tags=openapi.TAGS,
        openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None, redirect_slashes=False,
    )  # fmt: skip
    app.state.house = house
    for room in (reports, packages, facts, commands, inbox, identity_api, health):
        app.include_router(room.router(house))
    pages.install(app, house)
    app.include_router(signing_in.router(house, app.state.drawing))
    app.include_router(language.router(is_secure=house.identity.signing.is_secure))
    _install_refusals(app, house)
    app.add_middleware(Entrance, house=house, answer=no_to)
    app.add_middleware(Incidents)
    app.add_middleware(language.Interpreter)
    app.add_middleware(Gate, hosts=house.hosts, is_secure=house.identity.signing.is_secure)
    described = app.openapi

    def with_problems() -> dict[str, Any]:
        return app.openapi_schema or openapi.with_problem_schema(described())

    app.openapi = with_problems  # type: ignore[method-assign]
    return app


def _install_refusals(app: FastAPI, house: House) -> None:
    def answer_with(told: Told) -> Callable[..., Response]:
        def handler(request: Request, error: Any) -> Response:
            refusals, headers = told(error)
            return no_to(request, refusals, headers)

        return handler

    app.add_exception_handler(Refused, answer_with(lambda error: (error.refusals, None)))
    app.add_exception_handler(problems.ProblemRaised, answer_with(lambda error: (error.refusals, error.headers)))
    app.add_exception_handler(
        ReportsAreBehind, answer_with(lambda _: ([rules.ReportsAreBehind()], {"Retry-After": "1"}))
    )
    app.add_exception_handler(Untrusted, answer_with(lambda error: ([rules_identity.not_believed(error)], None)))
    app.add_exception_handler(
        ProviderIsAway, answer_with(lambda error: ([rules_identity.provider_is_silent(error)], None))
    )
    app.add_exception_handler(RequestValidationError, answer_with(lambda error: (_judged(error), None)))
    for kind, rule_of in house.known_errors.items():
        app.add_exception_handler(kind, answer_with(_told_by(rule_of)))
    app.add_exception_handler(HTTPException, _plain_no)


Told = Callable[[Any], tuple[Sequence[Refusal], dict[str, str] | None]]


def _told_by(rule_of: Callable[[Any], Refusal]) -> Told:
    return lambda error: ([rule_of(error)], None)


def no_to(request: Request, refusals: Sequence[Refusal], headers: dict[str, str] | None = None) -> Response:
    """A no in the form that the caller reads: a page for a browser, else a problem document."""
    if not request.url.path.startswith(API) and "text/html" in request.headers.get("accept", ""):
        return pages.no(request, refusals, headers)
    return problems.answer(refusals, headers)


def _judged(error: RequestValidationError) -> list[Refusal]:
    """What FastAPI found wrong, as rules."""
    faults = error.errors()
    if all(fault["loc"][0] == "body" for fault in faults):
        return list(field_refusals(faults))
    return [
        rules.ParameterIsOtherwise(
            phrase("ifylld på annat sätt"), kolumn=place(fault["loc"])[1], varde=shown(fault.get("input"))
        )
        for fault in faults
    ]


def _plain_no(request: Request, error: Any) -> Response:
    """What Starlette says no to by itself: unknown addresses and methods."""
    path = problems.shortened(request.url.path) or "/"
    refusal: Refusal
    if error.status_code == rules.MethodIsNotAllowed.status:
        allowed = (error.headers or {}).get("Allow", "GET")
        refusal = rules.MethodIsNotAllowed(request.method, allowed)
        return no_to(request, [refusal], {"Allow": allowed})
    if error.status_code == rules.AddressIsUnknown.status:
        return no_to(request, [rules.AddressIsUnknown(path)])
    return no_to(request, [rules.JsonIsUnreadable(str(error.detail))], error.headers)


class Incidents:
    """Catches what nobody expected: logs it under a number and answers with the number alone."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer through the application, or with an incident."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:
            incident = f"i-{secrets.token_hex(6)}"
            LOGGER.exception("incident %s: %s %s", incident, scope.get("method"), scope.get("path"))
            if scope["type"] != "http" or begun:
                raise
            await no_to(Request(scope), [rules.SomethingBroke(incident)])(scope, receive, send)
