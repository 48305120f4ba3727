"""Months, bokslut and the organisation on pages: closed with a checklist, opened by two people, shown as they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from ledger import main
from ledger.domain import bokslut
from ledger.domain.events import PeriodOpened, UnitMerged
from ledger.domain.period import ClosePeriod
from ledger.domain.roll import Caller
from tests.web import houses
from tests.web.order import ADRIAN, BIRGIT, EBBA, EVA, People


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A ledger with nothing in it, in öppet läge."""
    folder: Path = tmp_path_factory.mktemp("tom")
    with houses.opened(f"sqlite:///{folder / 'l.db'}") as opened, houses.talking(opened) as program:
        program.headers["accept"] = "text/html"
        yield program


def give(by: People, caller: Caller, period: str, gor: str, **fields: str) -> httpx.Response:
    return by.send(caller, f"/perioder/{period}", {"gor": gor, **fields})


def test_a_forvaltning_begins_to_close_and_closes_with_a_reason_for_what_is_left(by: People) -> None:
    klf = {"ansvar": "KS-KLF"}
    early = give(by, EVA, "2024-03", "stang", **klf)
    assert (early.status_code, "har inte börjat stänga" in early.text) == (409, True)
    assert give(by, EVA, "2024-03", "borja", **klf).status_code == 303
    assert "stängs" in by.get(EVA, "/perioder?ar=2024").text
    month = by.get(EVA, "/perioder/2024-03").text
    assert "Enheter utan periodisering (KLF-EKON" in month
    more = give(by, EVA, "2024-03", "stang", **klf)
    assert (more.status_code, "Kvar att göra innan KS-KLF stänger" in more.text) == (409, True)
    assert give(by, EVA, "2024-03", "stang", **klf, motivering="Budgeten är en klump").status_code == 303
    assert "✓ stängd" in by.get(EVA, "/perioder/2024-03").text


def test_a_closed_month_is_opened_by_two_people(by: People, house: main.House) -> None:
    assert give(by, EVA, "2024-02", "stang").status_code == 303
    silent = give(by, EVA, "2024-02", "oppna", motivering=" ")
    assert (silent.status_code, "öppnas bara med ett skäl" in silent.text) == (422, True)
    opened = give(by, EVA, "2024-02", "oppna", motivering="Glömd faktura")
    assert opened.headers["location"] == "/perioder/2024-02?klart=vantar"
    waiting = house.log.head().position
    page = by.get(EVA, opened.headers["location"]).text
    assert f"/registreringar/{waiting}" in page
    assert "✓ stängd" in page
    assert by.send(EBBA, f"/registreringar/{waiting}", {"gor": "bekrafta"}).status_code == 303
    assert isinstance(house.log.read(waiting, limit=1)[0].fact, PeriodOpened)
    assert "Månaden är öppen" in by.get(EVA, "/perioder/2024-02").text


def test_whoever_may_not_close_sees_the_months_without_buttons(by: People) -> None:
    page = by.get(BIRGIT, "/perioder/2024-05").text
    assert "Kommunledningsförvaltningen" in page
    assert "<button" not in page.partition("<main")[2].partition("</main>")[0]
    refused = give(by, BIRGIT, "2024-05", "stang")
    assert (refused.status_code, "får inte stänga perioder" in refused.text) == (403, True)


@pytest.mark.parametrize("address", ["/perioder/2024-13", "/perioder/mars", "/organisation?under=KS-Q"])
def test_what_does_not_exist_is_not_found(by: People, address: str) -> None:
    assert by.get(EVA, address).status_code == 404


def test_a_form_that_no_page_has_is_refused(by: People) -> None:
    assert give(by, EVA, "2024-05", "riv").status_code == 400
    assert give(by, EVA, "mars", "stang").status_code == 404
    assert by.get(EVA, "/perioder?ar=tjugo").status_code == 422


def test_a_year_is_closed_when_its_months_are(by: People, house: main.House) -> None:
    form = {"beslutsorgan": "kommunfullmäktige", "beslutsdatum": "2024-04-23", "paragraf": "7"}
    early = by.send(EVA, "/bokslut/2023", form)
    assert (early.status_code, "väntar på öppna månader" in early.text) == (409, True)
    assert "Bokslutet väntar på alla månader" in by.get(EVA, "/perioder?ar=2023").text
    for month in bokslut.months(2023):
        house.ledger.execute(ClosePeriod(month), EVA, main.new_id())
    faulty = by.send(EVA, "/bokslut/2023", {**form, "beslutsdatum": "i april"})
    assert (faulty.status_code, 'value="i april"' in faulty.text) == (422, True)
    registered = by.send(EVA, "/bokslut/2023", form)
    assert registered.headers["location"] == "/perioder?ar=2023&klart=bokslut-vantar"
    waiting = house.log.head().position
    assert by.send(EBBA, f"/registreringar/{waiting}", {"gor": "bekrafta"}).status_code == 303
    assert "Bokslutet är fastställt." in by.get(EVA, "/perioder?ar=2023").text
    assert "Öppna igen" not in by.get(EVA, "/perioder/2023-05").text


def test_the_organisation_is_shown_as_it_was_on_a_day(by: People, house: main.House) -> None:
    now, then = (by.get(EVA, f"/organisation?dag={day}").text for day in ("2024-06-01", "2023-06-01"))
    tree = [page.partition("<tbody>")[2].partition("</tbody>")[0] for page in (now, then)]
    assert ["Avdelning LKDATA" in one for one in tree] == [True, False]
    assert "Verksamhetsområde HR (VSS-HR) heter Avdelning HR" in now
    assert "18 enheter inrättades" in now
    alone = by.get(EVA, "/organisation?under=KS-VSS&dag=2024-06-01").text
    assert ("VSS-LKD" in alone, "KLF-EKON" in alone) == (True, False)
    wrong = by.get(EVA, "/organisation?dag=i+dag")
    assert (wrong.status_code, 'value="i dag"' in wrong.text) == (422, True)
    unit = {"namn": "HR staben", "niva": "stab", "overordnad": "KS-KLF", "fran": "2022-01-01"}
    merged = {**unit, "ansvar": "KLF-HR", "till": "2024-12-31", "ersatt_av": "KLF-EKON"}
    assert by.give(ADRIAN, "register_unit", merged).status_code == 201
    assert isinstance(house.log.read(house.log.head().position - 1, limit=1)[0].fact, UnitMerged)
    page = by.get(EVA, "/organisation?dag=2025-06-01").text
    assert "HR staben (KLF-HR) gick upp i Ekonomistaben (KLF-EKON)" in page


def test_an_empty_ledger_says_so_on_every_page(empty: httpx.Client) -> None:
    assert "Ingen förvaltning eller nämnd är registrerad" in empty.get("/perioder").text
    assert "Ingen organisation är registrerad" in empty.get("/organisation").text
    inbox = empty.get("/att-gora").text
    assert "Liggaren är i öppet läge" in inbox
    assert "Ingenting väntar på dig" in inbox
    assert 'href="/att-gora"' not in inbox.partition("</nav>")[0]


def test_in_oppet_lage_a_form_is_registered_at_once(empty: httpx.Client) -> None:
    page = empty.get("/registrera/omfordelning").text
    assert 'value="registrera"' in page
    assert 'value="foresla"' not in page
