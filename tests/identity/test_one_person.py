"""A machine and whoever is responsible for it are one person: neither approves what is the other's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.domain.refusal import Refused
from ledger.domain.roll import Caller
from ledger.identity import roller
from ledger.identity.refusals import RolltabellOwnerIsNoOne
from ledger.identity.roller import Rad
from tests.identity.provider import Provider
from tests.identity.test_tokens import made, shown
from tests.identity.town import TABLE, Town, client, sign_in

pytestmark = pytest.mark.usefixtures("provider")


def test_a_person_has_the_hands_of_the_machines_that_he_is_responsible_for(town: Town) -> None:
    owner = town.opened.katalog.actor_for("Olle Ansvarig")
    one = made(town, namn="Ett", ansvarig=owner)
    two = made(town, namn="Två", ansvarig=owner)
    other = made(town, namn="En annans")
    town.identity.tokens.withdraw(one["id"], "a-1")

    assert one["ansvarig"] == owner
    assert town.identity.whole(Caller(owner, "ekonom")).hands == {owner, one["actor"], two["actor"]}
    assert set(shown(town, two["token"]).json()["egna"]) == {owner, one["actor"], two["skapad_av"]}
    assert owner not in shown(town, other["token"]).json()["egna"]


def test_whoever_was_responsible_for_a_machine_before_still_is_one_with_it(town: Town) -> None:
    first, then = (town.opened.katalog.actor_for(name) for name in ("Förra ansvariga", "Nya ansvariga"))
    machine = made(town, namn="Ärvd", ansvarig=first)["actor"]
    made(town, namn="Ärvd", ansvarig=then)

    assert town.identity.machines.same_person(first) == (machine,)
    assert town.identity.machines.same_person(then) == (machine,)
    assert set(town.identity.machines.same_person(machine)) == {first, then, made(town, namn="x")["skapad_av"]}


def test_who_made_a_key_for_another_has_seen_it_and_is_one_with_its_machine_alone(town: Town) -> None:
    """An administrator who is also a decider could else let the machine propose and decide himself."""
    mine, yours = (town.opened.katalog.actor_for(name) for name in ("Ägare Ett", "Ägare Två"))
    one, two = made(town, namn="Maskin ett", ansvarig=mine), made(town, namn="Maskin två", ansvarig=yours)
    maker = one["skapad_av"]

    assert {one["actor"], two["actor"]} <= town.identity.whole(Caller(maker, "attestant")).hands
    assert maker in shown(town, one["token"]).json()["egna"]
    assert two["actor"] not in shown(town, one["token"]).json()["egna"]
    assert two["actor"] not in town.identity.whole(Caller(mine, "attestant")).hands


def test_a_machine_takes_no_stand_over_http_either(town: Town) -> None:
    machine = made(town, namn="Attesterar", skriver=True)
    bodies = {
        "confirm_registrering": {"registrering": 1},
        "review_arende": {"arende": "KS 1", "version": 1, "digest": "0" * 64, "datum": "2024-03-01"},
        "decide_arende": {
            "arende": "KS 1", "version": 1, "digest": "0" * 64, "beslutsorgan": "KS-A", "beslutsdatum": "2024-03-01",
        },
    }  # fmt: skip
    with client(town.address, authorization=f"Bearer {machine['token']}") as program:
        answers = {name: program.post(f"/api/v1/kommandon/{name}", json=body) for name, body in bodies.items()}
    assert {name: (answer.status_code, answer.json()["type"]) for name, answer in answers.items()} == dict.fromkeys(
        bodies, (403, "/fel/machine-takes-no-stand")
    )


def test_who_made_a_key_is_responsible_where_nobody_is_named_and_only_people_who_exist_are(town: Town) -> None:
    alone = made(town, namn="Ensam")
    with town.program("admin") as admin:
        wish = {"namn": "x", "roll": "ekonom", "dagar": 3, "ansvarig": "a-999999"}
        refused = admin.post("/api/v1/token", json=wish)

    assert alone["ansvarig"] == alone["skapad_av"]
    assert (refused.status_code, refused.json()["type"]) == (422, "/fel/responsible-is-unknown")


# ---------------------------------------------------------------- machines of the identity provider


@pytest.fixture
def owner(town: Town) -> Iterator[str]:
    """Who the table of roles says is responsible for the machine maskin-1."""
    person = town.opened.katalog.actor_for("Mia Maskinansvarig")
    town.identity.roller.change([*TABLE, Rad("azp", "maskin-1", ansvarig=person)], "a-1")
    yield person
    town.identity.roller.change(TABLE, "a-1")


COMMAND = {"arende": "KS 1", "motivering": "x"}


def tried(town: Town, token: str) -> tuple[int, str]:
    """The answer to a machine that withdraws a case that does not exist: its status, and by which rule."""
    with client(town.address, authorization=f"Bearer {token}") as program:
        answer = program.post("/api/v1/kommandon/withdraw_arende", json=COMMAND)
    return answer.status_code, answer.json()["type"]


def test_a_machine_that_nobody_is_responsible_for_reads_and_no_more(town: Town, provider: Provider) -> None:
    token = provider.machine(roles=["Budget.Ekonom"])

    me = shown(town, token).json()
    assert (me["skriver"], me["egna"]) == (False, [])
    assert tried(town, token) == (403, "/fel/key-only-reads")


def test_a_machine_and_who_the_table_says_is_responsible_are_one_person(
    town: Town, provider: Provider, owner: str
) -> None:
    token = provider.machine(roles=["Budget.Ekonom"])

    me = shown(town, token).json()
    assert (me["skriver"], me["egna"]) == (True, [owner])
    assert tried(town, token) == (404, "/fel/arende-is-missing")
    assert town.identity.whole(Caller(owner, "attestant")).egna == (me["actor"],)


def test_who_was_responsible_before_is_one_with_the_machine_for_ever(
    town: Town, provider: Provider, owner: str
) -> None:
    token = provider.machine(roles=["Budget.Ekonom"], azp="maskin-1")
    machine = shown(town, token).json()["actor"]
    then = town.opened.katalog.actor_for("Ny Maskinansvarig")
    town.identity.roller.change([*TABLE, Rad("azp", "maskin-1", ansvarig=then)], "a-1")

    assert set(shown(town, token).json()["egna"]) == {owner, then}
    assert machine in town.identity.machines.same_person(owner)
    # Nobody is responsible any more: what it has done stands, but it does nothing new.
    town.identity.roller.change(TABLE, "a-1")
    assert tried(town, token) == (403, "/fel/key-only-reads")


def test_only_a_person_whom_the_directory_knows_is_responsible(town: Town, provider: Provider) -> None:
    with town.browser() as browser:
        sign_in(browser)
    anna = town.opened.katalog.known_as("Anna Åkesson")
    text = "pastaende;varde;roll;enheter;funktion;ansvarig\nazp;maskin-1;ekonom;;;{}\n"

    (row,) = roller.with_owners(roller.read(text.format("Anna Åkesson")), town.opened.katalog)
    assert [row.ansvarig] == anna
    shown(town, provider.machine(roles=["Budget.Ekonom"]))
    for nobody in ("Nils Nilsson", "a-999999", "maskin maskin-1"):
        with pytest.raises(Refused) as refused:
            roller.with_owners(roller.read(text.format(nobody)), town.opened.katalog)
        (refusal,) = refused.value.refusals
        assert isinstance(refusal, RolltabellOwnerIsNoOne)
        assert nobody not in refusal.sentence()
    assert roller.with_owners(roller.read(text.format("")), town.opened.katalog)[0].ansvarig == ""
