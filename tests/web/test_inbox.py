"""A case over HTTP, from draft to decision, and what waits for whom on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2 as httpx
import pytest

from ledger import main
from ledger.domain.roll import Caller
from tests.web import faulty_requests as faulty
from tests.web import houses

EKONOM = Caller("a-1", "ekonom")
CHIEF = Caller("a-7", "attestant", (), ("bitr. kommundirektör",))
DRAFT: dict[str, Any] = {
    "arende": "KS 2024-61",
    "typ": "omfordelning",
    "rorelser": [{"belopp_ore": 1000, "slag": "netto", "ar": 2024, "fran_ansvar": "KS-A", "till_ansvar": "KS"}],
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[main.House]:
    url = f"sqlite:///{tmp_path_factory.mktemp('inbox') / 'l.db'}"
    with faulty.town(url) as opened:
        faulty.fill(opened)
        yield opened


def give(house: main.House, caller: Caller, name: str, body: dict[str, Any]) -> httpx.Response:
    with houses.talking(house, identity=replace(house.identity, standing=caller)) as program:
        return program.post(f"/api/v1/kommandon/{name}", json=body)


def waits(house: main.House, caller: Caller) -> list[dict[str, Any]]:
    with houses.talking(house, identity=replace(house.identity, standing=caller)) as program:
        answer = program.get("/api/v1/att-gora")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["att_gora"]
    return found


def test_a_case_is_in_the_inbox_of_whoever_takes_the_next_step(house: main.House) -> None:
    assert waits(house, EKONOM) == []
    assert give(house, EKONOM, "draft_arende", DRAFT).status_code == 201
    (step,) = waits(house, EKONOM)
    assert (step["slag"], step["kommando"], step["om"]) == ("foresla", "propose_arende", "KS 2024-61")
    proposed = give(house, EKONOM, step["kommando"], {**step["falt"], "datum": "2024-03-01"})
    assert proposed.status_code == 201
    assert waits(house, EKONOM) == []
    own = give(house, EKONOM, "decide_arende", {**step["falt"], "beslutsorgan": "x", "beslutsdatum": "2024-03-04"})
    assert own.status_code == 403
    assert own.json()["type"].endswith("proposal-is-ones-own")
    returned = {"arende": "KS 2024-61", "version": 1, "motivering": "Fel enhet"}
    assert give(house, CHIEF, "return_arende", returned).status_code == 201
    (mend,) = waits(house, EKONOM)
    assert mend["slag"] == "ratta"
