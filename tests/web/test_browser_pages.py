"""Every page and every state of a page as axe sees it: by day and by night, wide and narrow, when it says no and empty.

The list of pages is held against the application's own list of addresses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.exc import OperationalError
from starlette.routing import Route

from ledger import main
from ledger.domain.roll import Caller
from ledger.interchange.csv_file import Fil
from ledger.interchange.importing import import_files
from ledger.web.app import create_app
from tests.conftest import Databases
from tests.web import houses, order
from tests.web.browsing import DRIFT, FARTHEST, NARROW, PAGES, faults_in_every_look, looking_at, moved, too_wide
from tests.web.order import NOBODY, People

#: Addresses that are no pages, or that are looked at elsewhere, and why.
NO_PAGES: Final = {
    "/registrera": "leads on to the first kind",
    "/handelser": "a stream that scripts listen to",
    "/fakta/{position}/bevis": "an answer for programs",
    "/logga-in/retur": "leads on; its refusals are drawn as every other",
    "/roll": "leads on in a demonstration; with a provider see tests/identity/test_browser.py",
}

#: Pages of a ledger in which nothing is recorded.
EMPTY: Final = (
    "/",
    "/rapporter/driftsammandrag",
    "/rapporter/behandlingshistorik",
    "/rapporter/grundbok",
    "/registrera/omfordelning",
    "/organisation",
    "/perioder",
    "/provning",
)

#: A municipality whose names go on, and whose amounts are the largest that there are.
LONG: Final = "Arbetsmarknadsutbildningssamordningsavdelningen"
UNITS: Final = (
    "ansvar,namn,niva,overordnad,fran,till,teckenregel\n"
    f"KOMMUNENSHUVUDKOD,{LONG} {LONG} i kommunen,kommun,,2020-01-01,,\n"
    f"NAMNDENSLANGAKOD,{LONG} och {LONG},namnd,KOMMUNENSHUVUDKOD,2020-01-01,,\n"
)
BUDGET: Final = (
    "typ,beslutsorgan,beslutsdatum,paragraf,diarienummer,ar,till_ar,period,fran_ansvar,till_ansvar,verksamhet,"
    "till_verksamhet,slag,konto,projekt,belopp,text\n"
    "budget,kommunfullmäktige,2023-11-28,1,D1,2024,,,,NAMNDENSLANGAKOD,,,netto,,,9999999999999.99,"
    f"{'Ram ' * 40}\n"
)
LONG_PAGES: Final = (
    "/?ar=2024",
    f"{DRIFT}&enhet=kr",
    "/rapporter/driftsammandrag/NAMNDENSLANGAKOD/budget?ar=2024",
    "/organisation",
    "/perioder?ar=2024",
    "/fakta/4",
    "/registrera/omfordelning",
    f"/fel/{'x' * 200}",
)


#: Everything of Linköping that is at hand, and how each report is asked for to be weighed.
FOLDERS: Final = ("2023-internbudget", "2024-bokslut", "2024-vss-mars")
ASKED: Final = ("ar=2023", "ar=2024", "ar=2023&kolumner=alla", "ar=2024&kolumner=alla")

#: What a page may weigh in bytes with all that it asks for, its charts apart.
HEAVIEST: Final = 150_000
PARTS: Final = ("app.css", "app.js", "live.js", "registrera.js")
CHART: Final = re.compile(r'<svg [^>]*class="diagram".*?</svg>', re.DOTALL)

#: Addresses that are answered no, and how the house is broken where it is.
NOS: Final = (
    (404, "/finns-inte"),
    (422, f"{DRIFT}&tom=13&kand=nu&beslutad=i%20g%C3%A5r"),
    (503, "/"),
    (500, "/"),
)
BROKEN: Final = {503: OperationalError("", {}, ConnectionError()), 500: RuntimeError()}


@pytest.fixture(scope="module")
def linkoping(databases: Databases, shared_data: Path) -> Iterator[str]:
    with houses.opened(databases.new("sqlite")) as opened:
        for folder in FOLDERS:
            houses.load(opened, shared_data / "linkoping" / folder)
        with houses.served(houses.edge_of(opened)) as address:
            yield address


@pytest.fixture(scope="module")
def people(databases: Databases) -> Iterator[People]:
    with houses.linkoping(databases.new("sqlite")) as opened, order.people(opened) as found:
        yield found


@pytest.fixture(scope="module")
def work(people: People) -> dict[str, tuple[Caller, str]]:
    return order.work(people)


@pytest.fixture(scope="module")
def looking(chromium: Browser, linkoping: str) -> Iterator[Page]:
    with looking_at(chromium, linkoping) as page:
        yield page


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_moves_or_overflows(looking: Page, name: str) -> None:
    looking.goto(PAGES[name])

    assert moved(looking) == []
    assert faults_in_every_look(looking) == {}


def test_axe_finds_nothing_where_people_work_by_an_order(
    chromium: Browser, people: People, work: dict[str, tuple[Caller, str]]
) -> None:
    found = {}
    with looking_at(chromium, people.address) as page:
        for number, (name, (caller, path)) in enumerate(work.items()):
            page.context.clear_cookies()
            if caller is not NOBODY:
                page.context.add_cookies([{"name": "liggare", "value": people.key(caller), "url": people.address}])
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            found[name] = faults_in_every_look(page, FARTHEST[number % 2])

    assert not {name: faults for name, faults in found.items() if faults}


def test_every_page_of_the_application_is_looked_at(databases: Databases, work: dict[str, tuple[Caller, str]]) -> None:
    with houses.opened(databases.new("sqlite")) as opened:
        pages = {route.path: route.path_regex for route in page_routes(opened)}
    looked_at = {urlsplit(path).path for path in (*PAGES.values(), *(path for _, path in work.values()))}
    found = {next((page for page, regex in pages.items() if regex.match(path)), None) for path in looked_at}

    assert set(pages) - found == set(NO_PAGES)


def test_no_page_weighs_more_than_150_kb_without_its_charts(linkoping: str) -> None:
    with houses.client(linkoping) as reader:
        reader.headers["accept"] = "text/html"
        reports = set(re.findall(r'href="(/rapporter/[a-z_]+)"', reader.get("/rapporter").text))
        paths = {*PAGES.values(), *(f"{report}?{asked}" for report in reports for asked in ASKED)}
        parts = {name: len(reader.get(f"/static/{name}").content) for name in PARTS}
        pages = {path: CHART.sub("", reader.get(path).text) for path in paths}
    weights = {
        path: len(page.encode()) + sum(parts[name] for name in PARTS if name in page) for path, page in pages.items()
    }

    assert len(reports) >= 20
    assert not {path: weight for path, weight in weights.items() if weight > HEAVIEST}


def test_an_empty_ledger_says_so_on_every_page(chromium: Browser, databases: Databases) -> None:
    found = {}
    with (
        houses.opened(databases.new("sqlite")) as opened,
        houses.served(houses.edge_of(opened)) as address,
        looking_at(chromium, address) as page,
    ):
        for number, path in enumerate(EMPTY):
            page.goto(path)
            found[path] = moved(page), faults_in_every_look(page, FARTHEST[number % 2])

    assert found == dict.fromkeys(EMPTY, ([], {}))


def test_the_longest_names_and_largest_amounts_have_their_place(chromium: Browser, databases: Databases) -> None:
    found = {}
    with houses.opened(databases.new("sqlite"), kommun=f"{LONG}s kommun") as opened:
        files = [Fil("organisation.csv", data=UNITS.encode()), Fil("budget.csv", data=BUDGET.encode())]
        import_files(opened.ledger, opened.caller, files, new_id=main.new_id)
        with (
            houses.served(houses.edge_of(opened)) as address,
            looking_at(chromium, address) as page,
        ):
            for path in LONG_PAGES:
                page.goto(path)
                found[path] = [(width, over) for width in (1440, 768, 360, *NARROW) if (over := too_wide(page, width))]

    assert not {path: wide for path, wide in found.items() if wide}


def test_every_no_is_a_page_in_its_place(chromium: Browser, databases: Databases) -> None:
    found = {}
    with (
        houses.opened(databases.new("sqlite")) as opened,
        houses.served(houses.edge_of(opened)) as address,
        pytest.MonkeyPatch.context() as patch,
        looking_at(chromium, address) as page,
    ):
        for number, (status, path) in enumerate(NOS):
            if status in BROKEN:
                patch.setattr(opened.log, "head", broken(BROKEN[status]))
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == status
            expect(page.get_by_role("alert")).to_be_visible()
            expect(page.get_by_role("link", name="Till första sidan")).to_be_visible()
            found[status] = faults_in_every_look(page, FARTHEST[number % 2])

    assert not any(found.values()), found


def page_routes(opened: main.House) -> Iterator[Route]:
    """Every address of the application that a browser may open."""
    for route in create_app(houses.edge_of(opened)).routes:
        included: Any = getattr(route, "original_router", None)
        for one in included.routes if included else [route]:
            if isinstance(one, Route) and "GET" in (one.methods or ()) and not one.path.startswith("/api/"):
                yield one


def broken(error: Exception) -> Callable[[], None]:
    """What breaks when it is called."""

    def fail() -> None:
        raise error

    return fail
