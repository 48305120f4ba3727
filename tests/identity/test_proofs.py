"""Tokens that are not believed: wrongly signed, by another, for another, too old or of another sign-in."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from sqlalchemy.exc import OperationalError

from ledger.identity.oidc import Client
from ledger.identity.oidc import Provider as Met
from ledger.identity.untrusted import ProviderIsAway
from tests.identity.provider import CLIENT, SECRET, Claims, Provider, rsa
from tests.identity.town import Clock, Town, elsewhere, sign_in


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def tampered(provider: Provider) -> Callable[[Claims], str]:
    def sign(claims: Claims) -> str:
        header, _, signature = provider.sign(claims).split(".")
        return f"{header}.{part({**claims, 'roles': ['Budget.Admin']})}.{signature}"

    return sign


def with_public_key(provider: Provider) -> Callable[[Claims], str]:
    pem: bytes = provider.keys[0].as_pem(private=False)

    def sign(claims: Claims) -> str:
        # The library refuses a public key as a shared secret, so that is signed by hand.
        head = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(claims)}"
        signature = hmac.digest(pem, head.encode(), "sha256")
        return f"{head}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    return sign


def shared_secret(_provider: Provider) -> Callable[[Claims], str]:
    key = OctKey.import_key(SECRET)
    return lambda claims: jwt.encode({"alg": "HS256", "kid": "k1"}, claims, key, algorithms=["HS256"])


SIGNED: dict[str, Callable[[Provider], Callable[[Claims], str]]] = {
    "tampered": tampered,
    "alg-none": lambda _: lambda claims: f"{part({'alg': 'none', 'kid': 'k1'})}.{part(claims)}.",
    "alg-none-signed-elsewhere": lambda _: lambda claims: f"{part({'alg': 'None'})}.{part(claims)}.x",
    "hs256-with-the-public-key": with_public_key,
    "hs256-with-the-secret": shared_secret,
    "rs512": lambda p: lambda claims: p.sign(claims, alg="RS512"),
    "another-key-of-the-same-id": lambda p: lambda claims: p.sign(claims, key=rsa("k1")),
    "an-unknown-key": lambda p: lambda claims: p.sign(claims, key=rsa("k9")),
    "no-token": lambda _: lambda _: "inget bevis",
    "no-json": lambda _: lambda _: "a.b.c",
    "enormous": lambda p: lambda claims: p.sign({**claims, "groups": ["x" * 40] * 1000}),
}  # fmt: skip

CHANGED: dict[str, dict[str, Any]] = {
    "expired": {"exp": -61},
    "from-the-future": {"iat": 120},
    "not-yet": {"nbf": 120},
    "another-issuer": {"iss": "https://annan.example"},
    "an-issuer-that-begins-the-same": {"iss": "http://127.0.0.1"},
    "another-audience": {"aud": "annat-program"},
    "no-audience": {"aud": None},
    "several-audiences-without-azp": {"aud": [CLIENT, "annat-program"]},
    "made-for-another": {"azp": "annat-program"},
    "another-nonce": {"nonce": "x"},
    "no-nonce": {"nonce": None},
    "no-expiry": {"exp": None},
    "expiry-as-text": {"exp": "9999999999"},
    "no-subject": {"sub": None},
}  # fmt: skip


@pytest.mark.parametrize("how", SIGNED)
def test_a_token_that_is_not_signed_as_it_should_is_not_believed(town: Town, provider: Provider, how: str) -> None:
    provider.signed = SIGNED[how](provider)
    with town.browser() as browser:
        answer = sign_in(browser)
        assert (answer.status_code, "liggare" in browser.cookies) == (401, False)
        assert "Traceback" not in answer.text
        assert browser.get("/api/v1/jag").status_code == 401


@pytest.mark.parametrize("how", CHANGED)
def test_a_token_that_says_something_else_is_not_believed(town: Town, provider: Provider, how: str) -> None:
    def change(claims: Claims) -> Claims:
        now = int(time.time())
        moved = {k: now + v if isinstance(v, int) else v for k, v in CHANGED[how].items()}
        return {name: value for name, value in {**claims, **moved}.items() if value is not None}

    provider.change = change
    with town.browser() as browser:
        assert (sign_in(browser).status_code, "liggare" in browser.cookies) == (401, False)


def test_clocks_may_differ_by_a_minute(town: Town, provider: Provider) -> None:
    now = int(time.time())
    for change in ({"exp": now - 50}, {"iat": now + 50}, {"nbf": now + 50}):
        provider.change = lambda claims, change=change: {**claims, **change}  # type: ignore[misc]
        with town.browser() as browser:
            assert sign_in(browser).status_code == 303


def test_keys_are_renewed_and_of_two_kinds(town: Town, provider: Provider) -> None:
    with town.browser() as browser:
        sign_in(browser)
    new = ECKey.generate_key("P-256", {"kid": "k2", "use": "sig"})
    provider.keys = [*provider.keys, new]
    provider.signed = lambda claims: provider.sign(claims, alg="ES256", key=new)
    town.clock.ahead = timedelta(minutes=2)
    provider.change = lambda claims: {**claims, "exp": claims["exp"] + 300}
    provider.asked.clear()
    with town.browser() as browser:
        answers = [sign_in(browser).status_code for _ in range(3)]

    assert answers == [303, 303, 303]
    assert provider.asked.count("/keys") == 1


def test_a_provider_that_says_it_is_another_or_has_no_safe_addresses_is_not_used(provider: Provider) -> None:
    for wrong in (
        {"issuer": "https://annan.example"}, {"token_endpoint": "http://annan.example/token"}, {"jwks_uri": None},
    ):  # fmt: skip
        provider.said = wrong
        met = Met(Client(provider.issuer, CLIENT), Clock())
        with pytest.raises(ProviderIsAway, match="LIGGARE_OIDC_ISSUER"):
            met.sign_in_address(back="http://x/", state="s", nonce="n", verifier="v" * 43)


def test_a_provider_that_is_away_is_asked_again_after_a_rest(provider: Provider) -> None:
    clock = Clock()
    met = Met(Client(provider.issuer, CLIENT), clock)
    asked: dict[str, Any] = {"back": "http://x/", "state": "s", "nonce": "n", "verifier": "v" * 43}
    provider.is_down = True
    for _ in range(3):
        with pytest.raises(ProviderIsAway, match="svarar inte"):
            met.sign_in_address(**asked)
    tried = len(provider.asked)
    provider.is_down = False
    clock.ahead = timedelta(seconds=16)
    there = met.sign_in_address(**asked)
    provider.is_down = True
    clock.ahead = timedelta(hours=2)
    still_known = met.sign_in_address(**asked)
    clock.ahead = timedelta(days=2)
    with pytest.raises(ProviderIsAway):
        met.sign_in_address(**asked)

    assert tried == 1
    assert there == still_known


def test_a_provider_that_goes_away_while_one_signs_in_is_told(town: Town, provider: Provider) -> None:
    with town.browser() as browser:
        back = elsewhere(browser.get("/logga-in").headers["location"]).headers["location"]
        provider.is_down = True
        answer = browser.get(back)

    assert answer.status_code == 503
    assert "Inloggningstjänsten svarar inte" in answer.text


def test_a_database_that_is_away_is_told_to_who_shows_a_proof(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: str) -> None:
        told = "hemlig adress"
        raise OperationalError(told, {}, ConnectionError(told))

    monkeypatch.setattr(town.identity.tokens, "find", gone)
    answer = elsewhere(f"{town.address}/api/v1/jag", authorization="Bearer liggare_t-1_x")

    assert (answer.status_code, answer.json()["type"]) == (503, "/fel/database-is-away")
    assert "hemlig" not in answer.text
