"""Files of mått and of their values: read together, recorded once, and refused at the row that is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.application import Ledger
from ledger.domain.events_uppfoljning import Matvarde, MatvardenReported
from ledger.interchange.faults import FilesRefused
from tests.interchange.town import give, open_town

MATT = (
    "matt,namn,slag,enhet,riktning,del_av,mal,overgripande_mal,malomrade,fran\n"
    "SJUK,Total sjukfrånvaro,personal,%,lagre,,,,,2020-01-01\n"
)
MATVARDE = "datum;ansvar;matt;kon;ar;tom;sort;varde;text\n"


@pytest.fixture
def ledger(sqlite_url: str) -> Iterator[Ledger]:
    ledger = open_town(sqlite_url)
    yield ledger
    ledger.log.close()


def refused(ledger: Ledger, **texts: str) -> list[tuple[int | None, str | None, str]]:
    """Where each fault is, and which rule it breaks."""
    with pytest.raises(FilesRefused) as caught:
        give(ledger, {f"{name}.csv": text for name, text in texts.items()})
    return [(fault.rad, fault.kolumn, type(fault.refusal).__name__) for fault in caught.value.faults]


def test_values_are_read_with_their_matt_and_recorded_once(ledger: Ledger) -> None:
    varden = MATVARDE + "2024-03-31;KS;SJUK;;2024;3;utfall;6,4;\n2024-03-31;KS;SJUK;;2024;;mal;≤ 6,50;enligt plan\n"
    given = {"varden.csv": varden, "matt.csv": MATT}
    assert give(ledger, given).text().split("\n") == [
        *("varden.csv: 2 rader, 1 nytt faktum (@31)", "matt.csv: 1 rad, 1 nytt faktum (@29)")
    ]
    (reported,) = (r.fact for r in ledger.log.read() if isinstance(r.fact, MatvardenReported))
    assert reported.rader == (
        Matvarde("SJUK", 2024, "utfall", 64, 1, tom=3),
        Matvarde("SJUK", 2024, "mal", 650, 2, villkor="≤", text="enligt plan"),
    )
    assert give(ledger, given).text().count("0 nya") == 2


def test_every_fault_is_told_at_its_row_and_nothing_is_recorded(ledger: Ledger) -> None:
    before = ledger.log.head()
    rows = (
        "2024-03-31;KS;SJUK;;2024;;utfall;sex komma fyra;\n"
        "2024-03-31;KS;SJUK;alla;2024;;utfall;6,4;\n"
        "2024-03-31;KS;FINNS-EJ;;2024;;utfall;6,4;\n"
        "2024-03-31;KS;SJUK;;2024;;utfall;;\n"
        "2024-03-31;XX;SJUK;;2024;;utfall;6,4;\n"
        "31/3;KS;SJUK;;2024;;utfall;6,4;\n"
    )
    assert refused(ledger, matt=MATT, varden=MATVARDE + rows) == [
        (2, "varde", "MatvardeHasNoValue"),
        (3, "kon", "ValueIsNotAWord"),
        (4, "matt", "MattIsUnknown"),
        (5, "varde", "CellIsBlank"),
        (6, "ansvar", "CodeIsUnknown"),
        (7, "datum", "DayIsUnreadable"),
    ]
    assert ledger.log.head() == before


def test_another_value_of_the_same_day_is_a_conflict_that_names_the_fact(ledger: Ledger) -> None:
    give(ledger, {"matt.csv": MATT, "varden.csv": MATVARDE + "2024-03-31;KS;SJUK;;2024;;utfall;6,4;\n"})
    other = MATVARDE + "2024-03-31;KS;SJUK;;2024;;utfall;6,40;\n"
    assert refused(ledger, varden=other) == [(2, "varde", "MatvardeIsOtherwise")]
    assert refused(ledger, matt=MATT.replace("Total", "Hela")) == [(2, "matt", "MattIsOtherwise")]
