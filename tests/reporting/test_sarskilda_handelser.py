"""Särskilda händelser: what tagged rows cost and brought in, one event or all side by side."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ledger.domain.events import UtfallCorrected
from ledger.domain.fact import Fact
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, kr, summarad, unit, utfall

FACTS = [
    *TOWN,
    utfall("2024-01-31", "EKON", 100, handelse="corona"),
    utfall("2024-02-28", "EKON", -40, "intakt", handelse="corona"),
    utfall("2024-02-28", "HR", 70, handelse="flykting"),
    utfall("2024-05-31", "KOST", 7, handelse="corona"),
    utfall("2024-02-28", "HR", 1000),
    utfall("2023-02-28", "HR", 9, handelse="corona"),
]


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(FACTS)


def test_tagged_rows_have_cost_income_and_effect_per_unit(desk: Desk) -> None:
    found = rows(desk.ask("sarskilda_handelser", ar=2024, ansvar="KS"))
    three = ("kostnader", "intakter", "effekt")
    assert [found["EKON"][c] for c in three] == [kr(100), kr(40), kr(-60)]
    assert [found["summa"][c] for c in three] == [kr(170), kr(40), kr(-130)]
    # A resultat unit stands beside the sum, with cost and income in their own direction.
    assert [found["VSS"][c] for c in three] == [kr(7), 0, kr(-7)]
    assert found["summa"]["kostnader_fg"] == kr(9)


def test_all_events_stand_side_by_side(desk: Desk) -> None:
    answer = desk.ask("sarskilda_handelser", ar=2024, ansvar="KS")
    assert answer.utskrift == ("kostnader", "intakter", "effekt", "effekt_corona", "effekt_flykting")
    found = rows(answer)
    assert (found["HR"]["effekt_corona"], found["HR"]["effekt_flykting"]) == (0, kr(-70))
    assert (found["summa"]["kostnader_corona"], found["summa"]["intakter_corona"]) == (kr(100), kr(40))
    by_event = rows(desk.ask("sarskilda_handelser", ar=2024, ansvar="KS", per="handelse"))
    assert {key: by_event[key]["effekt"] for key in ("corona", "flykting", "summa")} == {
        "corona": kr(-60), "flykting": kr(-70), "summa": kr(-130),
    }  # fmt: skip


def test_one_event_is_asked_for_by_its_tag(desk: Desk) -> None:
    answer = desk.ask("sarskilda_handelser", ar=2024, ansvar="KS", handelse="flykting")
    assert answer.utskrift == ("kostnader", "intakter", "effekt")
    assert [row.nyckel for row in answer.rader if row.sort == "enhet"] == ["HR"]
    assert rows(answer)["summa"]["kostnader"] == kr(70)
    none = desk.ask("sarskilda_handelser", ar=2024, ansvar="KS", handelse="okänd")
    assert any(note.startswith("Inget är registrerat") for note in none.fotnoter)


def test_an_event_is_there_from_when_it_was_known(desk: Desk) -> None:
    def events(**more: object) -> list[str]:
        answer = desk.ask("sarskilda_handelser", ar=2024, **more)
        return [k.nyckel for k in answer.kolumner if k.nyckel.startswith("effekt_") and k.nyckel != "effekt_fg"]

    assert events(ansvar="KS") == ["effekt_corona", "effekt_flykting"]
    assert events(ansvar="KS", kand="@11") == []
    assert events(ansvar="KS", beslutad="2024-01-31") == []
    assert events(ansvar="EKON") == []


def test_each_figure_is_taken_apart_and_its_difference_explained(desk: Desk) -> None:
    before = desk.question("sarskilda_handelser", ar=2024, ansvar="KS", kand="@11")
    after = desk.question("sarskilda_handelser", ar=2024, ansvar="KS")
    cells = {(c.rad, c.kolumn): c for c in desk.reports.skillnad(before, after).celler}
    for cell in cells.values():
        assert sum(fact.belopp_ore for fact in cell.fakta) == cell.skillnad_ore
    assert cells["summa", "effekt_flykting"].skillnad_ore == kr(-70)
    (share,) = desk.reports.cell(after, "HR", "kostnader").andelar
    assert (share.position, share.belopp_ore) == (12, kr(70))


def test_a_new_leverans_can_take_the_tag_away() -> None:
    before = (summarad("2024-02-28", "HR", 70, handelse="flykting"),)
    desk = Desk([*FACTS, UtfallCorrected("2024-02", "HR", before, (summarad("2024-02-28", "HR", 70),), rattar=(12,))])
    assert rows(desk.ask("sarskilda_handelser", ar=2024, ansvar="KS"))["HR"]["kostnader"] == 0
    assert rows(desk.ask("sarskilda_handelser", ar=2024, ansvar="KS", kand="@15"))["HR"]["kostnader"] == kr(70)


@pytest.mark.parametrize("tag", ["{x}", "a.b", "*", "Ä 1"])
def test_a_tag_may_be_any_text(tag: str) -> None:
    facts = [*FACTS, utfall("2024-03-31", "HR", 3, handelse=tag)]
    found = rows(Desk(facts).ask("sarskilda_handelser", ar=2024, ansvar="KS"))
    assert found["summa"][f"effekt_{tag}"] == kr(-3)


def test_the_printed_tables_of_refugees_come_back(shared_data: Path) -> None:
    path = shared_data / "linkoping/printed/2024_vb_flykting_ovriga.csv"
    with path.open(encoding="utf-8", newline="") as file:
        printed = [row for row in csv.DictReader(file) if row["_role"] == "row"]
    facts: list[Fact] = [*TOWN, unit("FLYKT", "stab", "NA")]
    for row in printed:
        tag = row["label"].lower()
        facts.append(utfall("2024-12-31", "FLYKT", 1000 * int(row["Utfall kostnader 2024"]), handelse=tag))
        grant = -1000 * int(row["Statlig ersättning 2024"])
        facts.append(utfall("2024-12-31", "FLYKT", grant, "intakt", handelse=tag))
    found = rows(Desk(facts).ask("sarskilda_handelser", ar=2024, ansvar="NA", per="handelse"))
    for row in printed:
        if row["label"] == "Kvotflyktingar":
            # Nothing was spent and nothing received: there is nothing to show.
            assert row["label"].lower() not in found
            continue
        cells = found[row["label"].lower()]
        got = [cells[c] // kr(1000) for c in ("kostnader", "intakter", "effekt")]
        assert [str(amount) for amount in got] == [row[c] for c in list(row)[1:4]]
    # The printed sum of the grants is 0, a misprint; the deviation is that of the rows.
    assert found["summa"]["effekt"] == kr(-3_100_000)
