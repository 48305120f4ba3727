"""The story that the pages are for, through a real server on both backends, with script and without.

Eva proposes an omfördelning by keyboard and by pasting, Amina reviews it, Bo decides it; the report changes and its old
answer stays. Rut follows a figure to its fact and proof, and plays the log back. Eva brings files, and takes the report
with her as a workbook and on paper. Each of them is a browser that signs in, and that no page may disappoint (`hear`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

import pypdf
import pytest
import python_calamine
from playwright.sync_api import Browser, Locator, Page, expect

from ledger import main
from ledger.domain.mandat import NameAttestant
from ledger.interchange.csv_file import Fil
from ledger.interchange.importing import import_files
from ledger.web.signing_in import EXAMPLES
from tests.conftest import Databases
from tests.web import houses
from tests.web.browsing import browsing

NAMES: Final = {one.roll: one.namn for one in EXAMPLES}

MANDAT: Final = """\
funktion,person,far,niva,ansvar,beloppsgrans,fran,till,beslutsorgan,beslutsdatum,paragraf,delegationspunkt,anmals
,{bo},omfordelning,stab,KS-KLF,5 000 000,2024-01-01,,kommunstyrelsen,2023-12-12,412,B 3.1,ja
"""

REPORT: Final = "/rapporter/driftsammandrag?ar=2024&kolumner=alla&enhet=tkr"

#: What Eva moves to Ekonomistaben, row by row: one is typed, the others pasted where there is script for it.
ROWS: Final = (
    ("KLF-GEM", "KLF-EKON", "215", "300 000", "Redovisning"),
    ("KLF-GEM", "KLF-EKON", "215", "150 000,00", "Utbildning"),
    ("KLF-HR", "KLF-EKON", "215", "50 000", "Rekrytering"),
)
CELLS: Final = ("Från", "Till", "Verksamhet", "Belopp i kronor", "Text")


@dataclass(frozen=True)
class Served:
    """A server, and how its browsers are: with script or without."""

    chromium: Browser
    address: str
    scripted: bool
    arende: str

    @contextmanager
    def as_somebody(self, roll: str, path: str) -> Iterator[Page]:
        """The page at an address as the person of a role sees it, who chooses themselves by keyboard to come there."""
        with browsing(self.chromium, self.address, java_script_enabled=self.scripted) as context:
            if self.scripted:
                context.grant_permissions(["clipboard-read", "clipboard-write"])
            page = context.new_page()
            page.goto(path)
            expect(page.get_by_role("heading", level=1)).to_have_text("Välj vem du är")
            tab_to(page, page.get_by_role("button", name=f"Bli {NAMES[roll]}"))
            page.keyboard.press("Enter")
            expect(page.get_by_text(f"{NAMES[roll]} (demo)")).to_be_visible()
            yield page


#: By which backend the server keeps its ledger, and whether browsers have script: without it the backends are alike.
WAYS: Final = {"sqlite": ("sqlite", True), "sqlite-without-script": ("sqlite", False), "postgres": ("postgres", True)}


@pytest.fixture(scope="module")
def address_of(databases: Databases) -> Iterator[Callable[[str], str]]:
    """Where a backend's ledger is served: Linköping's example, bound by mandates of the demonstration's people."""
    with ExitStack() as servers:

        @cache
        def served(backend: str) -> str:
            url = databases.new(backend)
            with houses.linkoping(url) as opened:
                give(opened)
            return servers.enter_context(houses.process(url, auth="demo"))

        yield served


@pytest.fixture(params=WAYS)
def served(request: pytest.FixtureRequest, chromium: Browser, address_of: Callable[[str], str]) -> Served:
    backend, scripted = WAYS[request.param]
    return Served(chromium, address_of(backend), scripted, f"KS 2026-{61 if scripted else 62}")


