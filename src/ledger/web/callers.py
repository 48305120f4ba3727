"""From where a request comes: what is asked of it before anybody looks at who sent it.

Guards: the service binds the loopback unless a proxy is vouched for, and a demonstration binds nothing else; it answers
to its own names (DNS rebinding); a command comes from its own pages or from a program (CSRF). Every answer carries the
headers that browsers need. Not here: who calls (entrance.py).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.domain.refusal import Refusal
from ledger.web import problems
from ledger.web.allowed import READING
from ledger.web.rules import HostIsUnknown, OriginIsForeign

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})

SECURITY: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}

#: Where browsers come by https, they come by nothing else for two years.
ONLY_HTTPS: Final = {"strict-transport-security": "max-age=63072000; includeSubDomains"}


class BindsBeyondLoopback(Exception):  # noqa: N818 - named as the broken rule
    """The service would be reachable from other machines without sign-in."""

    def __init__(self, host: str) -> None:
        """Say which address, and how to vouch for it."""
        super().__init__(
            f"Liggaren svarar själv bara på den egna maskinen, inte på {host}: ta bort LIGGARE_HOST, eller sätt "
            "LIGGARE_BAKOM_PROXY=ja om porten bara nås från den egna maskinen eller genom en proxy med TLS, och med "
            "inloggning om LIGGARE_AUTH är oppet."
        )


class DemoIsReachable(Exception):  # noqa: N818 - named as the broken rule
    """A demonstration, where anybody may be anybody, would be reachable from other machines."""

    def __init__(self, why: str) -> None:
        """Say which setting makes it so."""
        super().__init__(
            f"LIGGARE_AUTH=demo låter vem som helst bli vem som helst och startar bara på den egna maskinen: {why}."
        )


class CannotListen(Exception):  # noqa: N818 - named as what is so
    """The port is taken, or the address is not this machine's."""

    def __init__(self, host: str, port: int) -> None:
        """Say which, and how to choose another."""
        super().__init__(
            f"Porten {port} på {host} är upptagen eller får inte användas: välj en annan med LIGGARE_PORT "
            "(make demo PORT=8001)."
        )


def check_binding(host: str, *, bakom_proxy: bool) -> None:
    """Whether the service may listen on an address. Errors: BindsBeyondLoopback with a Swedish sentence."""
    if not bakom_proxy and not is_loopback(host):
        raise BindsBeyondLoopback(host)


def check_demo(host: str, *, bakom_proxy: bool, hosts: Iterable[str]) -> None:
    """Whether a demonstration can be reached from this machine alone. Errors: DemoIsReachable."""
    if not is_loopback(host):
        why = "ta bort LIGGARE_HOST"
        raise DemoIsReachable(why)
    if bakom_proxy:
        why = "ta bort LIGGARE_BAKOM_PROXY"
        raise DemoIsReachable(why)
    if not all(is_loopback(name) for name in hosts):
        why = "ta bort LIGGARE_VARDNAMN och LIGGARE_ADRESS"
        raise DemoIsReachable(why)


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Gate:
    """Stands before everything: judges where a request comes from and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = (), *, is_secure: bool = False) -> None:
        """Let requests to the loopback names and to `hosts` through; `is_secure` where browsers come by https."""
        self._app = app
        self._headers = SECURITY | (ONLY_HTTPS if is_secure else {})
        self._hosts = LOOPBACK | {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand the request on. A HEAD request is a GET whose body is dropped."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-cache")
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        app = self._app
        if (refusal := self._refusal(scope)) is not None:
            app = problems.answer([refusal])
        await app({**scope, "method": "GET"} if is_head else scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name(host) not in self._hosts:
            return HostIsUnknown(varde=problems.shortened(host))
        if scope["method"] in READING:
            return None
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return OriginIsForeign(varde=problems.shortened(headers.get("origin")))
        origin = headers.get("origin")
        if origin is not None and urlsplit_host(origin) != host.lower():
            return OriginIsForeign(varde=problems.shortened(origin))
        return None


def _name(host: str) -> str:
    """The name in a Host header, without port."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).lower()


def urlsplit_host(origin: str) -> str:
    """Host and port of an Origin header; blank for one that names none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
