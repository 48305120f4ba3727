"""An OpenID provider of the tests: real keys, real codes and real HTTP, and a few ways of doing wrong.

People do not type passwords here: whoever comes to the authorization address is the `person` at once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

Key = RSAKey | ECKey
Claims = dict[str, Any]

CLIENT: Final = "liggare"
SECRET: Final = "mycket-hemligt-för-prov"  # noqa: S105 - the provider of the tests knows it
MACHINES: Final = "api://liggare"


def rsa(kid: str = "k1") -> RSAKey:
    """A new key for RS256 and PS256."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


def as_it_should_be(claims: Claims) -> Claims:
    """The claims, unaltered."""
    return claims


@dataclass
class Provider:
    """What the provider knows. `change` alters the claims of an id token, `signed` replaces how it is signed."""

    issuer: str = ""
    keys: list[Key] = field(default_factory=lambda: [rsa()])
    person: Claims = field(default_factory=dict)
    change: Callable[[Claims], Claims] = as_it_should_be
    signed: Callable[[Claims], str] | None = None
    said: Claims = field(default_factory=dict)
    is_down: bool = False
    asked: list[str] = field(default_factory=list)
    last_token: str = ""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign(self, claims: Claims, *, alg: str = "RS256", key: Key | None = None, kid: str | None = None) -> str:
        """A token over claims."""
        used = key or self.keys[0]
        header = {"alg": alg, "kid": kid or str(used.get("kid"))}
        return jwt.encode(header, claims, used, algorithms=[alg])

    def claims(self, **more: Any) -> Claims:
        """Claims of a token that is as it should be."""
        now = int(time.time())
        return {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "sub": "s-1", **more}

    def machine(self, **more: Any) -> str:
        """The access token of a machine, by client credentials."""
        return self.sign(self.claims(**{"aud": MACHINES, "sub": "maskin-1", "azp": "maskin-1", **more}))

    # ---------------------------------------------------------------- what is answered

    def described(self) -> Claims:
        """The discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/logout",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            **self.said,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the person is sent back to, with a code."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def redeem(self, sent: dict[str, str]) -> tuple[int, Claims]:
        """An id token for a code, once."""
        begun = self._codes.pop(sent.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        is_right = (
            begun is not None
            and (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)
            and sent.get("grant_type") == "authorization_code"
            and begun["code_challenge_method"] == "S256"
            and begun["code_challenge"] == challenge.rstrip(b"=").decode()
            and begun["redirect_uri"] == sent.get("redirect_uri")
            and begun["response_type"] == "code"
        )
        if begun is None or not is_right:
            return 400, {"error": "invalid_grant"}
        claims = self.change(self.claims(nonce=begun["nonce"], **self.person))
        self.last_token = self.signed(claims) if self.signed else self.sign(claims)
        return 200, {"access_token": "till-inget", "token_type": "Bearer", "id_token": self.last_token}


@contextmanager
def running() -> Iterator[Provider]:
    """A provider on a port of its own."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if provider.is_down:
                self._send(500, {})
            elif parts.path == "/.well-known/openid-configuration":
                self._send(200, provider.described())
            elif parts.path == "/keys":
                self._send(200, {"keys": [key.as_dict(private=False) for key in provider.keys]})
            elif parts.path == "/authorize":
                self._send(303, {}, provider.authorize(asked))
            else:
                self._send(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(*(500, {}) if provider.is_down else provider.redeem(sent))

        def _send(self, status: int, body: Claims, location: str = "") -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            if location:
                self.send_header("location", location)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