def give(opened: main.House) -> None:
    """Let Amina review and Bo decide: the first mandate ends öppet läge."""
    amina, bo = (opened.katalog.actor_for(f"{NAMES[roll]} (demo)") for roll in ("attestant", "beslutsfattare"))
    today = opened.ledger.look(lambda _books, today: today)
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    granskar = NameAttestant("KLF-EKON", today.year, "granskning", amina, first, last)
    opened.ledger.execute(granskar, opened.caller, main.new_id())
    files = [Fil("mandat.csv", data=MANDAT.format(bo=bo).encode())]
    import_files(opened.ledger, opened.caller, files, new_id=main.new_id)


def test_an_omfordelning_goes_from_the_keyboard_through_three_people_to_the_report(served: Served) -> None:
    with served.as_somebody("ekonom", REPORT) as page:
        before, permanent = budget(page), permanent_href(page)
        propose(served, page)
    with served.as_somebody("attestant", "/") as page:
        page.get_by_role("link", name=re.compile("^Att göra 1")).click()
        page.get_by_role("link", name=title(served)).click()
        page.get_by_role("button", name="Granska och attestera").press("Enter")
        expect(page.get_by_text("Din granskningsattest är registrerad.")).to_be_visible()
        expect(page.get_by_role("button", name="Besluta")).to_have_count(0)
    with served.as_somebody("beslutsfattare", "/att-gora") as page:
        page.get_by_role("link", name=title(served)).click()
        page.get_by_role("button", name="Besluta").press("Enter")
        expect(page.get_by_text("Beslutet är registrerat och räknas nu i rapporterna.")).to_be_visible()
        page.goto(REPORT)
        assert budget(page) == before + 500
        page.goto(permanent)
        assert budget(page) == before


def test_a_figure_leads_to_its_facts_and_their_proof_and_the_log_is_played_back(served: Served) -> None:
    with served.as_somebody("revisor", REPORT) as page:
        assert budget(page, "Summa nettokostnader") == 654_000
        page.get_by_label("Beslutat t.o.m.", exact=True).fill("2024-01-31")
        page.get_by_role("button", name="Visa").press("Enter")
        expect(page.get_by_text("Du ser det som är daterat till och med 31 januari 2024.")).to_be_visible()
        assert budget(page, "Summa nettokostnader") == 671_800

        figure(page, "Summa nettokostnader").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Budget 2024 för Summa nettokostnader"))
        page.get_by_role("link", name="bevis @").first.click()
        expect(page.get_by_role("heading", name="Ingår i liggaren: bevisat")).to_be_visible()
        expect(page.get_by_role("heading", name="Rått faktum")).to_be_visible()

        page.goto("/provning")
        page.get_by_label("Till och med").fill(main.today().isoformat())
        page.get_by_role("button", name="Spela upp").press("Enter")
        expect(page.get_by_text("Allt är lika det som är lagrat.")).to_be_visible()


def test_faulty_files_are_told_by_cell_and_right_ones_recorded(served: Served, tmp_path: Path) -> None:
    right, wrong = tmp_path / "kommentar.csv", tmp_path / "prognos.csv"
    said = f"Enligt plan, {served.arende}"
    right.write_text(f'ar,tom,rapport,rad,text\n2024,12,driftsammandrag,KLF-HR,"{said}"\n', encoding="utf-8")
    wrong.write_text(
        "prognosdatum,ar,ansvar,slag,projekt,belopp,kommentar\n2024-10-31,2024,KLF-X,netto,,1OO,\n", encoding="utf-8"
    )
    with served.as_somebody("ekonom", "/import") as page:
        bring(page, right, wrong)
        expect(page.get_by_role("heading", level=1)).to_have_text("2 saker att rätta")
        expect(page.get_by_role("row", name="1OO")).to_contain_text("belopp")
        page.get_by_role("button", name="Välj filer igen").press("Enter")
        bring(page, right)
        expect(page.get_by_role("heading", name="Inget fel hittades")).to_be_visible()
        page.get_by_role("button", name="Registrera 1 fakta").press("Enter")
        expect(page.get_by_role("heading", name="Inläsningen är klar")).to_be_visible()
        page.goto(REPORT)
        expect(page.locator(".analyser")).to_contain_text(said)


