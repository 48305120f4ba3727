"""How long answers may be kept: what is fixed for ever, what holds free text a day, what moves not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from ledger.domain.refusal import Refused
from ledger.main import House
from ledger.web import lasting
from ledger.web.app import create_app
from tests.conftest import BACKENDS, Databases
from tests.web import houses

DRIFT = "/api/v1/rapporter/driftsammandrag"
HISTORY = "/api/v1/rapporter/behandlingshistorik"

#: Before the comments, which come last, were recorded.
FIXED = {"ar": "2024", "ansvar": "KS", "kand": "@60"}


@pytest.fixture(scope="module", params=BACKENDS)
def house(request: pytest.FixtureRequest, databases: Databases) -> Iterator[House]:
    with houses.linkoping(databases.new(request.param)) as opened:
        yield opened


@pytest.fixture(scope="module")
def town(house: House) -> Iterator[httpx.Client]:
    """A program that talks to a real server."""
    with houses.talking(house) as program:
        yield program


def test_a_fixed_answer_lasts_and_says_what_it_follows_from(town: httpx.Client, house: House) -> None:
    answer = town.get(DRIFT, params=FIXED)
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["etag"].startswith('"')
    stampel = answer.json()["stampel"]
    assert answer.headers["liggare-position"] == str(stampel["position"]) == "60"
    assert answer.headers["liggare-root"] == stampel["root"] == house.log.root_at(60)
    changed = parsedate_to_datetime(answer.headers["last-modified"])
    assert changed == datetime.fromisoformat(stampel["recorded_at"]).replace(microsecond=0)
    assert answer.headers["last-modified"].endswith(" GMT")


@pytest.mark.parametrize(
    "address", ["/api/v1/stampel", "/api/v1/fakta?antal=2", "/api/v1/fakta/60", "/api/v1/fakta/60/bevis?lage=61"]
)
def test_the_log_is_asked_again_and_says_what_it_follows_from(town: httpx.Client, house: House, address: str) -> None:
    answer = town.get(address)
    position = 61 if "lage" in address else house.log.head().position
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["liggare-position"] == str(position)
    assert answer.headers["liggare-root"] == house.log.root_at(position)
    assert town.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_an_earlier_version_does_not_last(house: House, town: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.reports, "is_outdated", lambda name: name == "driftsammandrag")
    answer = town.get(DRIFT, params={**FIXED, "kand": "@59"})
    assert answer.headers["cache-control"] == "no-cache"
    monkeypatch.undo()
    assert "immutable" in town.get(DRIFT, params={**FIXED, "kand": "@59"}).headers["cache-control"]


@pytest.mark.parametrize("written", ["{}", "W/{}", '"annat", {}', '"annat" ,W/{}', "*"])
def test_who_has_the_answer_is_told_so(town: httpx.Client, written: str) -> None:
    first = town.get(DRIFT, params=FIXED)
    known = town.get(DRIFT, params=FIXED, headers={"If-None-Match": written.format(first.headers["etag"])})
    assert (known.status_code, known.content) == (304, b"")
    for name in ("etag", "cache-control", "last-modified", "liggare-position", "liggare-root"):
        assert known.headers[name] == first.headers[name]


def test_the_tag_decides_and_the_date_only_where_there_is_none(town: httpx.Client) -> None:
    first = town.get(DRIFT, params=FIXED)
    changed = parsedate_to_datetime(first.headers["last-modified"])
    earlier = format_datetime(changed - timedelta(seconds=1), usegmt=True)
    asked: list[tuple[dict[str, str], int]] = [
        ({"If-Modified-Since": first.headers["last-modified"]}, 304),
        ({"If-Modified-Since": earlier}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-None-Match": '"annat"', "If-Modified-Since": first.headers["last-modified"]}, 200),
        ({"If-None-Match": first.headers["etag"], "If-Modified-Since": earlier}, 304),
    ]
    assert [town.get(DRIFT, params=FIXED, headers=headers).status_code for headers, _ in asked] == [
        status for _, status in asked
    ]


def test_a_head_request_has_the_same_headers_and_no_body(town: httpx.Client) -> None:
    first, head = town.get(DRIFT, params=FIXED), town.head(DRIFT, params=FIXED)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "cache-control", "last-modified", "content-length", "content-type", "liggare-root"):
        assert head.headers[name] == first.headers[name]
    again = town.head(DRIFT, params=FIXED, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_a_moment_that_the_log_has_passed_is_fixed(town: httpx.Client, house: House) -> None:
    newest = house.log.head().recorded_at
    assert newest
    passed = [house.log.recorded_at(60), newest]
    for instant in passed:
        asked = {**FIXED, "kand": instant.isoformat().replace("+00:00", "Z")}
        assert town.get(DRIFT, params=asked).headers["cache-control"] != "no-cache"
    for moving in ("2199-01-01", (newest + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z"), ""):
        assert town.get(DRIFT, params={**FIXED, "kand": moving}).headers["cache-control"] == "no-cache"
    assert town.get(DRIFT, params={"kand": "@60"}).headers["cache-control"] == "no-cache"


def test_what_moves_is_asked_for_again_and_known_by_its_tag_alone(town: httpx.Client) -> None:
    first = town.get(DRIFT, params={"ar": "2024"})
    assert first.headers["cache-control"] == "no-cache"
    known = town.get(DRIFT, params={"ar": "2024"}, headers={"If-None-Match": first.headers["etag"]})
    assert known.status_code == 304
    since = town.get(DRIFT, params={"ar": "2024"}, headers={"If-Modified-Since": first.headers["last-modified"]})
    assert since.status_code == 200


def test_an_answer_with_free_text_lasts_a_day(town: httpx.Client, house: House) -> None:
    head = f"@{house.log.head().position}"
    commented = town.get(DRIFT, params={**FIXED, "kand": head})
    assert any("kommentar" in rad for rad in commented.json()["rader"])
    for answer in (commented, town.get(HISTORY, params={"kand": head})):
        assert answer.headers["cache-control"] == "private, max-age=86400"
    since = {"If-Modified-Since": commented.headers["last-modified"]}
    assert town.get(DRIFT, params={**FIXED, "kand": head}, headers=since).status_code == 200


def test_the_facts_behind_a_cell_and_a_difference_carry_their_stamps(town: httpx.Client, house: House) -> None:
    cell = town.get(f"{DRIFT}/cell", params={**FIXED, "rad": "summa", "kolumn": "budget"})
    assert "immutable" in cell.headers["cache-control"]
    assert (cell.headers["liggare-position"], cell.headers["liggare-root"]) == ("60", house.log.root_at(60))
    asked = {"ar": "2024", "ansvar": "KS", "fran": "@70", "till": "@60"}
    difference = town.get(f"{DRIFT}/skillnad", params=asked)
    assert difference.headers["liggare-position"] == "70"
    assert difference.headers["liggare-root"] == difference.json()["fran_stampel"]["root"]
    told = any(fact["text"] for fact in difference.json()["fakta"])
    assert told == ("immutable" not in difference.headers["cache-control"])
    moving = town.get(f"{DRIFT}/skillnad", params={"ar": "2024", "fran": "@60"})
    assert moving.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/rapporter/driftsammandrag", "/rapporter/driftsammandrag/summa/budget"])
def test_a_page_says_what_it_follows_from(town: httpx.Client, path: str) -> None:
    page = town.get(path, params=FIXED)
    assert (page.status_code, page.headers["liggare-position"]) == (200, "60")
    assert page.headers["cache-control"] == "no-cache"


# ---------------------------------------------------------------- what the house keeps


#: What is answered when the reports are asked although they may not be.
BROKEN = 500


def broken(*_: Any) -> Any:
    msg = "the reports were asked"
    raise AssertionError(msg)


def test_a_fixed_answer_is_made_once_and_anew_after_a_rebuild(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with TestClient(create_app(houses.edge_of(house)), base_url="http://localhost") as program:
        first = program.get(DRIFT, params=FIXED)
        with monkeypatch.context() as patched:
            patched.setattr(house.reports, "answer", broken)
            assert program.get(DRIFT, params=FIXED).content == first.content
            known = program.get(DRIFT, params=FIXED, headers={"If-None-Match": first.headers["etag"]})
            assert known.status_code == 304
            house.reports.runner.rebuild()
            assert program.get(DRIFT, params=FIXED).status_code == BROKEN
        assert program.get(DRIFT, params=FIXED).content == first.content


def test_what_moves_and_what_holds_text_is_made_each_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    head = f"@{house.log.head().position}"
    with TestClient(create_app(houses.edge_of(house)), base_url="http://localhost") as program:
        for asked in ({"ar": "2024"}, {**FIXED, "kand": head}):
            assert program.get(DRIFT, params=asked).status_code == 200
            with monkeypatch.context() as patched:
                patched.setattr(house.reports, "answer", broken)
                assert program.get(DRIFT, params=asked).status_code == BROKEN


def test_a_question_that_is_refused_is_not_kept(house: House) -> None:
    with TestClient(create_app(houses.edge_of(house)), base_url="http://localhost") as program:
        for _ in range(2):
            refused = program.get(DRIFT, params={**FIXED, "ansvar": "XX"})
            assert refused.status_code == 404
            assert "immutable" not in refused.headers["cache-control"]


def test_the_shelf_keeps_only_so_much(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "MOST_KEPT", 2)
    positions = ("@58", "@59", "@60")
    with TestClient(create_app(houses.edge_of(house)), base_url="http://localhost") as program:
        for kand in positions:
            program.get(DRIFT, params={**FIXED, "kand": kand})
        monkeypatch.setattr(house.reports, "answer", broken)
        for kand in positions[1:]:
            assert program.get(DRIFT, params={**FIXED, "kand": kand}).status_code == 200
        assert program.get(DRIFT, params={**FIXED, "kand": positions[0]}).status_code == BROKEN


def test_a_report_that_does_not_exist_has_no_build(house: House) -> None:
    with pytest.raises(Refused):
        house.reports.build("driftsamandrag")
