"""Reports as files over HTTP: every form, the same bytes as from the command line."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2 as httpx
import pytest

from ledger.interchange.forms import FORMS
from ledger.main import House
from tests.conftest import BACKENDS, Databases
from tests.web import houses

DRIFT = "/api/v1/rapporter/driftsammandrag"
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
