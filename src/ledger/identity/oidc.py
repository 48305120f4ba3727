"""An OpenID provider as the ledger meets it: discovery, keys that are renewed, sign-in by code with PKCE, sign-out.

Rule: OpenID Connect Core 1.0 and Discovery 1.0, RFC 7636, RFC 9700. Errors: Untrusted for what is not believed,
ProviderIsAway for a provider that does not answer or says something else than it should.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ledger.domain.language import phrase
from ledger.identity import proofs
from ledger.identity.untrusted import ProviderIsAway, Untrusted

#: Seconds to wait for the provider.
PATIENCE: Final = 10

#: How long what the provider says of itself is used, and how soon an unknown key may make us ask again.
LASTS: Final = timedelta(hours=1)
PAUSE: Final = timedelta(minutes=1)

#: How long a provider that did not answer is not asked, so that those who wait for it do not block all others; and how
#: long we do with what it said before.
REST: Final = timedelta(seconds=15)
STALE: Final = timedelta(days=1)

#: Bytes that the provider's documents may be.
LARGEST: Final = 1_000_000

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Client:
    """Who we are to the provider. `secret` is blank for a public client, `audiences` are those of machines' tokens."""

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    scope: str = "openid profile"
    person: str = "sub"
    audiences: tuple[str, ...] = ()


@dataclass
class _Known:
    """What the provider said of itself, and when."""

    said: dict[str, Any]
    keys: list[proofs.Key]
    at: datetime
    keys_at: datetime


