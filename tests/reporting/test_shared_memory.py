"""What is kept between questions is never wrong: whoever asks, in whatever order, gets the bytes of a fresh ledger."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ledger.domain.refusal import Refused
from ledger.reporting.rules import kept
from tests.oracle.generator import random_facts, random_question
from tests.reporting.asking import TODAY, Desk
from tests.reporting.test_oracle_agrees import parameters

THREADS = 8


def asked(desk: Desk, rapport: str, given: dict[str, str | None]) -> bytes:
    """The answer's bytes, or the sentences with which it is refused."""
    try:
        return desk.reports.answer(rapport, given, TODAY).to_bytes()
    except Refused as refused:
        return "|".join(refusal.sentence() for refusal in refused.refusals).encode()


@pytest.mark.parametrize("seed", [5, 11])
def test_threads_that_ask_at_different_positions_get_what_a_fresh_ledger_says(
    seed: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # So little is kept that it is thrown away and made again all the time.
    for name in ("STATES", "TREES", "LAYOUTS", "COLUMNS", "NOTES", "FINDINGS"):
        monkeypatch.setattr(kept, name, 3)
    monkeypatch.setattr(kept, "GATHERED", 12 * kept.NAMING)
    facts = random_facts(seed, 140)
    rng = random.Random(seed)  # noqa: S311 - a seeded choice
    desk = Desk(facts[:70], url=f"sqlite:///{tmp_path / 'read.db'}")
    for upto in (70, 100, 120, len(facts)):
        desk.log.add(*facts[len(desk.log.read(limit=1000)) : upto])
        questions = [random_question(seed * 1000 + rng.randrange(500), facts[:upto]) for _ in range(24)]
        given: list[tuple[str, dict[str, Any]]] = [(question.rapport, parameters(question)) for question in questions]
        for _, one in given:
            one["kand"] = f"@{rng.randrange(1, upto + 1)}"
        with ThreadPoolExecutor(THREADS) as threads:
            found = list(threads.map(lambda one: asked(desk, *one), given))
        fresh = Desk(facts[:upto])
        assert found == [asked(fresh, *one) for one in given]
        fresh.close()
    desk.close()
