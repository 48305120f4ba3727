"""Postings read leanly are the postings read whole, row for row – the same on both backends."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from ledger.domain import fact as catalogue_module
from ledger.domain.events import UtfallCorrected, UtfallReported, VerifikationCorrected, VerifikationPosted
from ledger.domain.fact import Fact, register_upcast
from ledger.domain.rader import Summarad, Utfallsrad
from ledger.recording.codec import Encoded, encode
from ledger.recording.lean import PostingPage
from ledger.recording.store import FactLog, IntegrityBroken
from ledger.reporting.material import posted
from tests.recording.logs import command, comment, open_log
from tests.recording.test_tamper import outside
from tests.samples import SAMPLES

JANUARY = date(2020, 1, 1)

#: What stands in one row of each column.
Line = tuple[int, int, int, tuple[Any, ...], int, str | None]


@pytest.fixture
def log(database_url: str) -> Iterator[FactLog]:
    with open_log(database_url) as opened:
        yield opened


def lines(page: PostingPage) -> list[Line]:
    """What each row says; that codes are told once, None first."""
    assert all(one.codes == list(dict.fromkeys([None, *one.codes])) for one in page.codes)
    *key, series = ([one.codes[n] for n in one.numbers.tolist()] for one in page.codes)
    columns = (page.positions, page.signs, page.days, page.amounts)
    positions, signs, days, amounts = (column.tolist() for column in columns)
    return list(zip(positions, signs, days, zip(*key, strict=True), amounts, series, strict=True))


def expected(log: FactLog, after: int = 0, upto: int | None = None) -> list[Line]:
    """The same by the way of whole facts."""
    return [
        (
            one.position, sign, day.year * 10_000 + day.month * 100 + day.day,
            (row.ansvar, row.verksamhet, row.konto, row.slag, row.projekt, row.handelse), row.belopp_ore,
            one.fact.serie if isinstance(one.fact, VerifikationPosted) else None,
        )
        for one in log.read(after, upto=upto)
        for sign, day, row in posted(one.fact)
    ]  # fmt: skip


class Postings:
    """Facts at random, a third of them no postings."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - seeded facts, no secret

    def facts(self, count: int) -> list[Encoded]:
        return [self._one(n) for n in range(1, count + 1)]

    def _one(self, n: int) -> Encoded:
        kind = self._rng.choice("vvvvrukk")
        if kind == "k":
            return comment(n)
        if kind == "v":
            fact: Fact = VerifikationPosted("A", str(n), self._day(), self._rows())
        elif kind == "r":
            fact = VerifikationCorrected("R", str(n), self._day(), self._rows(), "A", "1", self._day())
        elif self._rng.random() < 0.5:
            fact = UtfallReported("2024-03", f"KS å{n}", self._summaries())
        else:
            fact = UtfallCorrected("2024-03", f"KS{n}", self._summaries(), self._summaries(), (1, 2))
        return encode(fact, 1)

    def _day(self) -> date:
        return JANUARY + timedelta(self._rng.randrange(3000))

    def _summaries(self) -> tuple[Summarad, ...]:
        return tuple(Summarad(self._day(), row) for row in self._rows())

    def _rows(self) -> tuple[Utfallsrad, ...]:
        return tuple(self._row() for _ in range(self._rng.randrange(5)))

    def _row(self) -> Utfallsrad:
        codes = [self._rng.choice([None, "KS", "Å\"'", "7410"]) for _ in Utfallsrad._fields[1:]]
        return Utfallsrad(self._rng.randrange(-(2**52), 2**52), *codes)


@pytest.mark.parametrize("seed", range(3))
def test_the_columns_are_the_rows_of_the_facts(log: FactLog, seed: int) -> None:
    log.append(command("k-1", *Postings(seed).facts(700)))
    whole = log.read_postings()
    assert whole.upto == 700
    assert len(whole.amounts) > 700
    assert lines(whole) == expected(log)


def test_every_kind_of_fact_gives_the_rows_that_reports_see(log: FactLog) -> None:
    facts = {(sample.stream, sample.name): encode(sample, n) for n, sample in enumerate(SAMPLES, 1)}
    log.append(command("k-1", *facts.values()))
    assert lines(log.read_postings()) == expected(log)


