"""kill -9 during an import leaves all of the file or nothing, and the next run completes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.domain.events import VerifikationPosted
from tests.interchange.town import UTFALL, open_ledger, open_town

ROWS = 50_000
VOUCHER = (
    "2024-03-01,KS-A,920,5010,kostnad,,,{0}.00,Lön,E,{0},\n2024-03-01,KS-B,920,5010,kostnad,,,{0}.00,,E,{0},\n"
    "2024-03-01,KS-B,920,3110,intakt,,,-{0}.00,,E,{0},\n2024-03-01,,,1930,,,Banken,-{0}.00,,E,{0},\n"
)


@pytest.mark.parametrize("moment", ["läser 24", "sparar 10000", "sparar 12500", "utfall.csv"])
def test_an_import_that_is_killed_leaves_all_of_the_file_or_nothing(
    database_url: str, tmp_path: Path, moment: str
) -> None:
    path = tmp_path / "utfall.csv"
    path.write_text(UTFALL + "".join(VOUCHER.format(n) for n in range(1, ROWS // 4 + 1)), encoding="utf-8")
    town = open_town(database_url)
    before = town.log.head().position
    town.log.close()

    _kill_at(moment, database_url, path)

    log = open_ledger(database_url).log
    assert log.verify().ok
    assert log.head().position in (before, before + ROWS // 4 + 1)
    again = _importer(database_url, path).communicate(timeout=280)[0]
    assert f"{ROWS:,} rader".replace(",", "\u00a0") in again
    posted = sum(isinstance(fact.fact, VerifikationPosted) for fact in log.read(limit=100_000))
    assert (posted, log.head().position) == (ROWS // 4 + 1, before + ROWS // 4 + 1)
    assert log.verify().ok
    log.close()


def _importer(url: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.interchange.importer", url, str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _kill_at(moment: str, url: str, path: Path) -> None:
    """Kill the importer when it says something that begins with `moment`; its second process ends by itself.

    Both hold the same pipe, which ends when both have.
    """
    with _importer(url, path) as importer:
        for line in importer.stdout or ():
            if line.startswith(moment):
                importer.kill()