def test_a_report_is_taken_home_as_a_workbook_and_on_paper(served: Served) -> None:
    with served.as_somebody("lasare", REPORT) as page:
        shown = budget(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="Excel", exact=True).first.click()
        workbook = python_calamine.load_workbook(io.BytesIO(download.value.path().read_bytes()))
        rows = workbook.get_sheet_by_index(0).to_python()
        heading = next(row for row in rows if "Budget 2024" in row)
        (row,) = (row for row in rows if "Ekonomistaben" in row)
        assert row[heading.index("Budget 2024")] == shown * 1000

        paper = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        text = " ".join(sheet.extract_text() for sheet in paper.pages)
        assert [round(float(side)) for side in paper.pages[0].mediabox[2:]] == [595, 842]
        assert "Ekonomistaben" in text
        assert "Samma svar för alltid: /rapporter/driftsammandrag?" in text
        assert "Logga ut" not in text


# ---------------------------------------------------------------- what people do


def propose(served: Served, page: Page) -> None:
    """Fill in the form and send it, with the keyboard alone."""
    page.goto("/registrera/omfordelning")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    for label, value in (("Ärende", served.arende), ("Motivering", title(served)), ("År från och med", "2024")):
        type_into(page, page.get_by_label(label, exact=True), value)
    for number in range(1, 2 if served.scripted else len(ROWS) + 1):
        for label, value in zip(CELLS, ROWS[number - 1], strict=True):
            type_into(page, page.get_by_label(f"{label}, rad {number}"), value)
    if served.scripted:
        page.evaluate("text => navigator.clipboard.writeText(text)", "\r\n".join("\t".join(row) for row in ROWS[1:]))
        tab_to(page, page.get_by_label("Från, rad 2"))
        page.keyboard.press("Control+v")
        expect(page.locator("#summa")).to_have_text("500\u00a0000,00")
    else:
        tab_to(page, page.get_by_role("button", name="Visa vad som ändras"))
        page.keyboard.press("Enter")
    effect = page.locator("#verkan")
    expect(effect.get_by_role("row", name="Ekonomistaben").first).to_contain_text("+500")
    expect(effect).to_contain_text("enligt mandat")
    tab_to(page, page.get_by_role("button", name="Skicka för beslut"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title(served))
    expect(page.get_by_text("Ärendet är föreslaget.")).to_be_visible()


def title(served: Served) -> str:
    """What Eva calls her case."""
    return f"Förstärkning enligt {served.arende}"


def bring(page: Page, *files: Path) -> None:
    """Files are chosen and tried."""
    page.get_by_label("Filer", exact=True).set_input_files(files)
    page.get_by_role("button", name="Granska filerna").press("Enter")


def type_into(page: Page, field: Locator, text: str) -> None:
    """Come to a field by the Tab key and type."""
    tab_to(page, field)
    page.keyboard.type(text)


def tab_to(page: Page, target: Locator, most: int = 80) -> None:
    """Press Tab until something has focus, which must show, as it must all the way there."""
    for pressed in count(1):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            break
        assert pressed < most, f"{target} is not reached by Tab"
    assert target.evaluate("one => one.matches(':focus-visible') && getComputedStyle(one).outlineStyle !== 'none'")


def figure(page: Page, row: str = "Ekonomistaben") -> Locator:
    """A row's budget in the report, named as a screen reader says it."""
    return page.get_by_role("link", name=re.compile(rf"^{row}, budget 2024, [0-9\s]+ tusen kronor$"))


def budget(page: Page, row: str = "Ekonomistaben") -> int:
    """That figure, in thousands of kronor."""
    return int(re.sub(r"\s", "", figure(page, row).inner_text()))


def permanent_href(page: Page) -> str:
    """The address that gives the same answer for ever."""
    found = page.get_by_role("link", name="Samma svar för alltid").get_attribute("href")
    assert found
    return found
