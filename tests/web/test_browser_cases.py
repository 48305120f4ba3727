"""Three people with browsers: one pastes a proposal, one reviews it, one decides it; what the report was stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ledger import main
from ledger.domain.roll import Caller
from tests.conftest import Databases
from tests.web import houses, order
from tests.web.browsing import faults
from tests.web.order import BIRGIT, CARL, EBBA, EVA, People
from tests.web.test_browser_forms import paste

PASTED = "KLF-GEM\tKLF-EKON\t215\t400 000,00\tFörstärkning\r\nKLF-GEM\tKLF-EKON\t215\t100 000\tUtbildning\r\n"


@pytest.fixture(scope="module")
def house(databases: Databases) -> Iterator[main.House]:
    with houses.linkoping(databases.new("sqlite")) as opened:
        yield opened


@pytest.fixture(scope="module")
def people(house: main.House) -> Iterator[People]:
    with order.people(house) as found:
        yield found


@contextmanager
def as_person(chromium: Browser, people: People, caller: Caller, **look: Any) -> Iterator[Page]:
    """A page of somebody who has signed in."""
    look = {"viewport": {"width": 1440, "height": 1000}, **look}
    context = chromium.new_context(base_url=people.address, bypass_csp=True, **look)
    context.add_cookies([{"name": "liggare", "value": people.key(caller), "url": people.address}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
    yield page
    context.close()


def test_three_people_take_a_pasted_proposal_to_the_report(
    chromium: Browser, people: People, house: main.House
) -> None:
    report, at = "/rapporter/driftsammandrag?ar=2024&kolumner=alla&enhet=tkr", house.log.head().position
    with as_person(chromium, people, EVA) as page:
        page.goto("/registrera/omfordelning")
        page.get_by_label("Ärende", exact=True).fill("KS 2026-61")
        page.get_by_label("Motivering").fill("Förstärkning av redovisningen")
        page.get_by_label("År från och med").fill("2024")
        page.get_by_label("Från, rad 1").focus()
        paste(page, PASTED)
        beside = page.locator("#verkan")
        expect(beside.get_by_role("row", name="Ekonomistaben").first).to_contain_text("+500")
        expect(beside).to_contain_text("Beslut: bitr. kommundirektör (KS-KLF) enligt mandat")
        assert faults(page) == []
        page.get_by_role("button", name="Skicka för beslut").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Förstärkning av redovisningen")
        expect(page.get_by_role("button", name="Besluta")).to_have_count(0)
        assert faults(page) == []
    with as_person(chromium, people, CARL) as page:
        page.goto("/")
        page.get_by_role("link", name="Att göra 1 väntar").click()
        assert faults(page) == []
        page.get_by_role("link", name="Förstärkning av redovisningen").click()
        page.get_by_role("button", name="Granska och attestera").click()
        expect(page.get_by_text("Din granskningsattest är registrerad.")).to_be_visible()
    with as_person(chromium, people, BIRGIT) as page:
        page.goto("/att-gora")
        page.get_by_role("link", name="Förstärkning av redovisningen").click()
        page.get_by_role("button", name="Besluta").click()
        expect(page.get_by_text("Beslutet är registrerat och räknas nu i rapporterna.")).to_be_visible()
        page.goto(report)
        expect(page.get_by_role("row", name="Ekonomistaben").first).to_contain_text("35\u00a0320")
        page.goto(f"{report}&kand=@{at}")
        expect(page.get_by_role("row", name="Ekonomistaben").first).to_contain_text("34\u00a0820")


def test_axe_finds_nothing_where_steps_are_taken_on_a_narrow_dark_page(chromium: Browser, people: People) -> None:
    row = {"belopp_ore": 100_00, "slag": "netto", "ar": 2024, "fran_ansvar": "KLF-GEM", "till_ansvar": "KLF-HR"}
    draft = {"arende": "KS 2026-62", "typ": "omfordelning", "rorelser": [{**row, "verksamhet": "215"}]}
    minutes = {"beslutsorgan": "kommunfullmäktige", "beslutsdatum": "2024-04-23", "paragraf": "99"}
    raised = {"belopp_ore": 100_00, "slag": "netto", "ar": 2024, "till_ansvar": "KS", "text": "Höjd ram"}
    assert people.give(EVA, "draft_arende", draft).status_code == 201
    registered = people.give(EVA, "decide_ramjustering", {**minutes, "rorelser": [raised]}).json()
    assert people.give(EVA, "begin_closing", {"period": "2024-04", "ansvar": "KS-KLF"}).is_success
    minutes_form = "/registrera/ramjustering?ur=protokoll"
    addresses = {
        EVA: ["/arenden/KS 2026-62", "/att-gora", "/registrera/omfordelning", minutes_form, "/perioder/2024-04"],
        EBBA: ["/att-gora", f"/registreringar/{registered['forsta']}"],
    }
    found = {}
    for caller, pages in addresses.items():
        with as_person(chromium, people, caller, viewport={"width": 360, "height": 900}, color_scheme="dark") as page:
            for address in pages:
                page.goto(address)
                page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
                found[address] = faults(page)
    assert not any(found.values()), found
