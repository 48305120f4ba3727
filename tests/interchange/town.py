"""A small town for import tests: its files, a ledger that holds them, and how files are given.

The town: kommunen K, nämnden KS with the staber KS-A, KS-B and KS-C (closed 2023), nämnden BUN; konton 5010, 3110 and
1930; verksamheter 100 and 920; the project P-1.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from ledger.application import Ledger
from ledger.domain.roll import Caller
from ledger.interchange.csv_file import Fil
from ledger.interchange.importing import Imported, Options, Progress, import_files
from ledger.recording.store import FactLog

EKONOM: Final = Caller("a-1", "ekonom")

ORGANISATION: Final = "ansvar,namn,niva,overordnad,fran,till,teckenregel\n"
VERKSAMHET: Final = "kod,namn,fran,till\n"
KONTO: Final = "konto,namn,slag,fran,till\n"
PROJEKT: Final = "projekt,namn,ansvar,grupp,startar,slutar,status,statusdatum\n"
BUDGET: Final = (
    "typ,beslutsorgan,beslutsdatum,paragraf,diarienummer,ar,till_ar,period,fran_ansvar,till_ansvar,verksamhet,"
    "till_verksamhet,slag,konto,projekt,belopp,text\n"
)
UTFALL: Final = "bokforingsdatum,ansvar,verksamhet,konto,slag,projekt,motpart,belopp,text,serie,vernr,handelse\n"
PROGNOS: Final = "prognosdatum,ar,ansvar,slag,projekt,belopp,kommentar\n"
KOMMENTAR: Final = "ar,tom,rapport,rad,text\n"

FILES: Final = {
    "organisation.csv": ORGANISATION
    + """K,Kommunen,kommun,,2020-01-01,,nettokostnad
KS,Kommunstyrelsen,namnd,K,2020-01-01,,
KS-A,Stab A,stab,KS,2020-01-01,,
KS-B,Stab B,stab,KS,2020-01-01,,
KS-C,Stab C,stab,KS,2020-01-01,2023-12-31,
BUN,Barn- och ungdomsnämnden,namnd,K,2020-01-01,,
""",
    "verksamhet.csv": VERKSAMHET + "100,Nämnd,2020-01-01,\n920,Gemensamt,2020-01-01,\n",
    "konto.csv": KONTO
    + "5010,Löner,kostnad,2020-01-01,\n3110,Avgifter,intakt,2020-01-01,\n1930,Bank,balans,2020-01-01,\n",
    "projekt.csv": PROJEKT + "P-1,Skolan,KS-A,,2024-01-01,2025-12-31,pagaende,2024-01-01\n",
    "budget.csv": BUDGET
    + """budget,kommunfullmäktige,2023-11-28,12,KS-1,2024,,,,KS,,,netto,,,1000000,Ram 2024
budget,kommunfullmäktige,2023-11-28,12,KS-1,2025,,,,KS,,,netto,,,1100000,Plan 2025
internbudget,kommunstyrelsen,2023-12-12,5,KS-2,2024,,,KS,KS-A,,,netto,,,600000,Internbudget
investeringsram,kommunfullmäktige,2023-11-28,12,KS-1,2024,,,,KS-A,,,utgift,,P-1,500000,Ram
""",
    "utfall.csv": UTFALL
    + """2024-02-01,KS-A,920,5010,kostnad,,,1200.50,Hyra,A,1,
2024-02-01,,,1930,,,,-1200.50,,A,1,
2024-02-29,KS-A,920,5010,kostnad,,,500,,,,
2024-02-29,KS-A,920,3110,intakt,,,-100,,,,
""",
    "prognos.csv": PROGNOS + "2024-04-30,2024,KS-A,kostnad,,610000,Vakanser\n",
    "kommentar.csv": KOMMENTAR + "2024,12,driftsammandrag,KS-A,Något över\n",
}


def open_ledger(url: str) -> Ledger:
    """An empty ledger with a clock that ticks and counted salts."""
    ticks = itertools.count()
    start = datetime(2024, 6, 1, 12, tzinfo=UTC)
    log = FactLog.open(
        url, clock=lambda: start + timedelta(seconds=next(ticks)), salt=lambda: next(ticks).to_bytes(16, "big")
    )
    return Ledger(log)


def files(texts: dict[str, str | bytes]) -> list[Fil]:
    """Files by name and content."""
    return [Fil(name, data=text if isinstance(text, bytes) else text.encode()) for name, text in texts.items()]


def give(
    ledger: Ledger,
    given: Sequence[Fil] | dict[str, str] | dict[str, str | bytes],
    options: Options = Options(),  # noqa: B008 - frozen
    *,
    caller: Caller = EKONOM,
    progress: Progress | None = None,
) -> Imported:
    """Import files into a ledger."""
    ids = itertools.count(ledger.log.head().position)
    wanted = files(dict(given)) if isinstance(given, dict) else given
    return import_files(ledger, caller, wanted, options, new_id=lambda: f"fil-{next(ids)}", progress=progress)


def open_town(url: str) -> Ledger:
    """A ledger that holds the town."""
    ledger = open_ledger(url)
    give(ledger, FILES)
    return ledger
