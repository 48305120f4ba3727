"""What the choke point and files given together must not let through, each by an example."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.batch import Batch, VoucherStandsTwice
from ledger.domain.beslut import AdoptBudget, DecideRamjustering
from ledger.domain.events import FilImported, UtfallCorrected
from ledger.domain.period import ClosePeriod, PeriodIsClosed
from ledger.domain.rader import Utfallsrad
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.roll import Caller, RollMayNot
from ledger.domain.rorelse import Rorelse
from ledger.domain.text import TextHoldsPersonnummer
from ledger.domain.utfall import ReportUtfall
from ledger.domain.verifikation import VoucherIsCorrectedAlready, VoucherIsOtherwise
from ledger.recording.digests import digests
from ledger.recording.store import CommandIdTaken, FactLog, Moved
from tests.machine.commands import TOWN
from tests.machine.racing import EKONOM, inverse, paper, rows
from tests.machine.running import counting, ticking

BUDGET = AdoptBudget("KF", date(2023, 11, 28), (Rorelse(1000, "netto", 2024, None, "N1"),))
MARCH = ClosePeriod("2024-03")


class House:
    """A ledger with the town of the machine."""

    def __init__(self, log: FactLog) -> None:
        self.log = log
        self.ledger = Ledger(log)
        self.count = 0
        self.record(*TOWN)

    def new_id(self) -> str:
        self.count += 1
        return f"k-{self.count}"

    def record(self, *commands: Any) -> int:
        """The position of the last new fact, 0 where all was known."""
        return [self.ledger.execute(command, EKONOM, self.new_id()).last for command in commands][-1]

    def refused(self, command: Any, rule: type[Refusal]) -> None:
        head = self.log.head()
        with pytest.raises(Refused) as refused:
            self.record(command)
        assert rule in [type(refusal) for refusal in refused.value.refusals]
        assert self.log.head() == head

    def batch(self) -> Batch:
        return Batch(self.ledger, EKONOM, self.new_id)


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    with FactLog.open(sqlite_url, clock=ticking(), salt=counting()) as log:
        yield House(log)


# ---------------------------------------------------------------- one by one


def test_what_has_changed_under_a_glance_is_judged_again(house: House) -> None:
    house.record(paper("1"))
    other = Ledger(house.log)
    other.execute(paper("2"), EKONOM, "other-1")
    assert house.record(paper("2")) == 0
    house.refused(paper("2", 200), VoucherIsOtherwise)
    other.execute(MARCH, EKONOM, "other-2")
    house.refused(paper("3"), PeriodIsClosed)


def test_a_voucher_at_a_glance_is_stored_as_one_that_is_judged(house: House) -> None:
    house.record(paper("1"), paper("2"))
    first, second = house.log.read_raw(house.log.head().position - 2)
    assert second.public == first.public.replace(b'"vernr":"1"', b'"vernr":"2"')
    assert (second.mandat, second.actor, second.version, second.name) == (
        first.mandat, first.actor, first.version, first.name,
    )  # fmt: skip


def test_a_posted_voucher_is_known_again_when_its_month_is_closed(house: House) -> None:
    house.record(paper("1"), MARCH)
    assert house.record(paper("1")) == 0
    house.refused(paper("2"), PeriodIsClosed)


def test_a_correction_is_known_again_and_its_number_is_taken(house: House) -> None:
    late = replace(inverse("9", "1"), bokforingsdatum=date(2024, 4, 2))
    house.record(paper("1"), paper("2"), late)
    assert house.record(late) == 0
    assert house.record(MARCH, late) == 0
    house.refused(replace(inverse("9", "2"), bokforingsdatum=date(2024, 4, 2)), VoucherIsOtherwise)
    house.refused(replace(late, vernr="10"), VoucherIsCorrectedAlready)


def test_what_was_recorded_just_now_can_be_corrected_at_once(house: House) -> None:
    """The books of the process are behind its own commands until they are needed."""
    at = house.record(BUDGET)
    right = replace(BUDGET, rorelser=(Rorelse(900, "netto", 2024, None, "N1"),))
    house.record(CorrectRegistrering(at, right))
    books = house.batch().books
    assert books.budget.held_ore("N1", 2024, books.organisation) == 900


def test_a_command_id_is_of_one_kind_of_command(house: House) -> None:
    house.ledger.execute(BUDGET, EKONOM, "ett")
    again = house.ledger.execute(BUDGET, EKONOM, "ett")
    assert again == (1, 13, 13, True)
    row = Rorelse(1000, "netto", 2024, None, "N1", text="x")
    other = DecideRamjustering("KF", date(2023, 11, 28), (row,))
    with pytest.raises(CommandIdTaken) as taken:
        house.ledger.execute(other, EKONOM, "ett")
    assert taken.value.fields == ("kommando", "rorelser")
    one, two = (
        digests(CorrectRegistrering(5, kind("KF", date(2024, 1, 1), ()))) for kind in (AdoptBudget, type(other))
    )
    assert one["kommando"] != two["kommando"]


def test_who_may_not_is_refused_before_anything_is_judged(house: House) -> None:
    with pytest.raises(Refused) as refused:
        house.ledger.execute(paper("1", 0), Caller("a-2", "revisor"), "x")
    assert [type(refusal) for refusal in refused.value.refusals] == [RollMayNot]


# ---------------------------------------------------------------- files


def test_a_replaced_leverans_is_linked_where_it_was_recorded(house: House) -> None:
    """Another writer comes between the judging of two files and their recording, so positions are not as thought."""
    batch = house.batch()
    first, second = batch.take("a", "utfall", "ett.csv"), batch.take("b", "utfall", "två.csv")
    assert batch.judge(first, rows(1)) == 1
    assert batch.judge(second, replace(rows(2), ersatt=True)) == 1
    house.record(paper("1"), paper("2"))
    reported = batch.record(first, (2, 2))
    corrected = batch.record(second, (2, 2))
    (fact,) = [recorded.fact for recorded in house.log.read(corrected.first - 1, upto=corrected.first)]
    assert isinstance(fact, UtfallCorrected)
    assert fact.rattar == (reported.first,)


def test_a_leverans_that_somebody_else_reports_meanwhile_is_judged_again(house: House) -> None:
    batch = house.batch()
    underlag = batch.take("a", "utfall", "ett.csv")
    batch.judge(underlag, rows(1))
    head = house.record(rows(2))
    with pytest.raises(Moved):
        batch.record(underlag, (2, 2))
    assert house.log.head().position == head


def test_a_month_that_is_closed_meanwhile_is_judged_again(house: House) -> None:
    batch = house.batch()
    underlag = batch.take("a", "utfall", "ett.csv")
    assert batch.vouchers(underlag, [paper("1"), paper("2")]) == {}
    head = house.record(MARCH)
    with pytest.raises(Moved):
        batch.record(underlag, (2, 5))
    assert house.log.head().position == head


def test_vouchers_that_differ_in_an_ore_are_told_apart(house: House) -> None:
    """Minus one and minus two have the same hash in Python."""

    def three(*amounts: int) -> Any:
        rader = tuple(Utfallsrad(amount, "A", "5", "kostnad", text=str(n)) for n, amount in enumerate(amounts))
        return replace(paper("1"), rader=rader)

    batch = house.batch()
    underlag = batch.take("a", "utfall", "ett.csv")
    refused = batch.vouchers(underlag, [three(-1, -2, 3), three(-2, -1, 3), three(-1, -2, 3)])
    assert list(refused) == [1]
    assert isinstance(refused[1].refusals[0], VoucherStandsTwice)


def test_a_correction_that_stands_twice_in_the_files_is_recorded_once(house: House) -> None:
    batch = house.batch()
    underlag = batch.take("a", "utfall", "ett.csv")
    refused = batch.vouchers(underlag, [paper("1"), inverse("2", "1"), inverse("2", "1"), inverse("3", "1")])
    assert {n: type(refusal.refusals[0]) for n, refusal in refused.items()} == {3: VoucherIsCorrectedAlready}
    assert batch.record(underlag, (2, 9)).facts == 2


def test_a_file_may_be_recorded_in_parts_and_knows_its_own(house: House) -> None:
    batch = house.batch()
    underlag = batch.take("a", "utfall", "ett.csv")
    batch.vouchers(underlag, [paper("1")])
    batch.record(underlag, (2, 3))
    assert batch.vouchers(underlag, [paper("1"), paper("2")]) == {}
    assert batch.record(underlag, (4, 7)).facts == 1
    refused = batch.vouchers(underlag, [paper("1", 7)])
    assert isinstance(refused[0].refusals[0], VoucherIsOtherwise)


def test_the_name_of_a_file_is_text_too(house: House) -> None:
    batch = house.batch()
    with pytest.raises(Refused) as refused:
        batch.take("a", "utfall", "lön Anna 850709-9805.csv")
    assert isinstance(refused.value.refusals[0], TextHoldsPersonnummer)
    underlag = batch.take("a", "utfall", unicodedata.normalize("NFD", "nämnd.csv"))
    batch.judge(underlag, rows(1))
    batch.record(underlag, (2, 2))
    imported = [recorded.fact for recorded in house.log.read() if isinstance(recorded.fact, FilImported)]
    assert [fact.filnamn for fact in imported] == ["nämnd.csv"]


def test_balance_rows_without_a_unit_are_a_leverans(house: House) -> None:
    command = ReportUtfall("2024-03", "", tuple(row._replace(rad=Utfallsrad(5, konto="2")) for row in rows(1).rader))
    assert house.record(command)
    assert house.record(command) == 0
