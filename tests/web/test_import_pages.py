"""Files through a page: tried, told by cell, recorded; workbooks are read as their sheet is."""

from __future__ import annotations

import gc
import io
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx2 as httpx
import pytest
import xlsxwriter

from ledger import main
from ledger.domain.events import BudgetAdopted
from ledger.domain.roll import Caller
from ledger.interchange.importing import Options
from ledger.web.uploads import Uploads
from tests.conftest import Databases
from tests.web import houses

UNITS = (
    "ansvar,namn,niva,overordnad,fran,till,teckenregel\n"
    "K,Kommunen,kommun,,2020-01-01,,\n"
    "A,Nämnden,namnd,K,2020-01-01,,\n"
)
BUDGET = (
    "typ,beslutsorgan,beslutsdatum,paragraf,diarienummer,ar,till_ar,period,fran_ansvar,till_ansvar,verksamhet,"
    "till_verksamhet,slag,konto,projekt,belopp,text\n"
    "budget,kommunfullmäktige,2023-11-28,1,D1,2024,,,,A,,,netto,,,1000000,Ram\n"
)


@pytest.fixture
def house(databases: Databases) -> Iterator[main.House]:
    with houses.opened(databases.new("sqlite")) as opened:
        yield opened


@pytest.fixture
def program(house: main.House) -> Iterator[httpx.Client]:
    with houses.talking(house) as client:
        client.headers["Accept"] = "text/html"
        yield client


def bring(program: httpx.Client, *files: tuple[str, bytes], **fields: str) -> httpx.Response:
    """The page that comes of files, when they have been tried."""
    begun = program.post("/import", data=fields, files=[("filer", file) for file in files])
    if begun.status_code != 303:
        return begun
    return wait(program, begun.headers["location"])


def wait(program: httpx.Client, address: str) -> httpx.Response:
    while "refresh" in (answer := program.get(address)).headers:
        time.sleep(0.02)
    return answer


def cells(text: str) -> list[list[object]]:
    return [list(line.split(",")) for line in text.splitlines()]


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows):
                for x, value in enumerate(row):
                    sheet.write(y, x, value)
    return made.getvalue()


def test_files_are_tried_then_recorded(program: httpx.Client, house: main.House) -> None:
    before = house.log.head().position
    tried = bring(program, ("budget.csv", BUDGET.encode()), ("enheter.csv", UNITS.encode()))
    assert tried.status_code == 200
    assert "Inget fel hittades" in tried.text
    assert house.log.head().position == before
    address = str(tried.url.path)
    assert program.post(f"{address}/registrera").status_code == 303
    done = wait(program, address)
    assert "Inläsningen är klar" in done.text
    assert house.log.head().position == before + 5
    # Pressed again, nothing more is recorded.
    program.post(f"{address}/registrera")
    assert house.log.head().position == before + 5
    assert "Allt finns redan" in bring(program, ("enheter.csv", UNITS.encode())).text


def test_every_fault_stands_with_its_row_column_and_value(program: httpx.Client, house: main.House) -> None:
    before = house.log.head().position
    wrong = BUDGET.replace("1000000", "1.000.000").replace(",A,", ",B,")
    told = bring(program, ("enheter.csv", UNITS.encode()), ("budget.csv", wrong.encode()))
    assert told.status_code == 422
    assert "2 saker att rätta" in told.text
    assert "1.000.000" in told.text
    assert "till_ansvar" in told.text
    assert "Ingenting är registrerat." in told.text
    assert house.log.head().position == before


def test_a_workbook_is_read_as_its_sheet(program: httpx.Client, house: main.House) -> None:
    rows = cells(UNITS)
    rows[1][4] = date(2020, 1, 1)
    money = cells(BUDGET)
    money[1][5], money[1][15] = 2024, 0.1 + 0.2
    tried = bring(
        program,
        ("enheter.xlsx", workbook(("Läs mig", [["Hej"]]), ("Enheter", rows))),
        ("budget.xlsx", workbook(("Blad1", money))),
    )
    assert "Inget fel hittades" in tried.text, tried.text
    program.post(f"{tried.url.path}/registrera")
    wait(program, str(tried.url.path))
    (decision,) = [one.fact for one in house.log.read() if isinstance(one.fact, BudgetAdopted)]
    assert decision.rorelser[0].belopp_ore == 30


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (("bok.xlsx", workbook(("A", [["hej"]]), ("B", [["du"]]))), "Inget blad i arbetsboken (A, B)"),
        (("bok.xlsx", workbook(("A", cells(UNITS)), ("B", cells(UNITS)))), "flera blad"),
        (("bok.xlsx", b"PK\x03\x04trasig"), "går inte att öppna som XLSX"),
        (("tom.csv", b""), "tom"),
        (("bild.csv", b"\x89PNG\r\n\x1a\n\x00\x00"), "rad"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_ours_is_told_so(program: httpx.Client, file: tuple[str, bytes], sentence: str) -> None:
    told = bring(program, file)
    assert told.status_code == 422
    assert sentence in told.text


def test_no_file_is_told_so(program: httpx.Client) -> None:
    assert "Ingen fil är vald" in bring(program).text


def test_what_was_brought_is_thrown_away_with_what_kept_it(tmp_path: Path, house: main.House) -> None:
    brought = tmp_path / "enhet.csv"
    brought.write_text("ansvar,namn\n", encoding="utf-8")
    uploads = Uploads(houses.edge_of(house))
    upload = uploads.begin([("enhet.csv", brought)], Caller("a-1", "ekonom"), Options())
    for thread in threading.enumerate():
        if thread.name == "background":
            thread.join()
    root = upload.folder.parent
    assert root.is_dir()
    del uploads, upload
    gc.collect()
    assert not root.exists()


def test_an_import_belongs_to_the_one_who_began_it_and_is_gone_when_stopped(program: httpx.Client) -> None:
    assert program.get("/import/finns-inte").status_code == 404
    tried = bring(program, ("enheter.csv", UNITS.encode()))
    assert program.post(f"{tried.url.path}/avbryt").headers["location"] == "/import"
    assert program.get(str(tried.url.path)).status_code == 404
