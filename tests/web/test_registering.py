"""A form of registration is tried, refused by cell, and recorded once; it becomes the same facts as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2 as httpx
import pytest

from ledger import main
from ledger.domain.events import OmfordelningDecided
from ledger.web.form_rows import MOST, cell_id, read
from ledger.web.registering import KINDS, OF_TYP
from tests.web import houses

HEAD = {
    "beslutsorgan": "kommunstyrelsen",
    "beslutsdatum": "2024-09-02",
    "paragraf": "12",
    "diarienummer": "KS 2024-900",
    "ar": "2024",
}
ROW = {
    "rad-1-fran_ansvar": "KLF-GEM",
    "rad-1-till_ansvar": "KLF-EKON",
    "rad-1-verksamhet": "215",
    "rad-1-belopp": "400 000,00",
    "rad-1-text": "Förstärkning",
}


@pytest.fixture(scope="module")
def program(house: main.House) -> Iterator[httpx.Client]:
    with houses.talking(house) as client:
        yield client


def send(program: httpx.Client, typ: str, gor: str, **fields: str) -> httpx.Response:
    return program.post(f"/registrera/{typ}", data={**fields, "gor": gor}, headers={"Accept": "text/html"})


@pytest.mark.parametrize("typ", [kind.typ for kind in KINDS])
def test_every_kind_has_a_form_with_a_cell_for_each_column(program: httpx.Client, typ: str) -> None:
    page = program.get(f"/registrera/{typ}").text
    for column in OF_TYP[typ].columns:
        assert f'name="{cell_id(1, column.name)}"' in page
    for field in OF_TYP[typ].fields:
        assert f'name="{field.name}"' in page


def test_a_trial_says_what_would_change_and_records_nothing(program: httpx.Client, house: main.House) -> None:
    before = house.log.head().position
    answer = send(program, "omfordelning", "prova", **HEAD, **ROW)
    assert answer.status_code == 200
    assert "Driftsammandrag 2024: Budget helår 2024" in answer.text
    assert re.search(r"−400</td>|−400</", answer.text)
    assert 'value="400 000,00"' in answer.text
    assert house.log.head().position == before


def test_faults_stand_at_their_cells_and_everything_is_kept(program: httpx.Client, house: main.House) -> None:
    before = house.log.head().position
    wrong = {**ROW, "rad-2-fran_ansvar": "KLF-EKO", "rad-2-till_ansvar": "KLF-GEM", "rad-2-belopp": "1OO 000"}
    answer = send(program, "omfordelning", "registrera", **HEAD, **wrong)
    assert answer.status_code == 422
    assert re.search(r'id="rad-2-fran_ansvar"[^>]*aria-invalid="true"', answer.text)
    assert re.search(r'id="rad-2-belopp"[^>]*aria-invalid="true"', answer.text)
    assert not re.search(r'id="rad-1-[a-z_]+"[^>]*aria-invalid', answer.text)
    assert 'value="1OO 000"' in answer.text
    assert house.log.head().position == before


def test_a_fault_that_all_rows_share_stands_at_its_field_once(program: httpx.Client) -> None:
    second = {name.replace("rad-1", "rad-2"): value for name, value in ROW.items()}
    answer = send(program, "omfordelning", "registrera", **{**HEAD, "beslutsdatum": "i går"}, **ROW, **second)
    assert answer.status_code == 422
    assert re.search(r'id="beslutsdatum"[^>]*aria-invalid="true"', answer.text)
    assert "En sak behöver rättas" in answer.text


def test_a_form_is_recorded_once_however_often_it_is_sent(program: httpx.Client, house: main.House) -> None:
    before = house.log.head().position
    years = {**HEAD, "sista_ar": "2026", "diarienummer": "KS 2024-901"}
    first = send(program, "omfordelning", "registrera", **years, **ROW)
    assert first.status_code == 303
    fact = house.log.read(before, postings=True)[0].fact
    assert isinstance(fact, OmfordelningDecided)
    assert [(r.ar, r.belopp_ore, r.slag) for r in fact.rorelser] == [
        (year, 40_000_000, "netto") for year in (2024, 2025, 2026)
    ]
    assert "Ett nytt faktum är registrerat" in program.get(first.headers["location"]).text
    again = send(program, "omfordelning", "registrera", **years, **ROW)
    assert house.log.head().position == before + 2
    assert "inget nytt har lagts till" in program.get(again.headers["location"]).text


@pytest.mark.parametrize(
    ("typ", "fields", "rader"),
    [
        ("ramjustering", {**HEAD, "beslutsorgan": "kommunfullmäktige", "diarienummer": "R1"},
         {"till_ansvar": "KS", "slag": "netto", "belopp": "1 500 000", "text": "Högre ram"}),
        ("internbudget", {**HEAD, "beslutsorgan": "kommunstyrelsen", "diarienummer": "I1"},
         {"fran_ansvar": "KS", "till_ansvar": "KLF-GEM", "belopp": "1000", "text": "Fördelning"}),
        ("prognos", {"prognosdatum": "2024-10-31", "ar": "2024"},
         {"ansvar": "KLF-EKON", "slag": "netto", "belopp": "25 000 000", "kommentar": "Vakanser"}),
        ("budget", {**HEAD, "beslutsorgan": "kommunfullmäktige", "diarienummer": "B1"},
         {"till_ansvar": "KS", "ar": "2025", "belopp": "700 000 000", "text": "Ram 2025"}),
    ],
)  # fmt: skip
def test_each_kind_becomes_its_own_fact(
    program: httpx.Client, house: main.House, typ: str, fields: dict[str, str], rader: dict[str, str]
) -> None:
    before = house.log.head().position
    cells = {f"rad-1-{name}": value for name, value in rader.items()}
    answer = send(program, typ, "registrera", **fields, **cells)
    assert answer.status_code == 303, answer.text
    fact = house.log.read(before, limit=1, postings=True)[0].fact
    assert fact.name.startswith({"prognos": "prognos_submitted", "budget": "budget_adopted"}.get(typ, typ))


def test_an_empty_form_is_told_so(program: httpx.Client) -> None:
    answer = send(program, "omfordelning", "registrera", **HEAD)
    assert answer.status_code == 422
    assert "Ingen rad är ifylld" in answer.text


def test_more_rows_keep_what_is_written(program: httpx.Client) -> None:
    answer = send(program, "omfordelning", "fler", **HEAD, **ROW)
    assert answer.status_code == 200
    assert 'id="rad-16-belopp"' in answer.text
    assert 'value="Förstärkning"' in answer.text


@pytest.mark.parametrize("sista_ar", ["2023", "tjugo", "9999", "²"])
def test_the_last_year_is_a_year_after_the_first(program: httpx.Client, sista_ar: str) -> None:
    answer = send(program, "omfordelning", "prova", **HEAD, **ROW, sista_ar=sista_ar)
    assert answer.status_code == 422
    assert re.search(r'id="sista_ar"[^>]*aria-invalid="true"', answer.text)


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"&".join(b"a=1" for _ in range(30_000))])
def test_what_no_form_sends_is_refused(program: httpx.Client, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    answer = program.post("/registrera/omfordelning", content=body, headers=headers)
    assert answer.status_code == 400
    assert "Formuläret går inte att läsa" in answer.text


def test_a_row_number_beyond_all_rows_makes_no_rows() -> None:
    filled, _ = read(OF_TYP["omfordelning"], {"rad-999999999-belopp": "1", "rad-x-belopp": "2"})
    assert len(filled.rows) == MOST
    assert filled.is_blank


def test_an_unknown_kind_is_not_found(program: httpx.Client) -> None:
    assert program.get("/registrera/gissning").status_code == 404


def test_the_address_fills_in_the_first_row(program: httpx.Client) -> None:
    page = program.get("/registrera/omfordelning", params={"fran_ansvar": "KLF-GEM", "ar": "2024"}).text
    assert re.search(r'id="rad-1-fran_ansvar"[^>]*value="KLF-GEM"', page)
    assert re.search(r'id="ar"[^>]*value="2024"', page)
