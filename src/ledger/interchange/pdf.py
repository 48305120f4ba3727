"""A printed answer as PDF: A4, tagged and archivable (PDF/A-2a and PDF/UA-1), the stamp at the foot of every page.

The page is set by typst. The same answer gives the same bytes: the only date in the file is that of its stamp, and no
font of the machine is used. Not here: a whole package (pdf_package.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, Literal

import typst

from ledger.interchange.chart import Diagram
from ledger.interchange.printed import BESIDE, Tryck, Tryckrad, charted

#: For archives and for screen readers.
STANDARDS: Final[list[Literal["a-2a", "ua-1"]]] = ["a-2a", "ua-1"]

#: Tables with no more rows are not broken across pages.
TOGETHER: Final = 24

#: How typst names a character that cannot stand in the file, and how often one is looked for.
LACKING: Final = re.compile(r'(?:the text|codepoint) `"([^"]+)"`')
TRIES: Final = 20

#: Characters of writings that the font does not have: what is beyond Europe's, and pictures.
FOREIGN: Final = re.compile("[\u0600-\u1dff\u2e80-\ufaff\ufb50-\ufdff\ufe70-\ufefe\uff00-\uffef\U00010000-\U0010ffff]")

#: What is said where any was replaced.
LACKED: Final = '\n#par(text(size: 8pt, "□ står för tecken som PDF-filens typsnitt saknar."))'

#: How wide a character is at most, in parts of the size of the type.
WIDTH: Final = 0.56

#: Sizes of type, in points: of a page, of a wide one, and of tables behind charts.
SIZE, WIDE_SIZE, SMALL_SIZE = 9.5, 8.0, 8.0

_PAGE: Final = """
#set page(paper: "a4", margin: (x: 1.9cm, top: 1.9cm, bottom: 2.1cm), footer: context [
  #set text(size: 7pt, fill: luma(70))
  #line(length: 100%, stroke: 0.3pt + luma(140)) #v(-5pt)
  {stamp} #h(1fr) Sida #counter(page).display() av #counter(page).final().first() \\
  Rot {root}
])
#set text(lang: "sv", region: "se", font: "Libertinus Serif", size: {size}pt, number-width: "tabular")
#set par(justify: false)
#show heading.where(level: 1): set text(size: 18pt, weight: "semibold")
#show heading.where(level: 2): set text(size: 13pt, weight: "semibold")
#show heading.where(level: 3): set text(size: 10.5pt, weight: "semibold")
#show heading.where(level: 2): set block(above: 1.6em, below: 0.8em)
#show heading.where(level: 3): set block(above: 1.6em, below: 0.8em)
"""


def as_pdf(tryck: Tryck, diagrams: Sequence[Diagram] = ()) -> bytes:
    """The answer with its charts as the bytes of a PDF."""
    return compiled(document(tryck, diagrams))


def compiled(text: str) -> bytes:
    """A document in the language of typst as the bytes of a PDF.

    An archivable PDF may hold no character that its fonts lack: such stand as `□`, and a note says so.
    """
    for _ in range(TRIES):
        try:
            return _compiled(text)
        except typst.TypstError as error:
            if (lacking := LACKING.search(str(error))) is None:
                raise
            noted = text if LACKED in text else text + LACKED
            text = FOREIGN.sub("□", noted).replace(_character(lacking[1]), "□")
    return _compiled(re.sub("[^\u0000-\u017f\u2010-\u2026\u2212□]", "□", text))


def _compiled(text: str) -> bytes:
    return bytes(typst.compile(text.encode(), format="pdf", pdf_standards=[*STANDARDS], ignore_system_fonts=True))


def _character(named: str) -> str:
    """The first character that an error names, written out or by its number."""
    numbered = re.match(r"\\u\{([0-9a-f]+)\}", named)
    return chr(int(numbered[1], 16)) if numbered else named[:1]


def document(tryck: Tryck, diagrams: Sequence[Diagram] = ()) -> str:
    """The answer in the language of typst. Whatever people wrote stands in string literals, never as markup."""
    wide = tryck.is_wide
    return "\n".join(
        [
            preamble(tryck.rubrik, tryck),
            f"#set page(flipped: true)\n#set text(size: {WIDE_SIZE}pt)" if wide else "",
            f"#heading(level: 1, {literal(tryck.rubrik)})",
            *body(tryck, diagrams, level=2),
        ]
    )


def preamble(rubrik: str, tryck: Tryck) -> str:
    """What stands before the first page: title, date, page, type."""
    stamp, root = "#" + literal(tryck.stampel), "#" + literal(tryck.rot)
    title = f'#set document(title: {literal(rubrik)}, author: "Budgetliggare", date: {_instant(tryck.dag)})'
    return title + _PAGE.format(size=SIZE, stamp=stamp, root=root)


def _instant(day: datetime) -> str:
    when = f"year: {day.year}, month: {day.month}, day: {day.day}"
    return f"datetime({when}, hour: {day.hour}, minute: {day.minute}, second: {day.second})"


def body(tryck: Tryck, diagrams: Sequence[Diagram], *, level: int) -> Iterator[str]:
    """All that stands under the heading of an answer; its own headings are of a level."""
    yield f"#block(sticky: true, text(fill: luma(60), {literal(tryck.underrubrik)}))"
    yield from table(tryck, WIDE_SIZE if tryck.is_wide else SIZE)
    if tryck.fotnoter:
        yield "#v(4pt) #[#set text(size: 8pt, fill: luma(60)); #set par(spacing: 0.6em)"
        for note in tryck.fotnoter:
            yield f"#par(text({literal(note)}))"
        yield "]"
    if tryck.kommentarer:
        yield f'#heading(level: {level}, "Analys och kommentar")'
        for name, text in tryck.kommentarer:
            yield f"#par[#strong({literal(name)}) #h(0.4em) #text({literal(text)})]"
    for diagram in diagrams:
        heading = f"heading(level: {level}, {literal(diagram.rubrik)})"
        yield f"#block(breakable: false, above: 1.6em)[#{heading} #{image(diagram)}]"
        if not diagram.upprepar:
            yield f"#[#set text(size: {SMALL_SIZE}pt)"
            yield from table(charted(tryck, diagram), SMALL_SIZE, names="auto")
            yield "]"


def image(diagram: Diagram) -> str:
    """A chart in the language of typst, with the words for those who do not see it."""
    return f'image(bytes({literal(diagram.svg)}), format: "svg", width: 17cm, alt: {literal(diagram.beskrivning)})'


def table(tryck: Tryck, size: float, names: str = "1fr") -> Iterator[str]:
    """Names to the left, figures to the right; a rule over and under every sum, the head repeated on every page.

    `names` is how wide the first column is: what is left of the page, or what it needs (`auto`).
    """
    if not tryck.rader:
        yield f"#v(6pt) #par(text({literal(tryck.tomt)}))"
        return
    aligned = ", ".join(["left", *("right" if tal else "left" for tal in tryck.tal)])
    first = f"{tryck.share(-1)}fr" if names == "1fr" else names
    columns = ", ".join([first, *(_width(tryck, n, size) for n in range(len(tryck.kolumner)))])
    whole = "false" if len(tryck.rader) <= TOGETHER else "true"
    room = "100%" if names == "1fr" else "auto"
    yield f"#v(6pt) #block(breakable: {whole}, width: {room})["
    yield f"#table(columns: ({columns}), align: ({aligned}), inset: (x: 4pt, y: 3.4pt),"
    yield "  stroke: (x, y) => if y > 1 { (top: 0.3pt + luma(215)) },"
    heads = "".join(f", align(bottom, strong({literal(k)}))" for k in tryck.kolumner)
    yield f"  table.header(align(bottom, strong({literal(tryck.forsta)})){heads}),"
    yield "  table.hline(stroke: 0.8pt),"
    for rad in tryck.rader:
        yield from _row(rad, len(tryck.kolumner))
    yield "  table.hline(stroke: 0.5pt),"
    yield ")]"


def _width(tryck: Tryck, n: int, size: float) -> str:
    """Figures and short texts get the room that they need; longer texts share what is left with the names."""
    share = tryck.share(n)
    return f"{share}fr" if share else f"{tryck.longest(n) * size * WIDTH + 9:.0f}pt"


def _row(rad: Tryckrad, columns: int) -> Iterator[str]:
    if rad.beside:
        yield f"  table.cell(colspan: {columns + 1}, inset: (top: 9pt, bottom: 3pt), emph({literal(BESIDE)})),"
    heavy, quiet = rad.sort in ("summa", "delsumma", "rubrik"), rad.sort in ("varav", "andring")
    if rad.sort == "summa":
        yield "  table.hline(stroke: 0.5pt),"

    def cell(text: str) -> str:
        if heavy:
            return f"strong({literal(text)})"
        return f"text(fill: luma(70), {literal(text)})" if quiet else f"text({literal(text)})"

    yield f"  pad(left: {rad.indrag * 9}pt, {cell(rad.namn)}), " + ", ".join(cell(text) for text in rad.celler) + ","
    if rad.sort == "summa":
        yield "  table.hline(stroke: 0.5pt),"


def literal(text: str) -> str:
    """A text as a string literal of typst."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "").replace("\t", " ")
    return f'"{escaped}"'
