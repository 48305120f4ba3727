"""The language of pages: Swedish, or English where the reader or the browser wants it.

A choice is kept in a cookie; without one the browser's `Accept-Language` says. Only pages are asked about: what
programs read, files and JSON, is Swedish always. Figures and dates are written the Swedish way in both languages, so
that a figure can be cited.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final
from urllib.parse import quote, urlsplit

from fastapi import APIRouter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.domain.language import SWEDISH, Catalogue, speaking
from ledger.web import cookies
from ledger.web.allowed import READING
from ledger.web.forms import Chosen
from ledger.web.links import own_address

COOKIE: Final = "sprak"
A_YEAR: Final = 31_536_000

#: Every language by its code, and what it calls itself.
LANGUAGES: Final = {"sv": "Svenska", "en": "English"}

#: Where the page under way is read again.
AGAIN: Final[ContextVar[str]] = ContextVar("again", default="/")

#: Addresses that are never pages.
NO_PAGES: Final = ("/api/", "/static/")


@cache
def catalogue(code: str) -> Catalogue:
    """A language, read from its catalogues the first time."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - most readers need no catalogue, and no reader of them

    texts: dict[str, str] = {}
    plurals: dict[str, tuple[str, str]] = {}
    for file in (files("ledger") / "translations" / code).iterdir():
        with file.open("rb") as lines:
            for message in read_po(lines, locale=code):
                match message.id, message.string:
                    case [str(sentence), _], [str(one), str(many)] if one and many:
                        plurals[sentence] = one, many
                    case str(sentence), str(said) if sentence and said:
                        texts[sentence] = said
    return Catalogue(code, texts, plurals)


@lru_cache(maxsize=1024)
def preferred(accepted: str) -> str:
    """The language that a browser wants: English where it is named and wanted more than Swedish."""
    wanted: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, quality = part.partition(";")
        stem = name.strip().partition("-")[0]
        wanted[stem] = max(wanted.get(stem, 0), _quality(quality))
    swedish = wanted.get("sv", wanted.get("*", 0))
    return "en" if wanted.get("en", 0) > swedish else "sv"


def _quality(text: str) -> float:
    """`q=0.8`; 1 where nothing is said, 0 where it cannot be read."""
    name, _, value = text.partition("=")
    if not name.strip():
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def wanted(scope: Scope) -> str:
    """The language of the answer to a request."""
    headers = Headers(scope=scope)
    accepts = headers.get("accept", "")
    if scope["path"].startswith(NO_PAGES) or ("json" in accepts and "text/html" not in accepts):
        return "sv"
    chosen = cookie_parser(headers.get("cookie", "")).get(COOKIE)
    return chosen if chosen in LANGUAGES else preferred(headers.get("accept-language", ""))


def address(scope: Scope) -> str:
    """Where the page of a request is read again: its own address, or that of the page that sent the form."""
    if scope["method"] not in READING:
        headers = Headers(scope=scope)
        try:
            sent_from = urlsplit(headers.get("referer", ""))
        except ValueError:
            # What cannot be read is none of the house's own.
            return "/"
        given = sent_from._replace(scheme="", netloc="", fragment="").geturl()
        return own_address(given) if sent_from.netloc == headers.get("host") else "/"
    query = scope["query_string"].decode("latin-1")
    return own_address(f"{quote(scope['path'])}?{query}" if query else quote(scope["path"]))


class Interpreter:
    """Stands before the application: speaks the language of each request, and says on pages which it is."""

    def __init__(self, app: ASGIApp) -> None:
        """Speak for an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        code = wanted(scope)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["content-language"] = code
                    headers.add_vary_header("Accept-Language")
                    if "cookie" not in headers["vary"].lower():
                        headers.add_vary_header("Cookie")
            await send(message)

        token = AGAIN.set(address(scope))
        try:
            with speaking(SWEDISH if code == SWEDISH.code else catalogue(code)):
                await self._app(scope, receive, told)
        finally:
            AGAIN.reset(token)


def router(*, is_secure: bool) -> APIRouter:
    """/sprak: the choice, kept by the browser."""
    pages = APIRouter(include_in_schema=False)

    @pages.post("/sprak")
    def choose(sent: Chosen) -> Response:
        answer = RedirectResponse(own_address(sent.get("sedan", "/")), 303)
        chosen = sent.get("vald", "")
        if chosen in LANGUAGES:
            cookies.keep(answer, COOKIE, chosen, A_YEAR, is_secure=is_secure)
        return answer

    return pages
