"""The tree that mandates are over: who may change it once there are mandates; nobody's own right grows by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.application import decide
from ledger.domain.behorighet import Asked, allowed, need_two
from ledger.domain.behorighet_refusals import CallerMayNotRegister, MandatIsOnesOwn, OrganisationIsAdmins, TreeIsOnesOwn
from ledger.domain.events import BudgetAdopted, KontoDefined, PeriodClosed, UnitChanged
from ledger.domain.events_behorighet import AttestantNamed, RegistreringMade
from ledger.domain.inbox import to_do
from ledger.domain.kontoplan import DefineKonto
from ledger.domain.mandat import EndMandat, NameAttestant, State
from ledger.domain.organisation import RegisterUnit
from ledger.domain.period import OpenPeriod
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.refusal import Kind, Refused
from ledger.domain.registrering import ConfirmRegistrering
from ledger.domain.roll import RIGHTS, Caller, RollMayNot
from ledger.domain.rorelse import Rorelse
from ledger.web.schemas import BY_NAME
from tests.domain.hall import ADMIN, EKONOM, LINKOPING, TODAY, Hall, mandate
from tests.identity.test_roller import tables

LATER = date(2024, 5, 1)
MOVED = RegisterUnit("EKON-UPP", "Upphandling", "enhet", LATER, "KLF-HR")
NEW = RegisterUnit("EKON-NY", "Nya enheten", "enhet", LATER, "KLF-EKON")


def hall(*facts: Any) -> Hall:
    return Hall(*LINKOPING, *facts).order()


def in_file(stands: Hall, command: Any, caller: Caller) -> Any:
    """What of a file the caller may record. Errors: Refused."""
    facts = decide(stands.books, stands.shelf, command)  # type: ignore[arg-type]
    return allowed(stands.books, Asked(caller, stands.today, in_file=True), command, facts, is_closed=True).facts


# ---------------------------------------------------------------- the table of docs/roller.md


def examples(stands: Hall) -> dict[str, Any]:
    """A command of each row, which nothing but the caller's right stands in the way of."""
    given = next(iter(stands.books.of(State).granted))
    return {
        "register_unit": MOVED,
        "open_period": OpenPeriod("2024-01", "Sen faktura"),
        "grant_mandat": mandate("enhetschef", "omfordelning", "KLF-HR"),
        "end_mandat": EndMandat(given, TODAY, "kommunstyrelsen", TODAY),
        "name_attestant": NameAttestant("KLF-HR", 2024, "granskning", "a-9", TODAY, date(2024, 12, 31)),
    }


def answered(ask: Callable[[], list[Any]]) -> list[Any]:
    """The facts that are answered; none where it is forbidden."""
    try:
        return ask()
    except Refused as refused:
        return [] if refused.kind is Kind.FORBIDDEN else [refused]


def happens(stands: Hall, command: Any, caller: Caller) -> str:
    """What a cell of the table says of a command and a caller."""
    facts = answered(lambda: stands.do(command, caller))
    if facts:
        return "två" if isinstance(facts[0], RegistreringMade) else "ja"
    facts = answered(lambda: in_file(stands, command, caller))
    if not facts:
        return "–"
    assert need_two(facts, caller.roll)
    return "historik"


@pytest.mark.parametrize("role", list(RIGHTS))
def test_every_cell_of_the_table_is_what_happens(role: str) -> None:
    rows = tables()[3]
    assert {row["kommando"] for row in rows} == set(examples(hall())) <= set(BY_NAME)
    for row in rows:
        stands = hall(PeriodClosed("2024-01"))
        command = examples(stands)[row["kommando"]]
        # The ekonom has the mandate registrera over all of it.
        assert happens(stands, command, Caller("a-1", role)) == row[role], row["kommando"]


# ---------------------------------------------------------------- organisation


def test_an_ekonom_moves_no_unit_into_a_mandate() -> None:
    said = hall().refused(MOVED, EKONOM, OrganisationIsAdmins)
    assert "det får admin" in said
    assert hall().do(MOVED, ADMIN) == [UnitChanged("EKON-UPP", "Upphandling", "enhet", LATER, "KLF-HR")]


def test_history_of_the_organisation_is_for_who_may_record_it_in_both_trees() -> None:
    stands = hall()
    stands.order(mandate(None, "registrera", "KLF-EKON", person="a-5"))
    of_ekon = Caller("a-5", "ekonom")
    assert in_file(stands, NEW, of_ekon)
    for command in (MOVED, replace(NEW, overordnad="KLF-HR")):
        with pytest.raises(Refused) as refused:
            in_file(stands, command, of_ekon)
        assert isinstance(refused.value.refusals[0], CallerMayNotRegister)


def test_in_oppet_lage_nothing_changes() -> None:
    assert Hall(*LINKOPING).do(MOVED, EKONOM)


def test_an_admin_corrects_the_organisation_and_no_decision() -> None:
    stands = hall(KontoDefined("5010", "Löner", "kostnad", date(2022, 1, 1)))
    at = next(n for n, one in enumerate(stands.facts, 1) if getattr(one, "ansvar", "") == "KLF-HR")
    right = RegisterUnit("KLF-HR", "HR-staben", "stab", date(2022, 1, 1), "KS-KLF")
    stands.refused(CorrectRegistrering(at, right), EKONOM, OrganisationIsAdmins)
    assert stands.do(CorrectRegistrering(at, right), ADMIN)
    konto = len(LINKOPING) + 1
    assert stands.do(CorrectRegistrering(konto, DefineKonto("5010", "Lön", "kostnad", date(2022, 1, 1))), ADMIN)


