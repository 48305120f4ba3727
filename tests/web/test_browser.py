"""A person with a browser opens the page, moves it back in time and follows a figure to its facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.conftest import Databases
from tests.web import houses
from tests.web.browsing import DRIFT, PAGES, browser_of, browsing, hear


@pytest.fixture(scope="module")
def linkoping(databases: Databases, shared_data: Path) -> Iterator[str]:
    with houses.opened(databases.new("sqlite")) as opened:
        houses.load(opened, shared_data / "linkoping" / "2024-bokslut")
        with houses.served(houses.edge_of(opened)) as address:
            yield address


@pytest.fixture
def page(chromium: Browser, linkoping: str) -> Iterator[Page]:
    with browsing(chromium, linkoping) as context:
        yield context.new_page()


def figure(page: Page, rad: str, column: int) -> Locator:
    return page.locator(f'th[scope=row][abbr="{rad}"] ~ td.n').nth(column)


def test_the_page_is_moved_back_to_before_the_cuts_and_a_figure_leads_to_its_facts(page: Page) -> None:
    page.goto(DRIFT)
    expect(page.locator("h1")).to_have_text("Driftsammandrag")
    expect(figure(page, "Summa nettokostnader", 1)).to_have_text("654,0")

    page.get_by_label("Beslutat t.o.m.", exact=True).fill("2024-01-31")
    expect(page.get_by_text("Valet är ändrat.")).to_be_visible()
    page.get_by_role("button", name="Visa").click()

    expect(figure(page, "Summa nettokostnader", 1)).to_have_text("671,8")
    expect(page.get_by_text("Du ser det som är daterat till och med 31 januari 2024.")).to_be_visible()
    page.get_by_role("link", name="671,8").click()
    expect(page.locator("h1")).to_have_text(re.compile(r"^Budget 2024 för Summa nettokostnader: 671,8"))
    expect(page.get_by_text("671 800 000,00").first).to_be_visible()
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("heading", name="Rått faktum")).to_be_visible()


def test_the_slider_stops_at_the_decisions_and_fills_the_field(page: Page) -> None:
    page.goto(DRIFT)
    slider = page.get_by_label("Beslutat t.o.m., beslut för beslut")
    slider.focus()
    page.keyboard.press("Home")

    expect(page.locator("#beslutad")).to_have_value("2023-11-28")
    expect(page.locator("#beslutad-ut")).to_contain_text("KF, budget 671,8 mnkr")


def test_arrow_keys_move_between_figures(page: Page) -> None:
    page.goto(DRIFT)
    page.locator("tbody td.n a").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")

    assert page.evaluate("document.activeElement.textContent") == "285,8"


def test_all_works_without_script(chromium: Browser, linkoping: str) -> None:
    with browsing(chromium, linkoping, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/rapporter/driftsammandrag?ar=2024")
        page.get_by_label("Beslutat t.o.m.", exact=True).fill("2024-01-31")
        page.get_by_role("button", name="Visa").click()

        expect(figure(page, "Summa nettokostnader", 1)).to_have_text("671,8")
        expect(page.locator("input[type=range]").first).to_be_hidden()


def test_what_no_page_may_do_is_heard(chromium: Browser, linkoping: str) -> None:
    context = browser_of(chromium, linkoping)
    heard = hear(context, linkoping)
    page = context.new_page()
    page.goto("/hjalp")
    assert heard == []
    with context.expect_event("console"):
        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    with context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('broken'); })")
    page.goto(f"{linkoping.replace('127.0.0.1', 'localhost')}/hjalp")
    context.close()

    assert len([one for one in heard if "Content Security Policy" in one]) == 1
    assert "broken" in " ".join(heard)
    assert "asks http://localhost" in " ".join(heard)


def test_rows_open_in_place_by_button_and_by_key(page: Page) -> None:
    page.goto(f"{DRIFT}&beslutad=2024-12-31")
    button = page.get_by_role("button", name="Verksamhetsstöd och service")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(button).to_be_focused()
    expect(page.get_by_role("row", name="Avdelning LKDATA")).to_be_visible()
    expect(page).to_have_url(re.compile(r"beslutad=2024-12-31.*oppna=KS-VSS"))
    permanent = page.get_by_role("link", name="Samma svar för alltid").get_attribute("href")
    assert permanent
    assert "oppna=KS-VSS" in permanent

    figure = page.get_by_role("link", name="Verksamhetsstöd och service, avvikelse, minus 9,8 miljoner")
    figure.focus()
    page.keyboard.press("-")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(figure).to_be_focused()
    expect(page.get_by_role("row", name="Avdelning LKDATA")).to_have_count(0)


def test_what_is_chosen_under_more_is_asked_for_and_kept(page: Page) -> None:
    page.goto(f"{DRIFT}&oppna=KS-VSS")
    page.get_by_text("Fler val").click()
    page.get_by_label("Visa i organisationen den").fill("2023-12-31")
    page.get_by_label("Förslag").select_option("ja")
    page.get_by_role("button", name="Visa").click()
    expect(page.get_by_label("Visa i organisationen den")).to_have_value("2023-12-31")
    expect(page.get_by_label("Förslag")).to_have_value("ja")
    # Still open, with the units that there were then.
    expect(page.get_by_role("row", name="Verksamhetsområde ekonomi")).to_be_visible()


def test_the_permanent_address_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(DRIFT)
    page.get_by_role("button", name="Kopiera länk").click()
    expect(page.get_by_text("Länken är kopierad.")).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    assert "kand=%40" in page.url
    expect(figure(page, "Summa nettokostnader", 1)).to_have_text("654,0")


def test_a_figure_leads_to_the_proof_of_its_fact(page: Page) -> None:
    page.goto(PAGES["cell"])
    page.get_by_role("link", name="bevis @").first.click()
    expect(page.get_by_role("heading", name="Ingår i liggaren: bevisat")).to_be_visible()
    page.get_by_text("Pröva själv").click()
    expect(page.get_by_role("row", name="vänster").first).to_be_visible()


def test_rows_open_without_script(chromium: Browser, linkoping: str) -> None:
    with browsing(chromium, linkoping, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{DRIFT}&enhet=tkr&beslutad=2024-12-31")
        page.get_by_role("button", name="Verksamhetsstöd och service").click()
        expect(page.get_by_role("row", name="Avdelning LKDATA")).to_be_visible()
        expect(page.get_by_label("Beslutat t.o.m.", exact=True)).to_have_value("2024-12-31")
        expect(page.get_by_role("button", name="Kopiera länk")).to_have_count(0)
