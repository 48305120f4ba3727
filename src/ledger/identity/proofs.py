"""Whether a signed token (JWT) is what it says: signature, algorithm, issuer, audience and time.

Guards: only asymmetric algorithms, so that nobody signs with the public key; the key is chosen by its id, never at
random; a minute of difference between clocks is let pass. Errors: Untrusted, never a traceback.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from ledger.domain.language import N_, phrase
from ledger.identity.untrusted import Untrusted

ALGORITHMS: Final = ("RS256", "PS256", "ES256")

#: Seconds that clocks may differ.
LEEWAY: Final = 60

#: Characters of a token at most; those of people in many groups are a few thousand.
LONGEST: Final = 32_000

#: What stands between header, claims and signature.
DOTS: Final = 2

Key = RSAKey | ECKey

NOT_BELIEVED: Final = N_("Beviset från inloggningstjänsten går inte att lita på ({why}): logga in igen.")
TOO_OLD: Final = phrase("Beviset från inloggningstjänsten har slutat gälla: logga in igen.")


class Why(StrEnum):
    """Why a token is not believed, within the sentence."""

    FORM = N_("det har inte formen av ett signerat bevis")
    UNREADABLE = N_("det går inte att läsa")
    ALGORITHM = N_("det är inte signerat på ett tillåtet sätt")
    SIGNATURE = N_("signaturen eller innehållet stämmer inte")
    OTHER_SIGN_IN = N_("det hör till en annan inloggning")
    OTHER_PROGRAM = N_("det är utställt till ett annat program")
    UNKNOWN_KEY = N_("det är signerat med en okänd nyckel")
    PERSON = N_("det är en persons inloggning, inte en maskins")
    CLAIM = N_("uppgiften {claim} stämmer inte")


def untrusted(why: Why, claim: object = "") -> Untrusted:
    """A token that is not believed, with the reason."""
    return Untrusted(phrase(NOT_BELIEVED, why=phrase(why.value, claim=claim)))


def usable_keys(keys: KeySet) -> list[Key]:
    """The public keys that signatures can be tried with: no shared secrets, no keys for encryption."""
    return [key for key in keys if isinstance(key, RSAKey | ECKey) and key.get("use") in {None, "sig"}]


def key_id(token: str) -> str | None:
    """The id of the key that a token says it is signed with. Errors: Untrusted for what is no signed token."""
    if len(token) > LONGEST or not token.isascii() or token.count(".") != DOTS:
        raise untrusted(Why.FORM)
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise untrusted(Why.UNREADABLE) from error
    if header.get("alg") not in ALGORITHMS:
        raise untrusted(Why.ALGORITHM)
    kid = header.get("kid")
    return kid if isinstance(kid, str) else None


def chosen(keys: Sequence[Key], kid: str | None) -> Key | None:
    """The key of an id; the only key, where the token names none; None where it is not known."""
    if kid is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.get("kid") == kid), None)


def claims_of(
    token: str, key: Key, *, issuer: str, audiences: Sequence[str], clock: Callable[[], datetime]
) -> dict[str, Any]:
    """What a token says, once it is found true. Errors: Untrusted."""
    try:
        alg = key.get("alg")
        found = jwt.decode(token, key, algorithms=[str(alg)] if alg in ALGORITHMS else list(ALGORITHMS))
        _registry(issuer, audiences, clock).validate(found.claims)
    except ExpiredTokenError as error:
        raise Untrusted(TOO_OLD) from error
    except InvalidClaimError as error:
        raise untrusted(Why.CLAIM, error.claim) from error
    except (JoseError, ValueError, TypeError) as error:
        raise untrusted(Why.SIGNATURE) from error
    return dict(found.claims)


def check_sign_in(claims: dict[str, Any], *, nonce: str, client: str) -> None:
    """Whether an id token answers this very sign-in of this client. Errors: Untrusted."""
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise untrusted(Why.OTHER_SIGN_IN)
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client:
        raise untrusted(Why.OTHER_PROGRAM)


def _registry(issuer: str, audiences: Sequence[str], clock: Callable[[], datetime]) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=lambda: int(clock().timestamp()), leeway=LEEWAY,
        iss={"essential": True, "value": issuer}, aud={"essential": True, "values": list(audiences)},
        sub={"essential": True}, exp={"essential": True}, iat={"essential": True},
    )  # fmt: skip
