"""A machine and whoever is responsible for it are one person: neither approves what is the other's."""

from __future__ import annotations

import pytest

from ledger.domain.roll import Caller
from tests.identity.test_tokens import made, shown
from tests.identity.town import Town

pytestmark = pytest.mark.usefixtures("provider")


def test_a_person_has_the_hands_of_the_machines_that_he_is_responsible_for(town: Town) -> None:
    owner = town.opened.katalog.actor_for("Olle Ansvarig")
    one = made(town, namn="Ett", ansvarig=owner)
    two = made(town, namn="Två", ansvarig=owner)
    other = made(town, namn="En annans")
    town.identity.tokens.withdraw(one["id"])

    assert one["ansvarig"] == owner
    assert town.identity.whole(Caller(owner, "ekonom")).hands == {owner, one["actor"], two["actor"]}
    assert set(shown(town, two["token"]).json()["egna"]) == {owner, one["actor"]}
    assert owner not in shown(town, other["token"]).json()["egna"]


def test_whoever_was_responsible_for_a_machine_before_still_is_one_with_it(town: Town) -> None:
    first, then = (town.opened.katalog.actor_for(name) for name in ("Förra ansvariga", "Nya ansvariga"))
    machine = made(town, namn="Ärvd", ansvarig=first)["actor"]
    made(town, namn="Ärvd", ansvarig=then)

    assert town.identity.tokens.same_person(first) == (machine,)
    assert town.identity.tokens.same_person(then) == (machine,)
    assert set(town.identity.tokens.same_person(machine)) == {first, then}


def test_who_made_a_key_is_responsible_where_nobody_is_named_and_only_people_who_exist_are(town: Town) -> None:
    alone = made(town, namn="Ensam")
    with town.program("admin") as admin:
        wish = {"namn": "x", "roll": "ekonom", "dagar": 3, "ansvarig": "a-999999"}
        refused = admin.post("/api/v1/token", json=wish)

    assert alone["ansvarig"] == alone["skapad_av"]
    assert (refused.status_code, refused.json()["type"]) == (422, "/fel/responsible-is-unknown")
