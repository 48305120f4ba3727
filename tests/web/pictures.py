"""Pictures of every page, of the example of Linköping, for people to look at: `make skarmbilder` writes docs/bilder.

A page is taken wide in daylight, and narrow in the dark: that is where overlaps and overflows show.
By hand: `.venv/bin/python -m tests.web.pictures NAME…` takes some pages only, and leaves the other pictures.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import BROWSERS
from tests.web import houses, order
from tests.web.browsing import PAGES, launched
from tests.web.order import CARL, NOBODY, People

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "docs" / "bilder"

#: Name, width, whether it is dark.
LOOKS: Final = (("", 1280, False), ("-smal-mork", 360, True))

#: The page of many attests at once, which is only come to by ticking.
MANY: Final = "att göra många på en gång"

QUALITY: Final = 72
LONGEST: Final = 2_400


def main(only: Collection[str] = ()) -> int:
    """Take every picture anew, so that pages that are gone leave none; or those of some pages."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.stderr.write("Ingen webbläsare finns: installera Debians paket chromium.\n")
        return 1
    if not only:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        houses.linkoping(f"sqlite:///{folder}/oppen.db") as opened,
        houses.served(houses.edge_of(opened)) as address,
        houses.linkoping(f"sqlite:///{folder}/bunden.db") as bound,
        order.people(bound) as people,
        sync_playwright() as playwright,
    ):
        browser = launched(playwright, program)
        for name, path in PAGES.items():
            if not only or name in only:
                take(browser, f"{address}{path}", name)
        for name, (caller, path) in order.work(people).items():
            if not only or name in only:
                take(browser, f"{people.address}{path}", name, "" if caller == NOBODY else people.key(caller))
        if not only or MANY in only:
            propose_more(people)
            take(browser, f"{people.address}/att-gora", MANY, people.key(CARL), go_through)
        browser.close()
    return 0


def propose_more(people: People) -> None:
    """Several cases that one person can review at once."""
    for number, belopp in enumerate(("250 000,00", "1 200 000,00", "75 000,00"), 906):
        people.propose(f"KS 2026-{number}", **{"rad-1-belopp": belopp})


def go_through(page: Page) -> None:
    """All that can be ticked is ticked, and gone through before anything is done."""
    for box in page.locator("main input[type=checkbox][name^=vald-]").all():
        box.check()
    page.locator("main button[value=ga-igenom]").first.click()
    page.locator("main button[value=genomfor]").first.wait_for()


def take(browser: Browser, address: str, name: str, key: str = "", act: Callable[[Page], None] | None = None) -> None:
    """Every look of one page, as the session of a key sees it; of the page that it comes to by acting, where one is."""
    for look, width, is_dark in LOOKS:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if is_dark else "light"
        )
        if key:
            context.add_cookies([{"name": "liggare", "value": key, "url": address}])
        page = context.new_page()
        page.goto(address)
        if act:
            act(page)
        height = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
        page.set_viewport_size({"width": width, "height": height})
        file = FOLDER / f"{ascii_name(name)}{look}.jpg"
        page.screenshot(path=file, type="jpeg", quality=QUALITY)
        sys.stdout.write(f"{file.relative_to(ROOT)}\n")
        context.close()


def ascii_name(name: str) -> str:
    """A name as it can stand in an address: `många kolumner` is `manga-kolumner`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().translate(str.maketrans("åäöé", "aaoe"))).strip("-")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
