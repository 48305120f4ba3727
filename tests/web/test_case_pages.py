"""Cases on pages: from the form to a decision through three people, and every way in which a step is refused."""

from __future__ import annotations

import re

import httpx2 as httpx

from ledger import main
from ledger.domain.events import OmfordelningDecided, RamjusteringDecided
from ledger.domain.events_behorighet import ArendeDrafted
from ledger.domain.roll import Caller
from tests.web.order import BIRGIT, CARL, EBBA, EVA, STAFFAN, People
from tests.web.test_language import SWEDISH, English

ROW = {
    "rad-1-fran_ansvar": "KLF-GEM",
    "rad-1-till_ansvar": "KLF-EKON",
    "rad-1-verksamhet": "215",
    "rad-1-belopp": "400 000,00",
    "rad-1-text": "Förstärkning",
}
MINUTES = {"beslutsorgan": "kommunfullmäktige", "beslutsdatum": "2024-04-23", "paragraf": "99", "ar": "2024"}
RAISED = {"rad-1-till_ansvar": "KS", "rad-1-slag": "netto", "rad-1-belopp": "100 000", "rad-1-text": "Höjd ram"}


def send(
    by: People, gor: str, name: str, version: int = 0, belopp: str = "400 000,00", **fields: str
) -> httpx.Response:
    row = {**ROW, "rad-1-belopp": belopp}
    form = {"ur": "forslag", "version": str(version), "arende": name, "ar": "2024", **row, **fields, "gor": gor}
    return by.send(EVA, "/registrera/omfordelning", form)


def seal(by: People, name: str) -> dict[str, str]:
    """The version and content that the page of a case shows."""
    return dict(re.findall(r'name="(version|digest)" value="([^"]*)"', by.get(EVA, f"/arenden/{name}").text))


def step(by: People, caller: Caller, name: str, gor: str, **fields: str) -> httpx.Response:
    """A step of the version and content that the page of the case shows."""
    return by.send(caller, f"/arenden/{name}", {**seal(by, name), **fields, "gor": gor})


def offered(by: People, caller: Caller, name: str) -> set[str]:
    return set(re.findall(r'name="gor" value="([a-z]+)"', by.get(caller, f"/arenden/{name}").text))


def waits(by: People, caller: Caller) -> str:
    page = by.get(caller, "/att-gora").text
    return page.partition("Ärenden som väntar på dig")[2].partition("Mina utkast")[0]


def figure(by: People, at: str = "") -> int:
    """The budget of Ekonomistaben in öre, as known at a position."""
    answer = by.get(EVA, f"/api/v1/rapporter/driftsammandrag?ar=2024&kand={at}").json()
    (row,) = (one for one in answer["rader"] if one["nyckel"] == "KLF-EKON")
    budget: int = row["celler"]["budget_helar"]
    return budget


def test_a_case_goes_from_the_form_through_three_people_to_the_report(by: People, house: main.House) -> None:
    before, at = figure(by), house.log.head().position
    sent = send(by, "foresla", "KS 2026-1", motivering="Redovisning")
    assert (sent.status_code, sent.headers["location"]) == (303, "/arenden/KS%202026-1?klart=foresla")
    assert "Ärendet är föreslaget." in by.get(EVA, sent.headers["location"]).text
    assert figure(by) == before
    assert offered(by, EVA, "KS 2026-1") == {"aterlamna", "aterkalla", "jav"}
    assert (waits(by, EVA).count("KS 2026-1"), waits(by, BIRGIT).count("KS 2026-1")) == (0, 0)
    assert "Granska" in waits(by, CARL)

    assert step(by, CARL, "KS 2026-1", "granska").status_code == 303
    assert "besluta" in offered(by, BIRGIT, "KS 2026-1")
    assert "besluta" not in offered(by, STAFFAN, "KS 2026-1")
    page = by.get(BIRGIT, "/arenden/KS%202026-1").text
    assert "bitr. kommundirektör" in page
    assert "+400" in page
    organ, day = re.findall(r'name="beslutsorgan" value="([^"]*)"|name="beslutsdatum" value="([^"]*)"', page)
    decided = step(by, BIRGIT, "KS 2026-1", "besluta", beslutsorgan=organ[0], beslutsdatum=day[1])
    assert decided.status_code == 303
    assert isinstance(house.log.read(house.log.head().position - 2, limit=1)[0].fact, OmfordelningDecided)
    assert figure(by) == before + 400_000_00
    assert figure(by, f"@{at}") == before
    assert offered(by, BIRGIT, "KS 2026-1") == set()


