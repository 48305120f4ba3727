"""A chart as a picture in ink: SVG without script or style, readable by programs that read aloud.

Every colour stands twice: as an attribute, for files that stand alone, and as a class that a page may colour anew
(dark mode, print). Coordinates are whole tenths, so the same figures give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from ledger.domain.language import SWEDISH, Phrase, said, spoken
from ledger.domain.money import DECIMALS, UNITS, swedish

#: How wide every chart is, in units of its drawing: 720 fill the width of a page or a column of text.
WIDTH: Final = 720

INK: Final = "#1c1b18"
QUIET: Final = "#575249"
BAR: Final = "#b3ab9b"
HAIR: Final = "#dcd6c8"
ALARM: Final = "#9c2b1b"

#: The roles of what is drawn, and how each looks where no page says otherwise; its class is the role after `d-`.
LOOKS: Final = {
    "axel": f'stroke="{HAIR}" stroke-width="1"',
    "noll": f'stroke="{INK}" stroke-width="1"',
    "stapel": f'fill="{BAR}"',
    "budget": f'fill="none" stroke="{INK}" stroke-width="2"',
    "ring": f'fill="none" stroke="{INK}" stroke-width="1.3"',
    "punkt": f'fill="{INK}"',
    "utfall": f'fill="none" stroke="{INK}" stroke-width="2" stroke-linejoin="round"',
    "glest": f'fill="none" stroke="{INK}" stroke-width="1.5" stroke-dasharray="2 3"',
    "ram": f'fill="none" stroke="{QUIET}" stroke-width="1.2" stroke-dasharray="6 3"',
    "fjol": f'fill="none" stroke="{BAR}" stroke-width="1.5"',
    "text": f'fill="{INK}"',
    "tyst": f'fill="{QUIET}"',
    "minus": f'fill="{ALARM}"',
}

#: The attribute of heavy type.
HEAVY: Final = ' font-weight="600"'

#: How wide a character is taken to be, in hundredths of the size of the type.
CHARACTER: Final = 56

#: Steps of an axis, in ones, tens, hundreds …
STEPS: Final = (1, 2, 5)


@dataclass(frozen=True)
class Diagram:
    """A chart with the table behind it: headings and rows of text, the first column names.

    `upprepar`: the table of the report has the same figures already.
    """

    namn: str
    rubrik: str
    beskrivning: str
    svg: str
    kolumner: tuple[str, ...]
    rader: tuple[tuple[str, ...], ...]
    upprepar: bool = False


class Drawing:
    """What is drawn, element by element, from the back to the front. Coordinates are tenths of a unit."""

    def __init__(self) -> None:
        self._elements: list[str] = []

    def line(self, look: str, x1: int, y1: int, x2: int, y2: int) -> None:
        """A straight line."""
        self._add(look, f'<path class="d-{look}" d="M{at(x1)} {at(y1)}L{at(x2)} {at(y2)}"')

    def path(self, look: str, points: Sequence[tuple[int, int]]) -> None:
        """A line through points."""
        d = "L".join(f"{at(x)} {at(y)}" for x, y in points)
        self._add(look, f'<path class="d-{look}" d="M{d}"')

    def bar(self, look: str, x: int, y: int, width: int, height: int) -> None:
        """A bar; one without width is not drawn."""
        if width > 0:
            box = f'x="{at(x)}" y="{at(y)}" width="{at(width)}" height="{at(height)}"'
            self._add(look, f'<rect class="d-{look}" {box}')

    def dot(self, look: str, x: int, y: int, radius: int) -> None:
        """A dot, or a ring."""
        self._add(look, f'<circle class="d-{look}" cx="{at(x)}" cy="{at(y)}" r="{at(radius)}"')

    def text(
        self, look: str, x: int, y: int, text: str, *, anchor: str = "start", size: int = 12, heavy: bool = False
    ) -> None:
        """A text that begins, has its middle or ends (`start`, `middle`, `end`) at a place on its baseline."""
        self._text(look, x, y, text, anchor, size, HEAVY if heavy else "")

    def name(self, x: int, y: int, name: str, width: int, *, anchor: str = "start", heavy: bool = False) -> None:
        """What a row is called, cut to so many units; marked as Swedish, in other languages, where people wrote it."""
        # Heavy type takes the room of one size larger.
        text, weight = (fitted(said(name), width, 13), HEAVY) if heavy else (fitted(said(name), width), "")
        mark = "" if spoken() is SWEDISH or type(name) is Phrase else ' lang="sv"'
        self._text("text", x, y, text, anchor, 12, weight + mark)

    def _text(self, look: str, x: int, y: int, text: str, anchor: str, size: int, more: str) -> None:
        side = "" if anchor == "start" else f' text-anchor="{anchor}"'
        head = f'<text class="d-{look}" x="{at(x)}" y="{at(y)}" font-size="{size}"{side}{more} {LOOKS[look]}>'
        self._elements.append(f"{head}{escape(clean(text))}</text>")

    def _add(self, look: str, head: str) -> None:
        self._elements.append(f"{head} {LOOKS[look]}/>")

    def svg(self, name: str, height: int, title: str, description: str) -> str:
        """The whole picture. `name` tells its parts from those of other pictures of the page; `height` in units."""
        said = f"<title id={quoteattr(name + '-t')}>{escape(clean(title))}</title>"
        said += f"<desc id={quoteattr(name + '-d')}>{escape(clean(description))}</desc>"
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" viewBox="0 0 {WIDTH} {height}" '
            f'role="img" aria-labelledby={quoteattr(f"{name}-t {name}-d")} '
            "font-family=\"'Libertinus Serif', Charter, Georgia, serif\">"
        )
        return "\n".join([head, said, *self._elements, "</svg>"])


@dataclass(frozen=True)
class Scale:
    """Amounts in öre along an axis: `low` is drawn at `start` and `high` at `end`, in tenths."""

    low: int
    high: int
    start: int
    end: int
    step: int

    def place(self, amount_ore: int) -> int:
        """Where an amount lies."""
        return self.start + (amount_ore - self.low) * (self.end - self.start) // (self.high - self.low)

    def ticks(self) -> Iterator[int]:
        """The amounts that the axis names."""
        yield from range(self.low, self.high + 1, self.step)


def scale(amounts: Sequence[int], start: int, end: int, *, most: int = 5) -> Scale:
    """A scale from 0 that holds all amounts, in at most so many round steps."""
    low, high = min([0, *amounts]), max([0, *amounts])
    high = high if high > low else low + 1
    size = 1
    while True:
        for lead in STEPS:
            step = lead * size
            first, last = low // step * step, -(-high // step) * step
            if (last - first) // step <= most:
                return Scale(first, last, start, end, step)
        size *= 10


def tick_text(amount_ore: int, step: int, enhet: str) -> str:
    """A round amount of an axis, without decimals that say nothing."""
    text = swedish(amount_ore, enhet)
    return text.partition(",")[0] if DECIMALS[enhet] and step % UNITS[enhet] == 0 else text


def at(tenths: int) -> str:
    """A coordinate as it is written: 1234 is `123.4`."""
    whole, rest = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{whole}" + (f".{rest}" if rest else "")


def clean(text: str) -> str:
    """A text in one line, without characters that XML cannot hold."""
    return " ".join("".join(c if c.isprintable() or c == "\u00a0" else " " for c in text).split(" "))


def fitted(text: str, width: int, size: int = 12) -> str:
    """A text that has room in so many units, cut with `…` where it is longer."""
    most = max(width * 100 // (size * CHARACTER), 1)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def width_of(text: str, size: int = 12) -> int:
    """How much room a text takes at most, in tenths."""
    return len(text) * size * CHARACTER // 10


def spread(places: Sequence[int], apart: int) -> list[int]:
    """Places in their order, moved down as little as it takes for neighbours not to meet."""
    found: dict[int, int] = {}
    last: int | None = None
    for n in sorted(range(len(places)), key=lambda n: places[n]):
        last = places[n] if last is None else max(places[n], last + apart)
        found[n] = last
    return [found[n] for n in range(len(places))]
