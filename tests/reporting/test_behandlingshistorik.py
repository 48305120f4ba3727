"""The audit trail: who recorded what when by which right, and what an auditor asks for first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ledger.domain.events import RegistreringCorrected
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, beslut, budget, day, kr, projekt, rorelse, utfall, verifikation


def section(desk: Desk, lista: str, **parameters: Any) -> dict[str, dict[str, Any]]:
    found = rows(desk.ask("behandlingshistorik", lista=lista, **parameters))
    del found[lista]
    return found


def test_every_fact_is_listed_with_both_dates_newest_first() -> None:
    desk = Desk(TOWN)
    desk.log.add(
        beslut("ramjustering", "2024-04-23", rorelse(-16.3, 2024, "KLF", text="x"), paragraf="52", diarienummer="KS 7"),
        actor="a-17",
        at=datetime(2024, 5, 8, 15, 40, 2, tzinfo=UTC),
    )
    listed = section(desk, "fakta")
    assert list(listed)[:2] == ["@10", "@9"]
    assert listed["@10"] == {
        "lage": "@10",
        "recorded_at": "2024-05-08T15:40:02.000000Z",
        "datum": "2024-04-23",
        "faktum": "ramjustering_decided",
        "vem": "a-17",
        "mandat": "oppet",
        "ansvar": "KLF",
        "beslut": "kommunfullmäktige 2024-04-23 § 52 KS 7",
        "antal": None,
        "belopp": kr(-16.3),
        "rattar": None,
        "rattas_av": None,
    }


def test_facts_are_found_by_unit_actor_decision_period_and_kind() -> None:
    desk = Desk(TOWN)
    decided = beslut("ramjustering", "2024-04-23", rorelse(1, 2024, "KLF", text="x"), diarienummer="KS 2024-7")
    desk.log.add(decided, actor="a-17")
    desk.log.add(utfall("2024-03-31", "EKON", 5), utfall("2024-04-30", "SKOLA", 5), actor="a-2")
    found = {
        "vem": section(desk, "fakta", vem="a-17"),
        "typ": section(desk, "fakta", typ="utfall"),
        "beslut": section(desk, "fakta", beslut="KS 2024-7"),
        "period": section(desk, "fakta", period="2024-04"),
        "ansvar": section(desk, "fakta", ansvar="KS", typ="utfall"),
        "beslutad": section(desk, "fakta", beslutad="2024-03-31", typ="utfall"),
        "ar": section(desk, "fakta", ar=2024, tom=3),
        "kand": section(desk, "fakta", kand="@9", typ="ramjustering"),
    }
    assert {name: list(listed) for name, listed in found.items()} == {
        "vem": ["@10"],
        "typ": ["@12", "@11"],
        "beslut": ["@10"],
        "period": ["@12", "@10"],
        "ansvar": ["@11"],
        "beslutad": ["@11"],
        "ar": ["@11"],
        "kand": [],
    }


def test_long_lists_are_read_a_page_at_a_time() -> None:
    desk = Desk([*TOWN, *(utfall("2024-03-31", "EKON", 1) for _ in range(450))])
    pages = [list(section(desk, "fakta", sida=sida, typ="utfall")) for sida in (1, 2, 3)]
    assert [len(page) for page in pages] == [201, 201, 50]
    assert (pages[0][-1], pages[1][0], pages[2][-1]) == ("fler", "@259", "@10")


def test_gaps_in_voucher_numbers_are_listed_by_serie_and_year() -> None:
    vouchers = [
        *(verifikation("2024-01-15", number, "EKON", 1) for number in (1, 2, 5, 7)),
        *(verifikation("2024-01-15", number, "EKON", 1, serie="B") for number in (10, 11)),
        verifikation("2023-12-15", 3, "EKON", 1),
    ]
    gaps = Desk([*TOWN, *vouchers]).ask("behandlingshistorik", lista="luckor")
    assert [(row.nyckel, row.namn, row.celler["antal"]) for row in gaps.rader[1:]] == [
        ("lucka.2024.A.3", "Serie A 2024: nummer 3–4 saknas", 2),
        ("lucka.2024.A.6", "Serie A 2024: nummer 6 saknas", 1),
    ]


def test_facts_dated_in_an_earlier_month_than_they_were_recorded_are_listed() -> None:
    desk = Desk()
    desk.log.add(utfall("2024-04-30", "EKON", 1), at=datetime(2024, 4, 30, 21, 59, tzinfo=UTC))
    desk.log.add(utfall("2024-04-30", "EKON", 1), at=datetime(2024, 4, 30, 22, 0, tzinfo=UTC))
    assert list(section(desk, "sena")) == ["sen.@2"]  # 1 May, 00:00 in Stockholm


def test_findings_say_what_is_unusual_but_recorded() -> None:
    bad = projekt("P-BAD", "EKON", "pagaende", "2023-01-01")
    carried = rorelse(30, 2023, "EKON", "EKON", slag="utgift", projekt="P-BAD", till_ar=2024)
    desk = Desk(
        [
            *TOWN,
            bad,
            budget("2023-11-20", KS=(2024, 100)),
            beslut("ramjustering", "2024-02-01", rorelse(7, 2024, "KS", text="mer")),
            beslut("ramjustering", "2024-02-02", rorelse(7, 2024, "KS", text="mer", finansiering="eget kapital")),
            beslut("ramjustering", "2024-02-03", rorelse(7, 2024, "KS", "HR", text="omvänt")),
            beslut("ramjustering", "2023-12-03", rorelse(7, 2024, "KS", text="nästa år")),
            beslut("internbudget", "2023-12-05", rorelse(7, 2024, "HR", "KS"), paragraf=None),
            beslut("budget", "2024-12-05", rorelse(70, 2025, "KS"), kontrollsumma_ore=kr(71)),
            beslut("investeringsram", "2022-12-05", rorelse(40, 2023, "EKON", slag="utgift", projekt="P-BAD")),
            utfall("2023-06-30", "EKON", 15, "utgift", projekt="P-BAD", konto="1180"),
            beslut("ombudgetering", "2024-03-26", carried),
        ]
    )
    findings = desk.ask("behandlingshistorik", lista="anmarkningar").rader[1:]
    assert [(row.nyckel, row.celler["belopp"]) for row in findings] == [
        ("anmarkning.finansiering.@12", kr(7)),
        ("anmarkning.paragraf.@16", kr(7)),
        ("anmarkning.overforing.@20", kr(5)),
        ("anmarkning.kontrollsumma.@17", kr(-1)),
    ]
    assert findings[2].namn == (
        "Överföringen av 30,00 kr från 2023 (P-BAD) är 5,00 kr mer än vad som var kvar av ramen efter årets "
        "utfall (@20)."
    )


def test_sums_per_decision_are_listed_in_log_order() -> None:
    desk = Desk([*TOWN, budget("2023-11-20", KS=(2024, 100), NA=(2024, 50))])
    assert section(desk, "beslut")["beslut.@10"] == {
        "lage": "@10",
        "recorded_at": None,
        "datum": "2023-11-20",
        "faktum": "budget",
        "vem": None,
        "mandat": None,
        "ansvar": None,
        "beslut": "kommunfullmäktige 2023-11-20 § 1",
        "antal": 2,
        "belopp": kr(150),
        "rattar": None,
        "rattas_av": None,
    }


def test_a_correction_points_at_what_it_corrects_and_takes_its_findings_away() -> None:
    wrong = beslut("ramjustering", "2024-02-01", rorelse(7, 2024, "KS", text="mer"))
    desk = Desk([*TOWN, wrong])
    assert len(section(desk, "anmarkningar")) == 1
    desk.log.add(RegistreringCorrected(10, wrong))
    assert section(desk, "anmarkningar") == {}
    corrected = section(desk, "fakta")["@11"]
    assert (corrected["rattar"], corrected["datum"]) == ("@10", day("2024-02-01").isoformat())


def test_all_lists_stand_under_their_headings() -> None:
    headings = [row for row in Desk(TOWN).ask("behandlingshistorik").rader if row.sort == "rubrik"]
    assert [(row.nyckel, row.celler["antal"]) for row in headings] == [
        ("anmarkningar", 0),
        ("luckor", 0),
        ("sena", 9),
        ("beslut", 0),
        ("fakta", 9),
    ]
