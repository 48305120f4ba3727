"""Files of kostnadsreducerande åtgärder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.application import Ledger
from ledger.domain.events_uppfoljning import AtgardChanged
from ledger.interchange.faults import FilesRefused
from tests.interchange.town import give, open_town

HEADER = "atgard,namn,ansvar,kategori,ar,belopp,status,statusdatum,effekt,text\n"
PLANNED = "A-1,Färre resor,KS-A,resor,2024,750 000,planerad,2024-01-15,,\n"


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Ledger]:
    held = open_town(sqlite_url)
    yield held
    held.log.close()


def atgarder(ledger: Ledger) -> list[AtgardChanged]:
    return [one.fact for one in ledger.log.read() if isinstance(one.fact, AtgardChanged)]


def faults(ledger: Ledger, rows: str) -> str:
    with pytest.raises(FilesRefused) as refused:
        give(ledger, {"atgard.csv": HEADER + rows})
    return str(refused.value)


def test_a_row_is_an_atgard_as_it_is_from_a_day_on(town: Ledger) -> None:
    give(town, {"januari.csv": HEADER + PLANNED})
    give(
        town,
        {"september.csv": HEADER + 'A-1,Färre resor,KS-A,resor,2024,750000,genomford,2024-09-30,"612000,50",Klar\n'},
    )
    assert [(one.status, one.belopp_ore, one.effekt_ore, one.text) for one in atgarder(town)] == [
        ("planerad", 750_000_00, None, None),
        ("genomford", 750_000_00, 612_000_50, "Klar"),
    ]


def test_the_same_file_twice_adds_nothing(town: Ledger) -> None:
    give(town, {"a.csv": HEADER + PLANNED})
    assert give(town, {"b.csv": HEADER + PLANNED + PLANNED}).text() == "b.csv: 2 rader, 0 nya"


def test_a_file_may_stand_beside_the_organisation_it_names(town: Ledger) -> None:
    organisation = "ansvar,namn,niva,overordnad,fran,till,teckenregel\nKS-D,Stab D,stab,KS,2020-01-01,,\n"
    give(town, {"atgard.csv": HEADER + PLANNED.replace("KS-A", "KS-D"), "organisation.csv": organisation})
    assert atgarder(town)[0].ansvar == "KS-D"


def test_every_fault_is_told_and_nothing_is_recorded(town: Ledger) -> None:
    told = faults(
        town, PLANNED + "A-2,,KS-X,,24,x,klar,2024-13-01,,\n" + "A-1,Andra resor,KS-A,,2024,1,planerad,2024-01-15,,\n"
    )
    assert atgarder(town) == []
    for part in ("rad 3", "namn", "24", "x", "2024-13-01", "rad 4", "har redan ett annat innehåll"):
        assert part in told, part