def test_steps_that_are_refused_say_why_on_the_same_page(by: People) -> None:
    send(by, "foresla", "KS 2026-2")
    own = step(by, EVA, "KS 2026-2", "granska")
    assert (own.status_code, "Du har skrivit eller föreslagit ärendet" in own.text) == (403, True)
    silent = step(by, CARL, "KS 2026-2", "aterlamna", motivering=" ")
    assert (silent.status_code, "återlämnas med ett skäl" in silent.text) == (422, True)
    named = step(by, CARL, "KS 2026-2", "aterlamna", motivering="Gäller 19811218-9876")
    assert (named.status_code, "Gäller 19811218-9876</textarea>" in named.text) == (422, True)
    early = step(by, BIRGIT, "KS 2026-2", "besluta", beslutsorgan="bitr. kommundirektör", beslutsdatum="i går")
    assert (early.status_code, 'value="i går"' in early.text) == (422, False)
    shown = seal(by, "KS 2026-2")
    assert send(by, "foresla", "KS 2026-2", 1, "500 000").status_code == 303
    stale = by.send(CARL, "/arenden/KS%202026-2", {**shown, "gor": "granska"})
    assert (stale.status_code, "nu gäller version 2" in stale.text.replace("\n", " ")) == (409, True)
    unknown = by.send(CARL, "/arenden/KS%202026-2", {**shown, "gor": "riv"})
    assert unknown.status_code == 400
    assert by.send(CARL, "/arenden/KS%202026-2", {"gor": "granska"}).status_code == 400
    assert by.get(CARL, "/arenden/finns-inte").status_code == 404


def test_what_comes_back_is_changed_in_the_form_it_was_written_in(by: People) -> None:
    send(by, "foresla", "KS/3", sista_ar="2026", motivering="Tre år")
    assert step(by, CARL, "KS/3", "aterlamna", motivering="Bara ett år").status_code == 303
    assert "Ändra" in waits(by, EVA)
    assert "Bara ett år" in by.get(EVA, "/arenden/KS/3").text
    form = by.get(EVA, "/registrera/omfordelning?arende=KS/3").text
    for name, value in (
        ("sista_ar", "2026"),
        ("rad-1-belopp", "400\u00a0000,00"),
        ("version", "1"),
        ("arende", "KS/3"),
    ):
        assert f'name="{name}" value="{value}"' in form
    taken = send(by, "utkast", "KS/3")
    assert (taken.status_code, "finns redan, i version 1" in taken.text) == (422, True)
    assert send(by, "utkast", "KS/3", 1).headers["location"] == "/arenden/KS%2F3?klart=utkast"
    assert "foresla" in offered(by, EVA, "KS/3")
    assert step(by, EVA, "KS/3", "aterkalla").status_code == 303
    assert "kan inte ändras i det här formuläret" in by.get(EVA, "/registrera/omfordelning?arende=KS/3").text


def test_a_case_with_more_than_the_form_can_say_is_not_opened_in_it(by: People) -> None:
    row = {"slag": "netto", "fran_ansvar": "KLF-GEM", "till_ansvar": "KLF-HR", "verksamhet": "215"}
    rows = [{**row, "belopp_ore": 100, "ar": 2024}, {**row, "belopp_ore": 200, "ar": 2025}]
    body = {"arende": "KS 4", "typ": "omfordelning", "rorelser": rows}
    assert by.give(EVA, "draft_arende", body).status_code == 201
    form = by.get(EVA, "/registrera/omfordelning?arende=KS 4").text
    assert "kan inte ändras i det här formuläret" in form
    assert 'name="version" value="0"' in form


def test_whoever_is_javig_is_offered_nothing_more(by: People) -> None:
    send(by, "foresla", "KS 5")
    assert step(by, CARL, "KS 5", "jav", motivering="Släkt").status_code == 303
    assert offered(by, CARL, "KS 5") == set()
    assert "KS 5" not in waits(by, CARL)
    assert "Jäv har anmälts av a-902" in by.get(EVA, "/arenden/KS%205").text


def test_a_trial_says_which_mandate_applies_and_records_nothing(by: People, house: main.House) -> None:
    before = house.log.head().position
    tried = send(by, "prova", "KS 6")
    assert (tried.status_code, "+400" in tried.text, "bitr. kommundirektör" in tried.text) == (200, True, True)
    assert "Granskning: a-902 för KLF-EKON" in tried.text
    large = send(by, "prova", "KS 6", belopp="6 000 000")
    assert "Beslut: kommunstyrelsen" in large.text
    faulty = send(by, "foresla", "KS 6", belopp="1OO")
    assert (faulty.status_code, 'value="1OO"' in faulty.text) == (422, True)
    nameless = send(by, "utkast", " ")
    assert (nameless.status_code, "saknar beteckning" in nameless.text) == (422, True)
    assert house.log.head().position == before


