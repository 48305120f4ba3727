"""Files of attestförteckningar: read row by row, told by cell, and recorded by two people as every right is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from ledger.application import Ledger
from ledger.domain.events_behorighet import AttestantNamed
from ledger.domain.mandat import State
from ledger.domain.roll import Caller
from ledger.interchange.faults import FilesRefused
from ledger.interchange.importing import Options
from tests.interchange.test_mandat_file import MANDAT
from tests.interchange.town import give, open_town

HEADER = "ansvar,ar,uppgift,person,funktion,ersattare,fran,till\n"
ATTEST = (
    HEADER
    + """KS-A,2024,granskning,a-11,,,,
KS-A,2024,beslut,a-12,enhetschef,nej,2024-01-01,2024-06-30
KS-A,2024,beslut,a-13,enhetschef,ja,2024-07-01,
"""
)
ADA, BEA = Caller("a-8", "admin"), Caller("a-9", "admin")


@pytest.fixture
def ledger(sqlite_url: str) -> Iterator[Ledger]:
    """A ledger that holds the town, in öppet läge."""
    held = open_town(sqlite_url)
    yield held
    held.log.close()


def named(ledger: Ledger) -> list[AttestantNamed]:
    return [recorded.fact for recorded in ledger.log.read() if isinstance(recorded.fact, AttestantNamed)]


def faults(ledger: Ledger, text: str) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(FilesRefused) as refused:
        give(ledger, {"attest.csv": text}, Options(torrkor=True), caller=ADA)
    return [(fault.rad, fault.kolumn, fault.refusal.rule) for fault in refused.value.faults]


def test_an_attestforteckning_is_read_row_by_row_and_a_blank_day_is_the_years(ledger: Ledger) -> None:
    assert "3 rader, 3 nya fakta" in give(ledger, {"attest.csv": ATTEST}).text()
    year = date(2024, 1, 1), date(2024, 12, 31)
    assert named(ledger) == [
        AttestantNamed("KS-A", 2024, "granskning", "a-11", *year),
        AttestantNamed("KS-A", 2024, "beslut", "a-12", year[0], date(2024, 6, 30), "enhetschef"),
        AttestantNamed("KS-A", 2024, "beslut", "a-13", date(2024, 7, 1), year[1], "enhetschef", ersattare=True),
    ]
    assert give(ledger, {"attest.csv": ATTEST}).text() == "attest.csv: 3 rader, 0 nya"


def test_a_later_file_gives_a_row_another_end(ledger: Ledger) -> None:
    give(ledger, {"attest.csv": ATTEST})
    give(ledger, {"attest.csv": HEADER + "KS-A,2024,granskning,a-11,,,,2024-03-31\n"})
    attest = ledger.look(lambda books, _today: books.of(State))
    assert [one.person for one in attest.attestanter(date(2024, 3, 31), "granskning")] == ["a-11"]
    assert list(attest.attestanter(date(2024, 4, 1), "granskning")) == []


def test_once_there_are_mandates_it_is_of_the_admin_and_of_two(ledger: Ledger) -> None:
    give(ledger, {"mandat.csv": MANDAT})
    with pytest.raises(FilesRefused, match="det får admin"):
        give(ledger, {"attest.csv": ATTEST}, caller=Caller("a-1", "ekonom"))
    assert "väntar på att en annan person läser in samma fil" in give(ledger, {"a.csv": ATTEST}, caller=ADA).text()
    assert "väntar" in give(ledger, {"a.csv": ATTEST}, caller=ADA).text()
    assert named(ledger) == []
    assert "3 rader, 3 nya fakta" in give(ledger, {"a.csv": ATTEST}, caller=BEA).text()
    assert len(named(ledger)) == 3


def test_nobody_names_himself(ledger: Ledger) -> None:
    give(ledger, {"mandat.csv": MANDAT})
    assert faults(ledger, HEADER + "KS-A,2024,granskning,a-8,,,,\n") == [(2, "person", "MandatIsOnesOwn")]


def test_faults_are_told_by_cell(ledger: Ledger) -> None:
    text = HEADER + (
        "KS-X,2024,granskning,a-11,,,,\n"
        "KS-A,2024,attest,Anna Åkesson,,,,\n"
        "KS-A,2024,beslut,a-11,,kanske,,\n"
        "KS-A,2024,granskning,a-12,,,2023-12-31,2024-01-32\n"
        ",tjugo,granskning,,,,,\n"
        "KS-C,2024,granskning,a-11,,,,\n"
    )
    assert faults(ledger, text) == [
        (2, "ansvar", "CodeIsUnknown"),
        (3, "person", "PersonIsNoPseudonym"),
        (3, "uppgift", "UppgiftIsUnknown"),
        (4, "ersattare", "YesOrNoIsUnreadable"),
        (4, "funktion", "BeslutsattestantHasNoFunktion"),
        (5, "till", "DayIsNotInCalendar"),
        (5, "fran", "AttestLiesOutsideItsYear"),
        (6, "ansvar", "CellIsBlank"),
        (6, "person", "CellIsBlank"),
        (6, "ar", "YearIsUnreadable"),
        (7, "ansvar", "CodeIsNotValid"),
    ]


def test_two_rows_of_a_file_do_not_say_different_things_of_the_same(ledger: Ledger) -> None:
    twice = HEADER + "KS-A,2024,granskning,a-11,,,,\n" * 2
    assert "2 rader, 1 nytt faktum" in give(ledger, {"attest.csv": twice}).text()
    assert faults(ledger, twice + "KS-A,2024,granskning,a-11,,,,2024-06-30\n") == [(4, "person", "AttestStandsTwice")]
    assert faults(ledger, ATTEST.replace("ersattare,", "ersättare,")) == [(1, "ersättare", "ColumnIsUnknown")]
