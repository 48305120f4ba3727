"""Vouchers by their heads give journals, series and registers what the vouchers read whole give them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ledger.domain.events import KommentarWritten, UtfallCorrected, VerifikationCorrected, VerifikationPosted
from ledger.domain.fact import Fact
from ledger.domain.rader import Utfallsrad
from ledger.elsewhere import report_files
from ledger.recording.codec import encode
from ledger.recording.store import Append, FactLog
from ledger.reporting.entry import Journal, Material, Register, Series
from ledger.reporting.running import preparing
from ledger.reporting.running.preparing import prepare_stretch
from tests.reporting.town import TOWN, summarad, utfall

MATERIALS = {material.name: material for report in report_files() for material in report.stores()}
TRAIL, NUMBERS = MATERIALS["behandlingshistorik"], MATERIALS["verifikationsnummer"]
UNITS = (None, "KS", "EKON", "HR", "SKÅLA", 'E"KON')


def voucher(rng: random.Random, n: int) -> VerifikationPosted:
    """One of many kinds: in several units or none, without rows, with a number that is none, escaped, or correcting."""
    rader = [Utfallsrad(rng.randrange(-999, 999), rng.choice(UNITS[:5])) for _ in range(rng.randrange(5))]
    serie, vernr, day = rng.choice("AB"), f"{n:06}", date(2024, rng.randrange(1, 4), 28)
    kind = rng.randrange(20)
    if kind == 0:
        vernr = rng.choice(["k17", "٣", "12-3"]) + str(n)
    elif kind == 1:
        return VerifikationCorrected(serie, vernr, day, tuple(rader), "A", "1", date(2024, 1, 28))
    elif kind < 4:
        rader.append(Utfallsrad(1, UNITS[5]))
    return VerifikationPosted(serie, vernr, day, tuple(rader))


def facts(rng: random.Random) -> Iterator[Fact]:
    yield from TOWN
    yield from (voucher(rng, n) for n in range(100))
    yield utfall("2024-02-29", "EKON", 5)
    yield UtfallCorrected("2024-02", "EKON", (summarad("2024-02-29", "EKON", 5),), (), (110,))
    yield KommentarWritten(2024, 202403, "driftsammandrag", "EKON", "Bra.")
    yield from (voucher(rng, n) for n in range(100, 300))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FactLog]:
    rng, number = random.Random(3), count()  # noqa: S311 - seeded facts, no secret
    path: Path = tmp_path_factory.mktemp("headed") / "log.db"
    clock = [datetime(2024, 3, 1, 20, tzinfo=UTC)]
    with FactLog.open(f"sqlite:///{path}", clock=lambda: clock[0], salt=lambda: bytes(16)) as opened:
        several: list[Fact] = list(facts(rng))
        while several:
            now, several = several[:20], several[20:]
            encoded = [encode(fact, 2 if isinstance(fact, UtfallCorrected) else 1) for fact in now]
            opened.append(Append(f"k-{next(number)}", {}, rng.choice(["a-1", "a-2"]), "oppet", encoded))
            clock[0] += timedelta(minutes=25)
        yield opened


def alike(one: object, other: object) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other))  # type: ignore[arg-type]
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other


def whole_reads(log: FactLog, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often postings are read whole, from here on."""
    read, times = log.read, []

    def counted(after: int = 0, *, upto: int | None = None, limit: int = 10_000, postings: bool = True) -> Any:
        if postings:
            times.append(after)
        return read(after, upto=upto, limit=limit, postings=postings)

    monkeypatch.setattr(log, "read", counted)
    return times


def test_heads_say_what_whole_vouchers_say(log: FactLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "FEW", 0)
    head, materials = log.head().position, list(MATERIALS.values())
    whole = prepare_stretch(log, materials, 0, head, whole=True)
    times = whole_reads(log, monkeypatch)
    assert alike(prepare_stretch(log, materials, 0, head), whole)
    assert not times
    assert len(whole[NUMBERS.name].prepared.positions) == len(set(whole[NUMBERS.name].prepared.positions)) > 200
    assert len(whole[TRAIL.name].prepared.units.table) > 10


@pytest.mark.parametrize(("after", "upto"), [(0, 9), (9, 40), (100, 120), (305, 312)])
def test_also_where_few_are_vouchers(log: FactLog, monkeypatch: pytest.MonkeyPatch, after: int, upto: int) -> None:
    monkeypatch.setattr(preparing, "FEW", 0)
    materials = list(MATERIALS.values())
    whole = prepare_stretch(log, materials, after, upto, whole=True)
    assert alike(prepare_stretch(log, materials, after, upto), whole)


def by_serie(recorded: Any) -> Any:
    assert isinstance(TRAIL, Journal)
    tagged = TRAIL.tags(recorded)
    return tagged._replace(day=date(2024, 1, 1)) if isinstance(recorded.fact, VerifikationPosted) else tagged


def test_who_says_of_vouchers_what_does_not_hold_is_asked_of_whole_ones(
    log: FactLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "FEW", 0)
    assert isinstance(TRAIL, Journal)
    assert isinstance(NUMBERS, Series)
    wrong: list[Material] = [replace(TRAIL, tags=by_serie), replace(NUMBERS, numbers=lambda _: ())]
    head = log.head().position
    times = whole_reads(log, monkeypatch)
    assert alike(prepare_stretch(log, wrong, 0, head), prepare_stretch(log, wrong, 0, head, whole=True))
    assert len(times) == 1 + 1


def test_a_register_without_vouchers_is_told_of_those_that_correct(
    log: FactLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "FEW", 0)
    rattade = MATERIALS["rattade"]
    assert isinstance(rattade, Register)
    assert not rattade.vouchers
    told = prepare_stretch(log, [rattade, TRAIL], 0, log.head().position)[rattade.name].prepared
    assert {row.position for row in told} >= {111}
    assert len(told) > 5
