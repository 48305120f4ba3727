"""Two processes at one ledger want the same money, number, month or fact: one gets it, the other hears why not."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from threading import Barrier, Thread
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.domain.beslut import AdoptBudget, DecideInvesteringsram
from ledger.domain.refusal import Refused
from ledger.domain.rorelse import Rorelse
from ledger.domain.utfall import ReportUtfall
from ledger.recording.store import FactLog
from tests.machine.commands import TOWN
from tests.machine.racing import EKONOM, Runner, paper, race, rows, take

MONEY = (
    AdoptBudget("KF", date(2023, 11, 28), (Rorelse(1000, "netto", 2024, None, "N1"),)),
    DecideInvesteringsram("KF", date(2023, 11, 28), (Rorelse(100, "utgift", 2024, None, "A", projekt="P"),)),
)


def kinds(log: FactLog) -> Counter[str]:
    return Counter(fact.name.removesuffix(".v1") for fact in log.read())


@pytest.fixture(scope="module")
def runners() -> Iterator[list[Runner]]:
    """Two other processes."""
    two = [Runner(), Runner()]
    yield two
    for runner in two:
        runner.end()


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """A ledger with a town and some money, where another process may open it too."""
    with FactLog.open(database_url, clock=lambda: datetime.now(UTC), salt=lambda: os.urandom(16)) as log:
        ledger = Ledger(log)
        record(ledger, *TOWN, *MONEY)
        yield ledger
        assert log.verify().ok
        positions = [fact.position for fact in log.read()]
        assert positions == list(range(1, len(positions) + 1))


def record(ledger: Ledger, *commands: Any) -> None:
    for command in commands:
        assert ledger.execute(command, EKONOM, f"k-{ledger.log.head().position}").facts


def test_a_frame_is_not_overdrawn(ledger: Ledger, database_url: str, runners: list[Runner]) -> None:
    answers = race(runners, database_url, ("overdraw", "a"), ("overdraw", "b"))
    said = Counter(answers[0] + answers[1])
    assert said == {"ok": 33, "UnitHoldsTooLittle": 47}
    assert kinds(ledger.log)["internbudget_adopted"] == 33


def test_a_frame_is_not_carried_over_twice(ledger: Ledger, database_url: str, runners: list[Runner]) -> None:
    answers = race(runners, database_url, ("carry", "a"), ("carry", "b"))
    assert Counter(answers[0] + answers[1]) == {"ok": 10, "FrameLeftIsTooSmall": 70}
    assert kinds(ledger.log)["ombudgetering_decided"] == 10


def test_a_lump_is_put_on_months_once(ledger: Ledger, database_url: str, runners: list[Runner]) -> None:
    answers = race(runners, database_url, ("lump", "a"), ("lump", "b"))
    assert sorted(answers) == [["PeriodiseringMissesLump"], ["ok"]]
    assert kinds(ledger.log)["periodisering_set"] == 1


def test_a_voucher_number_holds_one_content(ledger: Ledger, database_url: str, runners: list[Runner]) -> None:
    answers = race(runners, database_url, ("number", "a"), ("number", "b"))
    assert all(sorted(pair) == ["VoucherIsOtherwise", "ok"] for pair in zip(*answers, strict=True))
    assert kinds(ledger.log)["verifikation_posted"] == 59


def test_the_same_voucher_from_both_is_posted_once(ledger: Ledger, database_url: str, runners: list[Runner]) -> None:
    answers = race(runners, database_url, ("same", "a"), ("same", "b"))
    assert all(sorted(pair) == ["inget", "ok"] for pair in zip(*answers, strict=True))
    assert kinds(ledger.log)["verifikation_posted"] == 59


def test_nothing_is_posted_after_the_month_was_closed(ledger: Ledger, database_url: str, runners: list[Runner]) -> None:
    posted, closed = race(runners, database_url, ("post", "a"), ("close", "b"))
    assert closed[-1] == "ok"
    names = [fact.name for fact in ledger.log.read()]
    assert "verifikation_posted.v1" not in names[names.index("period_closed.v1") :]
    assert posted == ["ok"] * posted.count("ok") + ["PeriodIsClosed"] * posted.count("PeriodIsClosed")
    assert posted.count("ok") + 40 == kinds(ledger.log)["verifikation_posted"]


def test_a_voucher_is_corrected_once(ledger: Ledger, database_url: str, runners: list[Runner]) -> None:
    record(ledger, *(paper(str(n)) for n in range(1, 31)))
    answers = race(runners, database_url, ("correct", "a"), ("correct", "b"))
    assert all(sorted(pair) == ["VoucherIsCorrectedAlready", "ok"] for pair in zip(*answers, strict=True))
    assert kinds(ledger.log)["verifikation_corrected"] == 30


def test_a_registration_is_corrected_once(ledger: Ledger, database_url: str, runners: list[Runner]) -> None:
    record(ledger, *(take("x", 1, n) for n in range(40)))
    answers = race(runners, database_url, ("correction", "a"), ("correction", "b"))
    assert all(sorted(pair) == ["FactIsCorrectedAlready", "ok"] for pair in zip(*answers, strict=True))
    assert kinds(ledger.log)["registrering_corrected"] == 30


def test_a_leverans_is_reported_once(ledger: Ledger, database_url: str, runners: list[Runner]) -> None:
    answers = race(runners, database_url, ("leverans", "a"), ("leverans", "b"))
    assert sorted(answers) == [["LeveransIsOtherwise"], ["ok"]]
    assert kinds(ledger.log)["utfall_reported"] == 1


def test_a_forecast_of_a_day_is_given_once(ledger: Ledger, database_url: str, runners: list[Runner]) -> None:
    answers = race(runners, database_url, ("forecast", "a"), ("forecast", "b"))
    assert all(sorted(pair) == ["PrognosIsOtherwise", "ok"] for pair in zip(*answers, strict=True))
    assert kinds(ledger.log)["prognos_submitted"] == 40


def test_threads_of_one_process_do_not_report_the_same_leverans_twice(ledger: Ledger) -> None:
    """The books are shared by the threads, so a stream may move between a judgement and its record."""
    threads, rounds = 4, 25
    barrier = Barrier(threads)
    said: list[str] = []

    def run(thread: int) -> None:
        for n in range(rounds):
            row = rows(100 + thread).rader[0]
            command = ReportUtfall("2024-03", "A", (row._replace(rad=row.rad._replace(text=f"rad {n}")),))
            barrier.wait()
            try:
                ledger.execute(command, EKONOM, f"{thread}-{n}")
                said.append("ok")
            except Refused as refused:
                said.append(refused.refusals[0].rule)

    running = [Thread(target=run, args=(thread,)) for thread in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert Counter(said) == {"ok": rounds, "LeveransIsOtherwise": rounds * (threads - 1)}
    assert kinds(ledger.log)["utfall_reported"] == rounds
