"""One import in a process of its own: its seconds and the most memory it took, as JSON.

`python -m benchmarks.import_child fil DATABAS MAPP` reads the files of a folder as `liggare import` does: the master
files first, untimed, then the outcome file. `… fakta DATABAS FRÖ ÅR TEXTER RADER` takes vouchers
as the generator makes them, without a file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from benchmarks import csv_files, founding
from benchmarks.machine import peak_mb
from benchmarks.municipality import Municipality
from benchmarks.vouchers import ROWS_A_VOUCHER
from ledger.bulk import post_vouchers
from ledger.interchange.csv_file import Fil
from ledger.interchange.importing import Options, import_files
from ledger.main import House, new_id
from ledger.settings import Settings


def import_folder(url: str, folder: Path) -> dict[str, float]:
    """Master files, then the outcome file; only the latter counts."""
    with House.open(Settings(database=url, anvandare="bench", roll="ekonom")) as house:
        house.begin_writing("Exempelkommun")
        master = [Fil.at(path) for path in sorted(folder.glob("*.csv")) if path.name != csv_files.OUTCOME]
        import_files(house.ledger, house.caller, master, new_id=new_id)
        after = house.log.head().position
        begun, cpu = perf_counter(), process_time()
        done = import_files(
            house.ledger, house.caller, [Fil.at(folder / csv_files.OUTCOME)], Options(i_delar=True), new_id=new_id
        )
        took, cpu = perf_counter() - begun, process_time() - cpu
    outcome = done.files[0]
    rows, facts = outcome.rader, outcome.nya
    return {"seconds": took, "cpu": cpu, "rows": rows, "facts": facts, "after": after, "peak_mb": peak_mb()}


def import_facts(url: str, town: Municipality, rows: int) -> dict[str, float]:
    """Vouchers as the generator makes them, judged, encoded, hashed and recorded."""
    clock = founding.Calendar()
    with founding.opened(url, clock) as log:
        ledger = founding.found(log, town, clock)
        after = log.head().position
        begun, cpu = perf_counter(), process_time()
        facts = post_vouchers(
            ledger, town.vouchers(rows // ROWS_A_VOUCHER, "B"), founding.CALLER, founding.new_id
        ).facts
        took, cpu = perf_counter() - begun, process_time() - cpu
    peak = peak_mb()
    begun = perf_counter()
    for _ in town.vouchers(rows // ROWS_A_VOUCHER, "B"):
        pass
    return {
        "seconds": took,
        "cpu": cpu,
        "rows": facts * ROWS_A_VOUCHER,
        "facts": facts,
        "after": after,
        "peak_mb": peak,
        "generator_seconds": perf_counter() - begun,
    }


def main(arguments: list[str]) -> None:
    """Do what is asked and print what came of it."""
    kind, url, *rest = arguments
    if kind == "fil":
        result = import_folder(url, Path(rest[0]))
    else:
        seed, years, texts, rows = rest
        town = Municipality.of(int(seed), years=int(years), texts=float(texts))
        result = import_facts(url, town, int(rows))
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
