"""A person signs in by OpenID Connect: what is let in, what is not believed, and how it ends."""

from __future__ import annotations

import logging
from datetime import timedelta

import httpx2 as httpx
import pytest

from ledger.identity.identity import Signing
from ledger.identity.roller import Rad
from ledger.main import House
from tests.identity.provider import SECRET, Claims, Provider
from tests.identity.town import ORG, TABLE, Town, elsewhere, served, sign_in


def who(browser: httpx.Client) -> Claims:
    answer: Claims = browser.get("/api/v1/jag").json()
    return answer


def test_a_person_signs_in_and_has_the_role_units_and_functions_of_the_table(town: Town, provider: Provider) -> None:
    provider.person |= {"roles": ["Budget.Ekonom"], "groups": ["g-chefer", "g-alla"]}
    with town.browser() as browser:
        sent_on = browser.get("/rapporter?ar=2024")
        back = sign_in(browser, "/rapporter?ar=2024")
        me = who(browser)
        page = browser.get("/roll").text

    assert sent_on.headers["location"] == "/logga-in?sedan=%2Frapporter%3Far%3D2024"
    assert (back.status_code, back.headers["location"]) == (303, "/rapporter?ar=2024")
    assert me["namn"] == "Anna Åkesson (anna@kommun.se)"
    assert (me["roll"], me["enheter"], me["funktioner"]) == ("ekonom", ["KS-A"], ["enhetschef KS-A"])
    assert "Attestant för KS" in page


@pytest.mark.usefixtures("provider")
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(opened: House, town: Town) -> None:
    with town.browser() as browser:
        plain = sign_in(browser).headers["set-cookie"]
    secure = Signing("demo", "https://liggare.kommun.se")
    with served(opened, "demo", signing=secure) as other, other.browser() as browser:
        answer = browser.get("/logga-in")

    assert all(word in plain for word in ("liggare=", "HttpOnly", "Path=/", "SameSite=lax", "Max-Age=36000"))
    assert answer.headers["set-cookie"].startswith("__Host-liggare-in=")
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")


def test_another_of_the_roles_is_taken_under_a_new_key(town: Town, provider: Provider) -> None:
    provider.person["roles"] = ["Budget.Ekonom", "Budget.Revisor"]
    with town.browser() as browser:
        sign_in(browser)
        old = browser.cookies["liggare"]
        csrf = field_of(browser.get("/roll").text)
        taken = browser.post("/roll", data={"csrf": csrf, "vald": "1"})
        none = browser.post("/roll", data={"csrf": field_of(browser.get("/roll").text), "vald": "7"})
        me = who(browser)
        stale = elsewhere(f"{town.address}/api/v1/jag", cookie=f"liggare={old}")

    assert (taken.status_code, none.status_code, stale.status_code) == (303, 422, 401)
    assert me["roll"] == "revisor"


def test_the_swedish_profile_gives_a_role_to_everybody_of_an_organisation(town: Town, provider: Provider) -> None:
    provider.person = {"sub": "s-9", ORG: "bo.ek@2120000449"}
    with town.browser() as browser:
        sign_in(browser)
        inside = who(browser)
    provider.person = {"sub": "s-10", ORG: "bo.ek@5560000000"}
    with town.browser() as browser:
        outside = sign_in(browser)

    assert inside["roll"] == "lasare"
    assert outside.status_code == 403
    assert "ger dig ingen roll" in outside.text


def test_two_people_of_one_name_are_two_and_one_person_is_one(town: Town, provider: Provider) -> None:
    found = []
    for subject in ("t-1", "t-2", "t-1"):
        provider.person |= {"sub": subject, "name": "Per Persson", "preferred_username": "per@kommun.se"}
        with town.browser() as browser:
            sign_in(browser)
            found.append(who(browser)["actor"])

    assert found[0] == found[2] != found[1]


def test_a_name_that_was_in_the_directory_before_is_not_enough_to_be_them(town: Town, provider: Provider) -> None:
    known = town.opened.katalog.actor_for("Siv Ek (siv@kommun.se)")
    provider.person |= {"sub": "siv", "name": "Siv Ek", "preferred_username": "siv@kommun.se"}
    with town.browser() as browser:
        sign_in(browser)
        assert who(browser)["actor"] != known


def test_who_is_forgotten_has_no_name_and_comes_back_as_another(town: Town, provider: Provider) -> None:
    provider.person |= {"sub": "glömd", "name": "Glömd"}
    with town.browser() as browser:
        sign_in(browser)
        first = who(browser)
        town.opened.katalog.forget(first["actor"])
        nameless = who(browser)
        sign_in(browser)
        again = who(browser)

    assert (first["namn"], nameless["namn"]) == ("Glömd (anna@kommun.se)", None)
    assert again["actor"] != first["actor"]


# ---------------------------------------------------------------- what is used again, or elsewhere


@pytest.mark.usefixtures("provider")
def test_a_state_is_good_once_and_in_its_own_browser(town: Town) -> None:
    with town.browser() as browser, town.browser() as other:
        begun = browser.get("/logga-in")
        back = elsewhere(begun.headers["location"]).headers["location"]
        in_another = other.get(back)
        cookie = browser.cookies["liggare-in"]
        first = browser.get(back)
        browser.cookies["liggare-in"] = cookie
        again = browser.get(back)
        made_up = browser.get("/logga-in/retur?code=x&state=y")

    assert [answer.status_code for answer in (in_another, first, again, made_up)] == [403, 303, 403, 403]
    assert "redan använd" in again.text


