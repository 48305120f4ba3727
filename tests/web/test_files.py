"""Reports as files over HTTP: every form, the same bytes as from the command line."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2 as httpx
import pytest

from ledger.interchange.forms import FORMS, PACKAGES
from ledger.main import House
from tests.conftest import BACKENDS, Databases
from tests.web import houses

DRIFT = "/api/v1/rapporter/driftsammandrag"
PACKAGE = "/api/v1/rapportpaket"
ASKED = {"ar": "2024", "ansvar": "KS", "kand": "@60"}


@pytest.fixture(scope="module", params=BACKENDS)
def house(request: pytest.FixtureRequest, databases: Databases) -> Iterator[House]:
    with houses.linkoping(databases.new(request.param)) as opened:
        yield opened


@pytest.fixture(scope="module")
def town(house: House) -> Iterator[httpx.Client]:
    with houses.talking(house) as program:
        yield program


@pytest.mark.parametrize("form", [*FORMS])
def test_every_form_is_what_the_command_line_writes(town: httpx.Client, house: House, form: str) -> None:
    answer = town.get(DRIFT, params=ASKED | {"format": form})
    written = house.rendered("driftsammandrag", dict(ASKED), form)
    assert answer.status_code == 200
    assert answer.content == (written.rstrip(b"\n") if form == "json" else written)
    assert answer.headers["content-type"] == FORMS[form].media_type
    assert answer.headers["liggare-position"] == "60"
    again = town.get(DRIFT, params=ASKED | {"format": form}, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    if form != "json":
        name = f"driftsammandrag-2024-@60.{FORMS[form].suffix}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_a_list_comes_as_a_file_too(town: httpx.Client) -> None:
    answer = town.get("/api/v1/rapporter/behandlingshistorik", params={"format": "xlsx", "kand": "@60"})
    assert answer.content.startswith(b"PK")


def test_a_form_that_does_not_exist_is_refused(town: httpx.Client) -> None:
    answer = town.get(DRIFT, params=ASKED | {"format": "ods"})
    assert answer.status_code == 422
    assert "xlsx" in answer.text
    assert "ods" in answer.text


@pytest.mark.parametrize("form", [*PACKAGES])
def test_a_package_is_what_the_command_line_writes(town: httpx.Client, house: House, form: str) -> None:
    asked = ASKED | {"tom": "12", "enhet": "tkr"}
    answer = town.get(PACKAGE, params=asked | {"format": form})
    assert answer.status_code == 200
    assert answer.content == house.package(dict(asked), form)
    assert answer.headers["content-type"] == PACKAGES[form].media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="ekonomi-2024-12-@60.{form}"'
    assert answer.headers["cache-control"] == "private, max-age=86400"


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"format": "csv"}, "docx, pdf, xlsx"), ({"per": "stab"}, "per"), ({"tom": "13"}, "tom"), ({"ansvar": "X"}, "X")],
)
def test_a_package_that_cannot_be_made_is_refused(town: httpx.Client, asked: dict[str, str], said: str) -> None:
    answer = town.get(PACKAGE, params=ASKED | asked)
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_the_page_of_a_report_has_its_charts_with_the_figures_behind_them(town: httpx.Client) -> None:
    page = town.get("/rapporter/driftsammandrag", params={"ar": "2024", "ansvar": "KS"})
    assert page.text.count('<svg xmlns="http://www.w3.org/2000/svg" class="diagram"') == 2
    assert page.text.count("Diagrammets siffror") == 2
    assert "/api/v1/rapportpaket?ar=2024&amp;ansvar=KS" in page.text
    assert 'class="diagram"' not in town.get("/rapporter/driftsammandrag", params={"ar": "1950"}).text
