"""All that knows who a caller is, over one ledger: the way of signing in, sessions, tokens, roles, the access log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from ledger.domain.language import phrase
from ledger.domain.roll import Caller
from ledger.identity.atkomst import AccessLog
from ledger.identity.machines import MACHINE, Machines
from ledger.identity.roller import Roll, Roller
from ledger.identity.sessions import Sessions
from ledger.identity.tables import Place, digest
from ledger.identity.tokens import ROLLER, Tokens
from ledger.identity.untrusted import Untrusted
from ledger.identity.uses import Uses
from ledger.recording.katalog import Katalog

if TYPE_CHECKING:
    from ledger.identity.oidc import Provider

#: How people come in: as whoever the settings name, as one of a few examples, or by an identity provider.
Auth = Literal["oppet", "demo", "oidc"]


@dataclass(frozen=True)
class Signing:
    """How people sign in. `address` is where browsers find the service, without a slash at its end."""

    auth: Auth = "oppet"
    address: str = ""
    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=10)

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the service by https."""
        return self.address.startswith("https://")

    @property
    def host(self) -> str:
        """The name in the address; blank where there is none."""
        return urlsplit(self.address).hostname or ""


@dataclass(frozen=True)
class Identity:
    """Everything of one ledger. `standing` is who calls in öppet läge; any thread may use it."""

    signing: Signing
    standing: Caller
    place: Place
    katalog: Katalog
    tokens: Tokens
    machines: Machines
    sessions: Sessions
    roller: Roller
    atkomst: AccessLog
    uses: Uses
    provider: Provider | None = None

    @staticmethod
    def open(
        url: str,
        katalog: Katalog,
        clock: Callable[[], datetime],
        *,
        standing: Caller,
        signing: Signing | None = None,
        provider: Provider | None = None,
    ) -> Identity:
        """Over the ledger at an address."""
        place, how = Place.at(url, clock), signing or Signing()
        sessions, tokens = Sessions(place, how.idle, how.longest), Tokens(place, katalog)
        return Identity(
            signing=how, standing=standing, place=place, katalog=katalog, tokens=tokens,
            machines=Machines(place), sessions=sessions,
            roller=Roller(place), atkomst=AccessLog(place), provider=provider,
            uses=Uses({"session": sessions.note_use, "token": tokens.note_use}),
        )  # fmt: skip

    def whole(self, caller: Caller) -> Caller:
        """A caller with the other pseudonyms of the same person."""
        return caller._replace(egna=self.machines.same_person(caller.actor))

    def person(self, claims: Mapping[str, Any], subject: str) -> str:
        """The pseudonym of who signed in, entered in the directory by name at the first time."""
        name = claims.get("name")
        user = claims.get("preferred_username") or claims.get("upn") or claims.get("email")
        shown = " ".join(
            part for part in (_short(name), f"({_short(user)})" if isinstance(user, str) and user else "") if part
        )
        return self.katalog.actor_of_subject(digest(subject), shown or "person utan namn")

    def machine(self, claims: Mapping[str, Any], subject: str) -> tuple[Caller, bool]:
        """Whoever a machine's token of the provider stands for, and whether anybody is responsible for it.

        Errors: Untrusted where it has no role.
        """
        given = self.roller.given(claims)
        allowed = [roll for roll in given.roller if roll.roll in ROLLER]
        if not allowed:
            msg = phrase(
                "Maskinen har ingen roll i liggaren som en maskin kan ha: be den som administrerar rolltabellen."
            )
            raise Untrusted(msg)
        roll: Roll = allowed[0]
        named = _short(claims.get("azp") or claims.get("appid") or claims.get("client_id") or "")
        actor = self.katalog.actor_of_subject(digest(subject), f"{MACHINE} {named}".strip())
        self.machines.note(actor, given.ansvariga)
        return self.whole(Caller(actor, roll.roll, roll.enheter, maskin=True)), bool(given.ansvariga)

    def close(self) -> None:
        """Let go of all connections."""
        self.uses.close()
        self.place.engine.dispose()


def _short(value: object) -> str:
    """A name as a provider gives it, in one line of a length that can be shown."""
    return "".join(c for c in value if c.isprintable()).strip()[:150] if isinstance(value, str) else ""
