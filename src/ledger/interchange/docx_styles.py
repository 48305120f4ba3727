"""The styles of Word documents: named, so that whoever pastes a table can give them the look of their own."""

from __future__ import annotations

from typing import Any, Final
from xml.sax.saxutils import quoteattr

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

INK: Final = RGBColor(0x1C, 0x1B, 0x18)
QUIET: Final = "575249"

SERIF: Final = "Cambria"
SANS: Final = "Calibri"

#: The style of every table: hairlines between rows, a rule under the head and under the last row.
TABLE: Final = "Budgettabell"

_TABLE_STYLE: Final = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE}">
  <w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>
  <w:tblPr><w:tblBorders>
    <w:bottom w:val="single" w:sz="4" w:space="0" w:color="1C1B18"/>
    <w:insideH w:val="single" w:sz="2" w:space="0" w:color="DCD6C8"/>
  </w:tblBorders><w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>
    <w:bottom w:val="single" w:sz="6" w:space="0" w:color="1C1B18"/>
  </w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>
</w:style>
"""

#: The edges of a cell of a sum.
DOUBLE_RULE: Final = (
    '<w:tcBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="1C1B18"/>'
    '<w:bottom w:val="double" w:sz="4" w:space="0" w:color="1C1B18"/></w:tcBorders>'
)

#: Paragraphs of tables and around them: name, size, alignment, bold, space above and below, in points.
_PARAGRAPHS: Final[tuple[tuple[str, float, WD_ALIGN_PARAGRAPH, bool, float, float], ...]] = (
    ("Tabelltext", 9, WD_ALIGN_PARAGRAPH.LEFT, False, 1.5, 1.5),
    ("Tabelltal", 9, WD_ALIGN_PARAGRAPH.RIGHT, False, 1.5, 1.5),
    ("Tabellhuvud", 8.5, WD_ALIGN_PARAGRAPH.LEFT, True, 1.5, 2),
    ("Tabellhuvudtal", 8.5, WD_ALIGN_PARAGRAPH.RIGHT, True, 1.5, 2),
    ("Tabellmellanrubrik", 9, WD_ALIGN_PARAGRAPH.LEFT, False, 8, 2),
    ("Fotnot", 8, WD_ALIGN_PARAGRAPH.LEFT, False, 0, 2),
    ("Stämpel", 7, WD_ALIGN_PARAGRAPH.LEFT, False, 0, 0),
    ("Vinjett", 9, WD_ALIGN_PARAGRAPH.LEFT, True, 0, 4),
    ("Innehåll", 10.5, WD_ALIGN_PARAGRAPH.LEFT, False, 2, 2),
)


def install(document: Any) -> None:
    """Put the styles in a new document."""
    known = document.styles
    normal = known["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = SANS, Pt(10), INK
    normal.paragraph_format.space_after = Pt(6)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "sv-SE")
    normal.element.get_or_add_rPr().append(language)
    for title, points in (("Title", 26), ("Heading 1", 18), ("Heading 2", 13), ("Heading 3", 11)):
        _heading(known[title], points)
    known["Title"].element.find(qn("w:pPr")).remove(known["Title"].element.find(f".//{qn('w:pBdr')}"))
    quiet = known["Subtitle"]
    for spacing in quiet.element.rPr.findall(qn("w:spacing")):
        quiet.element.rPr.remove(spacing)
    quiet.paragraph_format.keep_with_next = True
    quiet.font.name, quiet.font.size, quiet.font.italic, quiet.font.bold = SANS, Pt(10), False, False
    quiet.font.color.rgb = RGBColor.from_string(QUIET)
    for name, size, side, heavy, above, below in _PARAGRAPHS:
        style = known.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size, style.font.bold = normal, Pt(size), heavy or None
        style.paragraph_format.alignment = side
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(below)
        style.paragraph_format.line_spacing = 1.0
    known["Tabellmellanrubrik"].font.italic = True
    for name in ("Fotnot", "Stämpel", "Vinjett", "Tabellhuvud", "Tabellhuvudtal"):
        known[name].font.color.rgb = RGBColor.from_string(QUIET)
    known["Stämpel"].paragraph_format.tab_stops.add_tab_stop(Cm(17.0), WD_TAB_ALIGNMENT.RIGHT)
    known["Innehåll"].paragraph_format.tab_stops.add_tab_stop(Cm(17.0), WD_TAB_ALIGNMENT.RIGHT)
    known.element.append(parse_xml(_TABLE_STYLE))


def _heading(style: Any, size: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = SERIF, Pt(size), INK
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    style.paragraph_format.keep_with_next = True


def field(paragraph: Any, code: str, shown: str) -> None:
    """A field that Word works out, with what stands there until it has."""
    made = parse_xml(f"<w:fldSimple {nsdecls('w')} w:instr={quoted(code)}><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>")
    paragraph._p.append(made)  # noqa: SLF001 - the library has no word for it


def quoted(text: str) -> str:
    """A text as an attribute, in quotes."""
    return quoteattr(plain(text))


def plain(text: str) -> str:
    """A text without characters that XML cannot hold."""
    return "".join(c if c.isprintable() or c == "\u00a0" else " " for c in text)
