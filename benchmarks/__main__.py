"""The command: `liggare-bench [import|append|as-of|…|all …] [--rows N …] [--backend …] [--keep MAPP] [--json FIL]`.

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
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks import (
    append_posts,
    as_of,
    difference,
    drill_down,
    import_rows,
    lag,
    pages,
    peers,
    rebuild,
    replay_log,
)
from benchmarks.built import Shelf
from benchmarks.databases import BACKENDS, Databases
from benchmarks.figures import Figure, markdown, table
from benchmarks.machine import machine, state
from benchmarks.municipality import MOST_YEARS, Municipality
from benchmarks.plan import Plan

#: In the order of `all`: what posts to the ledgers that are shared comes last.
BENCHMARKS: Final[dict[str, Callable[[Plan], Iterator[Figure]]]] = {
    "import": import_rows.run,
    "append": append_posts.run,
    "as-of": as_of.run,
    "drill-down": drill_down.run,
    "difference": difference.run,
    "pages": pages.run,
    "replay": replay_log.run,
    "rebuild": rebuild.run,
    "peers": peers.run,
    "lag": lag.run,
}

#: Measured once, whatever the sizes.
OF_NO_SIZE: Final = ("append",)

#: What is said of all ledger sizes together.
ACROSS: Final[dict[str, Callable[[Sequence[Figure]], Iterator[Figure]]]] = {"as-of": as_of.growth}


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="liggare-bench", description="Mäter liggaren mot golv i samma körning.")
    add = parser.add_argument
    add("prov", nargs="*", default="all", choices=(*BENCHMARKS, "all"), help="vad som mäts (förval: all)")
    add("--rows", type=int, nargs="+", default=[1_000_000], metavar="N",
        help="utfallsrader; flera storlekar mäts var för sig (förval: 1000000; kravet: 10000000)")  # fmt: skip
    add("--backend", choices=(*BACKENDS, "both"), default="both", help="databas (förval: both)")
    add("--asks", type=int, default=1_000, metavar="N", help="frågor per mätning (förval: 1000)")
    add("--posts", type=int, default=8_000, metavar="N", help="enskilda poster per mätning (förval: 8000)")
    add("--seconds", type=float, default=10, metavar="S", help="sekunder med jämn ström av poster (förval: 10)")
    add("--threads", type=int, nargs="+", default=[1, 16, 64], metavar="N", help="trådar (förval: 1 16 64)")
    add("--rounds", type=int, default=3, metavar="N", help="omgångar; medianen gäller (förval: 3)")
    add("--seed", type=int, default=2024, metavar="N", help="kommunens frö (förval: 2024)")
    add("--years", type=int, default=MOST_YEARS, choices=range(1, MOST_YEARS + 1), metavar="N",
        help=f"år som kommunen budgeterar och bokför (förval: {MOST_YEARS})")  # fmt: skip
    add("--texts", type=float, default=0.0, metavar="ANDEL", help="andel verifikationer med text (förval: 0)")
    add("--postgres", default=os.environ.get("LIGGARE_TEST_POSTGRES"), metavar="URL",
        help="server att skapa databaser på (förval: LIGGARE_TEST_POSTGRES, annars startas en egen)")  # fmt: skip
    add("--folder", type=Path, metavar="MAPP", help="var databaserna ligger (förval: systemets tillfälliga mapp)")
    add("--keep", type=Path, metavar="MAPP", help="bygg liggarna här en gång, och använd dem igen nästa gång")
    add("--json", type=Path, metavar="FIL", help="skriv alla värden som JSON")
    add("--markdown", type=Path, metavar="FIL", help="skriv tabellen som Markdown")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Run what was asked for; a demand that is missed is marked, and no error."""
    asked = arguments(given)
    backends = BACKENDS if asked.backend == "both" else (asked.backend,)
    town = Municipality.of(asked.seed, years=asked.years, texts=asked.texts)
    began = datetime.now(UTC)
    with ExitStack() as ends:
        if asked.keep:
            asked.keep.mkdir(parents=True, exist_ok=True)
            folder = asked.keep.resolve()
        else:
            folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="liggare-bench-", dir=asked.folder)))
        databases = ends.enter_context(Databases(folder, asked.postgres))
        shelf = Shelf(databases, town, kept=asked.keep is not None)
        on = machine(databases, backends)
        head = {
            "datum": began.date().isoformat(),
            "frö": str(asked.seed),
            "rader": ", ".join(str(rows) for rows in asked.rows),
            "år": str(asked.years),
            "omgångar": str(asked.rounds),
            "andel med text": str(asked.texts),
        }
        print(_lines({**head, **on}), flush=True)
        figures: list[Figure] = []
        for name in BENCHMARKS if "all" in asked.prov else asked.prov:
            made: list[Figure] = []
            for rows in asked.rows[:1] if name in OF_NO_SIZE else asked.rows:
                plan = Plan(
                    databases, shelf, backends, rows, asked.asks, asked.posts, asked.seconds, tuple(asked.threads),
                    asked.rounds, town,
                )  # fmt: skip
                for figure in BENCHMARKS[name](plan):
                    print("  " + figure.line(), file=sys.stderr, flush=True)
                    made.append(figure)
            made += ACROSS[name](made) if name in ACROSS else ()
            print(f"\n{table(made)}", flush=True)
            figures += made
        after = state(databases.folder, "vid slut")
        on |= after
        print("\n" + _lines(after))
        shelf.clear()
    if asked.json:
        _write_json(asked.json, {"kommando": shlex.join(sys.argv[1:]), **head, "maskin": on}, figures)
    if asked.markdown:
        asked.markdown.write_text(markdown(figures) + "\n", encoding="utf-8")
    return 0


def run() -> None:
    """`liggare-bench`."""
    sys.exit(main())


def _lines(said: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in said.items())


def _write_json(path: Path, head: dict[str, Any], figures: Sequence[Figure]) -> None:
    said = {**head, "figurer": [figure.json() for figure in figures]}
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    run()
