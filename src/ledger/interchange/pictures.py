"""Charts as pixels, for programs that cannot draw SVG: set by typst with its own font, so one chart is one picture."""

from __future__ import annotations

from typing import Final

import typst

from ledger.interchange.chart import Diagram
from ledger.interchange.pdf import image

#: How wide a chart stands on a page, in centimetres, and how fine it is drawn.
WIDTH_CM: Final = 17
DOTS_PER_INCH: Final = 220

_PAGE: Final = f"#set page(width: {WIDTH_CM}cm, height: auto, margin: 0pt, fill: white)\n"


def as_png(diagram: Diagram) -> bytes:
    """A chart as the bytes of a PNG file."""
    page = f"{_PAGE}#{image(diagram)}".encode()
    return bytes(typst.compile(page, format="png", ppi=DOTS_PER_INCH, ignore_system_fonts=True))
