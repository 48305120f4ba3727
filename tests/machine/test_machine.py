"""Random commands, one by one and in files: the ledger and the model agree, and nothing is ever lost or bent.

`LIGGARE_KAMPANJ=<n>` plays n long histories on either backend, new ones every time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg import sql

from tests.conftest import Databases
from tests.machine.commands import TOWN, Dice
from tests.machine.running import Pair

seeds = st.integers(0, 2**32 - 1)

CAMPAIGN = int(os.environ.get("LIGGARE_KAMPANJ", "0"))


#: Questions to the reports of every ledger when it is done.
QUESTIONS = 4


class Machine(RuleBasedStateMachine):
    """Everything that anybody may do to a ledger."""

    databases: ClassVar[Databases]
    backend: ClassVar[str]
    other: ClassVar[str]
    postgres: ClassVar[str]
    numbers: ClassVar[Iterator[int]]

    def __init__(self) -> None:
        super().__init__()
        self.url = self.a_place(self.backend)
        self.pair = Pair(self.url)

    @initialize()
    def a_small_town(self) -> None:
        for command in TOWN:
            assert self.pair.execute(command)

    def dice(self, seed: int) -> Dice:
        return Dice(seed, self.pair.model)

    @rule(seed=seeds)
    def a_command(self, seed: int) -> None:
        self.pair.execute(self.dice(seed).anything())

    @rule(seeds=st.lists(seeds, min_size=1, max_size=5))
    def decisions(self, seeds: list[int]) -> None:
        for seed in seeds:
            self.pair.execute(self.dice(seed).beslut())

    @rule(seed=seeds)
    def a_change_of_the_registers(self, seed: int) -> None:
        self.pair.execute(self.dice(seed).register())

    @rule(seed=seeds)
    def outcome(self, seed: int) -> None:
        dice = self.dice(seed)
        self.pair.execute(dice.one(dice.voucher, dice.report)())

    @rule(seed=seeds)
    def a_correction(self, seed: int) -> None:
        self.pair.execute(self.dice(seed).correction())

    @rule(files=st.lists(st.lists(seeds, max_size=3), min_size=1, max_size=3))
    def files(self, files: list[list[int]]) -> None:
        self.pair.files(files)

    @precondition(lambda self: self.pair.bodies)
    @rule(seed=seeds)
    def a_command_id_again(self, seed: int) -> None:
        """With the same body, or with another."""
        dice = self.dice(seed)
        command_id = dice.one(*self.pair.bodies)
        self.pair.execute(dice.one(self.pair.bodies[command_id][0], dice.anything()), command_id)

    @precondition(lambda self: self.pair.bodies)
    @rule(seed=seeds)
    def the_same_body_under_another_id(self, seed: int) -> None:
        self.pair.execute(self.dice(seed).one(*(body for body, _ in self.pair.bodies.values())))

    @rule()
    def the_program_starts_again(self) -> None:
        self.pair.ledger = type(self.pair.ledger)(self.pair.log)

    @invariant()
    def books_are_what_the_facts_say(self) -> None:
        self.pair.check()

    def teardown(self) -> None:
        other = self.a_place(self.other)
        try:
            self.pair.check_all()
            self.pair.replay(other, QUESTIONS)
        finally:
            self.pair.log.close()
            for url in (self.url, other):
                self.forget(url)

    def a_place(self, backend: str) -> str:
        """An empty file, or an empty schema of the one database."""
        if backend == "sqlite":
            return self.databases.new("sqlite")
        schema = f"liggare_{next(self.numbers)}"
        with psycopg.connect(self.postgres, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        joint = "&" if "?" in self.postgres else "?"
        return f"{self.postgres}{joint}options=-csearch_path%3D{schema}"

    def forget(self, url: str) -> None:
        for ending in ("", "-wal", "-shm") if url.startswith("sqlite") else ():
            Path(url.removeprefix("sqlite:///") + ending).unlink(missing_ok=True)


@pytest.mark.timeout(CAMPAIGN * 20 + 300)
@pytest.mark.parametrize(("backend", "other", "examples"), [("sqlite", "postgres", 20), ("postgres", "sqlite", 8)])
def test_the_ledger_agrees_with_the_model(
    databases: Databases, postgres_url: str, backend: str, other: str, examples: int
) -> None:
    here: dict[str, Any] = {"databases": databases, "backend": backend, "other": other}
    here |= {"postgres": postgres_url, "numbers": count()}
    machine = type("Machine", (Machine,), here)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=CAMPAIGN or examples, stateful_step_count=60 if CAMPAIGN else 30, derandomize=not CAMPAIGN,
            deadline=None, database=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
