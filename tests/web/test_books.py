"""Grundbok, huvudbok, vouchers and nyckeltal as a person meets them: pages that lead to each other, and files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import httpx2 as httpx
import pytest
from python_calamine import CalamineWorkbook

from ledger.domain.events import VerifikationPosted
from ledger.domain.events_uppfoljning import Matvarde
from ledger.domain.matt import DefineMatt, ReportMatvarden
from ledger.domain.verifikation import PostVerifikation, Voucher
from ledger.main import House
from tests.conftest import Databases
from tests.web import houses

PAGE = {"accept": "text/html"}
WRONG = Voucher("LF", "1", 2024)


@pytest.fixture(scope="module")
def house(databases: Databases) -> Iterator[House]:
    """Linköping with a corrected voucher and a mått."""
    with houses.linkoping(databases.new("sqlite")) as opened:
        (wrong,) = opened.log.stream(WRONG.stream)
        assert isinstance(wrong.fact, VerifikationPosted)
        inverse = tuple(rad._replace(belopp_ore=-rad.belopp_ore) for rad in wrong.fact.rader)
        value = Matvarde("SJUK", 2024, "utfall", 64, 1)
        commands = (
            PostVerifikation("LF", "900", date(2024, 12, 31), inverse, WRONG),
            DefineMatt("SJUK", "Total sjukfrånvaro", "personal", date(2024, 1, 1), "%", "lagre"),
            ReportMatvarden(date(2024, 12, 31), "KS", (value, Matvarde("SJUK", 2024, "mal", 65, 1, villkor="≤"))),
        )
        for n, command in enumerate(commands):
            opened.ledger.execute(command, opened.caller, f"book-{n}")
        yield opened


@pytest.fixture(scope="module")
def town(house: House) -> Iterator[httpx.Client]:
    with houses.talking(house) as program:
        yield program


def test_a_voucher_leads_to_its_correction_and_back(town: httpx.Client) -> None:
    wrong = town.get("/verifikationer/2024/LF/1", headers=PAGE)
    assert wrong.status_code == 200
    assert "Rättas av: Verifikation LF 900, rättar LF 1" in wrong.text
    assert 'href="/verifikationer/2024/LF/900"' in wrong.text
    right = town.get("/verifikationer/2024/LF/900", headers=PAGE)
    assert "Rättar: Verifikation LF 1" in right.text
    assert 'href="/verifikationer/2024/LF/1"' in right.text


def test_books_and_facts_lead_to_vouchers(town: httpx.Client, house: House) -> None:
    for page in ("/rapporter/grundbok?serie=LF", "/rapporter/huvudbok?ar=2024&konto=2510"):
        assert 'href="/verifikationer/2024/LF/1"' in town.get(page, headers=PAGE).text
    cell = "/rapporter/driftsammandrag/KLF-GEM/utfall?ar=2024&ansvar=KS&beslutad=2024-01-07"
    assert 'href="/verifikationer/2024/LF/1"' in town.get(cell, headers=PAGE).text
    (fact,) = house.log.stream(WRONG.stream)
    assert 'href="/verifikationer/2024/LF/1"' in town.get(f"/fakta/{fact.position}", headers=PAGE).text


def test_an_unknown_voucher_is_not_found_and_a_year_that_is_none_is_refused(town: httpx.Client) -> None:
    unknown = town.get("/verifikationer/2024/LF/%3Cscript%3E", headers=PAGE)
    assert unknown.status_code == 404
    assert "Ingen verifikation LF &lt;script&gt; 2024 är känd" in unknown.text
    assert town.get("/verifikationer/20x4/LF/1", headers=PAGE).status_code == 422


def test_a_filter_says_what_stands_where_nothing_is_chosen(town: httpx.Client) -> None:
    book = town.get("/rapporter/huvudbok?ar=2024&visa=poster", headers=PAGE).text
    cases = town.get("/rapporter/arenden", headers=PAGE).text
    assert '<option value="">efter urvalet</option><option value="saldon">' in book
    assert '<option value="poster" selected>poster</option>' in book
    assert '<option value="" selected>alla</option><option value="utkast">' in cases


def test_a_list_with_nothing_in_it_says_so_once_and_has_no_table(town: httpx.Client) -> None:
    rights = town.get("/rapporter/mandat", headers=PAGE).text
    assert "<h2>Attestförteckning</h2>\n<p>Inget i listan svarar mot urvalet.</p>" in rights
    assert "<table" not in rights
    assert "Ange serie och nummer" in town.get("/rapporter/verifikation", headers=PAGE).text


def test_pages_of_a_book_lead_on_and_back(town: httpx.Client) -> None:
    first = town.get("/rapporter/huvudbok?ar=2024&visa=poster", headers=PAGE).text
    assert "visa=poster&amp;sida=2" in first
    assert "Föregående sida" not in first
    assert "Föregående sida" in town.get("/rapporter/huvudbok?ar=2024&visa=poster&sida=2", headers=PAGE).text


def test_exact_amounts_and_numbers_come_as_numbers_in_files(town: httpx.Client) -> None:
    asked = {"ar": "2024", "konto": "2510"}
    rows = {r["nyckel"]: r["celler"] for r in town.get("/api/v1/rapporter/huvudbok", params=asked).json()["rader"]}
    ore = rows["2510.utgaende"]["saldo"]
    answer = town.get("/api/v1/rapporter/huvudbok", params={**asked, "format": "xlsx"})
    cells = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    closing = next(row for row in cells if row[0] == "Utgående balans")
    assert ore / 100 in closing
    text = town.get("/api/v1/rapporter/huvudbok", params={**asked, "format": "csv"}).text
    assert f",-{abs(ore) // 100}.{abs(ore) % 100:02}," in text


@pytest.mark.parametrize("form", ["xlsx", "csv", "csv-excel", "docx", "pdf", "text"])
@pytest.mark.parametrize("report", ["grundbok", "huvudbok", "verifikation", "nyckeltal"])
def test_every_book_can_be_taken_away(town: httpx.Client, report: str, form: str) -> None:
    asked = {"ar": "2024", "format": form, "kand": "@60"}
    answer = town.get(f"/api/v1/rapporter/{report}", params=asked)
    assert answer.status_code == 200
    assert answer.content


def test_a_number_is_swedish_on_the_page_and_a_number_in_a_spreadsheet(town: httpx.Client) -> None:
    page = town.get("/rapporter/nyckeltal?ar=2024", headers=PAGE).text
    assert "6,4" in page
    assert "≤6,5" in page
    assert "uppnått" in page
    answer = town.get("/api/v1/rapporter/nyckeltal", params={"ar": "2024", "format": "xlsx"})
    cells = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert any(6.4 in row for row in cells)
