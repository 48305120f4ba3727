"""Import: durable outcome rows a second, from a file and from facts, against the same stored rows written bare."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import csv_files, floors
from benchmarks.figures import Figure
from benchmarks.municipality import ROWS_A_VOUCHER
from benchmarks.plan import Plan

ROOT: Final = Path(__file__).resolve().parents[1]

#: Rows a second that issue 2 demands of an import, and the memory that a million rows may take, MB.
DEMAND: Final = 60_000
MEMORY: Final = 500


def run(plan: Plan) -> Iterator[Figure]:
    """Both ways in on each backend."""
    folder = plan.databases.folder / "filer"
    folder.mkdir()
    csv_files.write_master(plan.town, folder)
    csv_files.write_outcome(plan.town, plan.rows, folder)
    for backend in plan.backends:
        from_file = Figure(
            "import", backend, f"a. CSV-fil, {plan.rows} rader", "rader/s", demand=DEMAND, most={"minne MB": MEMORY}
        )
        from_facts = Figure("import", backend, f"b. fakta, {plan.rows} rader", "rader/s", demand=DEMAND)
        for n in range(plan.rounds):
            plan.say("import", backend, n)
            _round(plan, backend, from_file, ["fil", str(folder)])
            town = (str(said) for said in (plan.seed, plan.years, plan.texts, plan.rows))
            _round(plan, backend, from_facts, ["fakta", *town])
        yield from_file
        yield from_facts


def _round(plan: Plan, backend: str, figure: Figure, arguments: list[str]) -> None:
    """One import into an empty ledger, then its floor."""
    url = plan.databases.new(backend)
    plan.databases.settle(url)
    kind, *rest = arguments
    done = _in_a_process([kind, url, *rest])
    assert done["facts"] * ROWS_A_VOUCHER == done["rows"], done
    rows = floors.stored(url, int(done["after"]))
    plan.databases.settle(url)
    floor = len(rows) * ROWS_A_VOUCHER / floors.bulk(url, rows)
    extra = {"minne MB": done["peak_mb"], "cpu s": done["cpu"]}
    if "generator_seconds" in done:
        extra["varav generatorn s"] = done["generator_seconds"]
    figure.add(done["rows"] / done["seconds"], floor, sekunder=done["seconds"], **extra)
    plan.databases.drop(url)


def _in_a_process(arguments: list[str]) -> dict[str, float]:
    """What a fresh process says of its import: memory that was used before is not counted."""
    command = [sys.executable, "-m", "benchmarks.import_child", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        msg = f"importen gick inte: {done.stderr}"
        raise RuntimeError(msg)
    said: dict[str, float] = json.loads(done.stdout)
    return said
