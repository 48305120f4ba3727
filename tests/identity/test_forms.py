"""Forms are sent by who they were shown to: other sites, other sessions and forged fields change nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.web import form_guard
from tests.identity.town import Town, client

pytestmark = pytest.mark.usefixtures("provider")

FORM = {"vald": "0"}
KONTO = {"konto": "7778", "namn": "Annat", "slag": "kostnad", "fran": "2024-01-01"}


@pytest.fixture
def key(town: Town) -> Iterator[str]:
    """The key of an ekonom's session."""
    with town.program("ekonom") as program:
        yield program.cookies["liggare"]


def csrf_of(town: Town, key: str) -> str:
    session = town.identity.sessions.find(key)
    assert session is not None
    return session.csrf


def test_a_form_with_its_field_is_taken_whichever_way_it_is_written(town: Town, key: str) -> None:
    with client(town.address, cookie=f"liggare={key}") as browser:
        plain = browser.post("/roll", data={"csrf": csrf_of(town, key), **FORM})
        moved = plain.headers["set-cookie"].partition("liggare=")[2].partition(";")[0]
    with client(town.address, cookie=f"liggare={moved}") as browser:
        parts = browser.post("/roll", files={"csrf": (None, csrf_of(town, moved)), "vald": (None, "0")})

    assert plain.status_code == 303
    # The field is found; this form is not read in parts, so it names no role.
    assert parts.status_code == 422


def test_a_form_without_its_field_or_with_another_is_refused(town: Town, key: str) -> None:
    with town.program("ekonom") as other:
        theirs = csrf_of(town, other.cookies["liggare"])
    bodies = ["vald=0", "csrf=&vald=0", f"csrf={theirs}&vald=0", f"vald=0&csrf={csrf_of(town, key)}", "", "x" * 10_000]
    with client(town.address, cookie=f"liggare={key}") as browser:
        kinds = ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "")
        found = {
            (kind, body): browser.post("/roll", content=body, headers={"content-type": kind}).status_code
            for kind in kinds
            for body in bodies
        }
        still_there = browser.get("/api/v1/jag").status_code

    assert set(found.values()) == {403}
    assert still_there == 200


def test_a_command_by_session_says_where_it_comes_from(town: Town, key: str) -> None:
    command = "/api/v1/kommandon/define_konto"
    with client(town.address, cookie=f"liggare={key}") as browser:
        del browser.headers["origin"]
        silent = browser.post(command, json=KONTO)
        browser.headers["origin"] = "https://ond.example"
        foreign = browser.post(command, json=KONTO)
        browser.headers["origin"] = "null"
        opaque = browser.post(command, json=KONTO)
        browser.headers["origin"] = town.address
        own = browser.post(command, json=KONTO)

    assert [answer.status_code for answer in (silent, foreign, opaque, own)] == [403, 403, 403, 201]


def test_a_command_cannot_be_sent_as_a_form(town: Town, key: str) -> None:
    with client(town.address, cookie=f"liggare={key}") as browser:
        body = '{"konto": "7779", "namn": "Annat", "slag": "kostnad", "fran": "2024-01-01"}'
        answer = browser.post("/api/v1/kommandon/define_konto", content=body, headers={"content-type": "text/plain"})

    assert (answer.status_code, answer.json()["type"]) == (403, "/fel/form-is-stale")


def test_every_form_of_a_page_carries_the_field_and_no_other_does() -> None:
    page = '<form method="post" action="/a"><p></form><form action="/b" METHOD="POST"></form><form method="get"></form>'

    assert form_guard.with_field(page, "x").count('<input type="hidden" name="csrf" value="x">') == 2
    assert form_guard.with_field(page, "") == page
