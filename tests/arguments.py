"""Wrong calls of the command line, and what each is told: the cases behind tests/golden/refusals/argument.txt.

By hand: `.venv/bin/python -m tests.arguments --golden` writes what is answered now.
"""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Final
from unittest import mock

from ledger import cli
from tests.interchange.golden import FOLDER, Entry, answered, write

GOLDEN: Final = FOLDER / "argument.txt"

#: Name, environment and call; `{mapp}` is an empty folder, and a ledger with one unit lies in `{mapp}/liggare.db`.
CASES: Final[tuple[tuple[str, dict[str, str], str], ...]] = (
    ("kommando-saknas", {}, ""),
    ("kommando-okant", {}, "rapprt driftsammandrag"),
    ("flagga-okand", {}, "rapport driftsammandrag --år 2024"),
    ("flagga-utan-varde", {}, "rapport driftsammandrag --ar"),
    ("argument-for-mycket", {}, "rapport driftsammandrag ekonomi"),
    ("argument-saknas", {}, "rapport"),
    ("format-som-inte-finns", {}, "rapport driftsammandrag --format ods"),
    ("urval-utan-varde", {}, "rapport behandlingshistorik --urval vem"),
    ("paket-utan-fil", {}, "rapportpaket --ar 2024"),
    ("paket-av-annat-slag", {}, "rapportpaket --ar 2024 --ut {mapp}/ekonomi.odt"),
    ("paket-for-okand-enhet", {}, "rapportpaket --ar 2024 --ansvar KSS --ut {mapp}/ekonomi.pdf"),
    ("import-utan-fil", {}, "import"),
    ("import-av-fil-som-saknas", {}, "import {mapp}/budget.csv"),
    ("import-av-mapp", {}, "import {mapp}"),
    ("rattar-utan-nummer", {}, "import {mapp}/enhet.csv --rattar fel"),
    ("port-som-text", {}, "serve --port många"),
    ("port-utanfor", {}, "serve --port 70000"),
    ("vard-utanfor-maskinen", {}, "serve --host 0.0.0.0"),
    ("liggare-saknas", {"LIGGARE_DATABASE": "sqlite:///{mapp}/ingen.db"}, "verifiera"),
    ("databas-av-annat-slag", {"LIGGARE_DATABASE": "mysql://kommunen"}, "init"),
    ("databas-utan-mapp", {"LIGGARE_DATABASE": "sqlite:///{mapp}/finns/inte/liggare.db"}, "init"),
    ("databas-som-inte-svarar", {"LIGGARE_DATABASE": "postgresql://hemlig:ord@127.0.0.1:1/liggare"}, "init"),
    ("port-i-miljon", {"LIGGARE_PORT": "åtta"}, "verifiera"),
    ("proxy-i-miljon", {"LIGGARE_BAKOM_PROXY": "kanske"}, "serve"),
    ("kommun-utan-namn", {}, "init --kommun ''"),
    ("kommun-med-styrtecken", {}, "init --kommun 'Link\x07öping'"),
    ("anvandare-i-miljon", {"LIGGARE_ANVANDARE": ""}, "init"),
    ("roll-i-miljon", {"LIGGARE_ROLL": "kung"}, "import {mapp}/enhet.csv"),
    ("roll-utan-ratt", {"LIGGARE_ROLL": "revisor"}, "import {mapp}/enhet.csv"),
    ("rapport-okand", {}, "rapport driftsamandrag"),
    ("ar-som-text", {}, "rapport driftsammandrag --ar nu"),
    ("ar-utanfor", {}, "rapport driftsammandrag --ar 24"),
    ("manad-utanfor", {}, "rapport driftsammandrag --ar 2024 --tom 13"),
    ("kand-utan-zon", {}, "rapport driftsammandrag --kand 2024-05-28T12:00:00"),
    ("kand-bortom-slutet", {}, "rapport driftsammandrag --kand @9999"),
    ("kand-som-text", {}, "rapport driftsammandrag --kand igår"),
    ("beslutad-som-inte-finns", {}, "rapport driftsammandrag --beslutad 2024-02-30"),
    ("ansvar-okant", {}, "rapport driftsammandrag --ansvar KSS"),
    ("per-okant", {}, "rapport driftsammandrag --per kontor"),
    ("enhet-okand", {}, "rapport driftsammandrag --enhet mkr"),
    ("organisation-som-text", {}, "rapport driftsammandrag --organisation förra"),
    ("jamfor-organisation-som-text", {}, "rapport driftsammandrag --jamfor-organisation förra"),
    ("omgang-som-inte-oppnats", {}, "rapport driftsammandrag --ar 2024 --omgang 2023-11-28"),
    ("prognos-som-text", {}, "rapport driftsammandrag --jamfor-prognos augusti"),
    ("stora-okant", {}, "rapport investeringsuppfoljning --stora nej"),
    ("flera-fel-pa-en-gang", {}, "rapport driftsammandrag --tom 0 --enhet öre --beslutad 24-01-01"),
    ("skillnad-av-lista", {}, "skillnad behandlingshistorik --fran @1 --till @2"),
    ("skillnad-sida-som-text", {}, "skillnad driftsammandrag --sida sista"),
    ("spela-upp-till-okand", {}, "spela-upp --tom @9999"),
    ("bygg-om-okand", {}, "bygg-om driftsamandrag"),
)

UNIT: Final = "ansvar,namn,niva,overordnad,fran,till,teckenregel\nKS,Kommunstyrelsen,namnd,,2022-01-01,,\n"


def told(folder: Path, environment: dict[str, str], call: str) -> str:
    """What a call is told on stderr, and its exit code; the folder is written `{mapp}`."""
    ours = {name: value.format(mapp=folder) for name, value in environment.items()}
    settings = {"LIGGARE_DATABASE": f"sqlite:///{folder}/liggare.db", "LIGGARE_ANVANDARE": "prov", **ours}
    said = io.StringIO()
    with mock.patch.dict(os.environ, settings), contextlib.redirect_stderr(said):
        code = cli.run(shlex.split(call.format(mapp=folder)))
    return answered(f"{said.getvalue().rstrip()}\nslutkod {code}".replace(str(folder), "{mapp}"))


def entries() -> list[Entry]:
    """Every case with what it is told now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "filer"
        folder.mkdir()
        (folder / "enhet.csv").write_text(UNIT, encoding="utf-8")
        with contextlib.redirect_stdout(io.StringIO()):
            told(folder, {}, "import {mapp}/enhet.csv")
        made = []
        for case, environment, call in CASES:
            given = " ".join([*(f"{key}={value}" for key, value in environment.items()), "liggare", call]).strip()
            made.append(Entry(case, given, told(folder, dict(environment), call)))
        return made


if __name__ == "__main__" and "--golden" in sys.argv:
    write(GOLDEN, entries())
