"""What may be asked, and the sentence for what may not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.domain.refusal import Kind, Refused
from tests.reporting.asking import Desk, report_files
from tests.reporting.town import TOWN, budget, utfall

FACTS = (
    *TOWN,
    budget("2023-11-20", KS=(2024, 100)),
    budget("2024-06-01", KS=(2024, 90)),
    utfall("2024-01-31", "EKON", 5),
)

PARAMETERS = (
    "ar, tom, kand, beslutad, per, ansvar, organisation, jamfor_organisation, handelse, jamfor_prognos, omgang, "
    "med_forslag, stora, stora_fran, enhet"
)

REPORTS = sorted(report.name for report in report_files())

REFUSED: list[tuple[str, dict[str, Any], list[str]]] = [
    (
        "driftsamandrag",
        {},
        [
            f"Rapporten ”driftsamandrag” finns inte. Välj en av {', '.join(REPORTS[:-1])} eller {REPORTS[-1]}.",
        ],
    ),
    (
        "driftsammandrag",
        {"manad": 3},
        [f"Parametern ”manad” finns inte i den här rapporten. Använd {PARAMETERS} eller uppstallning."],
    ),
    (
        "driftsammandrag",
        {"tom": 13},
        ["tom är ”13”: månaden går från 1 till 12. Skriv till exempel tom=3 för januari till mars."],
    ),
    (
        "driftsammandrag",
        {"ar": "24"},
        ["ar är ”24”: ett räkenskapsår skrivs med fyra siffror, 1900 till 2199. Skriv till exempel ar=2024."],
    ),
    (
        "driftsammandrag",
        {"kand": "@13"},
        [
            (
                "kand är ”@13”, men loggen slutar vid @12. Ange en position från @0 till @12 eller utelämna kand för "
                "det senaste."
            )
        ],
    ),
    (
        "driftsammandrag",
        {"kand": "2024-05-28T12:00:00"},
        [
            (
                "kand är ”2024-05-28T12:00:00”: det är varken en position, en tidpunkt med Z eller tidsskillnad, eller "
                "ett datum. Skriv till exempel kand=@512, kand=2024-05-28T12:00:00Z eller kand=2024-05-28."
            )
        ],
    ),
    (
        "driftsammandrag",
        {"kand": "2024-05-28T12:00:00 02:00"},
        [
            (
                "kand är ”2024-05-28T12:00:00 02:00”: det är varken en position, en tidpunkt med Z eller tidsskillnad, "
                "eller ett datum. Skriv + som %2B i en adress."
            )
        ],
    ),
    (
        "driftsammandrag",
        {"beslutad": "2024-02-30"},
        ["beslutad är ”2024-02-30”: det är inget datum. Skriv ÅÅÅÅ-MM-DD, till exempel beslutad=2024-12-31."],
    ),
    (
        "driftsammandrag",
        {"enhet": "SEK"},
        ["enhet är ”SEK”, vilket inte går att välja. Skriv kr, tkr eller mnkr."],
    ),
    (
        "driftsammandrag",
        {"per": "bokforande"},
        [
            (
                "per är ”bokforande”, vilket inte går att välja. Skriv stab, namnd, forvaltning, avdelning, enhet, "
                "post, verksamhet, konto eller projekt."
            )
        ],
    ),
    (
        "driftsammandrag",
        {"med_forslag": "true"},
        ["med_forslag är ”true”, vilket inte går att välja. Skriv ja eller nej."],
    ),
    (
        "driftsammandrag",
        {"ansvar": "EKO"},
        ["ansvar är ”EKO”, men ingen enhet med den koden är känd vid @12. Närmast ligger EKON, KO och KOST."],
    ),
    (
        "driftsammandrag",
        {"ansvar": "EKON", "kand": "@2"},
        ["ansvar är ”EKON”, men ingen enhet med den koden är känd vid @2. Närmast ligger KO och KS."],
    ),
    (
        "driftsammandrag",
        {"ar": 2024, "omgang": "2024-01-01"},
        ["omgang är ”2024-01-01”, men ingen omgång för 2024 beslutades den dagen. Välj 2023-11-20 eller 2024-06-01."],
    ),
    (
        "driftsammandrag",
        {"ar": 2021, "omgang": "2024-01-01"},
        ["omgang är ”2024-01-01”, men 2021 har ingen budgetomgång. Utelämna omgang."],
    ),
    (
        "behandlingshistorik",
        {"period": "2024-13", "sida": "0"},
        [
            "period är ”2024-13”: det går inte att läsa. Ange en månad, till exempel 2024-03.",
            "sida är ”0”: det går inte att läsa. Ange sidans nummer, från 1.",
        ],
    ),
    (
        "driftsammandrag",
        {"tom": "x", "enhet": "öre", "organisation": "igår"},
        [
            "tom är ”x”: månaden går från 1 till 12. Skriv till exempel tom=3 för januari till mars.",
            "enhet är ”öre”, vilket inte går att välja. Skriv kr, tkr eller mnkr.",
            (
                "organisation är ”igår”: det är inget datum. Skriv ÅÅÅÅ-MM-DD, till exempel organisation=2024-12-31 "
                "eller organisation=fg för sista dagen året före."
            ),
        ],
    ),
]


@pytest.mark.parametrize(("rapport", "parameters", "sentences"), REFUSED)
def test_a_question_that_cannot_be_answered_is_refused(
    rapport: str, parameters: dict[str, Any], sentences: list[str]
) -> None:
    assert Desk(FACTS).refusals(rapport, **parameters) == sentences


def test_an_unknown_report_and_unit_are_missing_rather_than_invalid() -> None:
    desk = Desk(FACTS)
    for rapport, parameters in (("x", {}), ("driftsammandrag", {"ansvar": "X"})):
        with pytest.raises(Refused) as refused:
            desk.ask(rapport, **parameters)
        assert refused.value.kind is Kind.MISSING


def test_the_answer_says_every_parameter_that_was_used() -> None:
    assert Desk(FACTS).ask("driftsammandrag").fraga == {
        "ar": 2025,
        "tom": 12,
        "per": "stab",
        "ansvar": "KO",
        "kand": "@12",
        "beslutad": None,
        "organisation": "2025-12-31",
        "handelse": None,
        "jamfor_prognos": None,
        "omgang": None,
        "med_forslag": "nej",
        "stora": None,
        "enhet": "mnkr",
    }


def test_known_at_an_instant_or_the_end_of_a_day_in_stockholm_is_a_position() -> None:
    # Facts are recorded a second apart from 2025-02-03 12:00:01 UTC on; the last two the next day in Stockholm.
    desk = Desk(FACTS)
    desk.log.add(utfall("2024-02-29", "EKON", 1), at=desk.log.recorded_at(12).replace(hour=22, minute=59, second=59))
    desk.log.add(utfall("2024-02-29", "EKON", 1), at=desk.log.recorded_at(12).replace(hour=23, minute=0, second=0))
    kand = {
        text: desk.ask("driftsammandrag", kand=text).fraga["kand"]
        for text in ("2025-02-03", "2025-02-03T12:00:03Z", "2025-02-03T13:00:03+01:00", "2025-02-04", "2020-01-01")
    }
    assert list(kand.values()) == ["@13", "@3", "@3", "@14", "@0"]


def test_a_position_that_the_log_is_known_to_have_is_not_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(FACTS)
    assert desk.question("driftsammandrag", kand="@12").kand == 12
    monkeypatch.setattr(desk.log, "head", lambda: pytest.fail("asked again"))
    assert desk.question("driftsammandrag", kand="@7").kand == 7
    monkeypatch.undo()
    assert "loggen slutar vid @12" in desk.refusals("driftsammandrag", kand="@13")[0]


def test_nothing_recorded_is_answered_with_zero_and_said() -> None:
    answer = Desk().ask("driftsammandrag", ar=2024)
    assert [row.nyckel for row in answer.rader] == ["summa", "varav_kostnader", "varav_intakter"]
    assert answer.rader[0].celler["utfall"] == 0
    assert answer.rader[0].celler["prognos"] is None
    assert answer.fotnoter[0] == "Ingen organisation är registrerad."
    assert (answer.stampel.position, answer.stampel.recorded_at) == (0, None)


def test_the_last_day_asked_for_is_the_end_of_the_month() -> None:
    asked = {tom: Desk(FACTS).question("driftsammandrag", ar=2024, tom=tom).last_day for tom in (2, 12)}
    assert asked == {2: date(2024, 2, 29), 12: date(2024, 12, 31)}
