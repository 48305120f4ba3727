"""What a run is to do, and what every benchmark is given."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from benchmarks.built import Shelf
from benchmarks.databases import Databases
from benchmarks.municipality import Municipality


@dataclass(frozen=True, slots=True)
class Plan:
    """`rows` of outcome; `asks` questions, `posts` single posts and `seconds` of steady posting a measurement.

    `rounds` of everything; `shelf` holds the ledgers that reading benchmarks share.
    """

    databases: Databases
    shelf: Shelf
    backends: tuple[str, ...]
    rows: int
    asks: int
    posts: int
    seconds: float
    threads: tuple[int, ...]
    rounds: int
    town: Municipality

    def say(self, prov: str, backend: str, n: int) -> None:
        """Tell whoever waits how far it has come."""
        print(f"{prov} {backend}: omgång {n + 1} av {self.rounds}", file=sys.stderr, flush=True)