def test_a_decision_from_minutes_counts_when_another_has_confirmed_it(by: People, house: main.House) -> None:
    form = {"ur": "protokoll", "gor": "registrera", **MINUTES, **RAISED}
    sent = by.send(EVA, "/registrera/ramjustering", form)
    position = house.log.head().position
    assert sent.headers["location"] == f"/registrera/ramjustering?ur=protokoll&registrerat={position}-{position}"
    assert "väntar på att en annan person bekräftar" in by.get(EVA, sent.headers["location"]).text
    address = f"/registreringar/{position}"
    assert 'value="bekrafta"' not in by.get(EVA, address).text
    own = by.send(EVA, address, {"gor": "bekrafta"})
    assert (own.status_code, "Du har själv gjort registreringen" in own.text) == (403, True)
    assert address in by.get(EBBA, "/att-gora").text
    silent = by.send(EBBA, address, {"gor": "ta-tillbaka", "motivering": ""})
    assert (silent.status_code, "med ett skäl" in silent.text) == (422, True)
    assert by.send(EBBA, address, {"gor": "bekrafta"}).status_code == 303
    kinds = {type(one.fact) for one in house.log.read(position, limit=10)}
    assert RamjusteringDecided in kinds
    assert "Avslutad" in by.get(EVA, address).text
    assert by.get(EVA, "/registreringar/1").status_code == 404


def test_a_decision_from_minutes_of_the_wrong_body_says_who_may(by: People) -> None:
    form = {"ur": "protokoll", "gor": "registrera", **MINUTES, **RAISED, "beslutsorgan": "stabsdirektör"}
    refused = by.send(EVA, "/registrera/ramjustering", form)
    assert (refused.status_code, "det får kommunfullmäktige" in refused.text) == (403, True)


def test_whoever_writes_no_cases_registers_from_minutes(by: People) -> None:
    page = by.get(BIRGIT, "/registrera/ramjustering").text
    assert ('name="ur" value="protokoll"' in page, "Skicka för beslut" in page) == (True, False)


def test_names_that_no_case_has_are_suggested(by: People, house: main.House) -> None:
    page = by.get(EVA, "/registrera/internbudget").text
    (suggested,) = re.findall(r'name="arende" value="([^"]+)"', page)
    taken = {one.fact.arende for one in house.log.read(0, limit=100_000) if isinstance(one.fact, ArendeDrafted)}
    assert suggested not in taken


def test_forecasts_are_registered_at_once_with_mandates_too(by: People) -> None:
    page = by.get(EVA, "/registrera/prognos").text
    assert 'value="registrera"' in page
    assert 'name="ur"' not in page


def test_in_english_only_what_people_wrote_is_swedish(by: People) -> None:
    send(by, "foresla", "KS 8", motivering="Höjd ram i två år", sista_ar="2025")
    step(by, CARL, "KS 8", "aterlamna", motivering="Bara ett år")
    reader = Caller("a-912", "ekonom")
    by.send(reader, "/sprak", {"vald": "en"})
    form = {"ur": "forslag", "version": "0", "arende": "KS 9", "ar": "2024", **ROW}
    pages = [
        by.get(reader, "/arenden/KS%208"),
        by.get(reader, "/registrera/omfordelning"),
        by.get(reader, "/registrera/ramjustering?ur=protokoll"),
        by.send(reader, "/registrera/omfordelning", {**form, "gor": "prova"}),
        by.send(
            reader, "/registrera/omfordelning", {**form, "sista_ar": "2023", "rad-1-belopp": "1OO", "gor": "prova"}
        ),
    ]
    assert [page.status_code for page in pages] == [200, 200, 200, 200, 422]
    for page in pages:
        english = English()
        english.feed(page.text)
        assert '<html lang="en">' in page.text
        assert not [text for text in english.said if SWEDISH.search(text.removesuffix("Linköpings kommun"))]


def test_the_start_page_says_what_waits(by: People) -> None:
    send(by, "foresla", "KS 7")
    page = by.get(CARL, "/").text
    assert re.search(r'class="antal">\d+<', page)
    assert "väntar på granskningsattest" in page
