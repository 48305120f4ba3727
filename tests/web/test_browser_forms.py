"""A person registers in the grid: by keyboard, by pasting, with and without script; and brings files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Databases
from tests.web import houses
from tests.web.browsing import browsing, faults, moved

PASTED = "KLF-GEM\tKLF-EKON\t215\t400 000,00\tFörstärkning\r\nKLF-GEM\tKLF-HR\t215\t100 000\tUtbildning\r\n"


@pytest.fixture(scope="module")
def address(databases: Databases) -> Iterator[str]:
    with houses.linkoping(databases.new("sqlite")) as opened, houses.served(houses.edge_of(opened)) as served:
        yield served


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    with browsing(chromium, address) as context:
        yield context.new_page()


def decided(page: Page, number: str) -> None:
    """The fields that all rows share."""
    for label, value in (
        ("Beslutsorgan", "kommunstyrelsen"),
        ("Beslutsdatum", "2024-09-02"),
        ("Paragraf", "7"),
        ("Diarienummer", number),
        ("År från och med", "2024"),
    ):
        page.get_by_label(label, exact=True).fill(value)


def one_row(page: Page) -> None:
    """A row of the grid, typed."""
    for label, value in (
        ("Från", "KLF-GEM"),
        ("Till", "KLF-EKON"),
        ("Verksamhet", "215"),
        ("Belopp i kronor", "7 000"),
    ):
        page.get_by_label(f"{label}, rad 1").fill(value)


def paste(page: Page, text: str) -> None:
    """What Ctrl V does with a table on the clipboard, in the cell that has focus."""
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        document.activeElement.dispatchEvent(
          new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }""",
        text,
    )


def test_pasted_rows_are_tried_while_one_looks_and_then_recorded(page: Page) -> None:
    page.goto("/registrera/omfordelning")
    decided(page, "KS 2024-801")
    page.get_by_label("Från, rad 1").focus()
    paste(page, PASTED)
    expect(page.locator("#summa")).to_have_text("500\u00a0000,00")
    expect(page.locator("#klistrat")).to_contain_text("2 rader")
    effect = page.locator("#verkan")
    expect(effect.locator("caption").first).to_contain_text("Driftsammandrag 2024")
    expect(effect.get_by_role("row", name="Ekonomistaben").first).to_contain_text("+400")
    assert faults(page) == []
    page.get_by_role("button", name="Registrera", exact=True).click()
    expect(page.get_by_text("Ett nytt faktum är registrerat")).to_be_visible()
    page.goto("/rapporter/driftsammandrag?ar=2024&kolumner=alla&enhet=tkr")
    expect(page.get_by_role("row", name="Ekonomistaben").first).to_be_visible()


def test_a_faulty_cell_is_told_where_it_stands_and_can_be_put_right(page: Page) -> None:
    page.goto("/registrera/omfordelning")
    decided(page, "KS 2024-802")
    page.get_by_label("Från, rad 1").focus()
    paste(page, PASTED.replace("KLF-HR", "KLF-HRR"))
    cell = page.get_by_label("Till, rad 2")
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#rad-2-till_ansvar-fel")).to_contain_text("KLF-HRR")
    assert faults(page) == []
    cell.fill("KLF-HR")
    page.get_by_label("Text, rad 2").focus()
    expect(cell).not_to_have_attribute("aria-invalid", "true")


def test_keys_fill_down_move_between_cells_and_try(page: Page) -> None:
    page.goto("/registrera/omfordelning")
    decided(page, "KS 2024-803")
    one_row(page)
    page.get_by_label("Från, rad 1").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Från, rad 2")).to_be_focused()
    page.keyboard.press("Control+d")
    expect(page.get_by_label("Från, rad 2")).to_have_value("KLF-GEM")
    page.get_by_label("Från, rad 2").fill("")
    page.keyboard.press("Alt+Enter")
    expect(page.locator("#verkan caption").first).to_be_visible()


def test_more_rows_are_made_for_what_is_pasted(page: Page) -> None:
    page.goto("/registrera/omfordelning")
    page.get_by_label("Från, rad 5").focus()
    paste(page, PASTED * 6)
    expect(page.get_by_label("Text, rad 16")).to_have_value("Utbildning")


