"""A person with a browser opens the page, moves it back in time and follows a figure to its facts. And axe looks on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import axe_core_python  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import Databases
from tests.web import houses

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

DRIFT = "/rapporter/driftsammandrag?ar=2024"

PAGES = {
    "start": "/",
    "driftsammandrag": DRIFT,
    "rapporter": "/rapporter",
    "registrera": "/registrera/omfordelning",
    "många kolumner": "/registrera/periodisering",
    "analys": "/kommentar/driftsammandrag/KLF-EKON?ar=2024",
    "filer": "/import",
    "prövning": "/provning",
    "hjälp": "/hjalp",
    "tillgänglighet": "/tillganglighet",
    "bakåt": "/rapporter/driftsammandrag?ar=2024&kand=@300&beslutad=2024-01-31&kolumner=alla&enhet=kr",
    "investeringar": "/rapporter/investeringsuppfoljning?ar=2024",
    "tomt år": "/rapporter/driftsammandrag?ar=2031",
    "cell": "/rapporter/driftsammandrag/KLF-GEM/budget?ar=2024",
    "skillnad": "/rapporter/driftsammandrag/skillnad?ar=2024&fran_beslutad=2024-01-31",
    "faktum": "/fakta/95",
    "historik": "/rapporter/behandlingshistorik?lista=luckor",
    "nej": "/rapporter/driftsammandrag?ar=tjugo&tom=13",
    "regel": "/fel/period-is-closed",
}


@pytest.fixture(scope="module")
def linkoping(databases: Databases, shared_data: Path) -> Iterator[str]:
    with houses.opened(databases.new("sqlite")) as opened:
        houses.load(opened, shared_data / "linkoping" / "2024-bokslut")
        with houses.served(houses.edge_of(opened)) as address:
            yield address


@pytest.fixture(scope="module")
def chromium(browser_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, linkoping: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=linkoping, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
    yield page
    context.close()


def figure(page: Page, rad: str, column: int) -> str:
    return page.locator(f'th[scope=row][abbr="{rad}"] ~ td.n').nth(column).inner_text()


def test_the_page_is_moved_back_to_before_the_cuts_and_a_figure_leads_to_its_facts(page: Page) -> None:
    page.goto(DRIFT)
    expect(page.locator("h1")).to_have_text("Driftsammandrag")
    assert figure(page, "Summa nettokostnader", 1) == "654,0"

    page.get_by_label("Beslutat t.o.m.", exact=True).fill("2024-01-31")
    expect(page.get_by_text("Valet är ändrat.")).to_be_visible()
    page.get_by_role("button", name="Visa").click()

    assert figure(page, "Summa nettokostnader", 1) == "671,8"
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
    context = chromium.new_context(base_url=linkoping, java_script_enabled=False)
    page = context.new_page()
    page.goto("/rapporter/driftsammandrag?ar=2024")
    page.get_by_label("Beslutat t.o.m.", exact=True).fill("2024-01-31")
    page.get_by_role("button", name="Visa").click()

    assert figure(page, "Summa nettokostnader", 1) == "671,8"
    expect(page.locator("input[type=range]").first).to_be_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 768, 360])
def test_axe_finds_nothing_and_no_page_overflows(chromium: Browser, linkoping: str, width: int, scheme: str) -> None:
    context = chromium.new_context(
        base_url=linkoping,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    found = {}
    for name, address in PAGES.items():
        page.goto(address)
        page.evaluate(AXE)
        result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        faults = [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in result["violations"]]
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if faults or over > 0:
            found[name] = (faults, over)
    context.close()

    assert not found
