"""Keys of machines on a page: made once and shown once, seen and withdrawn by whoever is responsible, at every role."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from ledger.domain.organisation import RegisterUnit
from ledger.domain.roll import Caller
from ledger.identity.tables import TOKEN
from ledger.identity.tokens import Token
from ledger.main import House, new_id
from ledger.web.visitor import ROLES
from tests.conftest import Databases
from tests.identity import town as towns
from tests.web import houses
from tests.web.browsing import LOOKS, TURNING, browsing, faults_in_every_look
from tests.web.order import People

FORM = {"namn": "Rapportvisning", "roll": "lasare", "far": "laser", "enheter": "", "dagar": "30"}

#: Wide by day, and narrow by night.
BOTH = (LOOKS[0], (360, "dark", TURNING))


@pytest.fixture(scope="module")
def house(databases: Databases) -> Iterator[House]:
    with houses.opened(databases.new("sqlite")) as opened:
        yield opened


@pytest.fixture(scope="module")
def by(house: House) -> Iterator[People]:
    with towns.served(house, "demo", per_minute=0) as town:
        found = People(town)
        yield found
        found.close()


@pytest.fixture(scope="module")
def admin(house: House) -> Caller:
    return Caller(house.katalog.actor_for("Adrian Admin"), "admin")


@pytest.fixture(scope="module")
def eva(house: House) -> Caller:
    return Caller(house.katalog.actor_for("Eva Ekonom"), "ekonom")


def sent(by: People, admin: Caller, **wish: str) -> httpx.Response:
    """The form as the page gives it, filled in and sent."""
    page = by.get(admin, "/nycklar").text
    (token_id,) = re.findall(r'name="nyckel" value="(t-[0-9a-f]{10})"', page)
    return by.send(admin, "/nycklar", {**FORM, "ansvarig": admin.actor, "nyckel": token_id, **wish})


def made(house: House, by: Caller, namn: str = "Inläsning") -> Token:
    token, _shown = house.identity.tokens.make(
        namn, "ekonom", enheter=(), skriver=True, days=100, by="a-1", ansvarig=by.actor
    )
    return token


def secret_of(answer: httpx.Response) -> str:
    (shown,) = re.findall(r"<textarea[^>]*readonly[^>]*>([^<]+)</textarea>", answer.text)
    return html.unescape(shown)


def test_a_key_is_shown_once_and_lets_its_program_in(house: House, by: People, admin: Caller) -> None:
    house.ledger.execute(RegisterUnit("KS", "Kommunstyrelsen", "namnd", date(2024, 1, 1)), admin, new_id())
    answer = sent(by, admin, namn="Ekonomi <b>", roll="ekonom", far="skriver", enheter="KS, KS")
    shown = secret_of(answer)
    me = towns.elsewhere(f"{by.address}/api/v1/jag", authorization=f"Bearer {shown}").json()
    again = by.get(admin, "/nycklar")

    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    assert answer.text.count(shown) == 1
    assert "Ekonomi &lt;b&gt;" in answer.text
    assert (me["roll"], me["enheter"], me["skriver"]) == ("ekonom", ["KS"], True)
    assert shown.split("_", 2)[2] not in again.text
    assert "Ekonomi &lt;b&gt;" in again.text
    assert again.headers["cache-control"] == "no-store"


def test_a_form_that_is_sent_again_makes_no_second_key(house: House, by: People, admin: Caller) -> None:
    form = {**FORM, "ansvarig": admin.actor, "nyckel": "t-0123456789"}
    first, second = by.send(admin, "/nycklar", form), by.send(admin, "/nycklar", form)

    assert (first.status_code, second.status_code) == (201, 409)
    assert "är redan skapad och visas inte igen" in second.text
    assert secret_of(first) not in second.text
    assert [one.id for one in house.identity.tokens.page()].count("t-0123456789") == 1


def test_every_fault_is_said_at_its_field_and_what_was_written_is_kept(house: House, by: People, admin: Caller) -> None:
    before = len(house.identity.tokens.page())
    wrong = {"namn": "", "roll": "admin", "enheter": "FINNS-EJ <i>", "dagar": "ett år", "ansvarig": "a-9999"}
    answer = sent(by, admin, **wrong)
    pointless = sent(by, admin, far="skriver", dagar="999", enheter="FINNS-EJ")

    assert answer.status_code == 422
    for field in wrong:
        assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', answer.text), field
        assert f'<a href="#{field}">' in answer.text
    assert 'value="FINNS-EJ &lt;i&gt;"' in answer.text
    assert "”ett år” är inget antal dagar" in answer.text
    assert re.findall(r'<a href="#(\w+)">', pointless.text) == ["far", "enheter", "dagar"]
    assert "Rollen lasare registrerar ingenting" in pointless.text
    assert by.send(admin, "/nycklar", {**FORM, "nyckel": "../x"}).status_code == 400
    assert len(house.identity.tokens.page()) == before


def test_a_machine_is_responsible_for_no_key(house: House, by: People, admin: Caller, eva: Caller) -> None:
    """To fyra ögon a machine is one with its person; with a machine between, they would be two."""
    machine, before = made(house, eva, "Mellanhand"), len(house.identity.tokens.page())
    answer = sent(by, admin, ansvarig=machine.actor)

    assert answer.status_code == 422
    assert f"Den ansvariga, {machine.actor}, är en maskin" in answer.text
    assert sent(by, admin, ansvarig="a-1\x00").status_code == 422
    assert len(house.identity.tokens.page()) == before


def test_whoever_is_responsible_sees_and_withdraws_their_own_keys_alone(
    house: House, by: People, admin: Caller, eva: Caller
) -> None:
    own, others = made(house, eva, "Evas makro"), made(house, admin, "Adrians makro")
    page = by.get(eva, "/nycklar").text
    address = f"/nycklar/{own.id}"
    asked = by.get(eva, address).text
    still = house.identity.tokens.one(own.id)

    assert ("Evas makro" in page, "Adrians makro" in page, 'name="dagar"' in page) == (True, False, False)
    assert "Återkalla nyckeln till Evas makro?" in asked
    assert still.aterkallad is None
    assert [by.get(eva, f"/nycklar/{one}").status_code for one in (others.id, "t-finns", "%00")] == [404, 404, 404]
    assert by.send(eva, f"/nycklar/{others.id}", {}).status_code == 404
    assert by.send(eva, "/nycklar", {**FORM, "nyckel": "t-0000000001"}).status_code == 403
    gone = [by.send(eva, address, {}) for _ in range(2)]
    assert [one.headers["location"] for one in gone] == ["/nycklar?klart=aterkallad"] * 2
    assert "Nyckeln är återkallad." in by.get(eva, gone[0].headers["location"]).text
    assert "Nyckeln släpper inte in någon." in by.get(eva, address).text
    assert house.identity.tokens.one(others.id).aterkallad is None


def test_whoever_administers_sees_all_keys_and_who_is_responsible_by_name(
    house: House, by: People, admin: Caller, eva: Caller
) -> None:
    token = made(house, eva, "Något av Evas")
    page = by.get(admin, "/nycklar").text

    assert re.search(rf"{token.id}.*?<td>Eva Ekonom<br>", page.replace("<span>", "").replace("</span>", ""), re.DOTALL)
    assert "Adrian Admin" not in by.get(eva, "/nycklar").text.partition("<main")[2]
    assert by.send(admin, f"/nycklar/{token.id}", {}).status_code == 303


def test_who_withdrew_a_key_is_told_and_of_older_ones_that_it_is_not_known(
    house: House, by: People, admin: Caller, eva: Caller
) -> None:
    token, older = made(house, eva, "Makrot"), made(house, eva, "Från förr")
    by.send(admin, f"/nycklar/{token.id}", {})
    with house.identity.place.writing() as connection:
        connection.execute(update(TOKEN).where(TOKEN.c.id == older.id).values(aterkallad="2024-05-01T10:00:00.000000Z"))
    row = re.search(rf"{token.id}</span></th>.*?</tr>", by.get(eva, "/nycklar").text, re.DOTALL)

    assert row
    assert re.search(rf'återkallad \S+</span><br><span class="kod">av {admin.actor}</span>', row[0])
    assert re.search(rf"<dt>Återkallad</dt><dd>[^<]+ av {admin.actor}</dd>", by.get(eva, f"/nycklar/{token.id}").text)
    assert '<span class="kod">inte känt av vem</span>' in by.get(eva, "/nycklar").text
    assert "(det är inte känt av vem)" in by.get(eva, f"/nycklar/{older.id}").text
    again = by.send(eva, f"/nycklar/{token.id}", {})
    assert (again.status_code, house.identity.tokens.one(token.id).aterkallad_av) == (303, admin.actor)


@pytest.mark.parametrize("roll", ROLES)
def test_every_role_has_the_page_and_the_link_stands_where_it_leads_to_something(
    house: House, by: People, roll: str
) -> None:
    somebody = Caller(house.katalog.actor_for(f"Någon {roll}"), roll)
    page = by.get(somebody, "/nycklar")
    linked = 'href="/nycklar"' in by.get(somebody, "/hjalp").text
    token = made(house, somebody, f"Maskin för {roll}")

    assert page.status_code == 200
    assert ("Du ansvarar inte för någon nyckel." in page.text) == (roll != "admin")
    assert linked == (roll == "admin")
    assert 'href="/nycklar"' in by.get(somebody, "/hjalp").text
    assert by.send(somebody, f"/nycklar/{token.id}", {}).status_code == 303


def test_a_form_of_another_session_is_refused(by: People, house: House, admin: Caller, eva: Caller) -> None:
    token = made(house, eva)

    assert by.send(eva, f"/nycklar/{token.id}", {"csrf": "fel"}).status_code == 403
    assert by.send(admin, "/nycklar", {**FORM, "csrf": "", "nyckel": "t-0000000002"}).status_code == 403
    assert house.identity.tokens.one(token.id).aterkallad is None


@pytest.mark.parametrize(("roll", "status"), [("admin", 201), ("ekonom", 403)])
def test_in_open_mode_too_only_who_administers_makes_keys(house: House, roll: str, status: int) -> None:
    caller = Caller(house.caller.actor, roll)
    identity = replace(replace(house.identity, standing=caller), signing=replace(house.identity.signing, auth="oppet"))
    with houses.talking(house, identity=identity) as program:
        answer = program.post("/nycklar", data={**FORM, "nyckel": f"t-{status:010}", "ansvarig": caller.actor})

    assert answer.status_code == status


def test_keys_come_in_pages_those_that_hold_first(house: House, by: People) -> None:
    karin = Caller(house.katalog.actor_for("Karin"), "controller")
    tokens = [made(house, karin, f"Maskin {number}") for number in range(101)]
    house.identity.tokens.withdraw(tokens[-1].id, karin.actor)
    first, second = by.get(karin, "/nycklar").text, by.get(karin, "/nycklar?sida=2").text
    shown = re.findall(r"<br><span class=\"kod andra\">(t-[0-9a-f]+)", first + second)

    assert shown == [one.id for one in (*reversed(tokens[:-1]), tokens[-1])]
    assert ('href="/nycklar?sida=2"' in first, 'href="/nycklar"' in second) == (True, True)
    assert "Inga fler nycklar." in by.get(karin, "/nycklar?sida=3").text
    assert by.get(karin, "/nycklar?sida=0").status_code == 422


def test_a_key_is_made_copied_and_withdrawn_in_a_browser_and_axe_finds_nothing(
    chromium: Browser, by: People, admin: Caller
) -> None:
    with browsing(chromium, by.address, bypass_csp=True, reduced_motion="reduce") as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.add_cookies([{"name": "liggare", "value": by.key(admin), "url": by.address}])
        page = context.new_page()
        found = {}
        page.goto("/nycklar")
        page.get_by_role("button", name="Skapa nyckeln").click()
        expect(page.get_by_role("alert")).to_contain_text("En sak behöver rättas")
        found["fel"] = faults_in_every_look(page, BOTH)
        page.get_by_label("Program").fill("Kuben")
        page.get_by_role("button", name="Skapa nyckeln").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nyckeln är skapad")
        found["ny"] = faults_in_every_look(page, BOTH)
        page.get_by_role("button", name="Kopiera nyckeln").click()
        expect(page.get_by_text("Nyckeln är kopierad.")).to_be_visible()
        shown = page.get_by_label("Nyckeln", exact=True).input_value()
        assert page.evaluate("navigator.clipboard.readText()") == shown
        assert shown.split("_", 2)[2] not in page.url
        page.get_by_role("link", name="Jag har sparat den").click()
        page.get_by_role("link", name="Återkalla Kuben").click()
        page.get_by_role("button", name="Återkalla nyckeln").click()
        expect(page.get_by_role("status").first).to_contain_text("Nyckeln är återkallad.")

    assert not any(found.values()), found
