"""Linköping's printed tables, from files to figures, the whole way: command line and API, both backends.

Every question of 2024-bokslut and 2024-vss-mars is asked of one ledger: as it was imported, after it was played again,
and after its read model was thrown away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import inspect

from ledger import cli
from ledger.domain.kommentar import WriteKommentar
from ledger.main import House
from ledger.reporting.stored.schema import METADATA, open_database
from ledger.serving import application
from ledger.settings import Settings
from tests.conftest import BACKENDS, Databases
from tests.oracle.acceptance import DATA, lines, printed

FOLDERS: Final = ("2024-bokslut", "2024-vss-mars")
QUESTIONS: Final = 284

Answers = dict[str, dict[str, Any]]

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the acceptance data is not at {DATA}")


@pytest.fixture(scope="module", params=BACKENDS)
def url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """A ledger with both folders, imported by the command line."""
    address = databases.new(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIGGARE_DATABASE", address)
        assert cli.run(["init", "--kommun", "Linköpings kommun"]) == 0
        for folder in FOLDERS:
            files = sorted(str(path) for path in (DATA / folder).glob("*.csv"))
            assert cli.run(["import", *files]) == 0
        yield address


def parameters(asked: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in asked.items() if value is not None and name != "rapport"}


def asked_of_the_command_line(folder: Path) -> Answers:
    answers = {}
    for name, asked in questions():
        out = folder / "svar.json"
        flags = [part for key, value in parameters(asked).items() for part in (f"--{key}", value)]
        assert cli.run(["rapport", asked["rapport"], *flags, "--format", "json", "--ut", str(out)]) == 0
        answers[name] = json.loads(out.read_bytes())
    return answers


def asked_of_the_api(url: str) -> Answers:
    with House.open(Settings(database=url), create=False) as house:
        client = TestClient(application(house), base_url="http://127.0.0.1")
        answers = {}
        for name, asked in questions():
            response = client.get(f"/api/v1/rapporter/{asked['rapport']}", params=parameters(asked))
            assert response.status_code == 200, response.text
            answers[name] = response.json()
        return answers


def asked_of_the_house(url: str) -> Answers:
    with House.open(Settings(database=url), create=False) as house:
        return {
            name: json.loads(house.rendered(asked["rapport"], {**parameters(asked)}, "json"))
            for name, asked in questions()
        }


def questions() -> Iterator[tuple[str, dict[str, Any]]]:
    for folder in FOLDERS:
        for line in lines(folder, "expected.jsonl"):
            yield line["id"], line["question"]


def wrong_cells(answers: Answers) -> tuple[int, list[tuple[str, str, str, Decimal, Decimal | None]]]:
    """How many printed cells there are, and those that an answer does not give back."""
    count, wrong = 0, []
    for folder in FOLDERS:
        for line in lines(folder, "expected.jsonl"):
            rows = {row["nyckel"]: row["celler"] for row in answers[line["id"]]["rader"]}
            skipped = {(skip["nyckel"], skip["kolumn"]) for skip in line["skip"]}
            for row in line["rows"]:
                for column, number in row["celler"].items():
                    if (row["nyckel"], column) in skipped:
                        continue
                    count += 1
                    found = printed(rows[row["nyckel"]][column], line["question"]["enhet"])
                    if found != number:
                        wrong.append((line["id"], row["nyckel"], column, number, found))
    return count, wrong


def test_every_printed_cell_comes_back_and_stays(url: str, tmp_path: Path) -> None:
    first = asked_of_the_command_line(tmp_path)
    assert wrong_cells(first) == (QUESTIONS, [])

    assert asked_of_the_api(url) == first

    assert cli.run(["spela-upp", "--jamfor"]) == 0
    assert asked_of_the_house(url) == first

    engine = open_database(url)
    METADATA.drop_all(engine)
    assert "projection_pointer" not in inspect(engine).get_table_names()
    engine.dispose()
    assert asked_of_the_house(url) == first
    assert cli.run(["verifiera"]) == 0


def amount(url: str, row: str, column: str, **asked: str) -> int | None:
    with House.open(Settings(database=url), create=False) as house:
        parameters: dict[str, str | None] = {"ar": "2024", "ansvar": "KS", **asked}
        answer = json.loads(house.rendered("driftsammandrag", parameters, "json"))
    cells: dict[str, dict[str, int | None]] = {row["nyckel"]: row["celler"] for row in answer["rader"]}
    return cells[row][column]


def test_the_budget_is_shown_as_it_was_before_and_after_the_cuts(url: str) -> None:
    assert amount(url, "summa", "budget", beslutad="2024-01-31") == 671_800_000_00
    assert amount(url, "summa", "budget", beslutad="2024-06-30") == 655_500_000_00
    assert amount(url, "summa", "budget", beslutad="2024-12-31") == 654_000_000_00


def test_the_difference_lists_the_two_cuts_and_nothing_else(url: str, tmp_path: Path) -> None:
    assert url
    out = tmp_path / "skillnad.json"
    moments = ["--fran-beslutad", "2024-01-31", "--till-beslutad", "2024-12-31"]
    asked = ["--ar", "2024", "--ansvar", "KS", "--rad", "summa", "--kolumn", "budget"]
    assert cli.run(["skillnad", "driftsammandrag", *moments, *asked, "--format", "json", "--ut", str(out)]) == 0
    told = json.loads(out.read_bytes())
    (cell,) = told["celler"]
    assert (cell["rad"], cell["kolumn"], cell["skillnad_ore"]) == ("summa", "budget", -17_800_000_00)
    assert [fact["belopp_ore"] for fact in cell["fakta"]] == [-16_300_000_00, -1_500_000_00]
    assert [fact["faktum"] for fact in told["fakta"]] == ["ramjustering_decided.v1"] * 2


def test_an_earlier_position_gives_the_bytes_it_gave_then(url: str) -> None:
    with House.open(Settings(database=url), create=False) as house:
        position = house.log.head().position
        then = house.rendered("driftsammandrag", {"ar": "2024", "kand": f"@{position}"}, "json")
    with House.open(Settings(database=url)) as house:
        house.ledger.execute(
            WriteKommentar(2024, 12, "driftsammandrag", "KLF-EKON", "Lägre personalkostnader."), house.caller, "en-till"
        )
        assert house.rendered("driftsammandrag", {"ar": "2024", "kand": f"@{position}"}, "json") == then
        assert house.rendered("driftsammandrag", {"ar": "2024"}, "json") != then