def test_pages_cover_positions_and_not_postings(log: FactLog) -> None:
    log.append(command("k-1", *Postings(9).facts(100)))
    log.append(command("k-2", *(comment(n) for n in range(1000, 1030))))
    after = 0
    found: list[Line] = []
    while (page := log.read_postings(after, limit=30)).upto > after:
        assert page.upto == min(after + 30, 130)
        assert lines(page) == expected(log, after, page.upto)
        after, found = page.upto, found + lines(page)
    assert after == 130
    assert found == expected(log)


@pytest.mark.parametrize(
    ("after", "upto", "limit", "end"), [(10, 20, 5, 15), (10, 12, 5, 12), (10, 10, 5, 10), (20, 10, 5, 20),
                                        (35, None, 50, 40), (40, None, 50, 40), (90, 95, 50, 90)]
)  # fmt: skip
def test_a_page_ends_at_its_limit_at_what_was_asked_for_or_at_the_head(
    log: FactLog, after: int, upto: int | None, limit: int, end: int
) -> None:
    log.append(command("k-1", *Postings(4).facts(40)))
    page = log.read_postings(after, upto=upto, limit=limit)
    assert page.upto == end
    assert lines(page) == (expected(log, after, end) if end > after else [])


def test_an_empty_log_has_no_rows(log: FactLog) -> None:
    page = log.read_postings()
    assert page.upto == 0
    assert lines(page) == []


def test_rows_are_the_same_when_private_parts_are_erased(log: FactLog, database_url: str) -> None:
    log.append(command("k-1", *Postings(5).facts(200)))
    before = lines(log.read_postings())
    with outside(database_url) as execute:
        execute("UPDATE facts SET private = NULL, salt = NULL WHERE private IS NOT NULL")
    assert lines(log.read_postings()) == before == expected(log)


def test_postings_of_older_versions_are_lifted_with_their_private_parts(
    log: FactLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_module, "_UPCASTS", dict(catalogue_module._UPCASTS))  # noqa: SLF001

    def lifted(old: dict[str, Any]) -> dict[str, Any]:
        rows = [{**row, "belopp_ore": row["belopp_ore"] * 100, "handelse": row["text"]} for row in old["rader"]]
        return {**old, "rader": rows}

    register_upcast("verifikation_posted.v0", lifted)
    older = [
        Encoded(
            f"verifikation/2024/B/{n}", 1, "verifikation_posted.v0",
            b'{"bokforingsdatum":"2024-03-01","rader":[{"belopp_ore":7}],"serie":"B","vernr":"%d"}' % n,
            b'{"rader":[{"text":"flytt"}]}',
        )
        for n in range(1, 4)
    ]  # fmt: skip
    log.append(command("k-1", *older[:2], *Postings(6).facts(5), older[2]))
    page = log.read_postings()
    assert lines(page)[:2] == [
        (1, 1, 20240301, (None, None, None, None, None, "flytt"), 700, "B"),
        (2, 1, 20240301, (None, None, None, None, None, "flytt"), 700, "B"),
    ]
    assert lines(page) == expected(log)


@pytest.mark.parametrize(
    "public",
    [b'{"bokforingsdatum":"2024-03-01"}', b'{"bokforingsdatum":"2024-13-01","rader":[]}', b'{"a":1},{"a":2}', b"{",
     b'{"bokforingsdatum":"2024-03-01","rader":[{"ansvar":"\xff","belopp_ore":1}],"serie":"A","vernr":"1"}'],
)  # fmt: skip
def test_bytes_that_are_no_posting_are_named_by_position(log: FactLog, public: bytes) -> None:
    broken = Encoded("verifikation/2024/A/x", 1, VerifikationPosted.name, public, None)
    log.append(command("k-1", *Postings(7).facts(5), broken, *Postings(8).facts(20)[10:]))
    with pytest.raises(IntegrityBroken, match="faktum @6 går inte att läsa"):
        log.read_postings()


def test_a_posting_of_an_unknown_version_is_not_passed_over(log: FactLog) -> None:
    log.append(command("k-1", Encoded("verifikation/2024/A/1", 1, "verifikation_posted.v9", b"{}", None)))
    with pytest.raises(IntegrityBroken, match="faktum @1 går inte att läsa"):
        log.read_postings()
