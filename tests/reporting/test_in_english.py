"""What reports say of themselves can be said in English: every heading, note and word that people did not write."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from ledger.domain.language import Phrase, said, speaking
from ledger.reporting.answer import Answer
from ledger.reporting.described import described
from ledger.reporting.told import told
from ledger.web.language import catalogue
from tests.reporting.asking import Desk, report_files
from tests.reporting.town import TOWN, beslut, day, moved, prognos, projekt, rorelse, utfall
from tests.samples import SAMPLES

ENGLISH = catalogue("en")

REPORTS = {report.name: report for report in report_files()}

FACTS = (
    *TOWN,
    moved("HR", "stab", "EKON", "2024-06-01", namn="HR-staben"),
    beslut("budget", "2023-09-28", *(rorelse(100, ar, "KS", text="Ram") for ar in (2024, 2025))),
    beslut("ramjustering", "2024-02-06", rorelse(7, 2024, "EKON", text="Fest"), paragraf=None),
    beslut("investeringsram", "2023-09-28", rorelse(5, 2024, "EKON", slag="utgift", projekt="P-1")),
    projekt("P-1", "EKON", "pagaende", "2023-01-01"),
    utfall("2024-01-31", "HR", 12, handelse="pandemi"),
    utfall("2024-02-28", "EKON", 3, handelse="flytt {x}"),
    prognos("2024-03-31", 2024, "EKON", ("kostnad", 9)),
    prognos("2024-08-31", 2024, "EKON", ("kostnad", 8)),
)

#: Questions that bring out all columns and notes.
ASKED: tuple[dict[str, str], ...] = (
    {"ar": "2024"},
    {"ar": "2024", "tom": "3", "enhet": "tkr"},
    {"ar": "2024", "tom": "8", "jamfor_organisation": "2024-01-01", "jamfor_prognos": "2024-03-31"},
    {"ar": "2030", "tom": "1"},
)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    desk = Desk(FACTS)
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def samples() -> Iterator[Desk]:
    desk = Desk(SAMPLES)
    yield desk
    desk.close()


def unknown(phrase: Phrase) -> Iterator[str]:
    """The sentences in a phrase that have no English."""
    if phrase.forms[0] not in (ENGLISH.texts if len(phrase.forms) == 1 else ENGLISH.plurals):
        yield phrase.forms[0]
    for value in phrase.known.values():
        if isinstance(value, Phrase):
            yield from unknown(value)


def words(answer: Answer) -> list[Any]:
    """What an answer says of itself: its heading, those of its columns, and its notes."""
    return [answer.rubrik, *(column.rubrik for column in answer.kolumner), *answer.fotnoter]


def lacking(answer: Answer) -> list[str]:
    """What an answer cannot say in English."""
    rows = chain.from_iterable((rad.namn, *rad.celler.values()) for rad in answer.rader)
    own = [*words(answer), *(value for value in rows if isinstance(value, Phrase))]
    return [text for phrase in own for text in (unknown(phrase) if isinstance(phrase, Phrase) else (str(phrase),))]


def sums(parameters: dict[str, str], name: str) -> dict[str, str]:
    """The parameters that a report takes."""
    return parameters if REPORTS[name].table else {key: parameters[key] for key in ("ar", "tom") if key in parameters}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_says_everything_of_itself_in_english(desk: Desk, samples: Desk, name: str) -> None:
    answers = [desk.ask(name, **sums(asked, name)) for asked in ASKED] + [samples.ask(name, ar="2024")]

    assert not [text for answer in answers for text in lacking(answer)]


def test_headings_have_their_years_months_rounds_and_events(desk: Desk) -> None:
    answers = [
        desk.ask("driftsammandrag", ar=2024, tom=3, jamfor_prognos="2024-03-31", jamfor_organisation="2024-01-01"),
        desk.ask("prognosuppfoljning", ar=2024),
        desk.ask("sarskilda_handelser", ar=2024),
    ]
    swedish = [column.rubrik for answer in answers for column in answer.kolumner]
    with speaking(ENGLISH):
        english = dict(zip(swedish, map(said, swedish), strict=True))

    assert {
        "Budget jan–mar 2024": "Budget Jan–Mar 2024",
        "Budget jan–mar 2024 (organisation 2024-01-01)": "Budget Jan–Mar 2024 (organisation 2024-01-01)",
        "Avvikelse mot budget enligt prognos 2024-08-31": "Deviation from budget by the forecast of 2024-08-31",
        "Effekt flytt {x}": "Effect flytt {x}",
    }.items() <= english.items()


@pytest.mark.parametrize("fact", SAMPLES, ids=lambda fact: type(fact).__name__)
def test_a_fact_is_told_in_english(fact: Any) -> None:
    words_of = [told(fact).kind, told(fact).line, described(fact)]

    assert isinstance(words_of[0], Phrase)
    assert not [text for phrase in words_of if isinstance(phrase, Phrase) for text in unknown(phrase)]


def test_changes_of_the_tree_are_told_one_by_one(desk: Desk) -> None:
    answer = desk.ask("driftsammandrag", ar=2024, jamfor_organisation=day("2024-01-01").isoformat())
    moved_units = next(note for note in answer.fotnoter if note.startswith("Organisationen från"))
    with speaking(ENGLISH):
        english = said(moved_units)

    assert moved_units.partition(": ")[2] == "flyttade: HR (KLF → EKON); namnbyten: HR → HR-staben."
    assert english == "The organisation from 2024-01-01 to 2024-12-31: moved: HR (KLF → EKON); renamed: HR → HR-staben."
