"""Forms are read whole and within their limits, and every cookie is kept in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx2 as httpx
import pytest

from ledger import main
from ledger.identity.identity import Signing
from ledger.web.forms import LARGEST_CHOICE, MOST_FIELDS, fields
from ledger.web.problems import ProblemRaised
from tests.web import houses

FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}

FORMS = (
    "/registrera/omfordelning",
    "/kommentar/driftsammandrag/KLF-EKON?ar=2024",
    "/provning/spela-upp",
    "/perioder/2024-03",
    "/bokslut/2024",
    "/arenden/A-1",
    "/registreringar/95",
)


@pytest.fixture(scope="module")
def program(house: main.House) -> Iterator[httpx.Client]:
    """By https, as browsers come, and with little room for forms."""
    identity = replace(house.identity, standing=house.caller)
    secure = replace(identity, signing=Signing("oppet", "https://liggare.kommun.se"))
    with houses.talking(house, identity=secure, largest_body=10_000) as program:
        yield program


def test_fields_have_no_blanks_around_them_and_lines_that_end_in_one_way() -> None:
    assert fields(b"text=+ett%0D%0Atv%C3%A5+&gor=&gor=spara") == {"text": "ett\ntvå", "gor": "spara"}


@pytest.mark.parametrize("body", [b"\xff=1", b"&".join([b"a=1"] * (MOST_FIELDS + 1))])
def test_what_no_form_is_is_refused(body: bytes) -> None:
    with pytest.raises(ProblemRaised, match="FormIsUnreadable"):
        fields(body)


@pytest.mark.parametrize("address", FORMS)
def test_every_form_has_its_limit_and_is_refused_where_it_cannot_be_read(program: httpx.Client, address: str) -> None:
    large = program.post(address, content="a=" + "b" * 10_000, headers=FORM)
    torn = program.post(address, content=b"\xff\xfe=1", headers=FORM)

    assert (large.status_code, "Begäran är större än" in large.text) == (413, True)
    assert (torn.status_code, "Formuläret går inte att läsa" in torn.text) == (400, True)


def test_a_choice_is_smaller_than_a_form(program: httpx.Client) -> None:
    assert program.post("/roll", content="a=" + "b" * LARGEST_CHOICE, headers=FORM).status_code == 413


def test_what_one_has_seen_is_kept_out_of_reach_of_scripts_and_sent_by_https_alone(program: httpx.Client) -> None:
    cookie = program.get("/").headers["set-cookie"]
    assert cookie.startswith("sedd=")
    assert all(word in cookie for word in ("HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=31536000"))
