"""The reports of rights, cases and refused attempts, read as whoever attests and whoever audits reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ledger.domain.events_behorighet import (
    ArendeDecided,
    ArendeDrafted,
    ArendeProposed,
    ArendeReturned,
    ArendeReviewed,
    AttestantNamed,
    ForsokRefused,
    Ingaende,
    JavDeclared,
    MandatEnded,
    MandatGranted,
    OppetLageEnded,
    RegistreringConfirmed,
    RegistreringMade,
    YearClosed,
)
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, beslut, day, kr, rorelse

GRANTED = MandatGranted(
    "omfordelning", "KLF", day("2024-01-01"), "kommunstyrelsen", day("2023-12-12"), "stabsdirektör", None, "enhet",
    100_000_000, None, "412", "B 3.2", anmals=True,
)  # fmt: skip


def test_mandates_are_shown_as_they_were_known_and_held() -> None:
    desk = Desk([*TOWN, OppetLageEnded(day("2023-12-12")), GRANTED])
    at = desk.log.head()[0]
    desk.log.add(MandatEnded(at, day("2024-06-30"), "kommunstyrelsen", day("2024-06-11")))
    row: dict[str, Any] = rows(desk.ask("mandat", beslutad="2024-07-01"))[f"@{at}"]
    assert (row["far"], row["niva"], row["beloppsgrans"], row["anmals"]) == (
        "omfordelning", "enhet", 100_000_000, "ja",
    )  # fmt: skip
    assert row["beslut"] == "kommunstyrelsen 2023-12-12 § 412"
    asked = [("2024-07-01", f"@{at + 1}"), ("2024-07-01", f"@{at}"), ("2024-06-10", f"@{at + 1}"), ("2024-06-30", None)]
    held = [rows(desk.ask("mandat", beslutad=on, kand=known))[f"@{at}"]["galler"] for on, known in asked]
    assert held == ["avslutat", "gäller", "gäller", "gäller"]
    assert f"@{at}" not in rows(desk.ask("mandat", beslutad="2023-12-11"))


def test_the_answer_says_when_it_was_bound_by_mandates() -> None:
    desk = Desk(TOWN)
    before = desk.log.head()[0]
    assert desk.ask("mandat").stampel.lage == "oppet"
    desk.log.add(OppetLageEnded(day("2023-12-12")), GRANTED)
    assert desk.ask("mandat").stampel.lage == "mandat"
    assert desk.ask("mandat", kand=f"@{before}").stampel.lage == "oppet"


def test_the_newest_row_of_an_attestant_counts() -> None:
    named = AttestantNamed("EKON", 2024, "beslut", "a-9", day("2024-01-01"), day("2024-12-31"), "stabsdirektör")
    desk = Desk([*TOWN, named, replace(named, till=day("2024-03-31"))])
    listed = rows(desk.ask("mandat", lista="attest", beslutad="2024-04-01"))
    del listed["attest"]
    (row,) = listed.values()
    assert (row["far"], row["person"], row["till"], row["galler"]) == ("beslut", "a-9", "2024-03-31", "avslutat")


def case_of(*, anmals: bool) -> list[tuple[Any, str]]:
    row = rorelse(1.5, 2024, "EKON")
    drafted = ArendeDrafted("KS 1", 1, "omfordelning", (row,), "d1")
    return [
        (drafted, "a-1"),
        (ArendeProposed("KS 1", 1, "d1", day("2024-03-01"), "stabsdirektör"), "a-1"),
        (ArendeReturned("KS 1", 1, "Ange tjänst"), "a-3"),
        (JavDeclared("KS 1"), "a-4"),
        (replace(drafted, version=2, digest="d2"), "a-2"),
        (ArendeProposed("KS 1", 2, "d2", day("2024-03-02"), "stabsdirektör"), "a-2"),
        (ArendeReviewed("KS 1", 2, "d2", day("2024-03-03")), "a-5"),
        (ArendeDecided("KS 1", 2, "d2", "stabsdirektör", day("2024-03-04"), 9, anmals), "a-3"),
    ]


def test_a_case_is_shown_with_everybody_whose_hands_it_went_through() -> None:
    desk = Desk(TOWN)
    lagen = []
    for fact, actor in case_of(anmals=True):
        at = desk.log.add(fact, actor=actor)
        lagen.append(rows(desk.ask("arenden", kand=f"@{at}"))["arende.KS 1"]["lage"])
    assert lagen == [
        "utkast", "föreslaget", "återlämnat", "återlämnat", "utkast", "föreslaget", "föreslaget", "beslutat",
    ]  # fmt: skip
    row = rows(desk.ask("arenden"))["arende.KS 1"]
    assert (row["version"], row["belopp"], row["ansvar"], row["beslutas_av"]) == (
        2, kr(1.5), "EKON", "stabsdirektör",
    )  # fmt: skip
    assert (row["foreslog"], row["granskade"], row["beslutade"], row["javiga"]) == ("a-2", "a-5", "a-3", "a-4")
    assert "anmals.KS 1" in rows(desk.ask("arenden", lista="anmals", ar="2024"))
    assert "anmals.KS 1" not in rows(desk.ask("arenden", lista="anmals", ar="2023"))
    assert "arende.KS 1" not in rows(desk.ask("arenden", ansvar="SKOLA"))
    assert "arende.KS 1" not in rows(desk.ask("arenden", lage="utkast"))


def test_registrations_wait_until_somebody_else_confirms() -> None:
    desk = Desk(TOWN)
    made = RegistreringMade(beslut("ramjustering", "2024-04-23", rorelse(1, 2024, "KLF", text="x")))
    at = desk.log.add(made, actor="a-1")
    desk.log.add(RegistreringConfirmed(at), actor="a-2")
    row = rows(desk.ask("arenden", lista="registreringar"))[f"registrering.@{at}"]
    assert (row["lage"], row["typ"], row["foreslog"], row["beslutade"]) == ("bekräftad", "Ramjustering", "a-1", "a-2")
    assert rows(desk.ask("arenden", kand=f"@{at}"))[f"registrering.@{at}"]["lage"] == "väntar"


def test_refused_attempts_are_counted_by_caller() -> None:
    desk = Desk(TOWN)
    desk.log.add(ForsokRefused("DecideArende", "ProposalIsOnesOwn", "förbjuden"), actor="a-1")
    at = desk.log.add(ForsokRefused("Import", "OrganMayNotDecide", "förbjuden", 7), actor="a-2")
    listed = rows(desk.ask("avvisade"))
    assert (listed["personer"]["antal"], listed["person.a-2"]["antal"], listed["forsok"]["antal"]) == (8, 7, 2)
    assert (listed[f"@{at}"]["kommando"], listed[f"@{at}"]["vem"]) == ("Import", "a-2")
    chosen = rows(desk.ask("avvisade", vem="a-1"))
    assert f"@{at}" not in chosen
    assert f"@{at - 1}" in chosen


def test_a_bokslut_shows_what_the_next_year_begins_with() -> None:
    begins = (Ingaende("P1", kr(96.5), 0, kr(1.4)),)
    desk = Desk([*TOWN, YearClosed(2024, "kommunfullmäktige", day("2025-04-22"), begins, "88")])
    listed = rows(desk.ask("bokslut"))
    assert listed["2024"]["beslut"] == "kommunfullmäktige 2025-04-22 § 88"
    assert (listed["2024.P1"]["utgift"], listed["2024.P1"]["kvar_av_ram"]) == (kr(96.5), kr(1.4))
    assert rows(desk.ask("bokslut", ar="2023")) == rows(desk.ask("bokslut", beslutad="2025-04-21")) == {}
