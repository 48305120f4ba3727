"""Where the service may listen, whom it answers, and what it says when its database or its clock is away."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from ledger.web.callers import BindsBeyondLoopback, check_binding
from tests.web import faulty_requests as faulty
from tests.web import houses


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.0.0.2"])
def test_the_loopback_may_be_bound(host: str) -> None:
    check_binding(host, bakom_proxy=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "liggare.kommun.se", ""])  # noqa: S104 - is refused
def test_other_addresses_need_a_proxy_that_is_vouched_for(host: str) -> None:
    with pytest.raises(BindsBeyondLoopback, match="LIGGARE_BAKOM_PROXY=ja"):
        check_binding(host, bakom_proxy=False)
    check_binding(host, bakom_proxy=True)


def test_a_name_in_the_settings_is_answered_to(sqlite_url: str) -> None:
    with houses.opened(sqlite_url) as opened, houses.talking(opened, hosts=("liggare.kommun.se",)) as client:
        known = client.get("/api/v1/halsa", headers={"host": "liggare.kommun.se"})
        port = client.get("/api/v1/halsa", headers={"host": "LIGGARE.kommun.se:8443"})
        other = client.get("/api/v1/halsa", headers={"host": "annan.kommun.se"})

    assert [answer.status_code for answer in (known, port, other)] == [200, 200, 421]


def test_its_own_page_may_send_commands(sqlite_url: str) -> None:
    with houses.opened(sqlite_url) as opened, houses.talking(opened) as client:
        headers = {"origin": str(client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
        answer = client.post("/api/v1/kommandon/close_period", json={"period": "2024-01"}, headers=headers)

    assert answer.status_code == 201


def test_a_database_that_is_gone_is_said(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with houses.opened(database_url) as opened, houses.talking(opened) as client:
        told = "hemlig adress"

        def gone() -> None:
            raise OperationalError(told, {}, ConnectionError(told))

        monkeypatch.setattr(opened.log, "head", gone)
        answer = client.get("/api/v1/halsa")
        page = client.get("/", headers={"accept": "text/html"})

    assert (answer.status_code, answer.json()["type"]) == (503, "/fel/database-is-away")
    assert "hemlig" not in answer.text
    assert (page.status_code, "databas svarar inte" in page.text) == (503, True)


def test_what_nobody_expected_is_an_incident_without_traceback(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with houses.opened(sqlite_url) as opened, houses.talking(opened) as client:
        told = "hemligt"

        def broken() -> None:
            raise RuntimeError(told)

        monkeypatch.setattr(opened.log, "head", broken)
        answer = client.get("/api/v1/halsa")
        page = client.get("/fakta/1", headers={"accept": "text/html"})

    (incident,) = [word.rstrip(":") for word in answer.json()["detail"].split() if word.startswith("i-")]
    assert (answer.status_code, answer.json()["type"]) == (500, "/fel/something-broke")
    assert "hemligt" not in answer.text + page.text
    assert "Traceback" not in answer.text + page.text
    assert incident in caplog.text
    assert page.status_code == 500


def test_an_empty_ledger_says_so_and_what_to_do(database_url: str) -> None:
    with houses.opened(database_url) as opened, houses.talking(opened) as client:
        start, report = client.get("/"), client.get("/rapporter/driftsammandrag")

    assert "Liggaren är tom" in start.text
    assert "liggare import" in start.text
    assert "Inget är registrerat för helår 2025" in report.text


def test_a_year_without_figures_leads_to_one_that_has_them(sqlite_url: str) -> None:
    with faulty.town(sqlite_url) as opened:
        faulty.fill(opened)
        with houses.talking(opened) as client:
            page = client.get("/rapporter/driftsammandrag?ar=2030").text

    assert "Inget är registrerat för helår 2030." in page
    assert '<a href="/rapporter/driftsammandrag?ar=2024">Visa 2024</a>' in page


def test_static_files_are_found_and_named_by_content(sqlite_url: str) -> None:
    with houses.opened(sqlite_url) as opened, houses.talking(opened) as client:
        page = client.get("/").text
        style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        answer = client.get(style)

    assert "?v=" in style
    assert answer.headers["content-type"].startswith("text/css")
