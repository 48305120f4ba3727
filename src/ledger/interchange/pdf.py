"""A printed answer as PDF: A4, tagged and archivable (PDF/A-2a and PDF/UA-1), the stamp at the foot of every page.

The page is set by typst. The same answer gives the same bytes: the only date in the file is that of its stamp, and no
font of the machine is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import typst

from ledger.interchange.printed import BESIDE, Tryck, Tryckrad

#: For archives and for screen readers.
STANDARDS: Final[list[Literal["a-2a", "ua-1"]]] = ["a-2a", "ua-1"]

#: More columns than this are set on a page that lies down.
UPRIGHT: Final = 6

#: How wide a character is at most, in parts of the size of the type.
WIDTH: Final = 0.56

_PAGE: Final = """
#set page(paper: "a4", flipped: {flipped}, margin: (x: 1.8cm, top: 1.9cm, bottom: 2.1cm), footer: context [
  #set text(size: 7pt, fill: luma(70))
  #line(length: 100%, stroke: 0.3pt + luma(140)) #v(-5pt)
  {stamp} #h(1fr) Sida #counter(page).display() av #counter(page).final().first() \\
  Rot {root}
])
#set text(lang: "sv", region: "se", font: "Libertinus Serif", size: {size}pt, number-width: "tabular")
#set par(justify: false)
#show heading.where(level: 1): set text(size: 17pt, weight: "semibold")
#show heading.where(level: 2): set text(size: 11.5pt, weight: "semibold")
#show heading.where(level: 2): set block(above: 1.4em, below: 0.7em)
"""


def as_pdf(tryck: Tryck) -> bytes:
    """The answer as the bytes of a PDF."""
    return bytes(
        typst.compile(document(tryck).encode(), format="pdf", pdf_standards=[*STANDARDS], ignore_system_fonts=True)
    )


def document(tryck: Tryck) -> str:
    """The answer in the language of typst. Whatever people wrote stands in string literals, never as markup."""
    day = tryck.dag
    when = f"year: {day.year}, month: {day.month}, day: {day.day}"
    when += f", hour: {day.hour}, minute: {day.minute}, second: {day.second}"
    wide = len(tryck.kolumner) > UPRIGHT
    size = 8 if wide else 9.5
    return "\n".join(
        [
            f"#set document(title: {literal(tryck.rubrik)}, date: datetime({when}))",
            _PAGE.format(
                flipped="true" if wide else "false",
                size=size,
                stamp="#" + literal(tryck.stampel),
                root="#" + literal(tryck.rot),
            ),
            f"#heading(level: 1, {literal(tryck.rubrik)})",
            f"#text(fill: luma(60), {literal(tryck.underrubrik)})",
            "\n".join(_table(tryck, size)),
            "\n".join(_after(tryck)),
        ]
    )


def _table(tryck: Tryck, size: float) -> Iterator[str]:
    """Names to the left, figures to the right; a rule over and under every sum, the head repeated on every page."""
    aligned = ", ".join(["left", *("right" if tal else "left" for tal in tryck.tal)])
    columns = ", ".join(["2fr", *(_width(tryck, n, size) for n in range(len(tryck.kolumner)))])
    yield f"#v(6pt) #table(columns: ({columns}), align: ({aligned}), stroke: none, inset: (x: 4pt, y: 3.2pt),"
    heads = "".join(f", align(bottom, strong({literal(k)}))" for k in tryck.kolumner)
    yield f'  table.header([#strong("Benämning")]{heads}),'
    yield "  table.hline(stroke: 0.8pt),"
    for rad in tryck.rader:
        yield from _row(rad, len(tryck.kolumner))
    yield "  table.hline(stroke: 0.4pt + luma(120)),"
    yield ")"
    if not tryck.rader:
        yield "Inga rader."


def _width(tryck: Tryck, n: int, size: float) -> str:
    """Figures get the room they and the longest word of their heading need; text shares what is left."""
    if not tryck.tal[n]:
        return "1fr"
    words = [*tryck.kolumner[n].split(), *(rad.celler[n] for rad in tryck.rader)]
    return f"{max(map(len, words), default=1) * size * WIDTH + 9:.0f}pt"


def _row(rad: Tryckrad, columns: int) -> Iterator[str]:
    if rad.beside:
        yield f"  table.cell(colspan: {columns + 1}, inset: (top: 9pt, bottom: 3pt), emph({literal(BESIDE)})),"
    heavy = rad.sort in ("summa", "rubrik")
    if rad.sort == "summa":
        yield "  table.hline(stroke: 0.5pt),"

    def cell(text: str) -> str:
        return f"strong({literal(text)})" if heavy else f"text({literal(text)})"

    yield f"  pad(left: {rad.indrag * 9}pt, {cell(rad.namn)}), " + ", ".join(cell(text) for text in rad.celler) + ","
    if rad.sort == "summa":
        yield "  table.hline(stroke: 0.5pt),"


def _after(tryck: Tryck) -> Iterator[str]:
    if tryck.kommentarer:
        yield '#heading(level: 2, "Analys och kommentar")'
        for name, text in tryck.kommentarer:
            yield f"#par[#strong({literal(name)}) #h(0.4em) #text({literal(text)})]"
    if tryck.fotnoter:
        yield "#v(8pt) #[#set text(size: 8pt)"
        for note in tryck.fotnoter:
            yield f"#par(text({literal(note)}))"
        yield "]"


def literal(text: str) -> str:
    """A text as a string literal of typst."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "").replace("\t", " ")
    return f'"{escaped}"'
