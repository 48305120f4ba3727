"""Many steps at once: what is ticked is shown exactly, each step is taken for itself, and says what became of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, expect

from ledger import main
from ledger.domain import arende
from ledger.domain.events import OmfordelningDecided, RamjusteringDecided
from ledger.domain.events_behorighet import ArendeReviewed
from ledger.domain.refusal import Kind
from ledger.domain.roll import Caller
from ledger.web import attempts, marks
from ledger.web.rules import every_rule
from ledger.web.schemas import BY_NAME
from tests.conftest import Databases
from tests.web import houses, order
from tests.web.browsing import LOOKS, TURNING, browsing, faults_in_every_look
from tests.web.order import BIRGIT, CARL, EBBA, EVA, MINUTES, ROW, STAFFAN, People

#: Wide by day, and narrow by night.
BOTH = (LOOKS[0], (360, "dark", TURNING))

Form = dict[str, str]


@pytest.fixture(scope="module")
def house(databases: Databases) -> Iterator[main.House]:
    with houses.linkoping(databases.new("sqlite")) as opened:
        yield opened


@pytest.fixture(scope="module")
def by(house: main.House) -> Iterator[People]:
    with order.people(house) as found:
        yield found


@pytest.fixture
def head(house: main.House) -> int:
    """The position before the test."""
    return house.log.head().position


def boxes(page: str) -> Form:
    """What a page has to tick, or has ticked."""
    return {name: html.unescape(value) for name, value in re.findall(r'name="(vald-\d+)" value="([^"]+)"', page)}


def of(page: str, *names: str) -> Form:
    """The boxes of some cases."""
    return {name: value for name, value in boxes(page).items() if value.rpartition(" ")[2] in names}


def hidden(page: str) -> Form:
    """Every field of the form of a page of what is ticked, as a browser sends it."""
    fields = re.findall(r'<input[^>]*? name="([^"]+)" value="([^"]*)"', page.partition("<main")[2])
    return {html.unescape(name): html.unescape(value) for name, value in fields if name != "csrf"}


def review(by: People, caller: Caller, *names: str) -> httpx.Response:
    """Some cases of the inbox ticked, and gone through."""
    ticked = of(by.get(caller, "/att-gora").text, *names)
    assert len(ticked) == len(names)
    return by.send(caller, "/att-gora", {**ticked, "gor": "ga-igenom"})


def perform(by: People, caller: Caller, form: Form) -> httpx.Response:
    return by.send(caller, "/att-gora", {**form, "gor": "genomfor"})


def outcomes(answer: httpx.Response) -> dict[str, str]:
    """What became of each case, by name."""
    rows = re.findall(r"<tr><th.*?· ([^<]+)</span></th>.*?<span class=\"lapp[^>]*>([^<]+)</span>", answer.text)
    return {html.unescape(name): said for name, said in rows}


def recorded(house: main.House, head: int, kind: type[Any]) -> list[Any]:
    """What has been recorded of a kind since, with its envelope."""
    return [one for one in house.log.read(head, limit=1000) if isinstance(one.fact, kind)]


def seal(house: main.House, name: str) -> str:
    """What is ticked to decide a case as it stands."""
    drafted = house.ledger.look(lambda books, _today: books.of(arende.State).cases[name].drafted)
    return marks.Mark("besluta", name, drafted.version, drafted.digest).value


def test_all_that_is_ticked_is_shown_exactly_and_then_decided_one_by_one(
    house: main.House, by: People, head: int
) -> None:
    names = ["A-1", "A-2", "A-3"]
    for name, belopp in zip(names, ("100 000,00", "200 000", "300 000,50"), strict=True):
        by.propose(name, **{"rad-1-belopp": belopp})
    first = review(by, CARL, *names)
    assert "Granska 3" in first.text
    assert outcomes(perform(by, CARL, hidden(first.text))) == dict.fromkeys(names, "✓ granskat")

    page = review(by, BIRGIT, *names)
    assert (page.status_code, "Besluta 3" in page.text) == (200, True)
    for shown in ("600\u00a0000,50", "300\u00a0000,50", "bitr. kommundirektör", "Kommungemensamt", seal(house, "A-3")):
        assert shown in html.unescape(page.text), shown
    before = house.log.head().position
    form = {**hidden(page.text), f"paragraf {seal(house, 'A-2')}": "17"}
    done = perform(by, BIRGIT, form)

    assert (done.status_code, "Alla 3 steg är tagna" in done.text) == (200, True)
    assert outcomes(done) == dict.fromkeys(names, "✓ beslutat")
    decided = recorded(house, before, OmfordelningDecided)
    assert [one.fact.rorelser[0].belopp_ore for one in decided] == [100_000_00, 200_000_00, 300_000_50]
    assert [one.fact.paragraf for one in decided] == [None, "17", None]
    assert len({one.command_id for one in decided}) == len(names)
    assert len(recorded(house, head, ArendeReviewed)) == len(names)
    assert not of(by.get(BIRGIT, "/att-gora").text, *names)


def test_one_that_is_refused_does_not_hinder_the_others(house: main.House, by: People) -> None:
    names = ["B-1", "B-2", "B-3"]
    for name in names:
        by.propose(name)
        by.step(CARL, name, "granska")
    page = review(by, BIRGIT, *names)
    by.propose("B-2", version="1", **{"rad-1-belopp": "999"})
    at = house.log.head().position
    done = perform(by, BIRGIT, hidden(page.text))

    assert outcomes(done) == {"B-1": "✓ beslutat", "B-2": "✕ nekat", "B-3": "✓ beslutat"}
    assert "2 av 3 steg är tagna" in done.text
    assert re.search(r"B-2.*?nu gäller version\s2", done.text, re.DOTALL)
    assert len(recorded(house, at, OmfordelningDecided)) == 2
    again = by.send(BIRGIT, "/att-gora", {**boxes(page.text), "gor": "ga-igenom"})
    assert "Inget av det markerade går att göra" in again.text
    assert again.status_code == 409


def test_a_form_that_is_sent_again_is_answered_the_same_and_records_nothing(house: main.House, by: People) -> None:
    for name in ("C-1", "C-2"):
        by.propose(name)
        by.step(CARL, name, "granska")
    form = hidden(review(by, BIRGIT, "C-1", "C-2").text)
    first, position = perform(by, BIRGIT, form), house.log.head().position
    second = perform(by, BIRGIT, form)

    assert outcomes(first) == outcomes(second) == {"C-1": "✓ beslutat", "C-2": "✓ beslutat"}
    assert re.findall(r"/fakta/\d+", first.text) == re.findall(r"/fakta/\d+", second.text)
    assert house.log.head().position == position


def test_ones_own_proposal_is_not_to_be_ticked_and_a_forged_tick_is_refused_and_noted(
    house: main.House, by: People
) -> None:
    by.propose("D-1")
    assert not of(by.get(EVA, "/att-gora").text, "D-1")
    forged = {"vald-1": seal(house, "D-1"), "beslutsdatum": by.today}
    page = by.send(EVA, "/att-gora", {**forged, "gor": "ga-igenom"})
    done = perform(by, EVA, {**forged, "anrop": "d", f"organ {seal(house, 'D-1')}": "bitr. kommundirektör"})
    inbox = by.get(EVA, "/att-gora").text

    assert (page.status_code, "Du har skrivit eller föreslagit ärendet D-1" in page.text) == (409, True)
    assert outcomes(done) == {"D-1": "✕ nekat"}
    attempt = inbox.partition("Dina senaste nekade försök")[2]
    assert "någon annan granskar och beslutar" in attempt
    assert 'href="/fel/proposal-is-ones-own"' in attempt
    assert "Dina senaste nekade försök" not in by.get(STAFFAN, "/att-gora").text


def test_registrations_are_confirmed_by_ticks_by_another_person(house: main.House, by: People, head: int) -> None:
    for number in (1, 2):
        body = {**MINUTES, "paragraf": f"7{number}"}
        assert by.give(EVA, "decide_ramjustering", body).status_code == 201
    own, others = by.get(EVA, "/att-gora").text, by.get(EBBA, "/att-gora").text
    ticked = {name: value for name, value in boxes(others).items() if value.startswith("bekrafta")}
    page = by.send(EBBA, "/att-gora", {**ticked, "gor": "ga-igenom"})
    form = hidden(page.text)
    forged = perform(by, EVA, form)
    done = perform(by, EBBA, {**form, "anrop": "annan"})

    assert "bekrafta" not in str(boxes(own))
    assert ("Bekräfta 2" in page.text, "§ 71" in others) == (True, True)
    assert forged.text.count("✕ nekat") == 2
    assert done.text.count("✓ bekräftat") == 2
    assert {one.actor for one in recorded(house, head, RamjusteringDecided)} == {EBBA.actor}


def test_everything_is_ticked_by_an_address_but_not_what_could_not_be_decided(by: People) -> None:
    by.propose("E-1")
    carry = {"typ": "internbudget", "rorelser": [
        {"belopp_ore": 10**14, "slag": "netto", "ar": 2024, "fran_ansvar": "KS", "till_ansvar": "KLF-EKON"}
    ]}  # fmt: skip
    assert by.give(EVA, "draft_arende", {"arende": "E-2", **carry}).status_code == 201
    by.step(EVA, "E-2", "foresla")
    plain, whole = by.get(CARL, "/att-gora").text, by.get(CARL, "/att-gora?markera=alla").text

    assert ("✕ hindrar" in plain, of(plain, "E-2")) == (True, {})
    assert " checked>" not in plain
    assert whole.count(" checked>") == len(boxes(whole)) >= 1
    by.step(EVA, "E-1", "aterkalla")
    by.step(EVA, "E-2", "aterkalla")


def test_a_day_that_is_none_is_said_and_nothing_is_decided(house: main.House, by: People) -> None:
    by.propose("F-1")
    by.step(CARL, "F-1", "granska")
    form = hidden(review(by, BIRGIT, "F-1").text)
    at = house.log.head().position
    answer = perform(by, BIRGIT, {**form, f"paragraf {seal(house, 'F-1')}": "5 <b>", "beslutsdatum": "i går"})

    assert answer.status_code == 422
    assert re.search(r'id="beslutsdatum"[^>]*value="i går"[^>]*aria-invalid="true"', answer.text)
    assert 'value="5 &lt;b&gt;"' in answer.text
    assert house.log.head().position == at
    early = perform(by, BIRGIT, {**hidden(answer.text), "beslutsdatum": "2024-01-01"})
    assert outcomes(early) == {"F-1": "✕ nekat"}
    assert "före" in early.text


def test_forms_that_no_page_sends_are_refused(by: People) -> None:
    many = {f"vald-{n}": f"bekrafta @{n + 1}" for n in range(marks.MOST + 1)}
    one = {"vald-1": "bekrafta @1"}

    def sent(form: Form) -> int:
        return by.send(CARL, "/att-gora", form).status_code

    nothing = by.send(CARL, "/att-gora", {"gor": "ga-igenom"})
    assert (nothing.status_code, "Ingenting är markerat" in nothing.text) == (422, True)
    assert sent({**many, "gor": "ga-igenom"}) == 422
    assert sent({"vald-1": "riv 1 x KS", "gor": "ga-igenom"}) == 400
    assert sent({**one, "gor": "riv"}) == 400
    assert sent({**one, "gor": "genomfor", "anrop": "a/b"}) == 400
    unknown = {"vald-1": "bekrafta @1", "vald-2": f"granska 1 {'0' * 64} finns <i> inte", "vald-3": "bekrafta @999999"}
    page = by.send(CARL, "/att-gora", {**unknown, "gor": "ga-igenom"})
    done = perform(by, CARL, {**unknown, "anrop": "x"})
    assert (page.status_code, page.text.partition('<ul class="liten">')[2].partition("</ul>")[0].count("<li>")) == (
        409,
        3,
    )
    assert (done.status_code, done.text.count("✕ nekat")) == (200, 3)
    assert "finns &lt;i&gt; inte" in page.text
    assert "finns &lt;i&gt; inte" in done.text


def test_what_waits_comes_in_pages(by: People, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("G-1", "G-2", "G-3"):
        by.propose(name)
    monkeypatch.setattr(marks, "MOST", 2)
    pages = [by.get(CARL, f"/att-gora?sida={page}").text for page in (1, 2, 3)]
    shown = [boxes(page) for page in pages]

    assert max(map(len, shown)) == 2
    assert len({value for found in shown for value in found.values()}) == sum(map(len, shown))
    assert ('href="/att-gora?sida=2"' in pages[0], 'href="/att-gora?markera=alla&amp;sida=2"' in pages[1]) == (
        True,
        True,
    )
    assert by.get(CARL, "/att-gora?sida=två").status_code == 422


# ---------------------------------------------------------------- refused attempts


def test_every_rule_that_is_noted_has_its_reason() -> None:
    noted = {
        rule.__name__
        for rule in every_rule()
        if rule.kind in (Kind.FORBIDDEN, Kind.CONFLICT) and rule.__module__.startswith("ledger.domain")
    }

    assert set(attempts.REASONS) == noted


def test_every_command_is_called_something_and_leads_to_a_page_that_is_there(by: People) -> None:
    told = [attempts.what_and_where(name) for name in (*(c.__name__ for c in BY_NAME.values()), attempts.IMPORT)]

    assert all(what[0].isupper() and " " in what for what, _href in told)
    assert {by.get(EVA, href).status_code for href in {href for _what, href in told if href}} == {200}


def test_the_newest_attempts_are_shown_and_those_of_others_are_not(by: People) -> None:
    ada = Caller("a-931", "controller")
    for number in range(7):
        body = {"beslutsorgan": "ks", "beslutsdatum": f"2024-01-0{number + 1}", "rorelser": MINUTES["rorelser"]}
        assert by.give(ada, "decide_ramjustering", body).status_code == 403
    shown = by.get(ada, "/att-gora").text.partition("Dina senaste nekade försök")[2]
    positions = [int(found) for found in re.findall(r'href="/fakta/(\d+)"', shown)]

    assert len(positions) == 5
    assert positions == sorted(positions, reverse=True)
    assert shown.count("Din roll får inte göra detta.") == 5
    assert shown.count('<a href="/registrera/ramjustering">') == 5


# ---------------------------------------------------------------- what a budget would replace


def test_a_proposal_that_opens_a_round_says_what_no_longer_counts(by: People) -> None:
    form = {"ur": "forslag", "version": "0", "arende": "H-1", "ar": "2024", "gor": "prova", **ROW}
    row = {
        "rad-1-fran_ansvar": "",
        "rad-1-till_ansvar": "KS",
        "rad-1-slag": "netto",
        "rad-1-belopp": "1 000",
        "rad-1-ar": "2024",
    }
    page = by.send(EVA, "/registrera/budget", {**form, **row, "beslutsdatum": by.today})

    assert "öppnar ny omgång för KS 2024" in page.text


# ---------------------------------------------------------------- in a browser


def test_boxes_are_ticked_by_keyboard_and_axe_finds_nothing_on_the_way(chromium: Browser, by: People) -> None:
    for name in ("I-1", "I-2"):
        by.propose(name)
        by.step(CARL, name, "granska")
    found = {}
    with browsing(chromium, by.address, bypass_csp=True, reduced_motion="reduce") as context:
        context.add_cookies([{"name": "liggare", "value": by.key(BIRGIT), "url": by.address}])
        page = context.new_page()
        page.goto("/att-gora")
        first, second = page.get_by_role("checkbox", name="I-1"), page.get_by_role("checkbox", name="I-2")
        first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        expect(second).to_be_focused()
        expect(first).to_be_checked()
        expect(page.get_by_text("1 av ")).to_be_visible()
        page.get_by_role("link", name="Avmarkera").click()
        expect(first).not_to_be_checked()
        found["att göra"] = faults_in_every_look(page, BOTH)
        first.check()
        second.check()
        page.get_by_role("button", name="Gå igenom markerade").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("2 steg att ta")
        found["genomgång"] = faults_in_every_look(page, BOTH)
        page.get_by_role("button", name="Besluta 2").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Alla 2 steg är tagna")
        found["klart"] = faults_in_every_look(page, BOTH)

    assert not any(found.values()), found