@pytest.mark.usefixtures("provider")
def test_a_state_lasts_ten_minutes(town: Town) -> None:
    with town.browser() as browser:
        back = elsewhere(browser.get("/logga-in").headers["location"]).headers["location"]
        town.clock.ahead = timedelta(minutes=11)
        assert browser.get(back).status_code == 403


@pytest.mark.usefixtures("provider")
def test_a_code_is_good_once_and_with_its_own_verifier(town: Town) -> None:
    with town.browser() as browser, town.browser() as thief:
        back = elsewhere(browser.get("/logga-in").headers["location"]).headers["location"]
        code = httpx.URL(back).params["code"]
        state = httpx.URL(thief.get("/logga-in").headers["location"]).params["state"]
        stolen = thief.get("/logga-in/retur", params={"code": code, "state": state})

    assert stolen.status_code == 401
    assert "godtog inte inloggningen" in stolen.text


@pytest.mark.usefixtures("provider")
def test_a_no_of_the_provider_and_an_answer_of_another_are_told(town: Town) -> None:
    with town.browser() as browser:
        state = httpx.URL(browser.get("/logga-in").headers["location"]).params["state"]
        denied = browser.get("/logga-in/retur", params={"error": "access_denied", "state": state})
        state = httpx.URL(browser.get("/logga-in").headers["location"]).params["state"]
        mixed = browser.get("/logga-in/retur", params={"code": "x", "state": state, "iss": "https://annan.example"})

    assert (denied.status_code, mixed.status_code) == (403, 403)
    assert "access_denied" in denied.text


# ---------------------------------------------------------------- how it ends


def field_of(page: str) -> str:
    return page.partition('name="csrf" value="')[2].partition('"')[0]


def test_signing_out_ends_the_session_on_the_server_and_leads_to_the_provider(town: Town, provider: Provider) -> None:
    with town.browser() as browser:
        sign_in(browser)
        key = browser.cookies["liggare"]
        out = browser.post("/logga-ut", data={"csrf": field_of(browser.get("/roll").text)})
        again = elsewhere(f"{town.address}/api/v1/jag", cookie=f"liggare={key}")

    further = out.headers["refresh"].partition("url=")[2]
    assert httpx.URL(further).path == "/logout"
    assert httpx.URL(further).params["id_token_hint"] == provider.last_token
    assert "Du är utloggad" in out.text
    assert out.headers["clear-site-data"] == '"cache"'
    assert again.status_code == 401


@pytest.mark.usefixtures("provider")
def test_a_session_ends_when_it_is_still_and_when_it_is_old(town: Town) -> None:
    with town.browser() as browser:
        sign_in(browser)
        still = []
        for minutes in (25, 50, 75):
            town.clock.ahead = timedelta(minutes=minutes)
            still.append(browser.get("/api/v1/jag").status_code)
            town.identity.uses.flush()
        town.clock.ahead = timedelta(minutes=106)
        after_rest = browser.get("/api/v1/jag").status_code
        town.clock.ahead = timedelta()
        sign_in(browser)
        for minutes in range(25, 600, 25):
            town.clock.ahead = timedelta(minutes=minutes)
            assert browser.get("/api/v1/jag").status_code == 200
            town.identity.uses.flush()
        town.clock.ahead = timedelta(minutes=601)
        after_a_day = browser.get("/api/v1/jag").status_code

    assert (still, after_rest, after_a_day) == ([200, 200, 200], 401, 401)


@pytest.mark.usefixtures("provider")
@pytest.mark.usefixtures("provider")
def test_signing_in_again_ends_the_earlier_session_of_the_browser(town: Town) -> None:
    with town.browser() as browser:
        sign_in(browser)
        earlier = browser.cookies["liggare"]
        sign_in(browser)
        now = browser.get("/api/v1/jag").status_code

    assert (now, elsewhere(f"{town.address}/api/v1/jag", cookie=f"liggare={earlier}").status_code) == (200, 401)


def test_a_new_table_of_roles_ends_the_sessions_of_the_old(town: Town) -> None:
    with town.browser() as browser:
        sign_in(browser)
        before = browser.get("/api/v1/jag").status_code
        same = town.identity.roller.change(TABLE, "a-1").version
        unchanged = browser.get("/api/v1/jag").status_code
        changed = town.identity.roller.change([*TABLE, Rad("roles", "x", "lasare")], "a-7")
        after = browser.get("/api/v1/jag").status_code
        town.identity.roller.change(TABLE, "a-1")

    assert (before, unchanged, after) == (200, 200, 401)
    assert (changed.version, changed.actor) == (same + 1, "a-7")


def test_no_secret_is_logged(town: Town, provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with town.browser() as browser:
        sign_in(browser)
        keys = [browser.cookies["liggare"], provider.last_token, SECRET]
        made = town.identity.tokens.make("prov", "lasare", enheter=(), skriver=False, days=1, by="a-1")[1]
        elsewhere(f"{town.address}/api/v1/jag", authorization=f"Bearer {made}")

    # What the test's own client says of its requests is not ours.
    said = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert said
    assert not [key for key in (*keys, made) if any(key in line for line in said)]


@pytest.mark.parametrize(
    "sedan", ["//ond.example", "/\\ond.example", "https://ond.example", "/logga-in", "/a\nb", "/å"]
)
@pytest.mark.usefixtures("provider")
def test_nobody_is_led_astray_after_signing_in(town: Town, sedan: str) -> None:
    with town.browser() as browser:
        assert sign_in(browser, sedan).headers["location"] == "/"
