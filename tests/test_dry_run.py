"""What a dry run says of the reports is what recording then does to them, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources import as_file, files
from typing import Any

import pytest

from ledger.domain.beslut import AdoptBudget, DecideOmfordelning, DecideRamjustering
from ledger.domain.prognos import SubmitPrognos
from ledger.domain.rader import Prognosrad, Utfallsrad
from ledger.domain.rorelse import Rorelse
from ledger.domain.verifikation import PostVerifikation
from ledger.main import House
from ledger.reporting.explaining.verkan import TOLD, effects
from ledger.settings import Settings

TODAY = date(2024, 12, 31)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The example's ledger."""
    url = f"sqlite:///{tmp_path_factory.mktemp('torrkor') / 'liggare.db'}"
    with House.open(Settings(database=url)) as opened, as_file(files("ledger") / "exempel/linkoping") as folder:
        opened.begin_writing("Linköpings kommun")
        opened.import_paths(sorted(folder.glob("*.csv")), lambda *_: None, rattar=None)
        yield opened


def cells(house: House) -> dict[tuple[str, str, str], int | None]:
    found: dict[tuple[str, str, str], int | None] = {}
    for name, columns in TOLD.items():
        for row in house.reports.answer(name, {"ar": "2024"}, TODAY).rader:
            for column in columns:
                amount = row.celler[column]
                assert amount is None or isinstance(amount, int)
                found[name, row.nyckel, column] = amount
    return found


COMMANDS: tuple[Any, ...] = (
    DecideOmfordelning("KS", date(2024, 5, 27), (Rorelse(40_000_000, "netto", 2024, "KLF-PLAN", "KLF-NAR"),), "12"),
    DecideRamjustering(
        "KF", date(2024, 9, 24), (Rorelse(5, "utgift", 2024, None, "KLF-GEM", projekt="P-MARK", text="Mark"),)
    ),
    PostVerifikation(
        "T", "1", date(2024, 12, 30),
        (Utfallsrad(700, "KLF-EKON", "5010", "kostnad", "920"), Utfallsrad(-700, None, "2510")),
    ),
    SubmitPrognos(date(2024, 10, 31), 2024, "KLF-EKON", (Prognosrad("netto", 2_600_000_000),)),
    AdoptBudget("kommunfullmäktige", date(2024, 2, 27), (Rorelse(70_000_000_000, "netto", 2024, None, "KS"),), "3"),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_a_dry_run_says_what_recording_then_does(house: House, command: Any) -> None:
    before = cells(house)
    judged = house.ledger.judge(command, house.caller)
    told = effects(house.reports, judged.facts, TODAY)
    assert cells(house) == before

    house.ledger.execute(command, house.caller, f"torrkor-{type(command).__name__}")
    after = cells(house)

    changed = {key: amount for key, amount in after.items() if (before.get(key) or 0) != (amount or 0)}
    assert {(one.rapport, one.rad, one.kolumn): one.efter_ore for one in told} == changed
    assert changed
    for one in told:
        assert one.fore_ore == before.get((one.rapport, one.rad, one.kolumn))


def test_nothing_to_record_changes_nothing(house: House) -> None:
    assert effects(house.reports, [], TODAY) == []
