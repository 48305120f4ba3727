"""Every entry leads through the choke point: commands, dry runs, files, repetitions and vouchers in bulk, each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.batch import Batch
from ledger.bulk import post_vouchers
from ledger.domain.arende import DecideArende, DraftArende, ProposeArende, ReviewArende
from ledger.domain.behorighet_refusals import CallerMayNotRegister, UnitIsNotCallers
from ledger.domain.beslut import DecideOmfordelning
from ledger.domain.events import Beslut
from ledger.domain.events_behorighet import ForsokRefused
from ledger.domain.forsok import MOST
from ledger.domain.fyra_ogon import ProposalIsOnesOwn
from ledger.domain.mandat import GrantMandat
from ledger.domain.refusal import Kind, Refusal, Refused
from ledger.domain.registrering import ConfirmRegistrering
from ledger.domain.roll import COMMANDS, Caller, RollMayNot
from ledger.domain.rorelse import Rorelse
from ledger.recording.store import FactLog
from ledger.web.examples import EXAMPLES
from ledger.web.schemas import command_of, model_of, name_of
from tests.machine.commands import TOWN
from tests.machine.racing import paper
from tests.machine.running import counting, ticking

EKONOM, SECOND, CHIEF = Caller("a-1", "ekonom"), Caller("a-2", "ekonom"), Caller("a-3", "attestant", (), ("chef",))
DAY = date(2024, 3, 1)
ROW = Rorelse(100, "netto", 2024, "A", "B")


def mandat(far: str, **holder: Any) -> GrantMandat:
    return GrantMandat(far, "A", date(2024, 1, 1), "N1", date(2024, 1, 1), **holder)


class House:
    """The town of the machine with a chief who decides in A, and two people who may record what was decided."""

    def __init__(self, log: FactLog) -> None:
        self.log, self.ledger, self.count = log, Ledger(log), 0
        for command in TOWN:
            self.do(command, EKONOM)
        self.do(mandat("omfordelning", funktion="chef"), EKONOM)
        for person in ("a-1", "a-2"):
            self.do(mandat("registrera", person=person), Caller("a-8", "admin"))
            self.do(ConfirmRegistrering(log.head().position), Caller("a-9", "admin"))

    def new_id(self) -> str:
        self.count += 1
        return f"k-{self.count}"

    def do(self, command: Any, caller: Caller, command_id: str | None = None) -> Any:
        return self.ledger.execute(command, caller, command_id or self.new_id())

    def in_a_file(self, command: Any, caller: Caller) -> Any:
        batch = Batch(self.ledger, caller, self.new_id)
        underlag = batch.take(sha256(repr(command).encode()).hexdigest(), "budget", "fil.csv")
        batch.judge(underlag, command)
        return batch.record(underlag, (2, 2))

    def dry(self, command: Any, caller: Caller) -> Any:
        return self.ledger.judge(command, caller)

    def decisions(self) -> int:
        return sum(isinstance(recorded.fact, Beslut) for recorded in self.log.read())

    def attempts(self) -> list[ForsokRefused]:
        return [recorded.fact for recorded in self.log.read() if isinstance(recorded.fact, ForsokRefused)]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    url = f"sqlite:///{tmp_path_factory.mktemp('entries') / 'l.db'}"
    with FactLog.open(url, clock=ticking(), salt=counting()) as log:
        yield House(log)


ENTRIES: dict[str, Callable[[House, Any, Caller], Any]] = {
    "execute": House.do,
    "dry run": House.dry,
    "file": House.in_a_file,
}


def refused(entry: Callable[[House, Any, Caller], Any], house: House, command: Any, caller: Caller) -> type[Refusal]:
    with pytest.raises(Refused) as found:
        entry(house, command, caller)
    assert found.value.kind is Kind.FORBIDDEN
    return type(found.value.refusals[0])


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))
@pytest.mark.parametrize("kind", COMMANDS, ids=name_of)
def test_no_entry_lets_a_role_give_a_command_that_is_not_its_own(
    house: House, kind: type[Any], entry: Callable[[House, Any, Caller], Any]
) -> None:
    command = command_of(kind, model_of(kind).model_validate(EXAMPLES[name_of(kind)]))
    assert refused(entry, house, command, Caller("a-7", "revisor")) is RollMayNot


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))
def test_no_entry_lets_anybody_attest_what_is_his_own(
    house: House, entry: Callable[[House, Any, Caller], Any], request: pytest.FixtureRequest
) -> None:
    case = f"N1 {request.node.callspec.id}"
    house.do(DraftArende(case, "omfordelning", (ROW,)), EKONOM)
    drafted: Any = next(r.fact for r in house.log.read() if getattr(r.fact, "arende", "") == case)
    seen = (case, 1, drafted.digest)
    house.do(ProposeArende(*seen, DAY), EKONOM)
    own = EKONOM._replace(roll="beslutsfattare", funktioner=("chef",))
    for command in (ReviewArende(*seen, DAY), DecideArende(*seen, "chef", DAY)):
        assert refused(entry, house, command, own) is ProposalIsOnesOwn
    before = house.decisions()
    entry(house, DecideArende(*seen, "chef", DAY), CHIEF)
    assert house.decisions() == before + (entry is not House.dry)


def test_a_repetition_by_another_records_nothing(house: House) -> None:
    """Who proposes repeats the id under which another attested: the answer is the other's, and he is told no."""
    house.do(DraftArende("N1 igen", "omfordelning", (ROW,)), EKONOM)
    drafted: Any = next(r.fact for r in house.log.read() if getattr(r.fact, "arende", "") == "N1 igen")
    seen = ("N1 igen", 1, drafted.digest)
    house.do(ProposeArende(*seen, DAY), EKONOM)
    attest = DecideArende(*seen, "chef", DAY)
    house.do(attest, CHIEF, "attest")
    before, first = house.decisions(), house.do(attest, CHIEF, "attest")
    assert first.repeated
    with pytest.raises(Refused, match="redan beslutat"):
        house.do(attest, EKONOM, "attest")
    assert house.decisions() == before


