"""A report in two organisations, as the command line, the API and the page give it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from ledger.main import House
from tests.web import houses

FILES = {
    "organisation.csv": (
        "ansvar,namn,niva,overordnad,fran,till,teckenregel\n"
        "KO,Kommunen,kommun,,2020-01-01,,\n"
        "KS,Kommunstyrelsen,namnd,KO,2020-01-01,,\n"
        "NA,Nämnd A,namnd,KO,2020-01-01,,\n"
        "S,Staben,stab,KS,2020-01-01,,\n"
        "S,Staben,stab,NA,2024-01-01,,\n"
    ),
    "konto.csv": "konto,namn,slag,fran,till\n5010,Hyra,kostnad,2020-01-01,\n",
    "verksamhet.csv": "kod,namn,fran,till\n920,Ledning,2020-01-01,\n",
    "utfall.csv": (
        "bokforingsdatum,ansvar,verksamhet,konto,slag,projekt,motpart,belopp,text,serie,vernr,handelse\n"
        "2024-03-31,S,920,5010,kostnad,,,1500000,,,,\n"
    ),
}

ASKED = {"ar": "2024", "per": "namnd", "jamfor_organisation": "fg"}


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str) -> Iterator[House]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with houses.opened(sqlite_url) as opened:
        houses.load(opened, tmp_path)
        yield opened


@pytest.fixture
def town(house: House) -> Iterator[httpx.Client]:
    with houses.talking(house) as program:
        yield program


def test_the_api_answers_in_both_and_takes_the_twins_apart(town: httpx.Client) -> None:
    answer = town.get("/api/v1/rapporter/driftsammandrag", params=ASKED).json()
    assert answer["fraga"]["jamfor_organisation"] == "2023-12-31"
    cells = {rad["nyckel"]: rad["celler"] for rad in answer["rader"]}
    assert [(cells[key]["utfall"], cells[key]["utfall_org"]) for key in ("KS", "NA")] == [
        (0, 1_500_000_00),
        (1_500_000_00, 0),
    ]
    cell = town.get("/api/v1/rapporter/driftsammandrag/cell", params={**ASKED, "rad": "KS", "kolumn": "utfall_org"})
    assert [fact["belopp_ore"] for fact in cell.json()["andelar"]] == [1_500_000_00]
    two = {**ASKED, "fran_beslutad": "2024-01-31", "rad": "KS", "kolumn": "utfall_org"}
    (differs,) = town.get("/api/v1/rapporter/driftsammandrag/skillnad", params=two).json()["celler"]
    assert (differs["kolumn"], differs["skillnad_ore"]) == ("utfall_org", 1_500_000_00)


def test_the_page_offers_the_other_organisation_and_shows_it(town: httpx.Client) -> None:
    plain = town.get("/rapporter/driftsammandrag", params={"ar": "2024", "per": "namnd"}).text
    assert "Även i organisationen" in plain
    assert "(organisation 2023-12-31)" not in plain
    both = town.get("/rapporter/driftsammandrag", params=ASKED).text
    assert "Bokslut 2024 (organisation 2023-12-31)" in both
    assert '<option value="fg" selected>31 december 2023</option>' in both
    assert "flyttade: Staben (Kommunstyrelsen → Nämnd A)" in both
    other = town.get("/rapporter/driftsammandrag", params={**ASKED, "jamfor_organisation": "2022-06-30"}).text
    assert '<option value="2022-06-30" selected>30 juni 2022</option>' in other
    assert town.get("/rapporter/driftsammandrag/KS/utfall_org", params=ASKED).status_code == 200
    difference = {**ASKED, "kolumn": "utfall_org", "fran_beslutad": "2024-01-31"}
    assert town.get("/rapporter/driftsammandrag/skillnad", params=difference).status_code == 200


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_every_form_has_the_twins(house: House, form: str) -> None:
    written = house.rendered("driftsammandrag", dict(ASKED), form).decode()
    assert ("utfall_org" if form != "text" else "2023-12-31)") in written
