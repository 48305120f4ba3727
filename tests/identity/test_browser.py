"""A person with a browser signs in, takes another role and signs out; and axe looks on."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from ledger.main import House
from tests.identity.provider import Provider
from tests.identity.town import Town, served
from tests.web.browsing import browser_of, faults


def test_a_person_signs_in_takes_another_role_and_signs_out(chromium: Browser, town: Town, provider: Provider) -> None:
    provider.person["groups"] = ["g-chefer"]
    context = browser_of(chromium, town.address)
    page = context.new_page()
    page.goto("/rapporter")
    found = faults(page)
    expect(page.get_by_text("Anna Åkesson (anna@kommun.se) · ekonom")).to_be_visible()

    page.get_by_role("link", name="Byt roll").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Byt roll")
    found += faults(page)
    page.get_by_role("button", name="Attestant för KS").click()
    expect(page.get_by_text("· attestant")).to_be_visible()

    page.get_by_role("button", name="Logga ut").click()
    page.wait_for_url(re.compile(f"^{provider.issuer}/logout"))
    page.goto("/utloggad")
    found += faults(page)
    page.goto("/rapporter")
    expect(page.get_by_text("Anna Åkesson (anna@kommun.se) · ekonom")).to_be_visible()
    context.close()

    assert not found


def test_the_demonstration_is_chosen_from_by_keyboard(chromium: Browser, opened: House) -> None:
    with served(opened, "demo") as demo:
        context = browser_of(chromium, demo.address, viewport={"width": 360, "height": 900}, color_scheme="dark")
        page = context.new_page()
        page.goto("/rapporter")
        found = faults(page)
        page.get_by_role("button", name="Bli Rut Revisor").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Alla rapporter")
        expect(page.get_by_text("Rut Revisor (demo) · revisor")).to_be_visible()
        expect(page.get_by_role("link", name="Registrera")).to_have_count(0)
        context.close()

    assert not found
