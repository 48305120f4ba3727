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
from tests.web import houses
from tests.web.browsing import PAGES

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
        houses.linkoping(f"sqlite:///{folder}/liggare.db") as opened,
        houses.served(houses.edge_of(opened)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for name, path in PAGES.items():
            take(browser, f"{address}{path}", name)
        browser.close()
    return 0


def take(browser: Browser, address: str, name: str) -> None:
    """Every look of one page."""
    for look, width, is_dark in LOOKS:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if is_dark else "light"
        )
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
