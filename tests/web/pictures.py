"""Pictures of every page, of the example of Linköping, for people to look at: `make skarmbilder` writes docs/bilder.

A page is taken wide in daylight, and narrow in the dark: that is where overlaps and overflows show.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import BROWSERS
from tests.web import houses, order
from tests.web.browsing import PAGES, launched
from tests.web.order import NOBODY

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "docs" / "bilder"

#: Name, width, whether it is dark.
LOOKS: Final = (("", 1280, False), ("-smal-mork", 360, True))

QUALITY: Final = 72
LONGEST: Final = 2_400


def main() -> int:
    """Take every picture anew; pages that are gone leave none."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.stderr.write("Ingen webbläsare finns: installera Debians paket chromium.\n")
        return 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
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
            take(browser, f"{address}{path}", name)
        for name, (caller, path) in order.work(people).items():
            take(browser, f"{people.address}{path}", name, "" if caller == NOBODY else people.key(caller))
        browser.close()
    return 0


def take(browser: Browser, address: str, name: str, key: str = "") -> None:
    """Every look of one page, as the session of a key sees it."""
    for look, width, is_dark in LOOKS:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if is_dark else "light"
        )
        if key:
            context.add_cookies([{"name": "liggare", "value": key, "url": address}])
        page = context.new_page()
        page.goto(address)
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
    sys.exit(main())
