"""A ledger behind sign-in, with a browser that keeps its cookies, and sessions of every role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2 as httpx

from ledger import main
from ledger.identity.identity import Auth, Identity, Signing
from ledger.identity.oidc import Client
from ledger.identity.oidc import Provider as Met
from ledger.identity.roller import Rad, Roll
from tests.identity.provider import CLIENT, MACHINES, SECRET, Provider
from tests.web import houses

ORG: Final = "https://id.oidc.se/claim/orgAffiliation"

TABLE: Final = (
    Rad("roles", "Budget.Ekonom", "ekonom", ("KS-A",)),
    Rad("roles", "Budget.Revisor", "revisor"),
    Rad("groups", "g-chefer", "attestant", ("KS",), "enhetschef KS-A"),
    Rad(ORG, "@2120000449", "lasare"),
    Rad("roles", "Budget.Admin", "admin"),
)


@dataclass
class Clock:
    """A clock that can be moved on."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Town:
    """A served ledger with its identity."""

    address: str
    opened: main.House
    identity: Identity
    clock: Clock

    def browser(self) -> httpx.Client:
        """A browser that has not been here."""
        return client(self.address, accept="text/html")

    def program(self, roll: str = "", *enheter: str) -> httpx.Client:
        """A program with the session of somebody in a role, or of nobody."""
        program = client(self.address)
        if roll:
            actor = self.opened.katalog.actor_for(f"Prov {roll}")
            program.cookies.set("liggare", self.identity.sessions.open(actor, [Roll(roll, enheter)]))
        return program


@contextmanager
def served(opened: main.House, auth: Auth, provider: Provider | None = None, **otherwise: Any) -> Iterator[Town]:
    """An opened ledger, served behind sign-in; `otherwise` changes what the edge is given."""
    clock, listener = Clock(), houses.listener()
    known = Client(provider.issuer, CLIENT, SECRET, audiences=(MACHINES,)) if provider else None
    signing = otherwise.pop("signing", None) or Signing(auth, f"http://127.0.0.1:{listener.getsockname()[1]}")
    identity = Identity.open(
        opened.settings.database, opened.katalog, clock, standing=opened.caller, signing=signing,
        provider=Met(known, clock) if known else None,
    )  # fmt: skip
    identity.roller.change(TABLE, "a-1")
    try:
        with houses.served(houses.edge_of(opened, identity=identity, **otherwise), listener) as address:
            yield Town(address, opened, identity, clock)
    finally:
        identity.close()


def client(address: str, **headers: str) -> httpx.Client:
    """A client of an address. It loads no certificates, which takes longer than most tests."""
    return httpx.Client(base_url=address, timeout=60, headers={"origin": address, **headers}, verify=False)


def elsewhere(address: str, **headers: str) -> httpx.Response:
    """The answer of an address to whoever has no cookies."""
    with client("", **headers) as nobody:
        return nobody.get(address)


def sign_in(browser: httpx.Client, sedan: str = "/") -> httpx.Response:
    """Go through signing in, from the first page to the answer on coming back."""
    begun = browser.get("/logga-in", params={"sedan": sedan})
    assert begun.status_code == 303, begun.text
    at_provider = elsewhere(begun.headers["location"])
    return browser.get(at_provider.headers["location"])
