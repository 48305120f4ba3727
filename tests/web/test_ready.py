"""A server has what its first page shows before it says where it is."""

from __future__ import annotations

import asyncio
import threading

import pytest

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


def test_what_figures_are_made_of_is_read_in_at_last(house: main.House, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(house.reports, "read_in", lambda: map(read.append, ("one", "two")))
    monkeypatch.setattr(serving, "_ask", lambda *_: None)
    monkeypatch.setattr(serving, "LONGEST_REST", 0)
    monkeypatch.setattr(serving, "REST", 0)
    serving.warm(house.reports, 2024, threading.Event())
    assert read == ["one", "two"]

    stopped = threading.Event()
    stopped.set()
    serving.warm(house.reports, 2024, stopped)
    assert read == ["one", "two", "one"]
