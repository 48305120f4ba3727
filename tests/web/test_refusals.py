"""Every faulty request gets its exact Swedish answer, on both backends, and never a traceback."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2 as httpx
import pytest

from tests.conftest import BACKENDS, Databases
from tests.interchange import golden
from tests.web import faulty_requests as faulty
from tests.web import houses

KNOWN = golden.read(faulty.GOLDEN)


@pytest.fixture(scope="module", params=BACKENDS)
def town(request: pytest.FixtureRequest, databases: Databases) -> Iterator[httpx.Client]:
    with faulty.town(databases.new(request.param)) as opened:
        faulty.fill(opened)
        with houses.talking(opened, largest_body=150_000) as client:
            yield client


def test_the_golden_file_holds_just_the_cases() -> None:
    assert list(KNOWN) == [case.name for case in faulty.CASES]
    assert len(KNOWN) == len(faulty.CASES) >= 60


@pytest.mark.parametrize("case", faulty.CASES, ids=lambda case: case.name)
def test_a_faulty_request_is_refused_in_these_words(town: httpx.Client, case: faulty.Case) -> None:
    assert golden.Entry(case.name, case.given, faulty.answer(town, case)) == KNOWN[case.name]


def test_nothing_is_recorded_by_what_is_refused(town: httpx.Client) -> None:
    assert town.get("/api/v1/halsa").json()["position"] == 30


def test_every_problem_type_leads_to_a_page(town: httpx.Client) -> None:
    addresses = {line.partition(" ")[2] for entry in KNOWN.values() for line in entry.answer.split("\n")[:1]}

    found = {address: town.get(address).status_code for address in addresses}

    assert set(found.values()) == {200}


def test_a_browser_gets_the_same_as_a_page(town: httpx.Client) -> None:
    answer = town.get("/rapporter/driftsammandrag?ar=tjugo", headers={"accept": "text/html"})

    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert "ett räkenskapsår skrivs med fyra siffror" in answer.text


def test_a_head_request_is_a_get_without_body(town: httpx.Client) -> None:
    answer = town.head("/api/v1/halsa")

    assert (answer.status_code, answer.content) == (200, b"")


def test_every_answer_carries_the_headers_that_browsers_need(town: httpx.Client) -> None:
    for path in ("/", "/api/v1/halsa", "/nix", "/static/app.css"):
        headers = town.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"]
