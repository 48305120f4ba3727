"""The way of a matter: who reviews it, who decides it by which mandate, and as what somebody may try."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.arende import Arende, State
from ledger.domain.beslutanderatt import Matter
from ledger.domain.events import OmfordelningDecided
from ledger.domain.events_behorighet import AttestantNamed
from ledger.domain.handlaggning import decides_as, way_of, would_decide
from ledger.domain.refusal import Refused
from ledger.domain.roll import Caller
from tests.domain.hall import EKONOM, LINKOPING, STABSDIREKTOR, Hall, move

DAY = date(2024, 3, 4)
GRANSKAR = AttestantNamed("KLF-EKON", 2024, "granskning", "a-5", date(2024, 1, 1), date(2024, 12, 31))
ATTESTERAR = AttestantNamed("EKON-RED", 2024, "beslut", "a-6", date(2024, 1, 1), date(2024, 12, 31), "enhetschef")


@pytest.fixture(scope="module")
def hall() -> Hall:
    return Hall(*LINKOPING, GRANSKAR, ATTESTERAR).order()


def test_the_nearest_mandate_that_is_wide_enough_decides(hall: Hall) -> None:
    small = way_of(hall.books, Matter("omfordelning", (move(450_000, "EKON-RED", "EKON-UPP"),), DAY))
    assert small.organ[0] == "stabsdirektör (KLF-EKON)"
    assert (small.belopp_ore, small.grans_ore) == (45_000_000, 100_000_000)
    assert [one.person for one in small.granskare] == ["a-5"]
    assert small.mandat is not None
    large = way_of(hall.books, Matter("omfordelning", (move(1_500_000, "EKON-RED", "EKON-UPP"),), DAY))
    assert "stabsdirektör (KLF-EKON)" not in large.organ
    assert large.mandat != small.mandat


def test_where_no_mandate_reaches_the_body_decides_by_law(hall: Hall) -> None:
    way = way_of(hall.books, Matter("internbudget", (move(100, "KLF-EKON", "KLF-HR"),), DAY))
    assert (way.organ, way.mandat, way.grans_ore) == (("kommunstyrelsen",), None, None)


def test_somebody_may_try_as_what_mandates_and_the_attestforteckning_say(hall: Hall) -> None:
    matter = Matter("omfordelning", (move(100, "EKON-RED", "EKON-RED"),), DAY)
    assert "stabsdirektör" in decides_as(hall.books, STABSDIREKTOR, matter)
    assert decides_as(hall.books, Caller("a-6", "attestant"), matter) == ["enhetschef", "EKON-RED"]
    assert decides_as(hall.books, EKONOM, matter) == []


def test_what_a_case_would_add_is_the_decision_or_why_not() -> None:
    hall = Hall(*LINKOPING).order().draft(move(450_000, "EKON-RED", "EKON-UPP"))
    case: Arende = hall.books.of(State).cases["KS 1"]
    (fact,) = would_decide(hall.books, case, DAY)
    assert isinstance(fact, OmfordelningDecided)
    assert fact.rorelser == case.drafted.rorelser
    case.drafted = case.drafted.__class__("KS 1", 1, "omfordelning", (), "")
    with pytest.raises(Refused):
        would_decide(hall.books, case, DAY)
