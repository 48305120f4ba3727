"""What a run is to do, and what every benchmark is given."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from benchmarks.databases import Databases
from benchmarks.municipality import Municipality


@dataclass(frozen=True, slots=True)
class Plan:
    """`rows` of outcome, `posts` a measurement of single posts, `rounds` of everything."""

    databases: Databases
    backends: tuple[str, ...]
    rows: int
    posts: int
    threads: tuple[int, ...]
    rounds: int
    seed: int
    years: int
    texts: float

    @property
    def town(self) -> Municipality:
        """The municipality of the seed."""
        return Municipality.of(self.seed, years=self.years, texts=self.texts)

    def say(self, prov: str, backend: str, n: int) -> None:
        """Tell whoever waits how far it has come."""
        print(f"{prov} {backend}: omgång {n + 1} av {self.rounds}", file=sys.stderr, flush=True)
