"""A lawful erasure blanks texts: figures, proofs and what is already recorded stay as they were."""

from __future__ import annotations

import sqlite3
from importlib.resources import as_file, files
from urllib.parse import urlsplit

import psycopg

from ledger.domain.fact import ERASED
from ledger.main import House
from ledger.reporting.stored.schema import METADATA
from ledger.settings import Settings


def blank_every_private_part(url: str) -> None:
    statement = "UPDATE facts SET private = NULL, salt = NULL WHERE private IS NOT NULL"
    if url.startswith("sqlite"):
        with sqlite3.connect(urlsplit(url).path) as connection:
            connection.execute(statement)
        connection.close()
    else:
        with psycopg.connect(url, autocommit=True) as postgres:
            postgres.execute(statement)


def imported(house: House) -> str:
    with as_file(files("ledger") / "exempel/linkoping") as folder:
        paths = [path for path in sorted(folder.glob("*.csv")) if path.name != "kommentar.csv"]
        return house.import_paths(paths, lambda *_: None, rattar=None)


def test_after_an_erasure_figures_and_proofs_hold_and_the_same_files_add_nothing(database_url: str) -> None:
    asked: dict[str, str | None] = {"ar": "2024", "ansvar": "KS", "kand": None}
    with House.open(Settings(database=database_url)) as house:
        house.begin_writing()
        imported(house)
        before = house.rendered("driftsammandrag", asked, "csv")
        head = house.log.head()

    blank_every_private_part(database_url)

    with House.open(Settings(database=database_url)) as house:
        METADATA.drop_all(house.reports.engine)
        assert house.rendered("driftsammandrag", asked, "csv") == before
        assert house.log.verify().ok
        assert all(line.endswith(", 0 nya") for line in imported(house).split("\n"))
        assert house.log.head() == head
        trail = house.rendered("behandlingshistorik", {"kand": None}, "text").decode()
        assert "Återföring centralt" not in trail
        texts = [r.text for one in house.log.read(postings=False) for r in getattr(one.fact, "rorelser", ())]
        assert set(texts) == {ERASED}
