"""The object that is answered: its shape, its stamp and its bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ledger.domain.events import KommentarWritten
from ledger.reporting.answer import Cell, Rad, Rader
from ledger.reporting.tables.layout import Line
from tests.conftest import BACKENDS, Databases
from tests.oracle.generator import random_facts
from tests.reporting.asking import Desk, report_files
from tests.reporting.town import TOWN, beslut, budget, prognos, rorelse, utfall

FACTS = (
    *TOWN,
    budget("2023-11-20", KS=(2024, 100), VSS=(2024, 0)),
    beslut("ramjustering", "2024-02-01", rorelse(7, 2024, "EKON", text="mer"), paragraf=None),
    utfall("2024-01-31", "EKON", 60),
    prognos("2024-03-31", 2024, "EKON", ("kostnad", 90)),
)


def test_the_object_is_that_of_the_contract() -> None:
    answer = json.loads(Desk(FACTS).ask("driftsammandrag", ar=2024, ansvar="KS").to_bytes())
    assert list(answer) == ["rapport", "rubrik", "stampel", "fraga", "kolumner", "rader", "fotnoter"]
    assert answer["stampel"] == {
        "position": 13,
        "recorded_at": "2025-02-03T12:00:13.000000Z",
        "root": "3fdba35f04dc8c462986c992bcf875546257113072a909c162f7e470e581e278",
        "version": 2,
        "lage": "oppet",
    }
    assert answer["kolumner"][:2] == [
        {"nyckel": "utfall", "rubrik": "Bokslut 2024", "form": "belopp"},
        {"nyckel": "budget", "rubrik": "Budget 2024", "form": "belopp"},
    ]
    row = answer["rader"][0]
    assert (row["nyckel"], row["namn"], row["sort"], row["indrag"]) == ("EKON", "EKON", "enhet", 1)
    assert list(row["celler"]) == [column["nyckel"] for column in answer["kolumner"]]


def test_footnotes_say_what_the_reader_must_know() -> None:
    assert list(Desk(FACTS).ask("driftsammandrag", ar=2024, tom=3, ansvar="KS", enhet="kr").fotnoter) == [
        "Inget är registrerat för Utfall jan–mar 2023, Bokslut 2023; vad som räknas fram av det visas inte.",
        "Nettokostnad = kostnader − intäkter. Avvikelse = budget − utfall; plus är överskott.",
        "VSS redovisas som resultat = intäkter − kostnader (avvikelse = utfall − budget) och ingår inte i summan.",
        "Belopp i kronor. Varje cell är avrundad för sig; en summa kan därför skilja en enhet från sina termer.",
        "Budget 2024 enligt omgången beslutad 2023-11-20.",
        (
            "Budget som inte är periodiserad visas med 3 tolftedelar av helåret; öre som inte går jämnt upp ligger på "
            "årets första månader."
        ),
        (
            "Ej uppdelat på kostnader och intäkter: 27 kr i Budget jan–mar 2024, 107 kr i Budget helår 2024, 100 kr i "
            "Ursprunglig budget 2024, 7 kr i Ändringar under året."
        ),
        (
            "Ej uppdelat på kostnader och intäkter (VSS): netto noll i Budget jan–mar 2024, netto noll i Budget helår "
            "2024, netto noll i Ursprunglig budget 2024."
        ),
        (
            "Finansiering ej angiven: ramjustering kommunfullmäktige 2024-02-01 § saknas höjer ramen för EKON med "
            "7,00 kr (@11)."
        ),
        "§ saknas: 1 beslut bakom budgeten har ingen angiven paragraf (@11).",
    ]


def test_what_is_not_split_and_less_than_a_unit_shows_is_told_exactly() -> None:
    notes = Desk(FACTS).ask("driftsammandrag", ar=2024, tom=3, ansvar="KS", enhet="mnkr").fotnoter
    (told,) = [note for note in notes if note.startswith("Ej uppdelat på kostnader och intäkter:")]
    # Three twelfths of 100 kr and of 7 kr, the öre left over on the first months.
    assert told == (
        "Ej uppdelat på kostnader och intäkter: 26,79 kr i Budget jan–mar 2024, 107,00 kr i Budget helår 2024, "
        "100,00 kr i Ursprunglig budget 2024, 7,00 kr i Ändringar under året."
    )


def test_a_narrow_table_prints_what_the_month_and_the_forecast_call_for() -> None:
    desk = Desk(FACTS)
    assert desk.ask("driftsammandrag", ar=2024).utskrift == ("utfall", "budget", "avvikelse", "bokslut_fg")
    assert desk.ask("driftsammandrag", ar=2024, tom=3).utskrift == (
        "utfall",
        "budget",
        "avvikelse",
        "utfall_fg",
        "budget_helar",
        "prognos",
        "avvikelse_prognos",
    )
    assert desk.ask("driftsammandrag", ar=2023, tom=3).utskrift == ("utfall", "budget", "avvikelse", "utfall_fg")


def test_the_same_question_at_the_same_position_gives_the_same_bytes_for_ever(databases: Databases) -> None:
    facts = random_facts(11, 200)
    seen: dict[tuple[str, int], bytes] = {}
    for backend in BACKENDS:
        desk = Desk(facts[:120], url=databases.new(backend))
        for report in report_files():
            for kand in (60, 119, 120):
                asked = desk.ask(report.name, ar=2024, kand=f"@{kand}").to_bytes()
                assert seen.setdefault((report.name, kand), asked) == asked
        desk.log.add(*facts[120:])
        for (rapport, kand), before in seen.items():
            assert desk.ask(rapport, ar=2024, kand=f"@{kand}").to_bytes() == before
        desk.close()


@pytest.mark.parametrize(
    "asked", [{}, {"tom": 3, "enhet": "kr"}, {"jamfor_organisation": "fg", "tom": 8}, {"uppstallning": "prognos"}]
)
def test_rows_are_written_of_columns_as_they_would_be_one_by_one(asked: dict[str, str | int]) -> None:
    comment = KommentarWritten(2024, int(asked.get("tom", 12)), "driftsammandrag", "summa", 'Sagt, "rätt" och\nklart')
    answer = Desk((*FACTS, comment)).ask("driftsammandrag", ar=2024, **asked)
    assert answer.holds_text
    assert replace(answer, rader=tuple(answer.rader)).to_bytes() == answer.to_bytes()


@pytest.mark.parametrize("rapport", [report.name for report in report_files() if report.table])
def test_every_report_is_written_of_columns_as_row_by_row(rapport: str, random_desk: Desk) -> None:
    answer = random_desk.ask(rapport, ar=2024)
    one_by_one = replace(answer, rader=tuple(answer.rader))
    assert one_by_one.to_bytes() == answer.to_bytes()
    assert one_by_one.holds_text == answer.holds_text


@pytest.fixture(scope="module")
def random_desk() -> Iterator[Desk]:
    desk = Desk(random_facts(12, 150))
    yield desk
    desk.close()


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"a": [1, None]},
        {"a": ['},{"nyckel":1,', "-2,3"], "b": [-(2**63), 2**63 - 1]},
        {"å": [None, None], "b": [0, "text"]},
    ],
)
def test_any_cell_stands_in_its_own_row(cells: dict[str, list[Cell]]) -> None:
    rows = Rader([Line("X", "Ex", "X", "enhet", 1), Line("Y", 'Y"', "Y", "summa")], cells, {"Y": "Sagt"})
    said = [dict(zip(cells, of, strict=True)) for of in zip(*cells.values(), strict=True)] or [{}, {}]
    assert rows == (Rad("X", "Ex", said[0], 1, "enhet"), Rad("Y", 'Y"', said[1], 0, "summa", "Sagt"))
    assert [row["celler"] for row in json.loads(rows.to_json())] == said
    assert Rader([], {"a": []}, {}).to_json() == b"[]"
