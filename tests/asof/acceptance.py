"""The whole acceptance of the as-of engine at a size, on one backend or both: what is asserted, and figures for people.

Random questions equal the second oracle to the öre, byte for byte the same on both backends and after a rebuild; the
facts of a difference add up to it in every cell; readers in another process see neither errors nor mixtures.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final, NamedTuple

from ledger.reporting.explaining.skillnad import Skillnad
from tests.asof.hammer import Hammer, Seen
from tests.asof.oracle import Known
from tests.asof.questions import Dice, Put
from tests.asof.town import Size, Town, digest
from tests.oracle.question import Answer, Question, UnanswerableError
from tests.reporting.asking import rows
from tests.reporting.test_oracle_agrees import LINE, compare, tells_lines

#: Questions that the reader asks in turn.
HAMMERED: Final = 60

Say = Callable[[str], None]


class Wanted(NamedTuple):
    """How much is asked, by how many processes the oracle answers, and how many rows are imported under the reader.

    `judged` is how many of the answers about the newest position, that the reader got meanwhile, are judged; `alone`
    are the seconds before the work during which the reader is alone.
    """

    questions: int
    pairs: int
    imported: int
    judged: int
    workers: int = 1
    alone: float = 2.0


def judge(urls: Sequence[str], size: Size, wanted: Wanted, say: Say) -> None:
    """Judge the engine on ledgers that do not exist yet, one at each address."""
    with ExitStack() as ends:
        towns = [ends.enter_context(Town(url, create=True, seed=size.seed)) for url in urls]
        ledgers = [town.found(size) for town in towns]
        assert len({town.log.head().root for town in towns}) == 1
        facts, instants = towns[0].history()
        known = Known(facts)
        say(f"{len(facts)} fakta, {len(known.posted)} bokförda rader")
        dice = Dice(facts, instants, size.seed)
        puts, pairs = dice.questions(wanted.questions), dice.pairs(wanted.pairs)
        flat = [put for pair in pairs for put in pair]
        begun = time.monotonic()
        truth = answers(known, [put.question for put in (*puts, *flat)], wanted.workers)
        say(f"facit: {len(truth)} svar på {time.monotonic() - begun:.0f} s")
        said = [asked(town, puts, truth, say) for town in towns]
        assert all(digests == said[0] for digests in said)
        for town in towns:
            differences(town, pairs, truth[len(puts) :], say)
        for town, ledger in zip(towns, ledgers, strict=True):
            fixed = [n for n, put in enumerate(puts) if (put.parameters["kand"] or "").startswith("@")][:HAMMERED]
            hammer = Hammer(town.url, [puts[n] for n in fixed], [said[0][n] for n in fixed])
            seen = under(hammer, lambda t=town, d=ledger: t.post(d, size, wanted.imported), town, wanted, say)  # type: ignore[misc]
            told(town, seen, [puts[n] for n in fixed], wanted.judged)
            assert again(town, puts) == said[0]
        assert len({town.log.head().root for town in towns}) == 1


def answers(known: Known, questions: Sequence[Question], workers: int) -> list[Answer | None]:
    """What the oracle says to each question; none where it cannot be answered."""
    if workers == 1:
        return [_answer(known, question) for question in questions]
    global _KNOWN  # noqa: PLW0603 - handed to the other processes by forking
    _KNOWN = known
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        return pool.map(_answer_here, questions, chunksize=20)


_KNOWN: Known | None = None


def _answer_here(question: Question) -> Answer | None:
    assert _KNOWN
    return _answer(_KNOWN, question)


def _answer(known: Known, question: Question) -> Answer | None:
    try:
        return known.answer(question)
    except UnanswerableError:
        return None


# ---------------------------------------------------------------- questions and differences


def asked(town: Town, puts: Sequence[Put], truth: Sequence[Answer | None], say: Say) -> list[str]:
    """Ask every question; its answer is the oracle's. The fingerprints."""
    town.reports.runner.catch_up()
    waits, digests = [], []
    for put, expected in zip(puts, truth, strict=False):
        begun = time.monotonic()
        found = town.answer(put)
        waits.append(time.monotonic() - begun)
        assert (found is None) == (expected is None), put
        if found and expected:
            compare(put.question, expected, rows(found))
        digests.append(digest(found))
    answered = sum(bool(one) for one in digests)
    say(
        f"{town.reports.engine.name}: {len(puts)} frågor lika med facit på öret ({answered} besvarade), {spread(waits)}"
    )
    return digests


