"""The benchmarks run and print what they promise. No time is asserted: a slow machine is no fault."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import csv_files
from benchmarks.figures import Figure, table
from benchmarks.municipality import Municipality
from tests import tidy
from tests.conftest import Databases

TOWN = Municipality.of(7, years=2, texts=0.5)


def test_the_municipality_has_the_size_that_measurements_speak_of() -> None:
    assert len(TOWN.units) == 300
    assert len(TOWN.verksamheter) == 20
    assert len(TOWN.konton) == 60
    assert len(TOWN.projects) == 400
    assert Counter(unit.niva for unit in TOWN.units)["kommun"] == 1


def test_vouchers_have_four_rows_that_balance_and_one_in_twenty_is_backdated() -> None:
    vouchers = list(TOWN.vouchers(5000))
    later = [a for a, b in itertools.pairwise(vouchers) if b.bokforingsdatum < a.bokforingsdatum]

    assert all(len(v.rader) == 4 and sum(rad.belopp_ore for rad in v.rader) == 0 for v in vouchers)
    assert len({(v.serie, v.vernr, v.bokforingsdatum.year) for v in vouchers}) == 5000
    assert 0.03 < len(later) / 5000 < 0.07


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        csv_files.write_master(Municipality.of(7, years=1), folder)
        csv_files.write_outcome(Municipality.of(7, years=1), 400, folder)
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)

    assert first == second
    assert len(first["utfall.csv"].splitlines()) == 401


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    figure = Figure("prov", "sqlite", "något", "rader/s", demand=100)
    for rate, floor in ((50, 100), (90, 100), (80, 400)):
        figure.add(rate, floor, ms=1.5)

    assert figure.ratio == 0.5
    assert figure.faults == ["rader/s"]
    assert "80,00 rader/s" in table([figure])
    assert "✗" in table([figure])


@pytest.mark.timeout(600)
def test_all_benchmarks_run_on_both_backends_and_say_what_they_measured(tmp_path: Path, databases: Databases) -> None:
    said = tmp_path / "matt.json"
    given = ["--rows", "400", "--posts", "24", "--threads", "1", "4", "--rounds", "1", "--years", "1", "--texts", "0.5"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *given, "--postgres", databases.server(), "--json", str(said)],
        cwd=tidy.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

    for word in ("kärnor: ", "sqlite: ", "postgresql: ", "fsync=", "frö: 2024", "Golv (median)", "p99 ms", "minne MB"):
        assert word in done.stdout
    figures = json.loads(said.read_text(encoding="utf-8"))["figurer"]
    assert Counter((figure["prov"], figure["databas"]) for figure in figures) == {
        (prov, backend): count
        for prov, count in (("import", 2), ("append", 2), ("replay", 4))
        for backend in ("sqlite", "postgres")
    }
    assert all(figure["median"] > 0 and figure["kvot"] > 0 and len(figure["varden"]) == 1 for figure in figures)
