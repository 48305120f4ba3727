"""The command: `python -m benchmarks [import|append|replay|all] [--rows N] [--backend …] [--json FIL]`.

A new benchmark is one file with `run(plan)` and one line in `BENCHMARKS`.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks import append_posts, import_rows, replay_log
from benchmarks.databases import BACKENDS, Databases
from benchmarks.figures import Figure, markdown, table
from benchmarks.machine import machine, state
from benchmarks.municipality import MOST_YEARS
from benchmarks.plan import Plan

BENCHMARKS: Final[dict[str, Callable[[Plan], Iterator[Figure]]]] = {
    "import": import_rows.run,
    "append": append_posts.run,
    "replay": replay_log.run,
}


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Mäter liggaren mot golv.")
    add = parser.add_argument
    add("prov", nargs="?", default="all", choices=(*BENCHMARKS, "all"), help="vad som mäts (förval: all)")
    add("--rows", type=int, default=200_000, metavar="N", help="utfallsrader (förval: 200000; acceptans: 1000000)")
    add("--backend", choices=(*BACKENDS, "both"), default="both", help="databas (förval: both)")
    add("--posts", type=int, default=8_000, metavar="N", help="enskilda poster per mätning (förval: 8000)")
    add("--threads", type=int, nargs="+", default=[1, 16, 64], metavar="N", help="trådar (förval: 1 16 64)")
    add("--rounds", type=int, default=3, metavar="N", help="omgångar; medianen gäller (förval: 3)")
    add("--seed", type=int, default=2024, metavar="N", help="kommunens frö (förval: 2024)")
    add("--years", type=int, default=MOST_YEARS, choices=range(1, MOST_YEARS + 1), metavar="N",
        help=f"år som kommunen budgeterar och bokför (förval: {MOST_YEARS})")  # fmt: skip
    add("--texts", type=float, default=0.0, metavar="ANDEL", help="andel verifikationer med text (förval: 0)")
    add("--postgres", default=os.environ.get("LIGGARE_TEST_POSTGRES"), metavar="URL",
        help="server att skapa databaser på (förval: LIGGARE_TEST_POSTGRES, annars startas en egen)")  # fmt: skip
    add("--folder", type=Path, metavar="MAPP", help="var databaserna ligger (förval: systemets tillfälliga mapp)")
    add("--json", type=Path, metavar="FIL", help="skriv alla värden som JSON")
    add("--markdown", type=Path, metavar="FIL", help="skriv tabellen som Markdown")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Run what was asked for; a demand that is missed is marked, and no error."""
    asked = arguments(given)
    backends = BACKENDS if asked.backend == "both" else (asked.backend,)
    began = datetime.now(UTC)
    with (
        tempfile.TemporaryDirectory(prefix="liggare-bench-", dir=asked.folder) as folder,
        Databases(Path(folder), asked.postgres) as databases,
    ):
        plan = Plan(
            databases, backends, asked.rows, asked.posts, tuple(asked.threads), asked.rounds,
            asked.seed, asked.years, asked.texts,
        )  # fmt: skip
        on = machine(databases, backends)
        head = {
            "datum": began.date().isoformat(),
            "frö": str(asked.seed),
            "rader": str(asked.rows),
            "år": str(asked.years),
            "omgångar": str(asked.rounds),
            "andel med text": str(asked.texts),
        }
        print(_lines({**head, **on}), flush=True)
        figures: list[Figure] = []
        for name in BENCHMARKS if asked.prov == "all" else (asked.prov,):
            made = list(BENCHMARKS[name](plan))
            print(f"\n{table(made)}", flush=True)
            figures += made
        after = state(databases.folder, "vid slut")
        on |= after
        print("\n" + _lines(after))
    if asked.json:
        _write_json(asked.json, {"kommando": shlex.join(sys.argv[1:]), **head, "maskin": on}, figures)
    if asked.markdown:
        asked.markdown.write_text(markdown(figures) + "\n", encoding="utf-8")
    return 0


def _lines(said: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in said.items())


def _write_json(path: Path, head: dict[str, object], figures: Sequence[Figure]) -> None:
    said = {**head, "figurer": [figure.json() for figure in figures]}
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
