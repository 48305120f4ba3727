"""The demo shows Linköping 2024 as it was printed, and the acceptance folders import in any order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from ledger.interchange import rendering
from ledger.interchange.csv_file import Fil
from ledger.main import House
from ledger.settings import Settings
from tests.interchange import folders
from tests.interchange.town import give, open_ledger
from tests.oracle.acceptance import lines, printed


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo's ledger."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}"
    with (
        House.open(Settings(database=url, roll="ekonom")) as house,
        as_file(files("ledger") / "exempel/linkoping") as folder,
    ):
        house.begin_writing("Linköpings kommun")
        house.import_paths(sorted(folder.glob("*.csv")), lambda *_: None, rattar=None)
        house.reports.runner.catch_up()
        yield house


def asked(house: House, name: str, parameters: dict[str, object]) -> dict[str, dict[str, int | None]]:
    """The cells of an answer by row."""
    given = {key: str(value) for key, value in parameters.items() if value is not None and key != "rapport"}
    answer = json.loads(house.reports.answer(name, given, date(2024, 12, 31)).to_bytes())
    return {row["nyckel"]: row["celler"] for row in answer["rader"]}


def wrong_cells(house: House, folder: str) -> tuple[int, list[tuple[str, str, str]]]:
    """How many printed cells of a folder there are, and those that do not come back."""
    count = 0
    wrong = []
    for line in lines(folder, "expected.jsonl"):
        rows = asked(house, line["question"]["rapport"], line["question"])
        skipped = {(skip["nyckel"], skip["kolumn"]) for skip in line["skip"]}
        for row in line["rows"]:
            for column, number in row["celler"].items():
                if (row["nyckel"], column) not in skipped:
                    count += 1
                    if printed(rows[row["nyckel"]][column], line["question"]["enhet"]) != Decimal(number):
                        wrong.append((line["id"], row["nyckel"], column))
    return count, wrong


@pytest.mark.usefixtures("shared_data")
def test_every_printed_cell_of_2024_comes_back_from_the_demo(demo: House) -> None:
    assert wrong_cells(demo, "2024-bokslut") == (204, [])
    assert wrong_cells(demo, "2024-vss-mars") == (80, [])


def test_the_demo_shows_the_budget_before_and_after_the_cuts(demo: House) -> None:
    def budget(**limit: str) -> int | None:
        return asked(demo, "driftsammandrag", {"ar": 2024, **limit})["summa"]["budget"]

    assert (budget(beslutad="2024-01-31"), budget(beslutad="2024-12-31")) == (671_800_000_00, 654_000_000_00)
    assert budget() == budget(ansvar="KS") == 654_000_000_00


def test_the_demo_has_comments_and_a_readme(demo: House) -> None:
    text = rendering.as_text(demo.reports.answer("driftsammandrag", {"ar": "2024", "ansvar": "KS"}, date(2024, 12, 31)))

    assert "Analys och kommentar\nKommungemensamt: " in text
    assert "Konstruerat" in (files("ledger") / "exempel/linkoping/README.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize(
    "given", [(folders.BOKSLUT, folders.MARS), (folders.MARS, folders.BOKSLUT), (folders.INTERNBUDGET,)]
)
def test_an_acceptance_folder_imports_once_in_any_order(database_url: str, given: tuple[Path, ...]) -> None:
    ledger = open_ledger(database_url)

    for folder in given:
        give(ledger, folders.folder(folder))
    before = ledger.log.head()
    for folder in given:
        text = give(ledger, folders.folder(folder)).text()
        assert all(line.endswith(", 0 nya") for line in text.split("\n")), text

    assert ledger.log.head() == before
    ledger.log.close()


@pytest.mark.usefixtures("shared_data")
def test_all_three_folders_live_in_one_ledger(database_url: str) -> None:
    ledger = open_ledger(database_url)

    rounds = [opened.sentence() for opened in give(ledger, folders.all_three()).rounds]

    assert "öppnar ny omgång för KS 2024; 87 tidigare rörelser räknas inte längre" in rounds
    assert give(ledger, folders.all_three()).text().count(", 0 nya") == len(folders.all_three())
    ledger.log.close()


@pytest.mark.usefixtures("shared_data")
def test_comma_and_semicolon_hold_the_same(sqlite_url: str) -> None:
    ledger = open_ledger(sqlite_url)
    give(ledger, folders.folder(folders.MARS))

    def with_commas(fil: Fil) -> Fil:
        with fil.open() as stream:
            rows = stream.read().decode().splitlines()
        quoted = [",".join(f'"{cell}"' for cell in row.split(";")) for row in rows]
        return Fil(fil.namn, data="\r\n".join(quoted).encode())

    assert give(ledger, [with_commas(fil) for fil in folders.folder(folders.MARS)]).text().count(", 0 nya") == 7
    ledger.log.close()
