"""A stream of vouchers is what the same vouchers are one by one: the same facts, the same refusals, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain, count
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.bulk import Posted, VouchersRefused, post_vouchers
from ledger.domain.investering import ChangeProjekt
from ledger.domain.period import ClosePeriod, PeriodIsClosed
from ledger.domain.rader import Utfallsrad
from ledger.domain.refusal import Refused
from ledger.domain.verifikation import PostVerifikation
from ledger.recording.store import FactLog
from tests.machine.commands import BEGIN, TOWN
from tests.machine.racing import EKONOM, inverse, paper
from tests.machine.running import counting, ticking

MARCH = ClosePeriod("2024-03")


class House:
    """A ledger with the town of the machine."""

    def __init__(self, log: FactLog) -> None:
        self.log = log
        self.ledger = Ledger(log)
        self._ids = (f"k-{n}" for n in count(1))
        self.record(*TOWN)
        self.founded = log.head().position

    def new_id(self) -> str:
        return next(self._ids)

    def record(self, *commands: Any) -> None:
        for command in commands:
            self.ledger.execute(command, EKONOM, self.new_id())

    def post(self, commands: Any, part: int = 4) -> Posted:
        return post_vouchers(self.ledger, commands, EKONOM, self.new_id, part=part)

    def facts(self) -> list[Any]:
        return [(one.stream, one.version, one.fact) for one in self.log.read(self.founded)]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with FactLog.open(database_url, clock=ticking(), salt=counting()) as log:
        yield House(log)


@pytest.fixture
def other(sqlite_url: str) -> Iterator[House]:
    """A ledger of its own, where the same commands come one by one."""
    with FactLog.open(sqlite_url + "2", clock=ticking(), salt=counting()) as log:
        yield House(log)


def some(first: int, last: int) -> list[PostVerifikation]:
    """Vouchers of several days, with texts, projects and labels here and there."""
    vouchers = []
    for n in range(first, last + 1):
        text = f"Faktura {n}" if n % 3 == 0 else None
        rader = (
            Utfallsrad(n, "A" if n % 2 else "C", "5", "kostnad", "V", projekt="P" if n % 5 == 0 else None, text=text),
            Utfallsrad(-n, konto="2", handelse="corona" if n % 4 == 0 else None),
        )
        vouchers.append(PostVerifikation("A", str(n), date(2024, 1 + n % 12, 5), rader))
    return vouchers


def test_a_stream_leads_to_the_facts_of_one_by_one(house: House, other: House) -> None:
    corrected = [inverse("21", "15"), *some(1, 11), inverse("22", "16")]
    vouchers = [paper("15"), paper("16"), *corrected, *some(17, 18)]
    posted = house.post(iter(vouchers))
    other.record(*vouchers)
    assert house.facts() == other.facts()
    first = house.founded + 1
    assert posted == (len(vouchers), len(vouchers), first, first + len(vouchers) - 1, -(-len(vouchers) // 4))
    assert house.log.verify().ok


def test_the_same_stream_again_adds_nothing_and_a_longer_one_its_end(house: House) -> None:
    house.post(some(1, 10))
    head = house.log.head()
    assert house.post(some(1, 10)) == (10, 0, 0, 0, 0)
    assert house.log.head() == head
    assert house.post(some(1, 13)) == (13, 3, head.position + 1, head.position + 3, 2)


def test_a_voucher_that_comes_twice_is_recorded_once(house: House) -> None:
    assert house.post([*some(1, 3), *some(2, 2), *some(4, 6), *some(1, 1), *some(6, 6)]).facts == 6


@pytest.mark.parametrize("part", [1, 2, 9])
def test_a_voucher_that_comes_again_after_its_correction_is_recorded_once(house: House, part: int) -> None:
    stream = [paper("1"), inverse("2", "1"), paper("1"), inverse("2", "1"), paper("3"), paper("1")]
    assert house.post(stream, part).facts == 3
    assert [one for one, _, _ in house.facts()] == [paper(n).stream for n in "123"]


def test_an_empty_stream_records_nothing(house: House) -> None:
    assert house.post([]) == (0, 0, 0, 0, 0)


WRONG = [
    replace(paper("900"), rader=paper("900").rader[:1]),
    replace(paper("900"), rader=(Utfallsrad(5, "X", "5", "kostnad"), Utfallsrad(-5, konto="2"))),
    replace(paper("900"), rader=(Utfallsrad(5, "A", "5"), Utfallsrad(-5, konto="99"))),
    replace(paper("900"), rader=(*paper("900").rader, Utfallsrad(0, konto="2", text="Anna 850709-9805"))),
    replace(paper("900"), rader=(*paper("900").rader, Utfallsrad(0, konto="2", fri="Anna 850709-9805"))),
    replace(paper("900"), rader=(Utfallsrad(2**53, "A", "5", "kostnad"), Utfallsrad(-(2**53), konto="2"))),
    replace(paper("900"), rader=()),
    replace(paper("900"), bokforingsdatum=date(2021, 12, 31)),
    replace(paper("900"), bokforingsdatum=date(2024, 6, 5)),
    replace(paper("900"), serie=""),
    replace(paper("900"), vernr="9\x00"),
    replace(paper("900"), vernr="9" * 101),
    inverse("900", "901"),
    paper("1", 7),
    paper("2", 7),
]


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_a_refusal_is_that_of_one_by_one_and_nothing_of_its_part_is_recorded(
    house: House, other: House, wrong: PostVerifikation
) -> None:
    right = [paper(str(n)) for n in range(1, 9)]
    for each in (house, other):
        each.record(ClosePeriod("2024-06"))
    other.record(*right)
    with pytest.raises(Refused) as one_by_one:
        other.record(wrong)
    with pytest.raises(VouchersRefused) as refused:
        house.post([*right, paper("10"), wrong, paper("11")])
    assert list(refused.value.refused) == [9]
    assert str(refused.value.refused[9]) == str(one_by_one.value)
    assert refused.value.posted.facts == 8
    assert house.facts() == other.facts()


def meanwhile(house: House, command: Any) -> Iterator[PostVerifikation]:
    """Four vouchers; after the first has been read somebody else gives a command."""
    yield paper("1")
    Ledger(house.log).execute(command, EKONOM, "annan")
    yield from (paper("2"), paper("3"), paper("4"))


@pytest.mark.parametrize("part", [2, 3, 9])
def test_what_others_change_meanwhile_is_judged_again(house: House, part: int) -> None:
    assert house.post(meanwhile(house, ChangeProjekt("R", "Hallen", "A", "pagaende", BEGIN)), part).facts == 4
    assert [stream for stream, _, _ in house.facts()[1:]] == [paper(str(n)).stream for n in range(1, 5)]


@pytest.mark.parametrize("part", [2, 9])
def test_a_voucher_that_another_posts_meanwhile_is_not_posted_again(house: House, part: int) -> None:
    posted = house.post(meanwhile(house, paper("2")), part)
    assert (posted.vouchers, posted.facts) == (4, 3)
    assert sorted(stream for stream, _, _ in house.facts()) == [paper(str(n)).stream for n in range(1, 5)]


def test_what_others_change_while_another_part_is_recorded_is_known_to_the_next(house: House) -> None:
    may = [replace(paper(n), bokforingsdatum=date(2024, 5, 5)) for n in "56"]
    with pytest.raises(VouchersRefused) as refused:
        house.post(chain(meanwhile(house, ClosePeriod("2024-05")), may), 2)
    assert list(refused.value.refused) == [4, 5]
    assert [stream for stream, _, _ in house.facts()] == ["period/2024-05", *(paper(n).stream for n in "1234")]


@pytest.mark.parametrize("part", [2, 9])
def test_a_month_that_is_closed_meanwhile_takes_nothing(house: House, part: int) -> None:
    with pytest.raises(VouchersRefused) as refused:
        house.post(meanwhile(house, MARCH), part)
    assert list(refused.value.refused) == list(range(min(part, 4)))
    assert {type(one.refusals[0]) for one in refused.value.refused.values()} == {PeriodIsClosed}
    assert refused.value.posted == Posted()
    assert [stream for stream, _, _ in house.facts()] == ["period/2024-03"]


def test_a_stream_that_breaks_off_leaves_its_whole_parts(house: House) -> None:
    def broken() -> Iterator[PostVerifikation]:
        yield from some(1, 6)
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the stream's own
        house.post(broken())
    assert [stream for stream, _, _ in house.facts()] == [one.stream for one in some(1, 4)]


@pytest.mark.parametrize("part", [0, -1, 250_001])
def test_a_part_has_a_size(house: House, part: int) -> None:
    with pytest.raises(ValueError, match="a part has 1 to 250000 vouchers"):
        house.post(some(1, 2), part)


def test_progress_tells_what_is_recorded(house: House) -> None:
    told: list[int] = []
    post_vouchers(house.ledger, some(1, 10), EKONOM, house.new_id, part=4, progress=told.append)
    assert told == [4, 8, 10]
