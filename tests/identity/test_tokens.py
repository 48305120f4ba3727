"""Tokens of machines: shown once, kept as digests, limited, withdrawn; and the provider's own tokens for machines."""

from __future__ import annotations

from datetime import timedelta

import httpx2 as httpx
import pytest
from sqlalchemy import text

from ledger.identity.roller import Rad
from tests.identity.provider import CLIENT, MACHINES, Claims, Provider
from tests.identity.town import TABLE, Town, elsewhere, sign_in

pytestmark = pytest.mark.usefixtures("provider")

KONTO = {"konto": "7777", "namn": "Annat", "slag": "kostnad", "fran": "2024-01-01"}


def shown(town: Town, token: str, path: str = "/api/v1/jag") -> httpx.Response:
    return elsewhere(f"{town.address}{path}", authorization=f"Bearer {token}")


def made(town: Town, **otherwise: object) -> Claims:
    wish = {"namn": "Inläsning", "roll": "ekonom", "enheter": ["KS-A"], "skriver": True, "dagar": 30, **otherwise}
    with town.program("admin") as admin:
        answer = admin.post("/api/v1/token", json=wish)
    assert answer.status_code == 201, answer.text
    found: Claims = answer.json()
    return found


def test_a_token_is_shown_once_kept_as_a_digest_and_lets_its_machine_in(town: Town) -> None:
    new = made(town)
    me = shown(town, new["token"]).json()
    town.identity.uses.flush()
    with town.program("admin") as admin:
        listed = admin.get("/api/v1/token")
    with town.identity.place.reading() as connection:
        kept = str([tuple(row) for row in connection.execute(text("SELECT * FROM token"))])

    assert (me["actor"], me["roll"], me["enheter"], me["inloggning"]) == (new["actor"], "ekonom", ["KS-A"], "nyckel")
    assert me["namn"] == "maskin Inläsning"
    (entry,) = [one for one in listed.json()["nycklar"] if one["id"] == new["id"]]
    assert entry["anvand"] > entry["skapad"]
    assert new["token"].split("_", 2)[2] not in listed.text + kept
    assert listed.headers["cache-control"] == "no-store"


def test_a_token_that_is_wrong_withdrawn_or_too_old_is_not_believed(town: Town) -> None:
    new = made(town)
    token = new["token"]
    for wrong in (token[:-1], token + "x", "liggare_t-0000000000_x", "liggare_", "x", token.replace("t-", "t-%")):
        assert shown(town, wrong).status_code == 401, wrong
    town.clock.ahead = timedelta(days=31)
    old = shown(town, token)
    town.clock.ahead = timedelta()
    with town.program("admin") as admin:
        gone = [admin.delete(f"/api/v1/token/{new['id']}") for _ in range(2)]
        unknown = admin.delete("/api/v1/token/t-okänd")

    assert (old.status_code, "slutat gälla" in old.text) == (401, True)
    assert old.headers["www-authenticate"].startswith("Bearer")
    assert gone[0].json() == gone[1].json()
    assert gone[0].json()["aterkallad"]
    assert gone[0].json()["aterkallad_av"].startswith("a-")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/fel/token-is-unknown")
    assert "återkallad" in shown(town, token).json()["detail"]


def test_a_token_for_reading_registers_nothing(town: Town) -> None:
    token = made(town, skriver=False)["token"]
    with httpx.Client(base_url=town.address, headers={"authorization": f"Bearer {token}"}, verify=False) as program:
        read = program.get("/api/v1/rapporter")
        written = program.post("/api/v1/kommandon/define_konto", json=KONTO)

    assert (read.status_code, written.status_code) == (200, 403)
    assert written.json()["type"] == "/fel/key-only-reads"


def test_a_token_that_may_write_needs_no_page_to_come_from(town: Town) -> None:
    token = made(town, enheter=[])["token"]
    with httpx.Client(base_url=town.address, headers={"authorization": f"Bearer {token}"}, verify=False) as program:
        written = program.post("/api/v1/kommandon/define_konto", json=KONTO)

    assert written.status_code == 201, written.text


