"""What is typed is tried while one types; where that fails it is said quietly, and the next change is tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from ledger import main
from tests.conftest import Databases
from tests.web import houses
from tests.web.browsing import RULES, browser_of, faults


@pytest.fixture(scope="module")
def address(databases: Databases) -> Iterator[str]:
    with houses.opened(databases.new("sqlite")) as house, houses.served(houses.edge_of(house)) as address:
        assert isinstance(house, main.House)
        yield address


FAILED = "Det skrivna kunde inte prövas just nu: det prövas igen vid nästa ändring."
IN_ENGLISH = "What you have written could not be tried just now: it is tried again at your next change."


@pytest.mark.parametrize(
    ("fails", "locale", "sentence"),
    [
        (lambda route: route.fulfill(status=500, body="x"), "sv-SE", FAILED),
        (lambda route: route.abort(), "en-GB", IN_ENGLISH),
        # Whoever is signed out while typing gets the page of signing in.
        (lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Logga in</p>"), "sv-SE", FAILED),
    ],
    ids=["the server fails", "the network fails", "the sign-in fails"],
)
def test_a_trial_that_fails_is_told_and_made_again_at_the_next_change(
    chromium: Browser, address: str, fails: Callable[[Route], None], locale: str, sentence: str
) -> None:
    context = browser_of(chromium, address, locale=locale, bypass_csp=True)
    try:
        page = context.new_page()
        page.goto("/registrera/omfordelning")
        trials = "**/registrera/omfordelning"
        page.route(trials, fails)
        cell = page.locator("#rad-1-fran_ansvar")
        cell.fill("KLF-GEM")
        said = page.locator("#klistrat")
        expect(said).to_have_text(sentence)
        expect(cell).to_be_focused()
        assert faults(page, RULES) == []
        page.unroute(trials)
        cell.fill("KLF-HR")
        expect(said).not_to_have_text(sentence)
        expect(said).to_contain_text("1 ")
    finally:
        context.close()
