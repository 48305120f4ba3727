"""The entrance: every request is asked who it is from, and whether they may, before anything answers it.

By turns: proof (a key, a session, or öppet läge) → how often → where the role may go → the form's field (CSRF) → how
long it takes → the access log. What is refused becomes a problem document or a page; a person who has not signed in is
sent to do so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Protocol
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.domain.language import phrase
from ledger.domain.refusal import Refusal
from ledger.identity.tables import digest
from ledger.identity.tokens import PREFIX
from ledger.identity.untrusted import ProviderIsAway, Untrusted
from ledger.web import allowed, form_guard, reading_log
from ledger.web import rules_identity as rules
from ledger.web.house import House
from ledger.web.limits import MOST_AT_ONCE, MOST_TRIES, Patience, Rate
from ledger.web.problems import shortened
from ledger.web.rules import OriginIsForeign
from ledger.web.visitor import UNDER_WAY, Visitor

#: A use is noted again when so much time has gone.
NOTED_AGAIN: Final = timedelta(minutes=1)

SIGN_IN: Final = "/logga-in"


class Answer(Protocol):
    """How a no is told, as a page or a problem document."""

    def __call__(
        self, request: Request, refusals: Sequence[Refusal], headers: dict[str, str] | None = None
    ) -> Response:
        """The no."""


def cookie_name(*, secure: bool) -> str:
    """What the browser keeps the session under. The prefix makes it refuse the cookie from any other host."""
    return "__Host-liggare" if secure else "liggare"


class Entrance:
    """Stands before the application, behind the gate."""

    def __init__(self, app: ASGIApp, house: House, answer: Answer) -> None:
        """Let in whom the house's identity knows."""
        self._app = app
        self._house = house
        self._answer = answer
        self._identity = house.identity
        self._rate = Rate(house.per_minute)
        self._tries = Rate(MOST_TRIES if house.per_minute else 0)
        self._patience = Patience(house.patience)
        self._cookie = cookie_name(secure=house.identity.signing.is_secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand the request on with its visitor."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            visitor = await self._visitor(scope)
        except Untrusted as error:
            await self._refused_proof(rules.not_believed(error), scope, receive, send)
            return
        except ProviderIsAway as error:
            await self._no(rules.provider_is_silent(error), scope, receive, send)
            return
        except tuple(self._house.known_errors) as error:
            # The handlers of the application stand further in.
            rule_of = next(rule for kind, rule in self._house.known_errors.items() if isinstance(error, kind))
            await self._no(rule_of(error), scope, receive, send)
            return
        token = UNDER_WAY.set(visitor)
        try:
            await self._let_in(visitor, scope, receive, send)
        finally:
            UNDER_WAY.reset(token)

    # ---------------------------------------------------------------- who it is

    async def _visitor(self, scope: Scope) -> Visitor | None:
        """Who it is, by the proof that is shown. Errors: Untrusted, ProviderIsAway."""
        headers = Headers(scope=scope)
        shown = headers.get("authorization")
        if shown is not None:
            return await run_in_threadpool(self._by_proof, shown)
        if self._identity.signing.auth == "oppet":
            standing = self._identity.standing
            if scope["method"] not in allowed.READING:
                standing = await run_in_threadpool(self._identity.whole, standing)
            return Visitor(standing, "oppet", "oppet")
        key = cookie_parser(headers.get("cookie", "")).get(self._cookie)
        if key and not scope["path"].startswith("/static/"):
            return await run_in_threadpool(self._by_session, key)
        return None

    def _by_proof(self, shown: str) -> Visitor:
        scheme, _, proof = shown.partition(" ")
        proof = proof.strip()
        if scheme.lower() != "bearer" or not proof:
            raise Untrusted(_SCHEME)
        if proof.startswith(f"{PREFIX}_") or self._identity.provider is None:
            found = self._identity.tokens.find(proof)
            self._identity.uses.note("token", found.id, self._identity.place.now())
            return Visitor(self._identity.whole(found.caller), "nyckel", found.id, only_reads=not found.skriver)
        claims, subject = self._identity.provider.machine(proof)
        caller, is_owned = self._identity.machine(claims, subject)
        return Visitor(caller, "nyckel", digest(subject), only_reads=not is_owned)

    def _by_session(self, key: str) -> Visitor | None:
        found = self._identity.sessions.find(key)
        if found is None:
            return None
        now = self._identity.place.clock()
        if now - found.anvand >= NOTED_AGAIN:
            self._identity.uses.note("session", found.key, self._identity.place.now())
        caller = self._identity.whole(found.caller)
        return Visitor(caller, "session", found.key, csrf=found.csrf, roller=found.roller)

    # ---------------------------------------------------------------- whether they may

    async def _let_in(self, visitor: Visitor | None, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if wait := self._wait(visitor, scope):
            limit = MOST_TRIES if allowed.begins(path, SIGN_IN) else self._rate.per_minute
            await self._no(rules.TooManyRequests(limit, wait), scope, receive, send, {"Retry-After": str(wait)})
            return
        if visitor is None and not allowed.is_public(path):
            await self._ask_to_sign_in(scope, receive, send)
            return
        if visitor is not None and (refusal := self._refusal(visitor, method, path, Headers(scope=scope))) is not None:
            await self._no(refusal, scope, receive, send)
            return
        if visitor is not None and visitor.how == "session" and method not in allowed.READING:
            opened = await self._open_form(visitor, scope, receive)
            if opened is None:
                await self._no(rules.FormIsStale(), scope, receive, send)
                return
            receive = opened
        await self._answered(visitor, scope, receive, send)

    def _wait(self, visitor: Visitor | None, scope: Scope) -> int:
        """Seconds until there is room for another request; 0 where there is now."""
        if allowed.begins(scope["path"], SIGN_IN):
            return self._tries.wait(self._address(scope))
        if scope["path"].startswith("/static/") or (visitor is not None and visitor.how == "oppet"):
            return 0
        return self._rate.wait(visitor.key if visitor else self._address(scope))

    def _refusal(self, visitor: Visitor, method: str, path: str, headers: Headers) -> Refusal | None:
        if allowed.is_public(path):
            return None
        if visitor.only_reads and method not in allowed.READING:
            return rules.KeyOnlyReads()
        if visitor.how == "oppet" and not allowed.is_guarded_when_open(path):
            return None
        if visitor.how == "session" and method not in allowed.READING and not _says_where_from(headers):
            return OriginIsForeign()
        return allowed.refusal(method, path, visitor.caller.roll)

    async def _open_form(self, visitor: Visitor, scope: Scope, receive: Receive) -> Receive | None:
        """The body, once its field is found; None for a form without it. What no form can send needs none."""
        return await form_guard.opened(scope, receive, visitor.csrf) if form_guard.is_form(scope) else receive

    async def _ask_to_sign_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        is_page = "text/html" in headers.get("accept", "") and not scope["path"].startswith("/api/")
        if is_page and scope["method"] in allowed.READING and self._identity.signing.auth != "oppet":
            query = scope["query_string"].decode("latin-1")
            back = f"{scope['path']}?{query}" if query else scope["path"]
            await RedirectResponse(f"{SIGN_IN}?{urlencode({'sedan': back})}", 303)(scope, receive, send)
            return
        await self._no(rules.NobodyIsSignedIn(), scope, receive, send, {"WWW-Authenticate": "Bearer"})

    async def _refused_proof(self, refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
        """A proof that is not believed, counted so that nobody tries for ever."""
        if wait := self._tries.wait(self._address(scope)):
            refused = rules.TooManyRequests(MOST_TRIES, wait)
            await self._no(refused, scope, receive, send, {"Retry-After": str(wait)})
            return
        await self._no(refusal, scope, receive, send, {"WWW-Authenticate": 'Bearer error="invalid_token"'})

    # ---------------------------------------------------------------- the answer

    async def _answered(self, visitor: Visitor | None, scope: Scope, receive: Receive, send: Send) -> None:
        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                if visitor is not None and (vad := reading_log.what(scope, visitor, message)) is not None:
                    await run_in_threadpool(reading_log.note, self._house, visitor, vad, scope, message)
                if visitor is None or visitor.how != "oppet":
                    MutableHeaders(scope=message).add_vary_header("Cookie, Authorization")
            await send(message)

        if visitor is None or scope["method"] not in allowed.READING or scope["path"].startswith("/static/"):
            await self._app(scope, receive, noted)
            return
        if visitor.how != "oppet" and self._patience.is_full(visitor.key):
            await self._no(rules.TooManyAtOnce(MOST_AT_ONCE), scope, receive, send, {"Retry-After": "1"})
            return
        late = self._saying(rules.AnswerTookTooLong(self._patience.seconds), {"Retry-After": "60"})
        await self._patience.run(visitor.key, self._app, scope, receive, noted, late)

    def _saying(self, refusal: Refusal, headers: dict[str, str] | None = None) -> ASGIApp:
        async def said(scope: Scope, receive: Receive, send: Send) -> None:
            answer = await run_in_threadpool(lambda: self._answer(Request(scope), [refusal], headers))
            await answer(scope, receive, send)

        return said

    async def _no(
        self, refusal: Refusal, scope: Scope, receive: Receive, send: Send, headers: dict[str, str] | None = None
    ) -> None:
        await self._saying(refusal, headers)(scope, receive, send)

    def _address(self, scope: Scope) -> str:
        """Where a request comes from: what the nearest proxy says, where there is one that is vouched for."""
        # Whoever asks may write the header too; the nearest proxy adds its own last.
        said = Headers(scope=scope).getlist("x-forwarded-for") if self._house.behind_proxy else []
        nearest = said[-1].rpartition(",")[2].strip() if said else ""
        client = scope.get("client") or ("", 0)
        return shortened(nearest, 60) or client[0]


def _says_where_from(headers: Headers) -> bool:
    """Whether a browser says which page a request comes from; the gate has judged what it says."""
    return "origin" in headers or "sec-fetch-site" in headers


_SCHEME: Final = phrase("Huvudet Authorization går inte att läsa: skriv Bearer och nyckeln efter.")
