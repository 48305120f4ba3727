"""A reporting package as a Word document: title, contents, chapters; tables that are wide lie down."""

from __future__ import annotations

from typing import Any, Final

from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from ledger.interchange import docx_styles as styles
from ledger.interchange.docx import begun, body, packed, turned
from ledger.interchange.package import Paket

#: The field that Word makes a table of contents of: headings of the second level, as links.
CONTENTS: Final = r'TOC \o "2-2" \h \z \u'


def as_docx_package(paket: Paket) -> bytes:
    """The package as the bytes of a .docx file."""
    document = begun(f"{paket.rubrik}, {paket.vinjett}".rstrip(", "), paket.first.tryck)
    turned(document.sections[0], wide=False)
    document.add_paragraph(paket.vinjett, style="Vinjett")
    document.add_heading(paket.rubrik, level=1)
    document.add_paragraph(paket.underrubrik, style="Subtitle")
    document.add_paragraph(paket.ingress)
    _contents(document, [avsnitt.tryck.rubrik for avsnitt in paket.avsnitt])
    wide = False
    for n, avsnitt in enumerate(paket.avsnitt):
        if avsnitt.tryck.is_wide != wide:
            wide = not wide
            turned(document.add_section(WD_SECTION.NEW_PAGE), wide=wide)
        _bookmarked(document.add_heading(avsnitt.tryck.rubrik, level=2), n)
        body(document, avsnitt.tryck, avsnitt.diagram, level=3)
    return packed(document)


def _contents(document: Any, headings: list[str]) -> None:
    """A table of contents that Word renews; until it has, the headings as links."""
    paragraph = document.add_paragraph("Innehåll", style="Vinjett")
    paragraph.paragraph_format.keep_with_next = True
    for n, text in enumerate(headings):
        paragraph = document.add_paragraph(style="Innehåll")
        if n == 0:
            for kind in ("begin", "code", "separate"):
                _field(paragraph, kind)
        link = parse_xml(
            f'<w:hyperlink {nsdecls("w")} w:anchor="kapitel{n}" w:history="1"><w:r><w:t/></w:r></w:hyperlink>'
        )
        link.find(f".//{qn('w:t')}").text = text
        paragraph._p.append(link)  # noqa: SLF001 - the library has no word for it
        if n == len(headings) - 1:
            _field(paragraph, "end")


def _field(paragraph: Any, kind: str) -> None:
    """A part of the field: where it begins, what it says, where what is shown of it begins and ends."""
    run = paragraph.add_run()._r  # noqa: SLF001 - the library has no word for it
    if kind == "code":
        run.append(parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve">{CONTENTS}</w:instrText>'))
        return
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    run.append(mark)


def _bookmarked(heading: Any, n: int) -> None:
    """A heading that the contents can point to."""
    name = styles.quoted(f"kapitel{n}")
    begin = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{n}" w:name={name}/>')
    end = parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{n}"/>')
    heading._p.insert(1, begin)  # noqa: SLF001 - the library has no word for it
    heading._p.append(end)  # noqa: SLF001 - the library has no word for it
