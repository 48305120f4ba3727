"""A browser for tests: one Chromium for a file of tests, the pages that it looks at, and axe, which looks on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import axe_core_python  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

AXE: Final = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

DRIFT: Final = "/rapporter/driftsammandrag?ar=2024"

#: Every page and state that a reader of the example of Linköping comes to by a link.
PAGES: Final = {
    "start": "/",
    "driftsammandrag": DRIFT,
    "öppna rader": f"{DRIFT}&oppna=KS-VSS&organisation=2023-12-31",
    "rapporter": "/rapporter",
    "registrera": "/registrera/omfordelning",
    "många kolumner": "/registrera/periodisering",
    "analys": "/kommentar/driftsammandrag/KLF-EKON?ar=2024",
    "filer": "/import",
    "att göra": "/att-gora",
    "perioder": "/perioder?ar=2024",
    "månad": "/perioder/2024-03",
    "organisation": "/organisation?dag=2024-06-01",
    "prövning": "/provning",
    "hjälp": "/hjalp",
    "tillgänglighet": "/tillganglighet",
    "bakåt": f"{DRIFT}&kand=@300&beslutad=2024-01-31&kolumner=alla&enhet=kr",
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
def chromium(browser_path: str) -> Iterator[Browser]:
    """The browser of a file of tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than the window. The context must have `bypass_csp`."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    result = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in result["violations"]] + too_wide(page)


def too_wide(page: Page) -> list[str]:
    """Whether a page must be scrolled sideways."""
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{over} px too wide"] if over > 0 else []