@pytest.mark.parametrize(
    ("wish", "rule"),
    [
        ({"roll": "admin"}, "RollIsNotForMachines"),
        ({"roll": "attestant"}, "RollIsNotForMachines"),
        ({"roll": "kung"}, "RollIsNotForMachines"),
        ({"namn": "  "}, "TokenIsNameless"),
        ({"namn": "a\u2028b"}, "TokenIsNameless"),
    ],
)
def test_a_machine_decides_nothing_and_has_a_name(town: Town, wish: Claims, rule: str) -> None:
    with town.program("admin") as admin:
        answer = admin.post("/api/v1/token", json={"namn": "x", "roll": "lasare", "dagar": 3, **wish})

    assert (answer.status_code, [fel["regel"] for fel in answer.json()["fel"]]) == (422, [rule])


def test_tokens_come_in_pages(town: Town) -> None:
    for number in range(3):
        made(town, namn=f"Maskin {number}")
    with town.program("admin") as admin:
        address, found = "/api/v1/token?antal=2", []
        while address:
            page = admin.get(address).json()
            found += [one["id"] for one in page["nycklar"]]
            address = page["nasta"]
        whole = admin.get("/api/v1/token?antal=1000").json()

    assert found == [one["id"] for one in whole["nycklar"]]
    assert whole["nasta"] is None


# ---------------------------------------------------------------- the provider's tokens for machines


def test_a_machine_comes_with_a_token_of_the_provider(town: Town, provider: Provider) -> None:
    me = shown(town, provider.machine(roles=["Budget.Ekonom"])).json()

    assert (me["roll"], me["enheter"], me["namn"]) == ("ekonom", ["KS-A"], "maskin maskin-1")


def test_a_token_that_is_not_a_machines_or_not_for_us_is_not_believed(town: Town, provider: Provider) -> None:
    now = provider.claims()["iat"]
    with town.browser() as browser:
        sign_in(browser)
    wrong = {
        "a person's id token": provider.last_token,
        "another audience": provider.machine(aud=CLIENT, roles=["Budget.Ekonom"]),
        "a person's nonce": provider.machine(aud=MACHINES, nonce="n", roles=["Budget.Ekonom"]),
        "on behalf of a person": provider.machine(scp="user", roles=["Budget.Ekonom"]),
        "too old": provider.machine(exp=now - 61, roles=["Budget.Ekonom"]),
        "another issuer": provider.machine(iss="https://annan.example", roles=["Budget.Ekonom"]),
        "no role": provider.machine(roles=["Annat"]),
        "a role that decides": provider.machine(groups=["g-chefer"]),
        "a role that hands out rights": provider.machine(roles=["Budget.Admin"]),
    }

    assert {name: shown(town, token).status_code for name, token in wrong.items()} == dict.fromkeys(wrong, 401)


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "x", "Bearer å"])
def test_another_way_of_showing_who_one_is_is_not_believed(town: Town, header: str) -> None:
    with httpx.Client(base_url=town.address, verify=False) as program:
        answer = program.get("/api/v1/jag", headers={b"authorization": header.encode()})

    assert answer.status_code == 401


def test_who_changed_the_table_of_roles_and_when_can_be_read(town: Town) -> None:
    town.identity.roller.change([*TABLE, Rad("roles", "Ny", "lasare")], "a-5")
    town.identity.roller.change(TABLE, "a-6")
    with town.program("revisor") as auditor:
        newest = auditor.get("/api/v1/roller?antal=2").json()
        rest = auditor.get(newest["nasta"]).json()

    assert [one["actor"] for one in newest["versioner"]] == ["a-6", "a-5"]
    assert newest["versioner"][0]["rader"][0] == {
        "pastaende": "roles", "varde": "Budget.Ekonom", "roll": "ekonom", "enheter": ["KS-A"], "funktion": "",
        "ansvarig": "",
    }  # fmt: skip
    assert rest["versioner"][-1]["version"] == 1
    assert rest["nasta"] is None
