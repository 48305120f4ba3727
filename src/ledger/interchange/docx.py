"""A printed answer as a Word document: heading, table with styles, charts, comments and notes as text, ready to paste.

The same answer gives the same bytes: the dates in the file are those of its stamp. Not here: a whole package
(docx_package.py) and the styles (docx_styles.py).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from ledger.interchange import docx_styles as styles
from ledger.interchange.chart import Diagram
from ledger.interchange.pictures import WIDTH_CM, as_png
from ledger.interchange.printed import BESIDE, Tryck, Tryckrad, charted

#: Width of an upright and of a lying page between its margins, and of the narrowest column of figures.
ROOM: Final = {False: 17.0, True: 25.7}
NARROWEST: Final = 1.7

#: The names of a table behind a chart, and the least that names and long texts are given.
NAMES: Final = 4.0
NAMES_LEAST: Final = 3.4

#: How wide a character of a table is, in centimetres.
CHARACTER: Final = 0.175

#: Tables with no more rows are kept on one page.
TOGETHER: Final = 24

#: How far a row of the next level is moved in, in centimetres, and what Word counts in: twentieths of a point.
INDENT: Final = 0.35
TWIPS: Final = 567

#: Titles of documents have at most so many characters.
LONGEST_TITLE: Final = 255

#: When the parts of the file were packed, as zip writes it: never the clock's.
PACKED: Final = (1980, 1, 1, 0, 0, 0)

#: What says that a picture is also there as SVG, and the words for it.
SVG_EXTENSION: Final = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
SVG_WORDS: Final = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def as_docx(tryck: Tryck, diagrams: Sequence[Diagram] = ()) -> bytes:
    """The answer with its charts as the bytes of a .docx file."""
    document = begun(tryck.rubrik, tryck)
    turned(document.sections[0], wide=tryck.is_wide)
    document.add_heading(tryck.rubrik, level=1)
    body(document, tryck, diagrams, level=2)
    return packed(document)


def begun(rubrik: str, tryck: Tryck) -> Any:
    """A document with its styles, the stamp at its foot, Swedish, and the dates of the stamp."""
    document = Document()
    styles.install(document)
    foot = document.sections[0].footer.paragraphs[0]
    foot.style = "Stämpel"
    foot.add_run(f"{tryck.stampel}\nRot {tryck.rot}\tSida ")
    styles.field(foot, "PAGE", "1")
    foot.add_run(" av ")
    styles.field(foot, "NUMPAGES", "1")
    about = document.core_properties
    about.title, about.author, about.language = styles.plain(rubrik)[:LONGEST_TITLE], "Budgetliggare", "sv-SE"
    about.created = about.modified = tryck.dag.replace(tzinfo=None)
    about.last_modified_by, about.comments = "", tryck.stampel
    return document


def turned(section: Any, *, wide: bool) -> None:
    """A4, upright or lying."""
    section.page_width, section.page_height = (Cm(29.7), Cm(21.0)) if wide else (Cm(21.0), Cm(29.7))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin, section.bottom_margin = Cm(2.0), Cm(2.2)


def body(document: Any, tryck: Tryck, diagrams: Sequence[Diagram], *, level: int) -> None:
    """All that stands under the heading of an answer; its own headings are of a level."""
    document.add_paragraph(tryck.underrubrik, style="Subtitle")
    if tryck.rader:
        table(document, tryck, ROOM[tryck.is_wide])
    else:
        document.add_paragraph(tryck.tomt)
    for n, note in enumerate(tryck.fotnoter):
        paragraph = document.add_paragraph(note, style="Fotnot")
        paragraph.paragraph_format.space_before = None if n else Pt(6)
    if tryck.kommentarer:
        document.add_heading("Analys och kommentar", level=level)
        for name, text in tryck.kommentarer:
            paragraph = document.add_paragraph()
            paragraph.add_run(name).bold = True
            paragraph.add_run(f"  {text}")
    for diagram in diagrams:
        picture(document, diagram, level=level)
        if not diagram.upprepar:
            behind = charted(tryck, diagram)
            table(document, behind, min(ROOM[tryck.is_wide], NAMES + sum(figures(behind))))
    if document.element.body[-2].tag == qn("w:tbl"):
        # Word wants a paragraph after the last table.
        document.add_paragraph(style="Fotnot")


# ---------------------------------------------------------------- tables


def table(document: Any, tryck: Tryck, room: float) -> None:
    """Names to the left, figures to the right, in so many centimetres; the head is repeated on every page.

    The rows are written as they stand in the file: cell by cell the library takes seconds for a long table.
    """
    heads = ["Tabellhuvudtal" if tal else "Tabellhuvud" for tal in (False, *tryck.tal)]
    cells = (_cell(text, style) for text, style in zip((tryck.forsta, *tryck.kolumner), heads, strict=True))
    lines = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"]
    for rad in tryck.rader:
        lines += _row(rad, tryck)
    if len(tryck.rader) <= TOGETHER:
        lines[:-1] = [line.replace('<w:keepNext w:val="0"/>', "<w:keepNext/>") for line in lines[:-1]]
    widths = [round(width * TWIPS) for width in _widths(tryck, room)]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    about = (
        f'<w:tblStyle w:val="{styles.TABLE}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/><w:tblCaption w:val={styles.quoted(tryck.rubrik)}/>'
    )
    made = parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>{about}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )
    # The last thing in the body is the section's own description.
    document.element.body.insert(len(document.element.body) - 1, made)


def _row(rad: Tryckrad, tryck: Tryck) -> Iterator[str]:
    if rad.beside:
        over = _cell(BESIDE, "Tabellmellanrubrik", about=f'<w:gridSpan w:val="{len(tryck.kolumner) + 1}"/>')
        yield f"<w:tr>{over}</w:tr>"
    sides = ["Tabelltal" if tal else "Tabelltext" for tal in (False, *tryck.tal)]
    look = "<w:b/>" if rad.sort in ("summa", "delsumma", "rubrik") else ""
    if rad.sort in ("varav", "andring"):
        look = f'<w:color w:val="{styles.QUIET}"/>'
    about = styles.DOUBLE_RULE if rad.sort == "summa" else ""
    indents = [round(rad.indrag * INDENT * TWIPS), *(0 for _ in tryck.kolumner)]
    cells = (
        _cell(text, style, look=look, about=about, indent=indent)
        for text, style, indent in zip((rad.namn, *rad.celler), sides, indents, strict=True)
    )
    yield f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _cell(text: str, style: str, *, look: str = "", about: str = "", indent: int = 0) -> str:
    """A cell with a paragraph of a style."""
    moved = f'<w:ind w:left="{indent}"/>' if indent else ""
    run = f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(styles.plain(text))}</w:t></w:r>'
    properties = f'<w:pPr><w:pStyle w:val="{style}"/><w:keepNext w:val="0"/>{moved}</w:pPr>'
    return f"<w:tc><w:tcPr>{about}</w:tcPr><w:p>{properties}{run}</w:p></w:tc>"


def figures(tryck: Tryck) -> list[float]:
    """The room that the columns after the names need, in centimetres; nothing for those of long texts."""
    columns = range(len(tryck.kolumner))
    return [0.0 if tryck.share(n) else max(tryck.longest(n) * CHARACTER + 0.35, NARROWEST) for n in columns]


def _widths(tryck: Tryck, room: float) -> list[float]:
    """The width of every column: names and long texts share what is left; where that is little, all give way."""
    found = figures(tryck)
    shares = [tryck.share(-1), *(tryck.share(n) for n in range(len(found)))]
    least = NAMES_LEAST * sum(share > 0 for share in shares)
    if (left := room - sum(found)) < least:
        found = [width * max(room - least, 0) / sum(found) for width in found]
        left = room - sum(found)
    return [fixed or left * share / sum(shares) for fixed, share in zip([0.0, *found], shares, strict=True)]


# ---------------------------------------------------------------- charts


def picture(document: Any, diagram: Diagram, *, level: int) -> None:
    """A chart under its heading: as SVG for programs that draw it, with a picture of dots for those that do not."""
    heading = document.add_heading(diagram.rubrik, level=level)
    heading.paragraph_format.keep_with_next = True
    shape = document.add_picture(io.BytesIO(as_png(diagram)), width=Cm(WIDTH_CM))
    shape._inline.docPr.set("descr", diagram.beskrivning)  # noqa: SLF001 - the library has no word for it
    shape._inline.docPr.set("title", diagram.rubrik)  # noqa: SLF001 - the library has no word for it
    name = PackURI(f"/word/media/diagram{len(document.inline_shapes)}.svg")
    part = Part(name, "image/svg+xml", diagram.svg.encode(), document.part.package)
    related = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    blip = shape._inline.graphic.graphicData.pic.blipFill.blip  # noqa: SLF001 - the library has no word for it
    words = f"{nsdecls('a', 'r')} xmlns:asvg={styles.quoted(SVG_WORDS)}"
    blip.append(
        parse_xml(
            f'<a:extLst {words}><a:ext uri="{SVG_EXTENSION}"><asvg:svgBlip r:embed="{related}"/></a:ext></a:extLst>'
        )
    )
    document.paragraphs[-1].paragraph_format.space_after = Pt(6)


def packed(document: Any) -> bytes:
    """The file, packed anew with dates that do not follow the clock."""
    made, again = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            target.writestr(zipfile.ZipInfo(name, PACKED), source.read(name), zipfile.ZIP_DEFLATED)
    return again.getvalue()
