"""The delegation order of the example of Linköping, as far as its pages need it, and who acts by it."""

from __future__ import annotations

from datetime import date
from typing import Final

from ledger import main
from ledger.domain.mandat import NameAttestant
from ledger.domain.roll import Caller
from ledger.interchange.csv_file import Fil
from ledger.interchange.importing import import_files

#: Who writes cases, who reviews, who decides, and who decides when it is much.
EVA: Final = Caller("a-901", "ekonom")
CARL: Final = Caller("a-902", "controller")
STAFFAN: Final = Caller("a-903", "attestant", (), ("stabsdirektör",))
BIRGIT: Final = Caller("a-904", "beslutsfattare", (), ("bitr. kommundirektör",))
#: Who confirms what Eva has registered from minutes.
EBBA: Final = Caller("a-905", "ekonom")
ADRIAN: Final = Caller("a-906", "admin")
ADA: Final = Caller("a-907", "admin")

MANDAT: Final = """\
funktion,person,far,niva,ansvar,beloppsgrans,fran,till,beslutsorgan,beslutsdatum,paragraf,delegationspunkt,anmals
bitr. kommundirektör,,omfordelning,stab,KS-KLF,5 000 000,2024-01-01,,kommunstyrelsen,2023-12-12,412,B 3.1,ja
stabsdirektör,,omfordelning,enhet,KLF-EKON,1 000 000,2024-01-01,,kommunstyrelsen,2023-12-12,412,B 3.2,ja
,a-901,registrera,,LKPG,,2024-01-01,,kommunfullmäktige,2023-11-28,301,,
,a-905,registrera,,LKPG,,2024-01-01,,kommunfullmäktige,2023-11-28,301,,
"""


def give(opened: main.House) -> None:
    """End öppet läge: the year's attestförteckning first, then the order, each by one person as it can be then."""
    today = opened.ledger.look(lambda _books, today: today)
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    granskar = NameAttestant("KLF-EKON", today.year, "granskning", CARL.actor, first, last)
    opened.ledger.execute(granskar, EVA, main.new_id())
    import_files(opened.ledger, EVA, [Fil("mandat.csv", data=MANDAT.encode())], new_id=main.new_id)
