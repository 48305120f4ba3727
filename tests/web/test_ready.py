"""A server has what its first page shows before it says where it is."""

from __future__ import annotations

import asyncio

from ledger import main, serving
from ledger.web.app import create_app
from tests.web import houses


def test_the_first_page_is_made_ready(house: main.House) -> None:
    drawing = create_app(houses.edge_of(house)).state.drawing
    year = serving.ready(house.reports, drawing)

    assert {name for _, name in drawing._environment.cache} == set(serving.FIRST_TEMPLATES)  # noqa: SLF001
    with houses.talking(house) as client:
        assert f"/rapporter/driftsammandrag/summa/utfall?ar={year}" in client.get("/").text


def test_every_address_is_built_before_the_first_is_asked_for(house: main.House) -> None:
    assert asyncio.run(serving.looked_up(create_app(houses.edge_of(house)))) == 404


def test_an_empty_ledger_is_ready_too(sqlite_url: str) -> None:
    with houses.opened(sqlite_url) as empty:
        drawing = create_app(houses.edge_of(empty)).state.drawing
        assert serving.ready(empty.reports, drawing) == main.today().year
