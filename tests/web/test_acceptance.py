"""Linköping over HTTP: every printed cell, both time axes, and answers that stay the same for ever."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from tests.conftest import BACKENDS, Databases
from tests.oracle.acceptance import lines, printed
from tests.web import houses

FOLDERS = ("2024-bokslut", "2024-vss-mars")
DRIFT = "/api/v1/rapporter/driftsammandrag"


@pytest.fixture(scope="module", params=BACKENDS)
def linkoping(request: pytest.FixtureRequest, databases: Databases, shared_data: Path) -> Iterator[httpx.Client]:
    with houses.opened(databases.new(request.param)) as opened:
        for folder in FOLDERS:
            houses.load(opened, shared_data / "linkoping" / folder)
        with houses.talking(opened) as client:
            yield client


def cells(answer: dict[str, Any]) -> dict[str, dict[str, int | None]]:
    return {row["nyckel"]: row["celler"] for row in answer["rader"]}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_printed_cell_is_answered(linkoping: httpx.Client, folder: str) -> None:
    wrong, compared = [], 0
    for line in lines(folder, "expected.jsonl"):
        asked = {name: str(value) for name, value in line["question"].items() if value is not None}
        found = cells(linkoping.get(f"/api/v1/rapporter/{asked.pop('rapport')}", params=asked).json())
        skipped = {(skip["nyckel"], skip["kolumn"]) for skip in line["skip"]}
        for row in line["rows"]:
            for column, number in row["celler"].items():
                if (row["nyckel"], column) not in skipped:
                    compared += 1
                    got = found[row["nyckel"]][column]
                    shown = Decimal(got or 0) if column == "slutar" else printed(got, asked["enhet"])
                    if shown != number:
                        wrong.append((line["id"], row["nyckel"], column, number, shown))

    assert not wrong
    assert compared > 60


def test_an_answer_at_a_fixed_position_is_kept_for_ever(linkoping: httpx.Client) -> None:
    asked = {"ar": "2024", "ansvar": "KS", "kand": "@300"}
    first, again = (linkoping.get(DRIFT, params=asked) for _ in range(2))

    assert first.content == again.content
    assert first.headers["etag"] == again.headers["etag"]
    assert "immutable" in first.headers["cache-control"]
    known = linkoping.get(DRIFT, params=asked, headers={"if-none-match": first.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    for moving in ({"ar": "2024"}, {"kand": "@300"}, {"ar": "2024", "kand": "2199-01-01"}):
        assert linkoping.get(DRIFT, params=moving).headers["cache-control"] == "no-cache"


def test_the_two_frame_cuts_explain_the_difference(linkoping: httpx.Client) -> None:
    asked = {
        "ar": "2024", "ansvar": "KS", "fran_beslutad": "2024-01-31", "till_beslutad": "2024-12-31",
        "rad": "summa", "kolumn": "budget",
    }  # fmt: skip
    answer = linkoping.get(f"{DRIFT}/skillnad", params=asked).json()

    (cell,) = answer["celler"]
    assert [fact["belopp_ore"] for fact in cell["fakta"]] == [-16_300_000_00, -1_500_000_00]
    assert cell["skillnad_ore"] == -17_800_000_00
    assert [fact["slag"] for fact in answer["fakta"]] == ["Ramjustering", "Ramjustering"]


@pytest.mark.parametrize("kolumn", ["utfall", "budget", "avvikelse", "bokslut_fg"])
def test_the_facts_behind_a_cell_sum_to_it_page_by_page(linkoping: httpx.Client, kolumn: str) -> None:
    asked = {"ar": "2024", "ansvar": "KS", "rad": "summa", "kolumn": kolumn}
    pages = [linkoping.get(f"{DRIFT}/cell", params=asked).json()]
    later = range(2, pages[0]["sidor"] + 1)
    pages += [linkoping.get(f"{DRIFT}/cell", params={**asked, "sida": str(sida)}).json() for sida in later]

    andelar = [andel for page in pages for andel in page["andelar"]]
    assert sum(andel["belopp_ore"] for andel in andelar) == pages[0]["summa_ore"]
    assert andelar[-1]["lopande_ore"] == pages[0]["summa_ore"]
    assert len(andelar) == pages[0]["antal"]


def test_the_facts_of_a_large_difference_come_page_by_page(linkoping: httpx.Client) -> None:
    asked = {"ar": "2024", "fran_beslutad": "2024-01-31", "rad": "summa", "kolumn": "utfall"}
    pages = [linkoping.get(f"{DRIFT}/skillnad", params=asked).json()["celler"][0]]
    later = range(2, pages[0]["sidor"] + 1)
    pages += [
        linkoping.get(f"{DRIFT}/skillnad", params={**asked, "sida": str(sida)}).json()["celler"][0] for sida in later
    ]

    facts = [fact for page in pages for fact in page["fakta"]]
    assert len(facts) == pages[0]["antal"] > 100
    assert sum(fact["belopp_ore"] for fact in facts) == pages[0]["skillnad_ore"]

    shown = linkoping.get("/rapporter/driftsammandrag/skillnad", params={**asked, "sida": "2"}).text
    assert f"sida 2 av {pages[0]['sidor']}, {pages[0]['antal']} fakta" in shown
    assert "Föregående sida" in shown
    assert f'href="/fakta/{facts[100]["position"]}"' in shown
    assert f'href="/fakta/{facts[0]["position"]}">@{facts[0]["position"]}</a></th>' not in shown


def test_the_first_page_shows_the_printed_table(linkoping: httpx.Client) -> None:
    page = linkoping.get("/").text

    for words in ("Driftsammandrag", "632,1", "654,0", "Ett överskott med 21,9", "öppet läge", "−9,8"):
        assert words in page


def test_every_link_of_every_page_leads_somewhere(linkoping: httpx.Client) -> None:
    seen: set[str] = set()
    waiting = ["/"]
    broken = []
    while waiting and len(seen) < 150:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = linkoping.get(address, headers={"accept": "text/html"})
        if answer.status_code != 200:
            broken.append((address, answer.status_code))
        if answer.headers["content-type"].startswith("text/html"):
            found = answer.text.split('href="')[1:]
            links = [part.partition('"')[0].replace("&amp;", "&") for part in found]
            # One figure of a kind is enough: the first of each page.
            fresh = [link for link in links if link.startswith("/") and link not in seen]
            waiting += fresh[:25]

    assert not broken
    assert len(seen) == 150
