"""The page of a report: what its figures are called, what can be asked of it, and that nothing asked is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest

from ledger.reporting.answer import Answer, Kolumn, Rad, Stampel
from ledger.reporting.question import PARAMETERS
from ledger.web import spoken
from ledger.web.table import Figure, table_of
from ledger.web.written import figures, listed
from tests.reporting.asking import report_files
from tests.web import faulty_requests as faulty
from tests.web import houses

AVVIKELSE = Kolumn("avvikelse", "Avvikelse")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with faulty.town(f"sqlite:///{tmp_path_factory.mktemp('report') / 'l.db'}") as opened:
        faulty.fill(opened)
        with houses.talking(opened) as program:
            yield program


def page(program: httpx.Client, address: str, **asked: str) -> str:
    answer = program.get(address, params=asked)
    assert answer.status_code == 200
    return answer.text


def answer_of(rader: tuple[Rad, ...]) -> Answer:
    fraga: dict[str, Any] = {"ar": 2024, "tom": 12, "ansvar": "KS", "enhet": "mnkr"}
    return Answer("driftsammandrag", "Drift", Stampel(9, None, "00", 1), fraga, (AVVIKELSE,), rader, ())


@pytest.mark.parametrize(
    ("nyckel", "rubrik", "text", "enhet", "said"),
    [
        ("avvikelse", "Avvikelse", "9,1", "mnkr", "Ekonomistaben, avvikelse, plus 9,1 miljoner"),
        ("avvikelse", "Avvikelse", "−9,1", "mnkr", "Ekonomistaben, avvikelse, minus 9,1 miljoner"),
        ("avvikelse", "Avvikelse", "0,0", "mnkr", "Ekonomistaben, avvikelse, 0,0 miljoner"),
        ("budget", "Budget 2024", "1 234", "tkr", "Ekonomistaben, budget 2024, 1 234 tusen kronor"),
        ("forandring", "Förändring", "+5", "kr", "Ekonomistaben, förändring, plus 5 kronor"),
        ("x", "KPI 2024", "−5", "kr", "Ekonomistaben, KPI 2024, minus 5 kronor"),
    ],
)
def test_a_figure_is_heard_with_its_row_its_column_and_its_unit(
    nyckel: str, rubrik: str, text: str, enhet: str, said: str
) -> None:
    assert spoken.figure("Ekonomistaben", Kolumn(nyckel, rubrik), text, enhet) == said


def test_what_a_cell_says_is_never_read_as_the_page() -> None:
    hostile = Figure('<b>&"', '/a?x="&y', is_deficit=True, is_text=True, has_bar=True, said="<i>'")
    for written in (figures([hostile]), listed([hostile]), listed([hostile.shown_as("<b> 2024-05-28", None)])):
        assert not re.search(r"<[bi]>", written)
        assert 'x="' not in written


def test_every_link_of_a_table_has_a_name_in_words(program: httpx.Client) -> None:
    html = page(program, "/rapporter/driftsammandrag", ar="2024")
    links = re.findall(r'<td class="n[^"]*"><a ([^>]*)>', html)
    assert links
    assert all(re.search(r'aria-label="[^"]+, [^"]+, [^"]+ miljoner"', link) for link in links)


def test_a_long_table_says_how_many_rows_it_leaves_out_and_keeps_the_sum() -> None:
    units = tuple(Rad(f"E{n}", f"Enhet {n}", {"avvikelse": n * 10**8}, 1, "enhet") for n in range(50))
    answer = answer_of((*units, Rad("summa", "Summa", {"avvikelse": 1}, 0, "summa")))
    table = table_of(answer, {"ar": "2024"}, most=20)
    assert [row.nyckel for row in table.rows] == [*(f"E{n}" for n in range(20)), "", "summa"]
    assert table.rows[20].left_out == 30
    assert len(table_of(answer, {"ar": "2024"}).rows) == 51


def test_every_parameter_of_a_question_has_a_field(program: httpx.Client) -> None:
    drift = page(program, "/rapporter/driftsammandrag", ar="2024", jamfor_organisation="fg")
    invest = page(program, "/rapporter/investeringsuppfoljning", ar="2024")
    for name in PARAMETERS:
        # The unit that amounts are shown in is chosen by links.
        there = f'name="{name}"' in drift + invest or (name == "enhet" and "enhet=tkr" in drift)
        assert there, name


def test_what_is_asked_stands_in_the_form_whatever_it_is(program: httpx.Client) -> None:
    asked = {
        "ar": "2024", "tom": "8", "per": "namnd", "enhet": "kr", "beslutad": "2024-06-30", "organisation": "2024-01-01",
        "handelse": "corona", "jamfor_prognos": "2024-04-30", "med_forslag": "ja", "stora": "separat",
        "stora_fran": "1000", "kolumner": "alla", "uppstallning": "period", "oppna": "KS",
    }  # fmt: skip
    form = (
        page(program, "/rapporter/driftsammandrag", **asked).partition('<form class="tid"')[2].partition("</form>")[0]
    )
    fields = {
        **dict(re.findall(r'<input [^>]*name="(\w+)" value="([^"]*)"', form)),
        **{
            name: chosen
            for name, options in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL)
            for chosen in re.findall(r'<option value="([^"]*)" selected>', options)
        },
    }
    assert {name: fields.get(name) for name in asked} == asked


def test_every_report_says_what_it_answers_and_stands_under_a_heading(program: httpx.Client) -> None:
    html = page(program, "/rapporter")
    for report in report_files():
        assert re.fullmatch(r"[A-ZÅÄÖ].+[.?]", report.beskrivning, re.DOTALL), report.name
        assert f'href="/rapporter/{report.name}"' in html


@pytest.mark.parametrize("address", ["/fakta/3/bevis", "/api/v1/fakta/3/bevis"])
def test_a_fact_has_its_proof(program: httpx.Client, address: str) -> None:
    found = program.get(address, params={"lage": 5}).json()
    assert (found["position"], found["lage"], found["haller"]) == (3, 5, True)
    assert [(step["fran"], step["till"], step["sida"]) for step in found["vag"]] == [
        (4, 4, "hoger"),
        (1, 2, "vanster"),
        (5, 5, "hoger"),
    ]
    assert program.get(address).json()["lage"] == program.get("/api/v1/fakta").json()["position"]
    refused = program.get(address, params={"lage": 2})
    assert refused.status_code == 422
    assert "ett läge från 3, faktumets eget" in refused.text
