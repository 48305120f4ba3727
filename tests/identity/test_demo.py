"""The demonstration: a page of made-up people, on this machine alone, that says loudly what it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.main import House
from ledger.web.callers import DemoIsReachable, check_demo
from ledger.web.signing_in import EXAMPLES
from ledger.web.visitor import ROLES
from tests.identity.town import Town, served


@pytest.fixture(scope="module")
def demo(opened: House) -> Iterator[Town]:
    with served(opened, "demo", per_minute=0) as town:
        yield town


def begun_of(page: str) -> str:
    return page.partition('name="begun" value="')[2].partition('"')[0]


def test_somebody_of_each_role_can_be_chosen(demo: Town) -> None:
    assert [example.roll for example in EXAMPLES] == list(ROLES)
    for example in EXAMPLES:
        with demo.browser() as browser:
            page = browser.get("/logga-in?sedan=/rapporter").text
            sent = {"begun": begun_of(page), "sedan": "/rapporter", "roll": example.roll}
            chosen = browser.post("/logga-in/demo", data=sent)
            me = browser.get("/api/v1/jag").json()

        assert "Vem som helst på den här maskinen kan bli vem som helst" in page
        assert chosen.headers["location"] == "/rapporter"
        assert (me["namn"], me["roll"]) == (f"{example.namn} (demo)", example.roll)


def test_every_page_says_that_it_is_a_demonstration(demo: Town) -> None:
    with demo.browser() as browser:
        signed_out = browser.get("/logga-in").text
        browser.post("/logga-in/demo", data={"begun": begun_of(signed_out), "roll": "ekonom"})
        page = browser.get("/rapporter").text

    for text in (signed_out, page):
        assert '<p class="lapp">demonstration</p>' in text
        assert "kan välja vilken roll som helst" in text
    assert "Eva Ekonom (demo) · ekonom" in page
    assert 'action="/logga-ut"' in page


@pytest.mark.parametrize("sent", [{}, {"begun": "x"}, {"begun": "", "roll": "admin"}])
def test_nobody_is_chosen_from_another_page(demo: Town, sent: dict[str, str]) -> None:
    with demo.browser() as browser:
        browser.get("/logga-in")
        answer = browser.post("/logga-in/demo", data={"roll": "admin", **sent})

    assert (answer.status_code, "liggare=" in answer.headers.get("set-cookie", "")) == (403, False)


def test_a_person_who_is_not_there_is_not_chosen(demo: Town) -> None:
    with demo.browser() as browser:
        begun = begun_of(browser.get("/logga-in").text)
        answers = [
            browser.post("/logga-in/demo", data={"begun": begun, "roll": roll}) for roll in ("kung", "", "x" * 5000)
        ]

    assert [answer.status_code for answer in answers] == [422, 422, 413]


@pytest.mark.parametrize(
    ("host", "bakom_proxy", "hosts", "remedy"),
    [
        ("0.0.0.0", False, (), "LIGGARE_HOST"),  # noqa: S104 - is refused
        ("192.168.1.10", True, (), "LIGGARE_HOST"),
        ("127.0.0.1", True, (), "LIGGARE_BAKOM_PROXY"),
        ("127.0.0.1", False, ("liggare.kommun.se",), "LIGGARE_ADRESS"),
    ],
)
def test_it_is_reached_from_this_machine_alone(
    host: str, *, bakom_proxy: bool, hosts: tuple[str, ...], remedy: str
) -> None:
    with pytest.raises(DemoIsReachable, match=remedy):
        check_demo(host, bakom_proxy=bakom_proxy, hosts=hosts)
    check_demo("127.0.0.1", bakom_proxy=False, hosts=("localhost",))


def test_there_is_nothing_to_sign_in_to_in_open_mode(opened: House) -> None:
    with served(opened, "oppet") as town, town.browser() as browser:
        found = {path: browser.get(path).status_code for path in ("/logga-in", "/logga-in/retur", "/roll")}
        sent = browser.post("/logga-in/demo", data={"roll": "admin"})
        hidden = [browser.get(f"/api/v1/{path}").status_code for path in ("token", "roller", "atkomstlogg")]

    assert set(found.values()) == {404} == {sent.status_code}
    assert hidden == [403, 403, 403]
