"""A printed answer as a Word document: heading, table with styles, comments and notes as text, ready to paste.

The same answer gives the same bytes: the dates in the file are those of its stamp.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from ledger.interchange.printed import BESIDE, Tryck, Tryckrad

#: More columns than this are set on a page that lies down.
UPRIGHT: Final = 6

#: Width of an upright and of a lying page between its margins, and of a column of figures.
ROOM: Final = {False: Cm(17.0), True: Cm(25.7)}
FIGURES: Final = Cm(2.3)

#: When the parts of the file were packed, as zip writes it: never the clock's.
PACKED: Final = (1980, 1, 1, 0, 0, 0)


def as_docx(tryck: Tryck) -> bytes:
    """The answer as the bytes of a .docx file."""
    document = Document()
    _page(document, tryck)
    document.add_heading(tryck.rubrik, level=1)
    document.add_paragraph(tryck.underrubrik, style="Subtitle")
    if tryck.rader:
        _table(document, tryck)
    else:
        document.add_paragraph("Inga rader.")
    if tryck.kommentarer:
        document.add_heading("Analys och kommentar", level=2)
        for name, text in tryck.kommentarer:
            paragraph = document.add_paragraph()
            paragraph.add_run(name).bold = True
            paragraph.add_run(f"  {text}")
    for note in tryck.fotnoter:
        _small(document.add_paragraph(note))
    return _packed(document)


def _page(document: Any, tryck: Tryck) -> None:
    """A4, the stamp at the foot, Swedish, and the dates of the stamp."""
    section = document.sections[0]
    wide = len(tryck.kolumner) > UPRIGHT
    section.page_width, section.page_height = (Cm(29.7), Cm(21.0)) if wide else (Cm(21.0), Cm(29.7))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Cm(2.0)
    _small(section.footer.paragraphs[0], f"{tryck.stampel}\nRot {tryck.rot}")
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "sv-SE")
    normal.element.get_or_add_rPr().append(language)
    about = document.core_properties
    about.title, about.author, about.language = tryck.rubrik, "Budgetliggare", "sv-SE"
    about.created = about.modified = tryck.dag.replace(tzinfo=None)
    about.last_modified_by, about.comments = "", tryck.stampel


def _table(document: Any, tryck: Tryck) -> None:
    """Names to the left, figures to the right; the head is repeated on every page."""
    wide = len(tryck.kolumner) > UPRIGHT
    table = document.add_table(rows=1, cols=len(tryck.kolumner) + 1, style="Normal Table")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    head = table.rows[0]
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - the library has no word for it
    for cell, text, tal in zip(head.cells, ("Benämning", *tryck.kolumner), (False, *tryck.tal), strict=True):
        _set(cell, text, right=tal, heavy=True)
        _ruled(cell, "bottom")
    for rad in tryck.rader:
        _row(table, rad, tryck)
    for cell in table.rows[-1].cells:
        _ruled(cell, "bottom")
    names = max(ROOM[wide] - FIGURES * len(tryck.kolumner), Cm(3.5))
    for n, column in enumerate(table.columns):
        column.width = FIGURES if n else names
        for cell in column.cells:
            cell.width = FIGURES if n else names


def _row(table: Any, rad: Tryckrad, tryck: Tryck) -> None:
    if rad.beside:
        row = table.add_row()
        _set(row.cells[0].merge(row.cells[-1]), BESIDE, right=False, heavy=False)
        row.cells[0].paragraphs[0].runs[0].italic = True
        row.cells[0].paragraphs[0].paragraph_format.space_before = Pt(6)
    cells = table.add_row().cells
    heavy = rad.sort in ("summa", "rubrik")
    _set(cells[0], rad.namn, right=False, heavy=heavy)
    cells[0].paragraphs[0].paragraph_format.left_indent = Cm(0.35 * rad.indrag)
    for cell, text, tal in zip(cells[1:], rad.celler, tryck.tal, strict=True):
        _set(cell, text, right=tal, heavy=heavy)
    if rad.sort == "summa":
        for cell in cells:
            _ruled(cell, "top", "bottom")


def _ruled(cell: Any, *edges: str) -> None:
    """A thin rule at some edges of a cell."""
    borders = OxmlElement("w:tcBorders")
    for edge in edges:
        rule = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            rule.set(qn(f"w:{name}"), value)
        borders.append(rule)
    about = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - the library has no word for it
    for earlier in about.findall(qn("w:tcBorders")):
        about.remove(earlier)
    about.append(borders)


def _set(cell: Any, text: str, *, right: bool, heavy: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    run = paragraph.add_run(text)
    run.bold, run.font.size = heavy, Pt(9)


def _small(paragraph: Any, text: str | None = None) -> None:
    if text is not None:
        paragraph.add_run(text)
    paragraph.paragraph_format.space_after = Pt(2)
    for run in paragraph.runs:
        run.font.size = Pt(8)


def _packed(document: Any) -> bytes:
    """The file, packed anew with dates that do not follow the clock."""
    made, packed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            target.writestr(zipfile.ZipInfo(name, PACKED), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