MINUTES = DecideOmfordelning("chef", DAY, (ROW._replace(belopp_ore=200),), "17")


def test_one_person_alone_moves_nothing_by_command_or_file(house: House) -> None:
    before = house.decisions()
    assert refused(House.do, house, MINUTES, EKONOM._replace(actor="a-7")) is CallerMayNotRegister
    waits = house.do(MINUTES, EKONOM)
    assert house.do(MINUTES, EKONOM).facts == 0
    in_file = DecideOmfordelning("chef", DAY, (ROW._replace(belopp_ore=300),), "18")
    assert house.in_a_file(in_file, EKONOM).facts == 0
    assert house.in_a_file(in_file, EKONOM) == (0, 0, 0, False)
    assert house.decisions() == before
    house.do(ConfirmRegistrering(waits.first), SECOND)
    assert house.in_a_file(in_file, SECOND).facts == 1
    assert house.decisions() == before + 2
    assert house.in_a_file(in_file, EKONOM).facts == 0


def test_units_hold_for_vouchers_in_bulk_too(house: House) -> None:
    vouchers = [paper(str(n)) for n in range(20)]
    own, other = EKONOM._replace(enheter=("A",)), EKONOM._replace(enheter=("N2",))
    with pytest.raises(Exception, match="utanför din behörighet") as found:
        post_vouchers(house.ledger, vouchers, other, house.new_id)
    assert {type(r) for one in found.value.refused.values() for r in one.refusals} == {UnitIsNotCallers}  # type: ignore[attr-defined]
    assert post_vouchers(house.ledger, vouchers, own, house.new_id).facts == 20
    assert refused(House.do, house, paper("90"), other) is UnitIsNotCallers
    assert refused(House.in_a_file, house, paper("90"), other) is UnitIsNotCallers


def test_refused_attempts_are_noted_and_not_without_end(house: House) -> None:
    stranger, minutes = Caller("a-66", "ekonom"), replace(MINUTES, paragraf="19")
    before = len(house.attempts())
    for _ in range(MOST + 5):
        refused(House.do, house, minutes, stranger)
    noted = house.attempts()[before:]
    assert len(noted) == MOST
    assert noted[0] == ForsokRefused("DecideOmfordelning", "CallerMayNotRegister", "förbjuden")
    for _ in range(60):
        house.log.now()
    refused(House.do, house, minutes, stranger)
    assert house.attempts()[-1].antal == 6
    assert house.log.verify().ok
