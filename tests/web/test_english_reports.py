"""Reports to an English reader: figures that are heard, names that people gave, charts, dates and what script says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2 as httpx
import pytest

from tests.conftest import Databases
from tests.web import houses

PAGE = {"accept": "text/html"}
ENGLISH = {**PAGE, "accept-language": "en"}
DRIFT = "/rapporter/driftsammandrag?ar=2024"


@pytest.fixture(scope="module")
def town(databases: Databases) -> Iterator[httpx.Client]:
    with houses.linkoping(databases.new("sqlite")) as opened, houses.talking(opened) as program:
        yield program


def test_a_figure_is_heard_in_english_and_seen_as_it_is_cited(town: httpx.Client) -> None:
    table = town.get(DRIFT, headers=ENGLISH).text
    in_kronor = town.get(f"{DRIFT}&enhet=kr", headers=ENGLISH).text

    assert 'aria-label="Ekonomistaben, deviation, plus 9.1 million">9,1</a>' in table
    assert 'aria-label="Kommungemensamt, deviation, minus 1.8 million"><span class="minus">−1,8</span></a>' in table
    assert re.search(r'aria-label="Ekonomistaben, budget 2024, 34,820,000 kronor">34\xa0820\xa0000</a>', in_kronor)


def test_a_name_that_people_gave_is_said_to_be_swedish(town: httpx.Client) -> None:
    english, swedish = town.get(DRIFT, headers=ENGLISH).text, town.get(DRIFT, headers=PAGE).text

    assert '<span lang="sv">Ekonomistaben</span>' in english
    assert ">Sum of net costs" in english
    assert 'lang="sv">Summa' not in english
    assert re.search(r'<text class="d-text"[^>]* lang="sv" [^>]*>Ekonomistaben</text>', english)
    assert re.findall(r'lang="\w+"', swedish) == ['lang="sv"', 'lang="en"']


def test_charts_that_are_kept_speak_the_language_of_each_reader(town: httpx.Client) -> None:
    first = town.get(DRIFT, headers=PAGE).text
    english = town.get(DRIFT, headers=ENGLISH).text

    assert town.get(DRIFT, headers=PAGE).text == first
    for swedish, said in (
        ("Utfall mot budget", "Outcome against budget"),
        ("Liggande staplar i mnkr: bokslut 2024", "Horizontal bars in mnkr: accounts 2024"),
        (">Prognos 646,0</text>", ">Forecast 646,0</text>"),
        (">okt</text>", ">Oct</text>"),
    ):
        assert swedish in first
        assert swedish not in english
        assert said in english


def test_days_in_sentences_are_english_and_days_in_tables_as_they_are(town: httpx.Client) -> None:
    past = town.get(f"{DRIFT}&tom=3&beslutad=2024-02-10", headers=ENGLISH).text
    cell = town.get("/rapporter/driftsammandrag/KLF-GEM/budget?ar=2024", headers=ENGLISH).text

    assert "Up to and including 10 February 2024, " in past
    assert "You are seeing what is dated up to and including 10 February 2024." in past
    assert "January–March 2024" in past
    assert "2024-04-23" in cell
    assert "Full year 2024, known @" in cell


def test_what_script_says_stands_on_the_page(town: httpx.Client) -> None:
    page = town.get(DRIFT, headers=ENGLISH).text

    assert 'data-ord-ett="A new fact has been registered." data-ord-flera="{antal} new facts have been' in page
    assert 'data-ord-kopierad="The link is copied."' in page
    assert not re.search("[åäö]", town.get("/static/app.js").text + town.get("/static/live.js").text)
