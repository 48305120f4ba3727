"""Import: durable outcome rows a second, from a file and from vouchers, against the same stored rows written bare.

Both ways judge every row, hash every fact and can tell a repetition.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import csv_files, floors
from benchmarks.figures import Figure, Limit, least, most
from benchmarks.plan import Plan
from benchmarks.vouchers import ROWS_A_VOUCHER

ROOT: Final = Path(__file__).resolve().parents[1]

#: Rows of a file: what is demanded is said of so many.
MOST_IN_A_FILE: Final = 1_000_000

#: Rows a second that are demanded of a file, and of vouchers by backend; share of the floor; memory, MB.
DEMAND_FILE: Final = 60_000
DEMANDS: Final = {"sqlite": 180_000, "postgres": 150_000}
SHARE: Final = 0.15
MEMORY_FILE, MEMORY = 500, 1_000


def run(plan: Plan) -> Iterator[Figure]:
    """Both ways in on each backend; a file has a million rows at most."""
    if plan.rows <= MOST_IN_A_FILE:
        with TemporaryDirectory(dir=plan.databases.folder) as folder:
            csv_files.write_master(plan.town, Path(folder))
            csv_files.write_outcome(plan.town, plan.rows, Path(folder))
            for backend in plan.backends:
                demands = {"rader/s": least(DEMAND_FILE), "minne MB": most(MEMORY_FILE)}
                yield _way_in(plan, backend, "a. CSV-fil", demands, ["fil", folder])
    town = [str(said) for said in (plan.town.seed, plan.town.years, plan.town.texts, plan.rows)]
    for backend in plan.backends:
        demands = {"rader/s": least(DEMANDS[backend]), "kvot": least(SHARE), "minne MB": most(MEMORY)}
        yield _way_in(plan, backend, "b. generator → fakta → logg", demands, ["fakta", *town])


def _way_in(plan: Plan, backend: str, what: str, demands: dict[str, Limit], arguments: list[str]) -> Figure:
    figure = Figure("import", backend, what, "rader/s", plan.rows, demands)
    for n in range(plan.rounds):
        plan.say(f"import {what}", backend, n)
        _round(plan, backend, figure, arguments)
    return figure


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
