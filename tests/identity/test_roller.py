"""The table of docs/roller.md holds, cell by cell, over HTTP: who may go where and who may give which command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx2 as httpx
import pytest

from ledger.main import House
from ledger.web.app import create_app
from ledger.web.examples import EXAMPLES
from ledger.web.schemas import BY_NAME
from ledger.web.visitor import ROLES
from tests import tidy
from tests.identity.town import Town, served
from tests.web import houses

DOCUMENT: Final = tidy.ROOT / "docs" / "roller.md"
NOBODY: Final = "ingen inloggad"

#: Rows of one report, which is no address of its own in the application.
NAMED_REPORT: Final = re.compile(r"/rapporter/[a-z]")

#: What stands in an address where the table has a name. Of what does not exist the answer is 404, not 403.
FILLED: Final = {
    "namn": "driftsammandrag", "position": "1", "rad": "summa", "kolumn": "budget", "rule": "period-is-closed",
    "typ": "omfordelning", "nyckel": "t-0000000000", "name": "finns-inte", "ar": "2024", "serie": "A", "vernr": "1",
    "arende": "KS 1", "period": "2024-03",
}  # fmt: skip


@cache
def tables() -> list[list[dict[str, str]]]:
    """The tables of the document, each a list of rows by heading."""
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE):
        heading, _, *rows = ([cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in block.splitlines())
        found.append([dict(zip(heading, row, strict=True)) for row in rows])
    return found


ADDRESSES: Final = tables()[1]
COMMANDS: Final = tables()[2]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("roller")
    with houses.opened(f"sqlite:///{folder / 'liggare.db'}") as opened, served(opened, "demo", per_minute=0) as town:
        yield town


@pytest.fixture(scope="module")
def programs(town: Town) -> Iterator[dict[str, httpx.Client]]:
    """A program signed in as each role, and one that is not."""
    with ExitStack() as open_programs:
        yield {
            role: open_programs.enter_context(town.program("" if role == NOBODY else role)) for role in (NOBODY, *ROLES)
        }


def routes(opened: House) -> Iterator[tuple[str, str]]:
    """Every address of the application with its methods, as it is written there."""
    for route in create_app(houses.edge_of(opened)).routes:
        included: Any = getattr(route, "original_router", None)
        for one in included.routes if included else [route]:
            for method in getattr(one, "methods", None) or {"GET"}:
                if method != "HEAD":
                    yield method, getattr(one, "path", "")


def test_every_address_and_command_stands_in_the_table(town: Town) -> None:
    known = {(row["metod"], row["adress"]) for row in ADDRESSES}
    known |= {("POST", f"/api/v1/kommandon/{row['kommando']}") for row in COMMANDS}

    assert set(routes(town.opened)) == {row for row in known if not NAMED_REPORT.search(row[1])}
    assert [row["kommando"] for row in COMMANDS] == list(BY_NAME)
    assert set(ADDRESSES[0]) == {"metod", "adress", NOBODY, *ROLES}
    assert set(COMMANDS[0]) == {"kommando", *ROLES}


def called(program: httpx.Client, method: str, address: str) -> httpx.Response:
    """The answer to a request that is as empty as it can be, and that changes nothing."""
    path = re.sub(r"\{(\w+)(:path)?\}", lambda name: FILLED[name[1]], address)
    path = "/static/app.css" if path == "/static" else path
    if method == "POST" and not address.startswith("/api/"):
        csrf = "" if "liggare" not in program.cookies else program.headers["x-csrf"]
        return program.post(path, content=f"csrf={csrf}&", headers={"content-type": FORM, "accept": "text/html"})
    # A parameter that does not exist is refused inside, and quicker than a report is made.
    return program.request(method, f"{path}?finns-inte=1", headers={"accept": "*/*"})


FORM: Final = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("role", [NOBODY, *ROLES])
def test_every_address_lets_in_just_the_roles_of_the_table(
    town: Town, programs: dict[str, httpx.Client], role: str
) -> None:
    program = programs[role]
    if role != NOBODY:
        session = town.identity.sessions.find(program.cookies["liggare"])
        assert session is not None
        program.headers["x-csrf"] = session.csrf
    wrong = {}
    for row in ADDRESSES:
        if row["adress"] in LEAVES:
            continue
        answer = called(program, row["metod"], row["adress"])
        refused = answer.status_code == 401 or (answer.status_code == 403 and "roll-may-not-enter" in answer.text)
        if refused != (row[role] == "–") or answer.status_code >= 500:
            wrong[row["metod"], row["adress"]] = (row[role], answer.status_code)

    assert not wrong


#: Who goes there is somebody else afterwards, or nobody: tried in test_signing_in.py and test_forms.py.
LEAVES: Final = ("/logga-ut", "/roll", "/logga-in", "/logga-in/demo", "/logga-in/retur")


@pytest.mark.parametrize("role", ROLES)
def test_every_command_is_for_just_the_roles_of_the_table(programs: dict[str, httpx.Client], role: str) -> None:
    wrong = {}
    for row in COMMANDS:
        body: dict[str, Any] = EXAMPLES[row["kommando"]]
        answer = programs[role].post(f"/api/v1/kommandon/{row['kommando']}?torrkor=1", json=body)
        refused = answer.status_code == 403 and answer.json()["type"] == "/fel/roll-may-not"
        if refused != (row[role] == "–") or answer.status_code >= 500:
            wrong[row["kommando"]] = (row[role], answer.status_code, answer.json().get("type"))

    assert not wrong


def test_nobody_gives_commands(programs: dict[str, httpx.Client]) -> None:
    answers = {name: programs[NOBODY].post(f"/api/v1/kommandon/{name}", json=EXAMPLES[name]) for name in BY_NAME}

    assert {answer.status_code for answer in answers.values()} == {401}


def test_an_ekonom_of_some_units_registers_for_those_alone(town: Town) -> None:
    units = [("KS", "namnd", None), ("KS-A", "stab", "KS"), ("KS-A-1", "enhet", "KS-A"), ("KS-B", "stab", "KS")]
    with town.program("ekonom") as ekonom:
        for kod, niva, over in units:
            unit = {"ansvar": kod, "namn": kod, "niva": niva, "overordnad": over, "fran": "2020-01-01"}
            assert ekonom.post("/api/v1/kommandon/register_unit", json=unit).status_code == 201
    found = {}
    with town.program("ekonom", "KS-A") as limited:
        for kod, _, _ in units:
            row = {"slag": "netto", "belopp_ore": 100}
            prognos = {"prognosdatum": "2024-04-30", "ar": 2024, "ansvar": kod, "rader": [row]}
            found[kod] = limited.post("/api/v1/kommandon/submit_prognos", json=prognos).status_code

    assert found == {"KS": 403, "KS-A": 201, "KS-A-1": 201, "KS-B": 403}


def test_a_reader_sees_no_link_that_leads_to_a_no(programs: dict[str, httpx.Client]) -> None:
    page = {"accept": "text/html"}
    shown = {role: programs[role].get("/rapporter", headers=page).text for role in ("lasare", "revisor")}
    history = programs["lasare"].get("/rapporter/behandlingshistorik", headers=page).text

    assert "/rapporter/grundbok" in shown["revisor"]
    assert "/rapporter/avvisade" in shown["revisor"]
    assert not re.search(r'href="/rapporter/(grundbok|huvudbok|verifikation|avvisade)', shown["lasare"])
    assert "Behandlingshistorik" in history
    assert 'href="/fakta/' not in history


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_a_book_is_shut_for_readers_in_every_form(programs: dict[str, httpx.Client], form: str) -> None:
    asked = f"/api/v1/rapporter/grundbok?ar=2024&format={form}"

    assert programs["lasare"].get(asked).status_code == 403
    assert programs["internkontroll"].get(asked).status_code == 200


def test_the_page_says_the_ledgers_own_mode(programs: dict[str, httpx.Client]) -> None:
    page = programs["lasare"].get("/hjalp", headers={"accept": "text/html"}).text

    assert '<p class="lapp">öppet läge</p>' in page
    assert '<p class="lapp">demonstration</p>' in page
