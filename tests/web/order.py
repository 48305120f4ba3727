"""The delegation order of the example of Linköping, as far as its pages need it, and who acts by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

import httpx2 as httpx

from ledger import main
from ledger.domain.mandat import NameAttestant
from ledger.domain.roll import Caller
from ledger.identity.roller import Roll
from ledger.interchange.csv_file import Fil
from ledger.interchange.importing import import_files
from tests.identity import town as towns

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


class People:
    """One served ledger and the browsers, without script, of those who act in it."""

    def __init__(self, town: towns.Town) -> None:
        self._town = town
        self._known: dict[Caller, tuple[httpx.Client, str]] = {}

    def key(self, caller: Caller) -> str:
        """The key of a new session of somebody."""
        roll = Roll(caller.roll, caller.enheter)
        return self._town.identity.sessions.open(caller.actor, [roll], caller.funktioner)

    @property
    def address(self) -> str:
        """Where the ledger is served."""
        return self._town.address

    def get(self, caller: Caller, path: str) -> httpx.Response:
        """A page as somebody sees it."""
        return self._browser(caller)[0].get(path)

    def send(self, caller: Caller, path: str, form: Mapping[str, str]) -> httpx.Response:
        """A form that somebody sends."""
        browser, csrf = self._browser(caller)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return browser.post(path, content=urlencode({"csrf": csrf, **form}), headers=headers)

    def give(self, caller: Caller, name: str, body: dict[str, Any]) -> httpx.Response:
        """A command that somebody gives."""
        return self._browser(caller)[0].post(f"/api/v1/kommandon/{name}", json=body)

    def _browser(self, caller: Caller) -> tuple[httpx.Client, str]:
        if caller not in self._known:
            key, browser = self.key(caller), self._town.browser()
            browser.cookies.set("liggare", key)
            session = self._town.identity.sessions.find(key)
            assert session is not None
            self._known[caller] = browser, session.csrf
        return self._known[caller]

    def close(self) -> None:
        """Close every browser."""
        for browser, _ in self._known.values():
            browser.close()


@contextmanager
def people(opened: main.House) -> Iterator[People]:
    """The people of the order, over a ledger that it is given in."""
    give(opened)
    with towns.served(opened, "demo", per_minute=0) as town:
        found = People(town)
        try:
            yield found
        finally:
            found.close()
