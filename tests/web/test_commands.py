"""Commands over HTTP: recorded once for each key, seen by the next question, and shown before they are recorded."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2 as httpx
import pytest

from ledger.domain.roll import COMMANDS
from ledger.web.examples import EXAMPLES, FIELDS, SUMMARIES
from ledger.web.schemas import BY_NAME, command_of, model_of, name_of
from tests.web import faulty_requests as faulty
from tests.web import houses

KONTO = {"konto": "7777", "namn": "Annat", "slag": "kostnad", "fran": "2024-01-01"}
RAMJUSTERING = "/api/v1/kommandon/decide_ramjustering"


@pytest.fixture
def town(database_url: str) -> Iterator[httpx.Client]:
    with faulty.town(database_url) as opened:
        faulty.fill(opened)
        with houses.talking(opened) as client:
            yield client


def budget(client: httpx.Client, **asked: str) -> int:
    answer = client.get("/api/v1/rapporter/driftsammandrag", params={"ar": "2024", "ansvar": "KS", **asked}).json()
    (summa,) = (row for row in answer["rader"] if row["nyckel"] == "summa")
    amount: int = summa["celler"]["budget"]
    return amount


@pytest.mark.parametrize("command", COMMANDS, ids=name_of)
def test_every_command_has_a_name_a_summary_and_an_example_that_fits(command: type[Any]) -> None:
    name = name_of(command)

    given = model_of(command).model_validate(EXAMPLES[name])

    assert SUMMARIES[name]
    assert isinstance(command_of(BY_NAME[name], given), command)
    assert {"ar", "belopp_ore"} <= set(FIELDS)


def test_a_command_is_recorded_and_the_next_question_sees_it(town: httpx.Client) -> None:
    before = budget(town)

    answer = town.post(RAMJUSTERING, json=faulty.RAMJUSTERING)

    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/fakta/31"
    assert answer.json() == {
        "nya": 1, "forsta": 31, "sista": 31, "kommando_id": answer.headers["idempotency-key"],
    }  # fmt: skip
    assert budget(town) == before + 10_000
    assert budget(town, kand="@30") == before
    assert town.get("/api/v1/fakta/31").json()["private"] == {"rorelser": [{"text": "Höjd ram"}]}


def test_the_same_key_and_body_gives_the_first_answer_again(town: httpx.Client) -> None:
    first, again = (
        town.post(RAMJUSTERING, json=faulty.RAMJUSTERING, headers={"idempotency-key": "k-1"}) for _ in range(2)
    )

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert town.get("/api/v1/halsa").json()["position"] == 31


def test_the_same_key_with_another_body_is_a_conflict_that_says_what_differs(town: httpx.Client) -> None:
    town.post("/api/v1/kommandon/define_konto", json=KONTO, headers={"idempotency-key": "k-1"})

    body = {**KONTO, "konto": "7778"}
    answer = town.post("/api/v1/kommandon/define_konto", json=body, headers={"idempotency-key": "k-1"})

    assert (answer.status_code, answer.json()["type"]) == (409, "/fel/command-id-is-taken")
    assert answer.json()["detail"] == (
        "Idempotency-Key k-1 är redan använd för ett kommando som gav @31, med annat innehåll i konto: använd en ny "
        "nyckel för ett nytt kommando."
    )


def test_what_is_recorded_already_adds_nothing(town: httpx.Client) -> None:
    town.post("/api/v1/kommandon/define_konto", json=KONTO)

    answer = town.post("/api/v1/kommandon/define_konto", json=KONTO)

    assert (answer.status_code, answer.json()["nya"]) == (200, 0)


def test_one_key_from_many_at_once_records_once(town: httpx.Client) -> None:
    def send(_: int) -> tuple[int, bytes]:
        answer = town.post(RAMJUSTERING, json=faulty.RAMJUSTERING, headers={"idempotency-key": "samma"})
        return answer.status_code, answer.content

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(24)))

    assert {status for status, _ in answers} == {201}
    assert len(answers) == 1
    assert town.get("/api/v1/halsa").json()["position"] == 31


def test_a_dry_run_shows_the_facts_and_records_nothing(town: httpx.Client) -> None:
    answer = town.post(f"{RAMJUSTERING}?torrkor=1", json=faulty.RAMJUSTERING)

    (fact,) = answer.json()["fakta"]
    assert answer.status_code == 200
    assert fact["name"] == "ramjustering_decided.v1"
    assert fact["fakta"]["rorelser"][0]["text"] == "Höjd ram"
    assert town.get("/api/v1/halsa").json()["position"] == 30


def test_a_wrong_registration_is_put_right_by_a_nested_command(town: httpx.Client) -> None:
    before = budget(town)
    wrong = town.post(RAMJUSTERING, json=faulty.RAMJUSTERING).json()["forsta"]
    kommando = {"namn": "decide_ramjustering", "kropp": faulty.row(belopp_ore=20_000)}
    body = {"rattar": wrong, "kommando": kommando, "motivering": "Fel belopp"}

    answer = town.post("/api/v1/kommandon/correct_registrering", json=body)

    assert answer.status_code == 201
    assert budget(town) == before + 20_000
    assert budget(town, kand=f"@{wrong}") == before + 10_000
    page = town.get(f"/fakta/{wrong}", headers={"accept": "text/html"}).text
    assert f'Faktumet är rättat av <a href="/fakta/{wrong + 1}">' in page
    assert f'Det här rättar <a href="/fakta/{wrong}">' in town.get(f"/fakta/{wrong + 1}").text


def test_texts_are_kept_in_one_unicode_form(town: httpx.Client) -> None:
    body = {**KONTO, "namn": "Lo\u0308ner"}

    assert town.post("/api/v1/kommandon/define_konto", json=body).status_code == 201
    assert town.get("/api/v1/fakta/31").json()["public"]["namn"] == "Löner"


def test_facts_come_in_pages_that_lead_on(town: httpx.Client) -> None:
    address: str | None = "/api/v1/fakta?antal=7"
    positions: list[int] = []
    while address:
        page = town.get(address).json()
        positions += [fact["position"] for fact in page["fakta"]]
        address = page["nasta"]

    assert positions == list(range(1, 31))


def test_a_role_that_may_not_is_told_who_may(database_url: str) -> None:
    with faulty.town(database_url) as opened:
        caller = opened.caller._replace(roll="revisor")
        with houses.talking(opened, caller=caller) as client:
            answer = client.post("/api/v1/kommandon/define_konto", json=KONTO)

    assert (answer.status_code, answer.json()["type"]) == (403, "/fel/roll-may-not")
    assert "det får admin eller ekonom" in answer.json()["detail"]
