"""Persons in mandates and attestförteckningar: the directory says whose pseudonym is kept; no name is in a fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.domain.events_behorighet import AttestantNamed, MandatGranted
from ledger.domain.mandat import GrantMandat, NameAttestant
from ledger.domain.mandat_refusals import PersonIsNoPseudonym
from ledger.domain.personer import FunktionIsAPerson, PersonIsSeveral, PersonIsUnknown
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.roll import Caller, RollMayNot
from ledger.interchange.faults import FilesRefused
from ledger.recording.katalog import Katalog, prepare
from tests.interchange.test_mandat_file import HEADER
from tests.interchange.town import give, open_town

ADMIN, OTHER = Caller("a-90", "admin"), Caller("a-91", "admin")
PEOPLE = {
    "s1": "Anna Åkesson (anna@kommun.se)",
    "s2": "Bo Berg (bo.berg@kommun.se)",
    "s3": "Bo Berg (bo.b@kommun.se)",
    "s4": "Eva Ekonom",
}


class Town:
    """The town with a directory of people; the first mandate is given."""

    def __init__(self, url: str) -> None:
        prepare(url)
        self.katalog = Katalog.open(url)
        self.actor = {key: self.katalog.actor_of_subject(key, name) for key, name in PEOPLE.items()}
        self.ledger = Ledger(open_town(url).log, self.katalog.known_as)
        self.count = 0

    def do(self, command: Any, caller: Caller = ADMIN) -> list[Any]:
        self.count += 1
        before = self.ledger.log.head().position
        self.ledger.execute(command, caller, f"k-{self.count}")
        return [recorded.fact for recorded in self.ledger.log.read(before)]

    def refused(self, command: Any, rule: type[Refusal], caller: Caller = ADMIN) -> str:
        with pytest.raises(Refused) as refused:
            self.do(command, caller)
        (found,) = refused.value.refusals
        assert isinstance(found, rule)
        assert found.varde is None
        return found.sentence()


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    made = Town(sqlite_url)
    yield made
    made.katalog.close()
    made.ledger.log.close()


def mandat(person: str | None = None, funktion: str | None = None, far: str = "registrera") -> GrantMandat:
    return GrantMandat(
        far, "K", date(2024, 1, 1), "kommunfullmäktige", date(2023, 11, 28), funktion=funktion, person=person
    )


@pytest.mark.parametrize("said", ["Anna Åkesson", " Anna  A\u030akesson ", "anna@kommun.se", PEOPLE["s1"], "a-1"])
def test_a_person_is_found_by_name_user_name_or_pseudonym(town: Town, said: str) -> None:
    facts = town.do(mandat(said))
    assert [fact.person for fact in facts if isinstance(fact, MandatGranted)] == [town.actor["s1"]] == ["a-1"]
    assert "kesson" not in "".join(str(recorded.fact) for recorded in town.ledger.log.read())


def test_a_name_that_nobody_or_several_have_is_refused_and_not_repeated(town: Town) -> None:
    for unknown in ("Cecilia Ceder", "Anna", "a-99", "%", "_ nna Åkesson"):
        assert unknown not in town.refused(mandat(unknown), PersonIsUnknown)
    told = town.refused(mandat("Bo Berg"), PersonIsSeveral)
    assert (told.count("a-2"), told.count("a-3"), told.count("Berg")) == (1, 1, 0)


def test_a_person_whose_name_is_erased_is_given_nothing_more(town: Town) -> None:
    town.katalog.forget("a-4")
    town.refused(mandat("Eva Ekonom"), PersonIsUnknown)
    town.refused(mandat("a-4"), PersonIsUnknown)


def test_a_function_is_no_person(town: Town) -> None:
    assert "Ekonom" not in town.refused(mandat(funktion="Eva Ekonom", far="omfordelning"), FunktionIsAPerson)
    assert town.do(mandat(funktion="ekonom", far="omfordelning"))


def test_an_attestant_is_a_person_whom_the_directory_knows(town: Town) -> None:
    row = ("K", 2024, "granskning", "Eva Ekonom", date(2024, 1, 1), date(2024, 12, 31))
    (named,) = town.do(NameAttestant(*row))
    assert named == AttestantNamed(*row[:3], "a-4", *row[4:])
    assert not town.do(NameAttestant(*row[:3], "a-4", *row[4:]))


def test_who_may_give_no_mandates_learns_nothing_of_the_directory(town: Town) -> None:
    for said in ("Anna Åkesson", "Cecilia Ceder"):
        town.refused(mandat(said), RollMayNot, Caller("a-5", "controller"))


def test_a_file_of_mandates_keeps_pseudonyms_and_is_confirmed_as_it_was_read(town: Town) -> None:
    town.do(mandat(funktion="chef"))
    rows = ",{},registrera,,K,,2024-01-01,,kommunfullmäktige,2023-11-28,301,,\n"
    given = {"mandat.csv": HEADER + rows.format("Eva Ekonom") + rows.format("anna@kommun.se")}
    give(town.ledger, given, caller=ADMIN)
    give(town.ledger, given, caller=OTHER)
    granted = [recorded.fact for recorded in town.ledger.log.read() if isinstance(recorded.fact, MandatGranted)]
    assert [fact.person for fact in granted] == [None, "a-4", "a-1"]
    with pytest.raises(FilesRefused) as refused:
        give(town.ledger, {"mandat.csv": HEADER + rows.format("Bo Berg") + rows.format("Okänd Person")}, caller=ADMIN)
    assert [(fault.rad, fault.kolumn, fault.varde) for fault in refused.value.faults] == [
        (2, "person", None),
        (3, "person", None),
    ]


def test_where_nobody_signs_in_only_a_pseudonym_is_taken(town: Town) -> None:
    oppet = Ledger(town.ledger.log)
    with pytest.raises(Refused) as refused:
        oppet.execute(mandat("Anna Åkesson"), ADMIN, "öppet")
    assert [type(refusal) for refusal in refused.value.refusals] == [PersonIsNoPseudonym]
