"""The command: `liggare-bench [import|append|as-of|…|all …] [--rows N …] [--backend …] [--keep MAPP] [--json FIL]`.

A new benchmark is one file with `run(plan)` and one line in `BENCHMARKS`.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from benchmarks import (
    append_posts,
    as_of,
    difference,
    drill_down,
    import_rows,
    lag,
    pages,
    peers,
    readers,
    rebuild,
    replay_log,
)
from benchmarks.arguments import arguments
from benchmarks.built import Shelf
from benchmarks.databases import BACKENDS, Databases
from benchmarks.figures import Figure, markdown, table
from benchmarks.machine import machine, state
from benchmarks.municipality import Municipality
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
    "readers": readers.run,
}

#: Measured once, whatever the sizes.
OF_NO_SIZE: Final = ("append",)

#: What is said of all ledger sizes together.
ACROSS: Final[dict[str, Callable[[Sequence[Figure]], Iterator[Figure]]]] = {"as-of": as_of.growth}


def main(given: Sequence[str] | None = None) -> int:
    """Run what was asked for; a demand that is missed is marked, and no error. 2: no such folder or server."""
    asked = arguments(tuple(BENCHMARKS), given)
    backends = BACKENDS if asked.backend == "both" else (asked.backend,)
    town = Municipality.of(asked.seed, years=asked.years, texts=asked.texts)
    began = datetime.now(UTC)
    with ExitStack() as ends:
        try:
            folder = _folder(asked, ends)
            databases = ends.enter_context(Databases(folder, asked.postgres))
            on = machine(databases, backends)
        except (OSError, psycopg.Error) as mishap:
            sys.stderr.write(f"liggare-bench: det går inte att börja: {' '.join(str(mishap).split())}\n")
            return 2
        shelf = Shelf(databases, town, kept=asked.keep is not None)
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


def _folder(asked: argparse.Namespace, ends: ExitStack) -> Path:
    """Where the databases lie: what is kept, or a folder that is gone when the run ends."""
    if not asked.keep:
        return Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="liggare-bench-", dir=asked.folder)))
    kept: Path = asked.keep.resolve()
    kept.mkdir(parents=True, exist_ok=True)
    return kept


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