def differences(town: Town, pairs: Sequence[tuple[Put, Put]], truth: Sequence[Answer | None], say: Say) -> None:
    """Take every pair apart: the facts add up to the difference of every cell, and that is the oracle's."""
    waits, cells = [], 0
    for n, (one, other) in enumerate(pairs):
        begun = time.monotonic()
        found = town.skillnad(one, other)
        waits.append(time.monotonic() - begun)
        a, b = truth[2 * n], truth[2 * n + 1]
        assert (found is None) == (a is None or b is None), (one, other)
        if found and a is not None and b is not None:
            cells += len(found.celler)
            _adds_up(found, a, b, lines=tells_lines(one.question) and tells_lines(other.question))
    say(f"{town.reports.engine.name}: {len(pairs)} par förklarade på öret i {cells} celler, {spread(waits)}")


def _adds_up(found: Skillnad, a: Answer, b: Answer, *, lines: bool) -> None:
    """The facts add up, to what the oracle says; of lines of a specification where it knows them."""
    for cell in found.celler:
        assert sum(fact.belopp_ore for fact in cell.fakta) == cell.skillnad_ore, (found.fran, found.till, cell)
    said = {(cell.rad, cell.kolumn): cell.skillnad_ore for cell in found.celler}
    figures = {(rad, kolumn) for answer in (a, b) for rad, cells in answer.items() for kolumn in cells}
    for rad, kolumn in figures:
        if kolumn != "slutar" and (lines or not LINE.search(rad)):
            before, after = (answer.get(rad, {}).get(kolumn) or 0 for answer in (a, b))
            assert said.get((rad, kolumn), 0) == after - before, (found.fran, found.till, rad, kolumn)


def again(town: Town, puts: Sequence[Put]) -> list[str]:
    """The fingerprints, asked for once more."""
    return [digest(town.answer(put)) for put in puts]


# ---------------------------------------------------------------- readers beside the work


def under(hammer: Hammer, work: Callable[[], int], town: Town, wanted: Wanted, say: Say) -> Seen:
    """Import and rebuild while a reader asks; what it saw."""
    moments = [time.monotonic()]
    time.sleep(wanted.alone)
    moments.append(time.monotonic())
    town.reports.runner.start()
    work()
    town.reports.runner.wait_for(town.log.head().position, 600)
    moments.append(time.monotonic())
    town.reports.runner.rebuild()
    moments.append(time.monotonic())
    town.reports.runner.stop(120)
    seen = hammer.stop()
    assert not seen.broken, seen.broken[0]
    assert not seen.wrong, seen.wrong[0]
    for name, first, last in zip(("ensam", "under import", "under ombyggnad"), moments, moments[1:], strict=False):
        say(f"{town.reports.engine.name}: läsare {name}, {last - first:.1f} s: {spread(seen.between(first, last))}")
    return seen


def told(town: Town, seen: Seen, puts: Sequence[Put], count: int) -> None:
    """Judge what the reader was told of newest positions: the same bytes now, and the oracle's figures."""
    known = Known(town.history()[0])
    step = max(1, len(seen.newest) // count)
    for number, position, fingerprint in seen.newest[::step]:
        question = puts[number].question._replace(kand=position)
        put = Put(question, {**puts[number].parameters, "kand": f"@{position}"})
        found, expected = town.answer(put), _answer(known, question)
        assert digest(found) == fingerprint, put
        if found and expected:
            compare(question, expected, rows(found))


def spread(waits: Sequence[float]) -> str:
    """How long answers took, for people."""
    ordered = sorted(waits)
    if not ordered:
        return "inga svar"
    p50, p99 = (1000 * ordered[min(len(ordered) - 1, len(ordered) * part // 100)] for part in (50, 99))
    return f"{len(ordered)} svar, p50 {p50:.1f} ms, p99 {p99:.1f} ms"
