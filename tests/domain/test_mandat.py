"""Mandates: who may give them, what they may say, and how the first one closes öppet läge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.domain import mandat_refusals as no
from ledger.domain.behorighet_refusals import MandatIsGivenByAdmin, MandatIsOnesOwn
from ledger.domain.events_behorighet import MandatGranted, OppetLageEnded, RegistreringMade
from ledger.domain.koder import CodeIsUnknown
from ledger.domain.mandat import EndMandat, NameAttestant, State
from ledger.domain.refusal import Refusal
from ledger.domain.roll import RollMayNot
from ledger.domain.text import CodeIsTooLong, ColumnIsBlank, TextHoldsPersonnummer
from tests.domain.hall import ADMIN, EKONOM, LINKOPING, OTHER_ADMIN, STABSDIREKTOR, Hall, mandate

ROW = mandate("stabsdirektör", "omfordelning", "KLF-EKON", "enhet", beloppsgrans_ore=100_000_000)
CHIEF = mandate("förvaltningschef", "omfordelning", "KS-VSS", "avdelning", beloppsgrans_ore=500_000_000)
ONWARD = mandate(
    "enhetschef",
    "omfordelning",
    "VSS-KOST",
    "enhet",
    beloppsgrans_ore=50_000_000,
    beslutsorgan="förvaltningschef KS-VSS",
    beslutsdatum=date(2024, 1, 1),
)


def test_the_first_mandate_closes_oppet_lage_for_ever() -> None:
    hall = Hall(*LINKOPING)
    ended, granted = hall.do(ROW, EKONOM)
    assert ended == OppetLageEnded(date(2023, 12, 12))
    assert isinstance(granted, MandatGranted)
    assert hall.mandat == "oppet/ekonom"
    assert hall.do(ROW, ADMIN) == []
    at = len(hall.facts)
    hall.do(EndMandat(at, date(2024, 3, 31), "kommunstyrelsen", date(2024, 3, 26)), ADMIN)
    hall.confirm(OTHER_ADMIN)
    assert hall.books.of(State).is_closed


def test_later_mandates_are_recorded_by_two_and_not_for_oneself() -> None:
    hall = Hall(*LINKOPING).order(ROW)
    hall.refused(CHIEF, EKONOM, MandatIsGivenByAdmin)
    hall.refused(CHIEF, STABSDIREKTOR, RollMayNot)
    hall.refused(replace(CHIEF, person="a-90"), ADMIN, MandatIsOnesOwn)
    own = NameAttestant("KLF-EKON", 2024, "granskning", "a-90", date(2024, 1, 1), date(2024, 12, 31))
    hall.refused(own, ADMIN, MandatIsOnesOwn)
    (waits,) = hall.do(CHIEF, ADMIN)
    assert isinstance(waits, RegistreringMade)
    assert len(hall.books.of(State).granted) == 1
    hall.confirm(OTHER_ADMIN)
    assert len(hall.books.of(State).granted) == 2


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"funktion": None}, no.MandatHasNoHolder),
        ({"funktion": None, "person": "Anna Åkesson"}, no.PersonIsNoPseudonym),
        ({"far": "allt"}, no.FarIsUnknown),
        ({"niva": "rum"}, no.MandatNivaIsUnknown),
        ({"beloppsgrans_ore": -1}, no.BeloppsgransIsNegative),
        ({"till": date(2023, 12, 31)}, no.MandatEndsBeforeItBegins),
        ({"fran": date(2023, 12, 11)}, no.MandatBeginsBeforeItIsDecided),
        ({"beslutsorgan": ""}, no.MandatHasNoGiver),
        ({"ansvar": ""}, no.MandatHasNoUnit),
        ({"ansvar": "X"}, CodeIsUnknown),
        ({"funktion": "chef 850709-9805"}, TextHoldsPersonnummer),
        ({"ansvar": "BUN"}, no.UnitIsNotTheGivers),
        ({"beslutsorgan": "stabsdirektör"}, no.OnwardDelegationIsForForvaltningschef),
        ({"beslutsorgan": "KLF-EKON"}, no.OnwardDelegationIsForForvaltningschef),
        ({"beslutsorgan": "förvaltningschef"}, no.MandatIsWiderThanTheGivers),
    ],
)
def test_what_a_mandate_may_not_say(changed: dict[str, Any], rule: type[Refusal]) -> None:
    Hall(*LINKOPING).refused(replace(ROW, **changed), ADMIN, rule)


def test_kommunfullmaktige_gives_over_all_and_a_namnd_over_its_own() -> None:
    hall = Hall(*LINKOPING)
    assert hall.do(replace(ROW, beslutsorgan="kommunfullmäktige"), ADMIN)
    assert hall.do(replace(CHIEF, beslutsorgan="KS"), ADMIN)


@pytest.mark.parametrize(
    "wider",
    [
        {"beloppsgrans_ore": 500_000_001},
        {"beloppsgrans_ore": None},
        {"niva": "forvaltning"},
        {"niva": None},
        {"ansvar": "KLF-EKON"},
        {"far": "detaljbudget"},
    ],
)
def test_the_forvaltningschef_delegates_onward_within_his_own(wider: dict[str, Any]) -> None:
    hall = Hall(*LINKOPING).order(CHIEF)
    hall.refused(replace(ONWARD, **wider), ADMIN, no.MandatIsWiderThanTheGivers)
    hall.order(ONWARD)
    assert len(hall.books.of(State).granted) == 2


def test_a_mandate_is_not_given_twice_otherwise() -> None:
    hall = Hall(*LINKOPING).order(ROW)
    hall.refused(replace(ROW, beloppsgrans_ore=1), ADMIN, no.MandatIsOtherwise)


def test_a_mandate_is_ended_not_lengthened_and_not_backwards() -> None:
    hall = Hall(*LINKOPING).order(replace(ROW, till=date(2024, 6, 30)))
    at = len(hall.facts)
    end = EndMandat(at, date(2024, 3, 31), "kommunstyrelsen", date(2024, 3, 26))
    hall.refused(replace(end, mandat=1), ADMIN, no.MandatIsMissing)
    hall.refused(replace(end, till=date(2024, 3, 25)), ADMIN, no.EndLiesBeforeItsDecision)
    hall.refused(replace(end, till=date(2024, 7, 1)), ADMIN, no.MandatHasEnded)
    hall.do(end, ADMIN)
    hall.confirm(OTHER_ADMIN)
    assert hall.do(end, ADMIN) == []


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"uppgift": "skriva"}, no.UppgiftIsUnknown),
        ({"uppgift": "beslut"}, no.BeslutsattestantHasNoFunktion),
        ({"person": "Anna"}, no.PersonIsNoPseudonym),
        ({"ar": 2025}, no.AttestLiesOutsideItsYear),
        ({"till": date(2023, 12, 31)}, no.AttestLiesOutsideItsYear),
        ({"ansvar": "X"}, CodeIsUnknown),
        ({"ansvar": ""}, ColumnIsBlank),
        ({"funktion": "x" * 101}, CodeIsTooLong),
    ],
)
def test_what_a_row_of_an_attestforteckning_may_not_say(changed: dict[str, Any], rule: type[Refusal]) -> None:
    row = NameAttestant("KLF-EKON", 2024, "granskning", "a-9", date(2024, 1, 1), date(2024, 12, 31))
    Hall(*LINKOPING).refused(replace(row, **changed), ADMIN, rule)
