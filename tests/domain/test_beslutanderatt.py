"""Who may decide what: the budget order of the example with real sums, and its limits."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.beslutanderatt import AmountIsAboveMandat, Matter, OrganMayNotDecide, right_of, who_may
from ledger.domain.events import OmfordelningDecided
from ledger.domain.events_behorighet import ArendeDecided
from ledger.domain.mandat import EndMandat
from ledger.domain.rorelse import Rorelse
from tests.domain.hall import ADMIN, DIREKTOR, LINKOPING, OTHER_ADMIN, STABSDIREKTOR, Hall, mandate, move

MARCH = date(2024, 3, 4)


@pytest.fixture(scope="module")
def hall() -> Hall:
    return Hall(*LINKOPING).order()


INVESTMENT = Rorelse(1_000_000_000, "utgift", 2024, None, "KLF-GEM", projekt="P-MARK", text="Strategiska markköp")


@pytest.mark.parametrize(
    ("typ", "row", "who"),
    [
        ("omfordelning", move(3_616_820, "KS", "BUN"), "kommunfullmäktige"),
        ("budget", Rorelse(67_180_000_000, "netto", 2024, None, "KS"), "kommunfullmäktige"),
        ("investeringsram", INVESTMENT, "kommunfullmäktige"),
        ("omfordelning", move(3_616_820, "KS-KLF", "KS-VSS"), "kommunstyrelsen"),
        ("omfordelning", move(3_616_820, "KLF-EKON", "VSS-HR"), "kommunstyrelsen"),
        ("internbudget", move(29_292_157, "KS", "KLF-EKON"), "kommunstyrelsen"),
        ("totalutgift", INVESTMENT, "kommunstyrelsen"),
        ("ramjustering", INVESTMENT, "kommunstyrelsen"),
        ("omfordelning", move(48_828_614, "KLF-HR", "KLF-EKON"), "bitr. kommundirektör (KS-KLF)"),
        ("omfordelning", move(450_000, "EKON-RED", "EKON-UPP"), "stabsdirektör (KLF-EKON)"),
        ("omfordelning", move(1_450_000, "EKON-RED", "EKON-UPP"), "bitr. kommundirektör (KS-KLF)"),
        ("omfordelning", move(4_000_000, "VSS-HR", "VSS-KOST"), "förvaltningschef (KS-VSS)"),
        ("omfordelning", move(6_000_000, "VSS-HR", "VSS-KOST"), "kommunstyrelsen"),
        ("omfordelning", move(400_000, "KOST-1", "KOST-2"), "förvaltningschef (KS-VSS)"),
        ("omfordelning", move(400_000, "KOST-1", "KOST-1"), "enhetschef (KOST-1)"),
    ],
)
def test_the_nearest_who_may_decide(hall: Hall, typ: str, row: Rorelse, who: str) -> None:
    assert who_may(hall.books, Matter(typ, (row,), MARCH))[0] == who


@pytest.mark.parametrize(
    ("organ", "typ", "row"),
    [
        ("kommunstyrelsen", "omfordelning", move(1, "KS", "BUN")),
        ("kommunstyrelsen", "budget", Rorelse(100, "netto", 2024, None, "KS")),
        ("kommunstyrelsen", "ramjustering", Rorelse(100, "netto", 2024, None, "KS")),
        ("kommunstyrelsen", "internbudget", move(1, "BUN", "BUN")),
        ("bitr. kommundirektör", "omfordelning", move(1, "KS-KLF", "KS-VSS")),
        ("bitr. kommundirektör", "omfordelning", move(1, "KLF-EKON", "VSS-HR")),
        ("stabsdirektör KLF-EKON", "omfordelning", move(1, "KLF-EKON", "KLF-HR")),
        ("stabsdirektör KLF-HR", "omfordelning", move(1, "EKON-RED", "EKON-UPP")),
        ("förvaltningschef", "omfordelning", move(1, "KS-VSS", "KS-KLF")),
        ("enhetschef", "omfordelning", move(1, "KOST-1", "KOST-2")),
        ("KLF-EKON", "omfordelning", move(1, "EKON-RED", "EKON-UPP")),
        ("KLF-EKON", "detaljbudget", move(1, "KLF-HR", "KLF-HR")),
    ],
)
def test_who_may_not(hall: Hall, organ: str, typ: str, row: Rorelse) -> None:
    assert right_of(hall.books, organ, Matter(typ, (row,), MARCH)) is None


def test_a_unit_details_its_own_budget(hall: Hall) -> None:
    for typ in ("detaljbudget", "periodisering"):
        matter = Matter(typ, (move(2_195_192, "KLF-EKON", "KLF-EKON"),), MARCH)
        assert str(right_of(hall.books, "KLF-EKON", matter)) == "lag/KLF-EKON"


def test_the_limit_is_for_the_whole_decision(hall: Hall) -> None:
    half = move(600_000, "EKON-RED", "EKON-UPP")
    assert right_of(hall.books, "stabsdirektör", Matter("omfordelning", (half,), MARCH)) is not None
    assert right_of(hall.books, "stabsdirektör", Matter("omfordelning", (half, half), MARCH)) is None


def test_bitr_and_bitradande_are_one(hall: Hall) -> None:
    matter = Matter("omfordelning", (move(1, "KLF-HR", "KLF-EKON"),), MARCH)
    assert right_of(hall.books, "Biträdande  kommundirektör", matter) == right_of(
        hall.books, "bitr. kommundirektör", matter
    )


def test_an_amount_above_the_mandate_goes_to_the_next_level_by_name() -> None:
    hall = Hall(*LINKOPING).order().draft(move(1_450_000, "EKON-RED", "EKON-UPP"))
    said = hall.refused(hall.attest("stabsdirektör KLF-EKON"), STABSDIREKTOR, AmountIsAboveMandat)
    assert said == (
        "Beslutet gäller 1\u00a0450\u00a0000,00 kr, men mandatet för stabsdirektör KLF-EKON räcker till "
        "1\u00a0000\u00a0000,00 kr: ärendet går vidare till bitr. kommundirektör (KS-KLF)."
    )
    decided, ended = hall.do(hall.attest("bitr. kommundirektör"), DIREKTOR)
    assert isinstance(decided, OmfordelningDecided)
    assert (decided.beslutsorgan, decided.diarienummer) == ("bitr. kommundirektör", "KS 1")
    assert isinstance(ended, ArendeDecided)
    assert ended.anmals is True
    position = next(n for n, fact in enumerate(hall.facts, 1) if getattr(fact, "funktion", "") == decided.beslutsorgan)
    assert hall.mandat == f"@{position} bitr. kommundirektör"
    assert hall.books.budget.held_ore("EKON-UPP", 2024, hall.books.organisation) == 145_000_000


def test_a_refusal_says_who_may() -> None:
    hall = Hall(*LINKOPING).order().draft(move(100, "KLF-EKON", "KLF-HR"))
    said = hall.refused(hall.attest("stabsdirektör KLF-EKON"), STABSDIREKTOR, OrganMayNotDecide)
    assert said.endswith("det får bitr. kommundirektör (KS-KLF), kommunstyrelsen eller kommunfullmäktige.")


# ---------------------------------------------------------------- over time


def test_a_mandate_holds_from_its_first_to_its_last_day() -> None:
    row = mandate("stabsdirektör", "omfordelning", "KLF-EKON", till=date(2024, 5, 31))
    hall = Hall(*LINKOPING).order(row)

    def may(on: date) -> bool:
        matter = Matter("omfordelning", (move(1, "EKON-RED", "EKON-UPP"),), on)
        return right_of(hall.books, "stabsdirektör", matter) is not None

    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 5, 31), date(2024, 6, 1)]
    assert [may(day) for day in days] == [False, True, True, False]
    at = next(n for n, fact in enumerate(hall.facts, 1) if fact.name == "mandat_granted.v1")
    # Until the end is recorded the mandate is known to hold; what was decided by it stands.
    hall.do(EndMandat(at, date(2024, 3, 31), "kommunstyrelsen", date(2024, 3, 26), "97"), ADMIN)
    assert may(date(2024, 4, 1))
    hall.confirm(OTHER_ADMIN)
    assert [may(date(2024, 3, 31)), may(date(2024, 4, 1))] == [True, False]