def test_an_admin_takes_no_decision_back_and_confirms_no_such_correction() -> None:
    decided = BudgetAdopted("kommunfullmäktige", date(2023, 11, 28), (Rorelse(100, "netto", 2024, None, "KS"),), "1")
    stands, at = hall(decided), len(LINKOPING) + 1
    take_back = CorrectRegistrering(at, None, "Fel")
    stands.refused(take_back, ADMIN, RollMayNot)
    (waits,) = stands.do(take_back, EKONOM)
    assert isinstance(waits, RegistreringMade)
    stands.refused(ConfirmRegistrering(len(stands.facts)), ADMIN, RollMayNot)
    assert [one.slag for one in to_do(stands.books, ADMIN, TODAY) if one.slag == "bekrafta"] == []


# ---------------------------------------------------------------- nobody's own right


BOSS = Caller("a-4", "admin", funktioner=("stabsdirektör KLF-EKON",))
IN_OWN_TREE = [
    RegisterUnit("VSS-HR", "Avdelning HR", "avdelning", LATER, "KLF-EKON"),
    RegisterUnit("EKON-RED", "Redovisning", "post", LATER, "KLF-EKON"),
    RegisterUnit(
        "VSS-KOST", "Avdelning Kost och restaurang", "avdelning", date(2022, 1, 1), "KS-VSS", LATER, None, "EKON-RED"
    ),
]


@pytest.mark.parametrize("command", IN_OWN_TREE)
def test_nobody_moves_a_unit_into_a_tree_that_he_has_a_mandate_over(command: RegisterUnit) -> None:
    stands = hall()
    assert "ett mandat över KLF-EKON" in stands.refused(command, BOSS, TreeIsOnesOwn)
    assert stands.do(command, ADMIN)


@pytest.mark.parametrize("caller", [Caller("a-8", "admin"), Caller("a-80", "admin", egna=("a-8",))])
def test_a_mandate_by_the_attestforteckning_is_ones_own_too(caller: Caller) -> None:
    row = AttestantNamed("KLF-EKON", 2024, "beslut", "a-8", date(2024, 1, 1), date(2024, 12, 31), "stabsdirektör")
    hall(row).refused(IN_OWN_TREE[0], caller, TreeIsOnesOwn)
    hall().do(IN_OWN_TREE[0], caller)


def test_a_unit_may_leave_ones_own_tree_and_a_new_one_may_be_made_there() -> None:
    stands = hall()
    assert stands.do(MOVED, BOSS)
    assert stands.do(NEW, BOSS)
    assert stands.do(RegisterUnit("EKON-RED", "Redovisningen", "enhet", LATER, "KLF-EKON"), BOSS)


def test_a_correction_moves_no_unit_into_ones_own_tree_either() -> None:
    stands = hall()
    at = next(n for n, one in enumerate(stands.facts, 1) if getattr(one, "ansvar", "") == "VSS-HR")
    into = RegisterUnit("VSS-HR", "Avdelning HR", "avdelning", date(2022, 1, 1), "KLF-EKON")
    stands.refused(CorrectRegistrering(at, into, "Fel"), BOSS, TreeIsOnesOwn)


def test_a_unit_that_leaves_ones_own_tree_is_not_fetched_back() -> None:
    stands, left, back = hall(), date(2024, 7, 1), date(2024, 8, 1)
    stands.do(replace(MOVED, fran=left), ADMIN)
    fetched, at = replace(MOVED, fran=back, overordnad="KLF-EKON"), len(stands.facts)

    stands.refused(CorrectRegistrering(at, None, "Fel"), BOSS, TreeIsOnesOwn)
    stands.refused(fetched, BOSS, TreeIsOnesOwn)
    assert stands.do(fetched, ADMIN)


def test_a_unit_that_went_into_another_tree_is_not_fetched_back_either() -> None:
    stands = hall()
    stands.do(replace(MOVED, fran=date(2022, 1, 1), overordnad="KLF-EKON", till=LATER, ersatt_av="KLF-HR"), ADMIN)
    at = len(stands.facts)

    stands.refused(CorrectRegistrering(at, None, "Fel"), BOSS, TreeIsOnesOwn)
    assert stands.do(CorrectRegistrering(at, None, "Fel"), ADMIN)


def test_a_mandate_that_begins_later_is_ones_own_already() -> None:
    later = mandate("direktör", "omfordelning", "KLF-HR", fran=date(2024, 7, 1))
    stands, boss = Hall(*LINKOPING).order(later), Caller("a-4", "admin", funktioner=("direktör",))

    stands.refused(MOVED, boss, TreeIsOnesOwn)
    assert stands.do(replace(MOVED, overordnad="KS-VSS"), boss)


def test_a_mandate_of_next_year_is_of_whoever_is_named_for_it_then() -> None:
    named = AttestantNamed("KLF-HR", 2025, "beslut", "a-8", date(2025, 1, 1), date(2025, 12, 31), "direktör")
    row, stands = mandate("direktör", "omfordelning", "KLF-HR", fran=date(2025, 1, 1)), hall(named)

    stands.refused(row, Caller("a-8", "admin"), MandatIsOnesOwn)
    assert stands.do(row, ADMIN)