def test_what_is_refused_has_focus_and_leads_to_its_field(page: Page) -> None:
    page.goto("/registrera/omfordelning")
    one_row(page)
    page.get_by_role("button", name="Registrera", exact=True).press("Enter")
    said = page.get_by_role("alert")
    expect(said).to_be_focused()
    expect(said).to_contain_text("Ingenting är registrerat.")
    assert faults(page) == []
    page.keyboard.press("Tab")
    expect(said.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid=true]").first).to_be_focused()
    decided(page, "KS 2024-804")
    page.get_by_role("button", name="Registrera", exact=True).press("Enter")
    expect(page.get_by_role("status").filter(has_text="Ett nytt faktum är registrerat")).to_be_focused()


@pytest.mark.parametrize("path", ["/rapporter/driftsammandrag?ar=2024", "/registrera/omfordelning"])
def test_all_of_a_page_is_reached_by_tab_in_the_order_it_is_read(page: Page, path: str) -> None:
    page.goto(path)
    there = page.evaluate(
        """() => {
          window.order = [];
          const all = [...document.querySelectorAll("*")];
          document.addEventListener("focusin", event => window.order.push(all.indexOf(event.target)));
          return all.map((one, n) => one.tabIndex >= 0 && one.type !== "hidden"
            && one.checkVisibility({visibilityProperty: true}) ? n : -1).filter(n => n >= 0);
        }"""
    )
    for _ in there:
        page.keyboard.press("Tab")
    assert page.evaluate("window.order") == there


def test_an_analysis_is_written_beside_its_row_and_the_earlier_one_is_kept(page: Page) -> None:
    for text in ("Vakanser under våren.", "Vakanser hela året."):
        page.goto("/rapporter/driftsammandrag?ar=2024")
        page.get_by_role("link", name="analys: Ekonomistaben").or_(
            page.get_by_role("link", name="analysen: Ekonomistaben")
        ).click()
        page.get_by_label("Analys och kommentar").fill(text)
        page.get_by_role("button", name="Spara").click()
        expect(page.locator(".analyser")).to_contain_text(text)
    page.get_by_role("link", name="analysen: Ekonomistaben").click()
    expect(page.get_by_text("Vakanser under våren.")).to_be_visible()
    assert faults(page) == []


def test_files_are_brought_refused_by_cell_and_recorded(page: Page, tmp_path: Path) -> None:
    right = tmp_path / "kommentar.csv"
    right.write_text("ar,tom,rapport,rad,text\n2024,12,driftsammandrag,KLF-HR,Enligt plan\n", encoding="utf-8")
    wrong = tmp_path / "prognos.csv"
    wrong.write_text(
        "prognosdatum,ar,ansvar,slag,projekt,belopp,kommentar\n2024-10-31,2024,KLF-X,netto,,1OO,\n", encoding="utf-8"
    )
    page.goto("/import")
    page.get_by_label("Filer", exact=True).set_input_files([right, wrong])
    page.get_by_role("button", name="Granska filerna").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("att rätta")
    expect(page.get_by_role("row", name="1OO")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Välj filer igen").click()
    page.get_by_label("Filer", exact=True).set_input_files([right])
    page.get_by_role("button", name="Granska filerna").click()
    expect(page.get_by_role("heading", name="Inget fel hittades")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Registrera 1 fakta").click()
    expect(page.get_by_role("heading", name="Inläsningen är klar")).to_be_visible()
    assert faults(page) == []


def test_what_is_new_is_said_and_the_view_stays(page: Page, address: str) -> None:
    page.goto("/rapporter/driftsammandrag?ar=2024")
    before = page.locator("table").first.inner_text()
    with houses.client(address) as other:
        body = {"ar": 2024, "tom": 12, "rapport": "driftsammandrag", "rad": "KLF-NAR", "text": "Ny"}
        assert other.post("/api/v1/kommandon/write_kommentar", json=body).status_code == 201
    expect(page.get_by_text("Ett nytt faktum har registrerats.")).to_be_visible()
    assert page.locator("table").first.inner_text() == before
    assert moved(page) == []
    assert faults(page) == []


def test_the_log_is_replayed_and_verified(page: Page) -> None:
    page.goto("/provning")
    page.get_by_label("Till och med").fill("@100")
    page.get_by_role("button", name="Spela upp").click()
    expect(page.get_by_text("100 fakta uppspelade")).to_be_visible()
    page.get_by_role("button", name="Verifiera loggen").click()
    expect(page.get_by_text("Loggen är hel:")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Till och med").fill("i går")
    page.get_by_role("button", name="Spela upp").click()
    expect(page.get_by_label("Till och med")).to_have_attribute("aria-invalid", "true")
