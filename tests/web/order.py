"""The delegation order of the example of Linköping, as far as its pages need it, and who acts by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

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
#: Who reads reports and nothing else, and nobody at all.
LO: Final = Caller("a-908", "lasare")
NOBODY: Final = Caller("", "")

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


#: What Eva's cases move, where nothing else is said.
ROW: Final = {
    "rad-1-fran_ansvar": "KLF-GEM",
    "rad-1-till_ansvar": "KLF-EKON",
    "rad-1-verksamhet": "215",
    "rad-1-belopp": "400 000,00",
    "rad-1-text": "Förstärkning",
}
VOUCHER: Final = {
    "serie": "A",
    "vernr": "77",
    "bokforingsdatum": "2024-05-31",
    "rader": [
        {"belopp_ore": 100_00, "ansvar": "KLF-EKON", "verksamhet": "215", "konto": "5010", "slag": "kostnad"},
        {"belopp_ore": -100_00, "konto": "1930"},
    ],
}
MINUTES: Final = {
    "beslutsorgan": "kommunfullmäktige",
    "beslutsdatum": "2024-04-23",
    "paragraf": "99",
    "rorelser": [{"belopp_ore": 100_00, "slag": "netto", "ar": 2024, "till_ansvar": "KS", "text": "Höjd ram"}],
}
COMMENTS: Final = "ar,tom,rapport,rad,text\n2024,12,driftsammandrag,KLF-HR,Enligt plan\n"


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

    @property
    def today(self) -> str:
        """The day on which they act."""
        return self._town.opened.ledger.look(lambda _books, today: today).isoformat()

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

    def bring(self, caller: Caller, file: str) -> str:
        """The address of a file that somebody has brought."""
        browser, csrf = self._browser(caller)
        files = [("filer", ("kommentar.csv", file.encode()))]
        return browser.post("/import", data={"csrf": csrf}, files=files).headers["location"]

    def make_key(self, caller: Caller) -> str:
        """The name of a key for a machine that somebody makes."""
        body = {"namn": "Ekonomisystemet", "roll": "lasare", "enheter": [], "skriver": False, "dagar": 90}
        name: str = self._browser(caller)[0].post("/api/v1/token", json=body).json()["id"]
        return name

    def propose(self, name: str, gor: str = "foresla", **otherwise: str) -> None:
        """A case of one row that Eva writes: proposed, or kept as a draft."""
        form = {"ur": "forslag", "version": "0", "arende": name, "motivering": "Förstärkning", "ar": "2024", **ROW}
        sent = self.send(EVA, "/registrera/omfordelning", {**form, **otherwise, "gor": gor})
        assert sent.status_code == httpx.codes.SEE_OTHER, sent.text

    def step(self, caller: Caller, name: str, gor: str, **fields: str) -> None:
        """A step in a case, of the content that its page shows."""
        path = f"/arenden/{quote(name)}"
        seal = dict(re.findall(r'name="(version|digest)" value="([^"]*)"', self.get(caller, path).text))
        sent = self.send(caller, path, {**seal, **fields, "gor": gor})
        assert sent.status_code == httpx.codes.SEE_OTHER, sent.text

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


def work(people: People) -> dict[str, tuple[Caller, str]]:
    """Every page that is there when people have worked by the order, and one who sees it."""
    people.propose("KS 2026-901", "utkast")
    people.propose("KS 2026-902")
    people.propose("KS 2026-903")
    people.step(CARL, "KS 2026-903", "granska")
    people.propose("KS 2026-904")
    people.step(CARL, "KS 2026-904", "aterlamna", motivering="Bara hälften, tack.")
    people.propose("KS 2026-905")
    people.step(CARL, "KS 2026-905", "granska")
    people.step(BIRGIT, "KS 2026-905", "besluta", beslutsorgan="bitr. kommundirektör", beslutsdatum=people.today)
    waiting = people.give(EVA, "decide_ramjustering", MINUTES).json()["forsta"]
    assert people.give(EVA, "post_verifikation", VOUCHER).is_success
    assert people.give(EVA, "begin_closing", {"period": "2024-04", "ansvar": "KS-KLF"}).is_success
    closed = {"period": "2024-03", "motivering": "Budgeten är en klump", "ansvar": "KS-KLF"}
    assert people.give(EVA, "begin_closing", {"period": "2024-03", "ansvar": "KS-KLF"}).is_success
    assert people.give(EVA, "close_period", closed).is_success
    return {
        "ärende utkast": (EVA, "/arenden/KS 2026-901"),
        "ärende att granska": (CARL, "/arenden/KS 2026-902"),
        "ärende att besluta": (BIRGIT, "/arenden/KS 2026-903"),
        "ärende återlämnat": (EVA, "/arenden/KS 2026-904"),
        "ärende beslutat": (EVA, "/arenden/KS 2026-905"),
        "ärende ändras": (EVA, "/registrera/omfordelning?arende=KS 2026-904"),
        "förslag": (EVA, "/registrera/omfordelning"),
        "ur protokoll": (EVA, "/registrera/ramjustering?ur=protokoll"),
        "att göra för en ekonom": (EVA, "/att-gora"),
        "att göra för en annan ekonom": (EBBA, "/att-gora"),
        "att göra för en controller": (CARL, "/att-gora"),
        "registrering att bekräfta": (EBBA, f"/registreringar/{waiting}"),
        "registrering som är ens egen": (EVA, f"/registreringar/{waiting}"),
        "månad som stängs": (EVA, "/perioder/2024-04"),
        "månad som är stängd": (EVA, "/perioder/2024-03"),
        "verifikation": (EVA, "/verifikationer/2024/A/77"),
        "verifikation som inte finns": (EVA, "/verifikationer/2024/A/78"),
        "grundbok": (EVA, "/rapporter/grundbok?ar=2024"),
        "avvisade": (CARL, "/rapporter/avvisade"),
        "mandat": (CARL, "/rapporter/mandat"),
        "nycklar": (ADRIAN, "/nycklar"),
        "nyckel": (ADRIAN, f"/nycklar/{people.make_key(ADRIAN)}"),
        "filer att rätta": (EVA, people.bring(EVA, COMMENTS.replace("2024,12", "2024,13"))),
        "filer att registrera": (EBBA, people.bring(EBBA, COMMENTS)),
        "får inte": (LO, "/import"),
        "finns inte": (LO, "/finns-inte"),
        "läsare": (LO, "/"),
        "logga in": (NOBODY, "/logga-in"),
        "utloggad": (NOBODY, "/utloggad"),
    }
