"""A browser for tests: one Chromium for a file of tests, what is looked at on every page, and axe, which looks on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import axe_core_python  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

AXE: Final = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

#: Rules whose answer turns with the width of the window and the light; the others are asked where all is shown.
TURNING: Final = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]

#: Where each page is looked at by axe: how wide, by which light, and by which rules. Every width and light is there;
#: all six together take twice the time and have never found more.
Looks: TypeAlias = tuple[tuple[int, str, list[str]], ...]
LOOKS: Final[Looks] = (
    (1440, "light", RULES),
    (768, "dark", TURNING),
    (360, "dark", RULES),
)

#: The looks that differ most: one of them is enough for a state of a page that is looked at in all.
FARTHEST: Final = (LOOKS[:1], LOOKS[-1:])

#: Rows of a long table or list are alike; the first of them, and the last, are enough.
ALIKE: Final = [
    ["tbody > tr:nth-child(n+21):nth-last-child(n+5)"],
    ["li:nth-child(n+21)"],
    ["dl > div:nth-child(n+21)"],
]

#: The narrowest window, which is also 1280 px at 400 %, and 1440 px at 200 %.
NARROW: Final = (320, 720)

#: Milliseconds that anything may take on a machine that is busy with more: what comes is never waited for any longer.
PATIENCE: Final = 120_000
expect.set_options(timeout=PATIENCE)

#: The browser of tests asks for Swedish, in whatever context.
ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--accept-lang=sv-SE")

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
    "nycklar": "/nycklar",
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
    "regler": "/fel",
}


def launched(playwright: Playwright, program: str) -> Browser:
    """The system's Chromium."""
    return playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS], timeout=PATIENCE)


@pytest.fixture(scope="module")
def chromium(browser_path: str) -> Iterator[Browser]:
    """The browser of a file of tests."""
    with sync_playwright() as playwright:
        browser = launched(playwright, browser_path)
        yield browser
        browser.close()


def browser_of(chromium: Browser, address: str, **look: Any) -> BrowserContext:
    """A browser of one person."""
    wide = {"viewport": {"width": 1440, "height": 1000}, "locale": "sv-SE"}
    context = chromium.new_context(base_url=address, **{**wide, **look})
    context.set_default_timeout(PATIENCE)
    return context


@contextmanager
def browsing(chromium: Browser, address: str, **look: Any) -> Iterator[BrowserContext]:
    """A browser of one person, whose every page is heard (`hear`)."""
    context = browser_of(chromium, address, **look)
    heard = hear(context, address)
    try:
        yield context
    finally:
        context.close()
    assert not heard


@contextmanager
def looking_at(chromium: Browser, address: str) -> Iterator[Page]:
    """A page that axe may look at in every look: its colours do not slide when they change."""
    with browsing(chromium, address, reduced_motion="reduce") as context:
        context.add_init_script(AXE)
        yield context.new_page()


def hear(context: BrowserContext, address: str) -> list[str]:
    """What no page may do, as it is done: break in script, be stopped by the policy (CSP), ask another host."""
    heard: list[str] = []

    def said(message: ConsoleMessage) -> None:
        # A page that says no is an error to the browser, and not to us.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            heard.append(message.text)

    def asked(request: Request) -> None:
        if urlsplit(request.url).scheme not in {"data", "blob"} and not request.url.startswith(f"{address}/"):
            heard.append(f"asks {request.url}")

    context.on("weberror", lambda error: heard.append(str(error.error)))
    context.on("console", said)
    context.on("request", asked)
    return heard


def faults(page: Page, rules: list[str] = RULES) -> list[str]:
    """What axe finds, and whether the page is wider than the window."""
    if not page.evaluate("'axe' in window"):  # `looking_at` has it from the beginning
        page.evaluate(AXE)
    kind = "rule" if rules is TURNING else "tag"
    wishes = {"runOnly": {"type": kind, "values": rules}, "resultTypes": ["violations"], "selectors": False}
    asked = [{"include": [["html"]], "exclude": ALIKE}, {**wishes, "preload": False}]
    result = page.evaluate("([where, wishes]) => axe.run(where, wishes)", asked)
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in result["violations"]] + too_wide(page)


def faults_in_every_look(page: Page, looks: Looks = LOOKS) -> dict[tuple[int, str], list[str]]:
    """What is wrong with an opened page, by look; blank where nothing is. Its context has `reduced_motion`."""
    found = {}
    for width, light, rules in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if light == "dark" else "light")
        found[width, light] = faults(page, rules)
    for width in NARROW:
        found[width, ""] = too_wide(page, width)
    return {look: faults for look, faults in found.items() if faults}


def too_wide(page: Page, width: int | None = None) -> list[str]:
    """Whether a page must be scrolled sideways, in a window as it is or of another width."""
    if width:
        page.set_viewport_size({"width": width, "height": 900})
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{over} px too wide"] if over > 0 else []


def moved(page: Page) -> list[str]:
    """What has moved on a page since it was first drawn, without anybody having asked for it."""
    found: list[str] = page.evaluate(
        """() => new Promise(answer => {
          const moved = [];
          new PerformanceObserver(list => {
            for (const one of list.getEntries()) if (!one.hadRecentInput)
              moved.push(...one.sources.map(({node}) => (node?.outerHTML ?? node?.data ?? '').slice(0, 120)));
          }).observe({type: 'layout-shift', buffered: true});
          setTimeout(() => answer(moved.filter(Boolean)), 50);
        })"""
    )
    return found
