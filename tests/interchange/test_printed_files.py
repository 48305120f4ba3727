"""Spreadsheet, Word and PDF say what the answer says: every figure, every name, the notes, the stamp."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from ledger.interchange.docx import as_docx
from ledger.interchange.facts_sheet import underlag
from ledger.interchange.forms import FORMS, Answered
from ledger.interchange.pdf import as_pdf
from ledger.interchange.printed import printed
from ledger.interchange.xlsx import HEAD, as_xlsx
from ledger.reporting.answer import Answer
from tests.oracle.generator import random_facts
from tests.reporting.asking import Desk, report_files, written

REPORTS = {report.name: report for report in report_files()}
TODAY = date(2025, 2, 3)


@pytest.fixture(scope="module")
def desk() -> Any:
    desk = Desk(random_facts(7, 120))
    yield desk
    desk.close()


#: Every report in one unit, and one of them in all.
UNITS = ("mnkr", "tkr", "kr")
CASES = sorted({(name, UNITS[n % 3]) for n, name in enumerate(REPORTS)} | {("driftsammandrag", u) for u in UNITS})


@pytest.fixture(params=CASES)
def answer(desk: Desk, request: pytest.FixtureRequest) -> Answer:
    name, enhet = request.param
    parameters = {"enhet": enhet} | ({"ar": "2024"} if REPORTS[name].table else {})
    return desk.reports.answer(name, written(parameters), TODAY)


def plain(text: str) -> str:
    """Text without what a page may break at."""
    return re.sub(r"\s+", "", text.replace("\u00ad", ""))


def test_a_spreadsheet_holds_every_figure_exactly_and_its_formulas_give_them_again(answer: Answer) -> None:
    made = as_xlsx(answer, REPORTS[answer.rapport])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    heads = {head: n for n, head in enumerate(sheet[HEAD]) if head}
    formulas = formulas_of(made)
    lines = [line for line in sheet[HEAD + 1 :] if line[0] != "Redovisas som resultat, utanför summan:"]
    keys = [column for column in answer.kolumner if column.form == "belopp"]
    for rad, line in zip(answer.shown().rader, lines, strict=False):
        assert line[0] == rad.namn
        for column in keys:
            value = rad.celler[column.nyckel]
            if len([k for k in answer.kolumner if k.rubrik == column.rubrik]) > 1:
                continue
            shown = line[heads[column.rubrik]]
            assert (shown == "") == (value is None)
            if isinstance(value, int):
                assert Decimal(str(round(float(str(shown)), 2))) * 100 == value
    for formula, given in formulas.values():
        assert evaluated(formula, sheet) == pytest.approx(given, abs=0.004)


def formulas_of(made: bytes) -> dict[str, tuple[str, float]]:
    xml = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml").decode()
    found = re.findall(r'<c r="([A-Z]+[0-9]+)"[^>]*><f>([^<]*)</f><v>([^<]*)</v>', xml)
    return {cell: (formula, float(value)) for cell, formula, value in found}


def evaluated(formula: str, sheet: list[list[Any]]) -> float:
    """What a formula of the kind that is written gives: a difference of two cells or a sum of ranges."""

    def cell(name: str) -> float:
        letters, line = re.fullmatch(r"([A-Z]+)([0-9]+)", name).groups()  # type: ignore[union-attr]
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        return float(sheet[int(line) - 1][column - 1] or 0)

    if formula.startswith("SUM("):
        total = 0.0
        for part in formula[4:-1].split(","):
            first, _, last = part.partition(":")
            letters = re.sub("[0-9]", "", first)
            low, high = (int(re.sub("[A-Z]", "", name)) for name in (first, last or first))
            total += sum(cell(f"{letters}{line}") for line in range(low, high + 1))
        return total
    one, two = formula.split("-")
    return cell(one) - cell(two)


def test_deviations_and_sums_are_formulas(desk: Desk) -> None:
    asked = desk.reports.answer("driftsammandrag", written({"ar": "2024"}), TODAY)
    formulas = [formula for formula, _ in formulas_of(as_xlsx(asked, REPORTS["driftsammandrag"])).values()]
    assert any(formula.startswith("SUM(") for formula in formulas)
    assert any("-" in formula for formula in formulas)


def test_a_pdf_holds_every_printed_figure_name_and_note_and_is_made_for_archives(answer: Answer) -> None:
    tryck = printed(answer)
    made = as_pdf(tryck)
    reader = PdfReader(io.BytesIO(made))
    text = plain("".join(page.extract_text() for page in reader.pages))
    for rad in tryck.rader[:60]:
        assert plain(rad.namn).replace("-", "") in text.replace("-", "")
        for cell in rad.celler:
            assert plain(cell).replace("-", "") in text.replace("-", "")
    assert plain(tryck.rot) in text
    root: Any = reader.trailer["/Root"]
    assert "/StructTreeRoot" in root
    xmp = root["/Metadata"].get_data().decode()
    assert "pdfaid:part" in xmp
    assert "pdfuaid:part" in xmp


def test_a_word_document_holds_the_table_the_comments_and_the_stamp(answer: Answer) -> None:
    tryck = printed(answer)
    document = Document(io.BytesIO(as_docx(tryck)))
    if tryck.rader:
        rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
        assert rows[0] == ["Benämning", *tryck.kolumner]
        assert [row for row in rows[1:] if not row[0].startswith("Redovisas som resultat")] == [
            [rad.namn, *rad.celler] for rad in tryck.rader
        ]
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for note in (*tryck.fotnoter, *(said for _, said in tryck.kommentarer)):
        assert note in text
    assert tryck.rot in document.sections[0].footer.paragraphs[0].text


def test_characters_that_the_font_of_a_pdf_lacks_are_boxes_and_a_note_says_so(desk: Desk) -> None:
    asked = desk.reports.answer("driftsammandrag", written({"ar": "2024"}), TODAY)
    tryck = printed(replace(asked, fotnoter=("Åäö €½ ☃ 日本語 \ue000 😀 slut",)))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(tryck))).pages)
    assert plain("Åäö €½ ☃ □□□ □ □ slut") in plain(text)
    assert plain("□ står för tecken som PDF-filens typsnitt saknar.") in plain(text)
    assert "□" not in "".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(printed(asked)))).pages)


@pytest.mark.parametrize("name", ["driftsammandrag", "investeringsuppfoljning", "behandlingshistorik"])
def test_files_of_one_answer_are_the_same_bytes(desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    question = desk.reports.question(name, {"ar": "2024", "kand": "@100"}, TODAY)
    answered = Answered(desk.reports, question, desk.reports.ask(question))
    first = [FORMS[form].made(answered) for form in ("pdf", "docx", "xlsx")]
    monkeypatch.setenv("TZ", "America/New_York")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert [FORMS[form].made(answered) for form in ("pdf", "docx", "xlsx")] == first


def test_the_facts_behind_a_table_add_up_to_its_cells(desk: Desk) -> None:
    """On the second sheet, as another program reads it; columns that are differences follow from the others."""
    for name, report in REPORTS.items():
        if report.table is None:
            continue
        question = desk.reports.question(name, {"ar": "2024"}, TODAY)
        answered = Answered(desk.reports, question, desk.reports.ask(question))
        book = CalamineWorkbook.from_filelike(io.BytesIO(FORMS["xlsx"].made(answered)))
        found: dict[tuple[str, str], Decimal] = {}
        for line in book.get_sheet_by_name("Fakta bakom tabellen").to_python(skip_empty_area=False)[HEAD + 1 :]:
            if line[-1] != "":
                cell = str(line[0]), str(line[1])
                found[cell] = found.get(cell, Decimal(0)) + Decimal(str(line[-1]))
        cells: dict[tuple[str, str], set[int]] = {}
        for rad in answered.answer.rader:
            for column in answered.answer.kolumner:
                value = rad.celler[column.nyckel]
                cells.setdefault((rad.namn, column.rubrik), set()).add(value if isinstance(value, int) else 0)
        # A name that several rows bear has the facts of all of them.
        named = Counter(rad.namn for rad in answered.answer.rader)
        alone = {cell: total for cell, total in found.items() if named[cell[0]] == 1 and len(cells[cell]) == 1}
        assert {cell: int(total * 100) for cell, total in alone.items()} == {cell: min(cells[cell]) for cell in alone}
        assert alone or not found


def test_a_long_list_of_facts_is_cut_and_says_so(desk: Desk) -> None:
    question = desk.reports.question("driftsammandrag", {"ar": "2024"}, TODAY)
    answer = desk.reports.ask(question)
    whole, cut = (underlag(desk.reports, question, answer, most) for most in (10_000, 3))
    assert whole
    assert cut
    assert cut.rader == whole.rader[:3]
    assert cut.antal == whole.antal == len(whole.rader)
    assert cut.sentence.startswith(f"De första 3 av {whole.antal} rader visas.")
    assert "De första" not in whole.sentence


@pytest.mark.parametrize("asked", [{"ar": "1950"}, {"ar": "2099", "tom": "1"}, {"ar": "2024", "kand": "@0"}])
def test_a_table_with_nothing_in_it_says_so_in_every_form(desk: Desk, asked: dict[str, str]) -> None:
    question = desk.reports.question("driftsammandrag", asked, TODAY)
    answered = Answered(desk.reports, question, desk.reports.ask(question))
    made = {form: FORMS[form].made(answered) for form in ("pdf", "docx", "xlsx")}
    sentence = printed(answered.answer).tomt
    assert sentence.startswith("Inga belopp att visa")
    reader = PdfReader(io.BytesIO(made["pdf"]))
    assert plain(sentence) in plain("".join(page.extract_text() for page in reader.pages))
    assert sentence in [paragraph.text for paragraph in Document(io.BytesIO(made["docx"])).paragraphs]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made["xlsx"])).get_sheet_by_index(0).to_python()
    assert sentence in [line[0] for line in sheet]


def test_what_people_wrote_is_never_taken_for_markup_or_formulas(desk: Desk) -> None:
    odd = '=1+1 #panic() "citat" \\ $x$ *fet* <b> & ]]> @ref'
    asked = desk.reports.answer("driftsammandrag", written({"ar": "2024"}), TODAY)
    rad = asked.rader[0]._replace(namn=odd, kommentar=odd)
    changed = type(asked)(**{**vars(asked), "rader": (rad,)})
    assert odd in "".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(printed(changed)))).pages)
    assert Document(io.BytesIO(as_docx(printed(changed)))).tables[0].rows[1].cells[0].text == odd
    made = as_xlsx(changed, REPORTS["driftsammandrag"])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert sheet[HEAD + 1][0] == odd
