"""Words are written to a report that exists, at a row that it can have; whatever row a report shows takes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx2 as httpx
import pytest

from ledger import main
from ledger.application import Ledger
from ledger.domain.books import Books
from ledger.domain.events import KommentarWritten
from ledger.domain.kommentar import WriteKommentar
from ledger.domain.rapportrader import RadIsUnknown, RapportHasNoRows, RapportIsUnknown, row_refusals
from ledger.domain.refusal import Refusal, Refused
from ledger.interchange.csv_file import Fil
from ledger.interchange.faults import FilesRefused
from ledger.interchange.importing import Imported, Options, import_files
from tests.web import houses

TODAY = date(2025, 2, 3)
WRITE = "/api/v1/kommandon/write_kommentar"
HEADER = "ar,tom,rapport,rad,text\n"


@pytest.fixture(scope="module")
def program(house: main.House) -> Iterator[httpx.Client]:
    with houses.talking(house) as program:
        yield program


def words(
    rapport: str = "driftsammandrag", rad: str = "KLF-HR", text: str = "Enligt plan", ar: int = 2024
) -> dict[str, Any]:
    return {"ar": ar, "tom": 12, "rapport": rapport, "rad": rad, "text": text}


def refused(house: main.House, rapport: str, rad: str) -> list[type[Refusal]]:
    def ask(books: Books, _today: date) -> list[type[Refusal]]:
        return [type(one) for one in row_refusals(books, rapport, rad)]

    return house.ledger.look(ask)


def test_every_row_that_a_report_shows_can_be_written_to(house: main.House) -> None:
    seen: set[tuple[str, str]] = set()
    for name, report in house.reports.reports.items():
        for per in report.table.per if report.table else ():
            large = {"stora": "separat"} if report.table and report.table.of == "investering" else {}
            answer = house.reports.answer(name, {"ar": "2024", "per": per, **large}, TODAY)
            seen |= {(name, rad.nyckel) for rad in answer.rader}
    assert [place for place in sorted(seen) if refused(house, *place)] == []
    ends = {nyckel.partition(".")[2] for _, nyckel in seen}
    assert {"varav_kostnader", "investeringar_netto", "ursprung.1", "andring.2", "Kommunstyrelsen.rubrik"} <= ends


@pytest.mark.parametrize(
    "rad",
    [
        "",
        "klf-hr",
        "KLF-HR ",
        "KLF-HR.",
        "KLF-X",
        "KLF-HR.andring.1",
        "KLF-X.varav_kostnader",
        "rubrik",
        "ram_2021-09-28",
    ],
)
def test_a_row_that_the_report_cannot_have_is_refused(house: main.House, rad: str) -> None:
    assert refused(house, "driftsammandrag", rad) == [RadIsUnknown]


def test_lines_of_a_specification_and_earlier_frames_are_rows_of_the_reports_that_have_them(house: main.House) -> None:
    assert refused(house, "internbudget", "KLF-HR.andring.1") == []
    assert refused(house, "internbudget", "KLF-HR.andring.0") == [RadIsUnknown]
    assert refused(house, "internbudget", "ram_2021-09-28") == []
    assert refused(house, "internbudget", "ram_igår") == [RadIsUnknown]


def test_a_list_has_no_rows_to_write_to_and_what_is_no_report_neither(house: main.House) -> None:
    assert refused(house, "grundbok", "A 1") == [RapportHasNoRows]
    assert refused(house, "driftsamandrag", "KLF-HR") == [RapportIsUnknown]


def test_a_program_is_told_what_there_is(program: httpx.Client) -> None:
    wrong = program.post(WRITE, json=words("driftsamandrag"))
    assert wrong.status_code == 404
    assert wrong.json()["detail"].startswith(
        "Rapporten driftsamandrag finns inte: kommentarer skrivs till atgarder, detaljbudget, driftsammandrag, "
    )
    wrong = program.post(WRITE, json=words(rad="KLF-RH"))
    assert wrong.json()["detail"] == (
        "Raden KLF-RH finns inte i rapporten driftsammandrag: skriv koden för en enhet, en verksamhet, ett konto eller "
        "ett projekt som finns i liggaren, eller någon av raderna ofordelat, summa, varav_kostnader och varav_intakter."
    )
    assert program.post(WRITE, json=words("behandlingshistorik", "1")).status_code == 422
    assert program.post(WRITE, json=words(ar=2021, text="En enhet gäller i varje års tabell")).status_code == 201


def read_in(house: main.House, *files: str) -> Imported:
    given = [Fil(f"fil{n}.csv", data=text.encode()) for n, text in enumerate(files)]
    return import_files(house.ledger, house.caller, given, Options(), new_id=main.new_id)


def test_a_file_is_told_of_row_and_column_and_writes_nothing(house: main.House) -> None:
    head = house.log.head().position
    with pytest.raises(FilesRefused) as refusal:
        read_in(house, HEADER + "2024,12,ekonomi,summa,Rätt\n2024,12,ekonomi,SUMMA,Fel\n2024,12,resultat,summa,Fel\n")
    assert [(fault.rad, fault.kolumn, fault.varde) for fault in refusal.value.faults] == [
        (3, "rad", "SUMMA"),
        (4, "rapport", "resultat"),
    ]
    assert house.log.head().position == head


def test_words_to_a_unit_that_comes_in_the_same_import_are_taken(house: main.House) -> None:
    unit = "ansvar,namn,niva,overordnad,fran,till,teckenregel\nKLF-NY,Nya staben,stab,KS-KLF,2024-01-01,,\n"
    read_in(house, HEADER + "2024,12,driftsammandrag,KLF-NY,Ny i år\n", unit)
    assert refused(house, "driftsammandrag", "KLF-NY") == []


def test_words_to_a_unit_whose_own_row_is_faulty_are_not_told_of_too(house: main.House) -> None:
    unit = "ansvar,namn,niva,overordnad,fran,till,teckenregel\nKLF-FEL,Felstaben,stabb,KS-KLF,2024-01-01,,\n"
    with pytest.raises(FilesRefused) as refusal:
        read_in(house, HEADER + "2024,12,driftsammandrag,KLF-FEL,Ny i år\n", unit)
    assert [fault.kolumn for fault in refusal.value.faults] == ["niva"]


def test_what_was_recorded_before_there_was_a_check_is_read_and_repeated(house: main.House) -> None:
    # A ledger that knows no reports takes whatever comes, as all did once.
    older = WriteKommentar(2024, 12, "nedlagd", "X", "Från förr")
    Ledger(house.log).execute(older, house.caller, "fore")
    fact = house.log.read(house.log.head().position - 1, upto=house.log.head().position, limit=1)[0].fact
    assert fact == KommentarWritten(2024, 12, "nedlagd", "X", "Från förr")
    assert house.ledger.execute(older, house.caller, "fore").repeated
    assert house.ledger.execute(older, house.caller, "igen").facts == 0
    with pytest.raises(Refused):
        house.ledger.execute(WriteKommentar(2024, 12, "nedlagd", "X", "Nytt"), house.caller, "nytt")
    assert house.reports.answer("behandlingshistorik", {}, TODAY).rader


def test_the_page_of_words_to_a_row_that_is_not_there_says_so(program: httpx.Client) -> None:
    page = {"Accept": "text/html"}
    assert program.get("/kommentar/driftsammandrag/KLF-RH?ar=2024", headers=page).status_code == 404
    assert program.get("/kommentar/driftsammandrag/KLF-HR?ar=2024", headers=page).status_code == 200
