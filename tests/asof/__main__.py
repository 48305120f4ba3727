"""The acceptance of the as-of engine: `python -m tests.asof --rows 1000000 --questions 10000 --backend both`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.databases import BACKENDS, Databases
from tests.asof.acceptance import Wanted, judge
from tests.asof.town import Size


def main(arguments: list[str]) -> None:
    """Judge, and say what came of it with the time that has passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.asof", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=1_000)
    parser.add_argument("--imported", type=int, default=100_000, help="rows imported while a reader asks")
    parser.add_argument("--judged", type=int, default=300, help="of the reader's answers about the newest position")
    parser.add_argument("--backend", choices=(*BACKENDS, "both"), default="both")
    parser.add_argument("--workers", type=int, default=2, help="processes of the oracle")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where databases are made; none: a temporary one")
    asked = parser.parse_args(arguments)
    begun = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.monotonic() - begun:7.1f} s  {line}\n")
        sys.stdout.flush()

    backends = BACKENDS if asked.backend == "both" else (asked.backend,)
    with (
        tempfile.TemporaryDirectory(prefix="liggare-asof-", dir=asked.folder) as folder,
        Databases(Path(folder)) as databases,
    ):
        urls = [databases.new(backend) for backend in backends]
        size = Size(asked.rows, asked.years, asked.seed)
        judge(urls, size, Wanted(asked.questions, asked.pairs, asked.imported, asked.judged, asked.workers), say)
    say("allt stämmer")


if __name__ == "__main__":
    main(sys.argv[1:])