class Provider:
    """One provider. Any thread may use it; it is first asked when somebody signs in."""

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        """Be a client of it."""
        self.client = client
        self._clock = clock
        self._known: _Known | None = None
        self._away: datetime | None = None
        self._lock = threading.Lock()

    # ---------------------------------------------------------------- sign-in

    def sign_in_address(self, *, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where a person goes to sign in."""
        said = self._said()
        with self._session(back) as session:
            address, _ = session.create_authorization_url(
                said["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce
            )
        return str(address)

    def redeem(self, code: str, *, back: str, verifier: str, nonce: str) -> tuple[dict[str, Any], str]:
        """What the provider says of who signed in, and the id token that says it. A code is good once."""
        said = self._said()
        try:
            with self._session(back, said) as session:
                answer = session.fetch_token(
                    said["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier,
                    redirect_uri=back, timeout=PATIENCE, allow_redirects=False,
                )  # fmt: skip
        except OAuthError as error:
            raise Untrusted(_CODE_REFUSED) from error
        except (requests.RequestException, ValueError) as error:
            raise ProviderIsAway(_AWAY) from error
        token = answer.get("id_token") if isinstance(answer, Mapping) else None
        if not isinstance(token, str):
            raise Untrusted(_CODE_REFUSED)
        claims = self.believed(token, (self.client.client_id,))
        proofs.check_sign_in(claims, nonce=nonce, client=self.client.client_id)
        return claims, token

    def sign_out_address(self, *, id_token: str, back: str) -> str | None:
        """Where a person goes to sign out of the provider as well; None where the provider knows no such place."""
        address = self._said().get("end_session_endpoint")
        if not isinstance(address, str) or not is_private(address):
            return None
        asked = {"id_token_hint": id_token, "client_id": self.client.client_id, "post_logout_redirect_uri": back}
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    # ---------------------------------------------------------------- tokens

    def believed(self, token: str, audiences: tuple[str, ...]) -> dict[str, Any]:
        """What a token of the provider says. A key that is not known makes us ask for the keys again."""
        kid = proofs.key_id(token)
        key = proofs.chosen(self._keys(), kid) or proofs.chosen(self._keys(anew=True), kid)
        if key is None:
            raise proofs.untrusted(proofs.Why.UNKNOWN_KEY)
        return proofs.claims_of(token, key, issuer=self.client.issuer, audiences=audiences, clock=self._clock)

    def machine(self, token: str) -> tuple[dict[str, Any], str]:
        """What the access token of a machine (client credentials) says, and which it is. An id token is none."""
        if not self.client.audiences:
            raise Untrusted(_NO_MACHINES)
        claims = self.believed(token, self.client.audiences)
        if "nonce" in claims or "scp" in claims:
            raise proofs.untrusted(proofs.Why.PERSON)
        return claims, f"{self.client.issuer}\nsub\n{claims['sub']}"

    def subject(self, claims: Mapping[str, Any]) -> str:
        """Who somebody is for ever, at this provider: the claim that the settings name. Errors: Untrusted."""
        value = claims.get(self.client.person)
        if not isinstance(value, str) or not value:
            msg = phrase(
                "Inloggningstjänsten säger inte vem det är (uppgiften {claim} saknas): säg till driften.",
                claim=self.client.person,
            )
            raise Untrusted(msg)
        return f"{self.client.issuer}\n{self.client.person}\n{value}"

    # ---------------------------------------------------------------- what the provider says of itself

    def _said(self) -> dict[str, Any]:
        with self._lock:
            return self._fresh().said

    def _keys(self, *, anew: bool = False) -> list[proofs.Key]:
        with self._lock:
            known = self._fresh()
            if anew and self._clock() - known.keys_at >= PAUSE:
                known.keys_at = self._clock()
                known.keys = self._fetch_keys(known.said)
            return known.keys

    def _fresh(self) -> _Known:
        now = self._clock()
        if self._known is not None and now - self._known.at < LASTS:
            return self._known
        known = self._known if self._known is not None and now - self._known.at < STALE else None
        if self._away is not None and timedelta() <= now - self._away < REST:
            if known is None:
                raise ProviderIsAway(_AWAY)
            return known
        try:
            said = self._fetch(f"{self.client.issuer.rstrip('/')}/.well-known/openid-configuration")
            self._check(said)
            self._known = _Known(said, self._fetch_keys(said), now, now - PAUSE)
        except ProviderIsAway:
            self._away = now
            if known is None:
                raise
            return known
        return self._known

    def _check(self, said: Mapping[str, Any]) -> None:
        if said.get("issuer") != self.client.issuer:
            msg = phrase(
                "Inloggningstjänsten {issuer} säger sig vara en annan: rätta LIGGARE_OIDC_ISSUER.",
                issuer=self.client.issuer,
            )
            raise ProviderIsAway(msg)
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(said.get(name), str) or not is_private(said[name]):
                msg = phrase(
                    "Inloggningstjänsten har ingen säker adress för {name}: kontrollera LIGGARE_OIDC_ISSUER.", name=name
                )
                raise ProviderIsAway(msg)

    def _fetch_keys(self, said: Mapping[str, Any]) -> list[proofs.Key]:
        document = self._fetch(said["jwks_uri"])
        try:
            return proofs.usable_keys(KeySet.import_key_set({"keys": document["keys"]}))
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise ProviderIsAway(_AWAY) from error

    def _fetch(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, timeout=PATIENCE, allow_redirects=False)
            answer.raise_for_status()
            document = answer.json() if len(answer.content) <= LARGEST else None
        except (requests.RequestException, ValueError) as error:
            raise ProviderIsAway(_AWAY) from error
        if not isinstance(document, dict):
            raise ProviderIsAway(_AWAY)
        return document

    def _session(self, back: str, said: Mapping[str, Any] | None = None) -> OAuth2Session:
        known = (said or {}).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        # In a body a secret may hold any character; of headers, providers disagree.
        method = "client_secret_post" if "client_secret_post" in known else "client_secret_basic"
        return OAuth2Session(
            self.client.client_id, self.client.secret or None, scope=self.client.scope, redirect_uri=back,
            token_endpoint_auth_method=method if self.client.secret else "none", code_challenge_method="S256",
        )  # fmt: skip


def is_private(address: str) -> bool:
    """Whether nobody on the way can read what is sent to an address: https, or this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


_AWAY: Final = phrase(
    "Inloggningstjänsten svarar inte som den ska: försök igen om en stund, och säg till driften om det fortsätter."
)
_CODE_REFUSED: Final = phrase("Inloggningstjänsten godtog inte inloggningen: logga in igen.")
_NO_MACHINES: Final = phrase(
    "Liggaren tar inte emot inloggningstjänstens bevis från maskiner: använd en nyckel, eller be driften sätta "
    "LIGGARE_OIDC_AUDIENCE."
)
