"""The reporting package holds every figure of its chapters, in order, in Word, PDF and spreadsheet."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from ledger.domain.refusal import Refused
from ledger.interchange.forms import PACKAGES
from ledger.interchange.package import KAPITEL, Paket, package
from tests.oracle.generator import random_facts
from tests.reporting.asking import Desk

TODAY = date(2025, 2, 3)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    desk = Desk(random_facts(7, 150))
    yield desk
    desk.close()


@pytest.fixture(scope="module", params=[{"ar": "2024"}, {"ar": "2024", "tom": "3", "enhet": "tkr"}])
def paket(desk: Desk, request: pytest.FixtureRequest) -> Paket:
    return package(desk.reports, request.param, "Provkommun", TODAY)


def plain(text: str) -> str:
    """Text without what a page may break at."""
    return re.sub(r"[\s\u00ad-]+", "", text)


def said(paket: Paket) -> Iterator[str]:
    """Everything that a reader must find."""
    yield from (paket.rubrik, paket.ingress, paket.first.tryck.rot)
    for avsnitt in paket.avsnitt:
        yield avsnitt.tryck.rubrik
        yield from avsnitt.tryck.fotnoter
        for name, text in avsnitt.tryck.kommentarer:
            yield from (name, text)
        for rad in avsnitt.tryck.rader:
            yield from (rad.namn, *rad.celler)


def test_chapters_come_in_the_declared_order_as_of_one_position(desk: Desk, paket: Paket) -> None:
    reports = desk.reports.reports
    declared = [(k.rapport, k.rubrik or reports[k.rapport].rubrik) for k in KAPITEL if k.rapport in reports]
    found = [(avsnitt.answer.rapport, avsnitt.tryck.rubrik) for avsnitt in paket.avsnitt]
    assert [chapter for chapter in declared if chapter in found] == found
    assert found[0] == ("driftsammandrag", "Driftsammandrag")
    assert len({avsnitt.answer.stampel.position for avsnitt in paket.avsnitt}) == 1
    assert len({avsnitt.answer.enhet for avsnitt in paket.avsnitt if avsnitt.report.table}) == 1


def test_a_pdf_has_every_figure_its_contents_and_is_made_for_archives(paket: Paket) -> None:
    reader = PdfReader(io.BytesIO(PACKAGES["pdf"].made(paket)))
    text = plain("".join(page.extract_text() for page in reader.pages))
    assert [part for part in said(paket) if plain(part) not in text] == []
    root: Any = reader.trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert {"pdfaid:part", "pdfuaid:part"} <= set(re.findall(r"pdf\w+:part", root["/Metadata"].get_data().decode()))
    outlined = [entry.title for entry in _flat(reader.outline)]
    tags = list(_tags(root["/StructTreeRoot"]))
    assert len([tag for tag in tags if tag["/S"] == "/Table"]) >= len(paket.avsnitt)
    assert {"/H1", "/H2", "/TOC", "/THead", "/TH", "/TD"} <= {tag["/S"] for tag in tags}
    words = {tag["/Alt"] for tag in tags if tag["/S"] == "/Figure"}
    assert words == {diagram.beskrivning for avsnitt in paket.avsnitt for diagram in avsnitt.diagram}
    chapters = [plain(avsnitt.tryck.rubrik) for avsnitt in paket.avsnitt]
    assert [title for title in map(plain, outlined) if title in chapters] == chapters


def _tags(node: Any) -> Iterator[Any]:
    """Every tag of the structure that programs read aloud."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, dict):
        if "/S" in node:
            yield node
        yield from _tags(node.get("/K"))
    elif isinstance(node, list):
        for one in node:
            yield from _tags(one)


def _flat(outline: Any) -> Iterator[Any]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry


def test_a_word_document_has_every_figure_in_tables_with_styles_and_links_to_its_chapters(paket: Paket) -> None:
    made = PACKAGES["docx"].made(paket)
    document = Document(io.BytesIO(made))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    foot = document.sections[0].footer.paragraphs[0].text
    text = plain("\n".join([*paragraphs, *cells, foot]))
    assert [part for part in said(paket) if plain(part) not in text] == []
    assert {table.style.name for table in document.tables if table.style} == {"Budgettabell"}
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 2"]
    assert headings == [avsnitt.tryck.rubrik for avsnitt in paket.avsnitt]
    xml = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    assert re.findall(r'w:hyperlink[^>]*w:anchor="(\w+)"', xml) == re.findall(
        r'w:bookmarkStart[^>]*w:name="(\w+)"', xml
    )
    pictures = [shape for avsnitt in paket.avsnitt for shape in avsnitt.diagram]
    assert len(document.inline_shapes) == len(pictures) > 0
    assert [s._inline.docPr.get("descr") for s in document.inline_shapes] == [d.beskrivning for d in pictures]  # noqa: SLF001 - the words of the picture


def test_a_workbook_has_a_sheet_for_every_chapter_and_lists_them_first(paket: Paket) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(PACKAGES["xlsx"].made(paket)))
    first, *chapters = book.sheet_names
    contents = [line[0] for line in book.get_sheet_by_name(first).to_python() if line]
    assert [name for name in contents if name in chapters] == chapters
    assert len(chapters) == len(paket.avsnitt) + 1
    for avsnitt, name in zip(paket.avsnitt, chapters, strict=False):
        names = [line[0] for line in book.get_sheet_by_name(name).to_python()]
        assert [rad.namn for rad in avsnitt.answer.rader if rad.namn not in names] == []


def test_one_package_is_the_same_bytes(desk: Desk) -> None:
    asked = {"ar": "2024", "kand": "@120"}
    first, second = (package(desk.reports, asked, "Provkommun", TODAY) for _ in range(2))
    for form in PACKAGES.values():
        assert form.made(first) == form.made(second)


def test_what_is_said_once_is_not_said_again(paket: Paket) -> None:
    comments = [comment for avsnitt in paket.avsnitt for comment in avsnitt.tryck.kommentarer]
    assert len(comments) == len(set(comments))
    notes = [note for avsnitt in paket.avsnitt for note in avsnitt.tryck.fotnoter if not note.startswith("I övrigt")]
    assert len(notes) == len(set(notes))


@pytest.mark.parametrize("asked", [{"ar": "1950"}, {"ar": "2099", "tom": "1"}, {"ar": "2024", "kand": "@0"}])
def test_a_package_of_nothing_says_so_in_every_form(desk: Desk, asked: dict[str, str]) -> None:
    found = package(desk.reports, asked, "", TODAY)
    assert found.ingress.startswith("Inget utfall och ingen budget är registrerade")
    for form in PACKAGES.values():
        assert len(form.made(found)) > 1000


def test_a_question_that_cannot_be_asked_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused):
        package(desk.reports, {"ar": "2024", "ansvar": "FINNS-EJ"}, "", TODAY)
    with pytest.raises(Refused):
        package(desk.reports, {"ar": "år", "tom": "13"}, "", TODAY)
