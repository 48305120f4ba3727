"""The access log: what auditors read and what is taken away, noted before the answer, and never changed."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger import main
from ledger.domain.roll import Caller
from ledger.identity.identity import Identity
from ledger.identity.roller import Rad, Roll
from ledger.identity.sessions import Begun
from ledger.settings import Settings
from tests.identity.town import Town, sign_in
from tests.web import houses

ANNA = Caller("a-1", "revisor")


def vads(town: Town, after: int) -> list[tuple[str, str, str]]:
    return [(line.roll, line.vad, line.adress) for line in town.identity.atkomst.page(after, 100)]


@pytest.mark.usefixtures("provider")
def test_what_an_auditor_reads_and_what_anybody_takes_away_is_noted(town: Town) -> None:
    before = town.identity.atkomst.newest()
    report = "/api/v1/rapporter/driftsammandrag?ar=2024"
    with town.program("revisor") as auditor, town.program("ekonom") as other:
        auditor.get(report)
        auditor.get("/fakta/1", headers={"accept": "text/html"})
        auditor.get("/api/v1/fakta/999999")
        auditor.get("/static/app.css")
        other.get(report)
        other.get(f"{report}&format=csv")
        other.get(f"{report}&format=text")
        other.get(f"{report}&format=csv%20")
        other.get("/api/v1/rapportpaket?format=xlsx")

    assert vads(town, before) == [
        ("revisor", "läser", report),
        ("revisor", "läser", "/fakta/1"),
        ("ekonom", "exporterar", f"{report}&format=csv"),
        ("ekonom", "exporterar", f"{report}&format=csv%20"),
        ("ekonom", "exporterar", "/api/v1/rapportpaket?format=xlsx"),
    ]


@pytest.mark.usefixtures("provider")
def test_an_auditor_who_has_the_log_checked_is_noted_and_many_parameters_are_no_way_around(town: Town) -> None:
    before = town.identity.atkomst.newest()
    with town.program("revisor") as auditor:
        session = town.identity.sessions.find(auditor.cookies["liggare"])
        assert session is not None
        auditor.post("/provning/verifiera", data={"csrf": session.csrf})
        many = auditor.get("/api/v1/rapporter/driftsammandrag?" + "&".join(f"a{n}=1" for n in range(150)))

    assert many.status_code == 422
    assert vads(town, before) == [("revisor", "läser", "/provning/verifiera")]


@pytest.mark.usefixtures("provider")
def test_signing_in_is_noted_and_the_log_is_read_in_pages(town: Town) -> None:
    before = town.identity.atkomst.newest()
    with town.browser() as browser:
        sign_in(browser)
    with town.program("admin") as admin:
        address, lines = f"/api/v1/atkomstlogg?efter={before}&antal=1", []
        while address:
            page = admin.get(address).json()
            lines += page["atkomst"]
            address = page["nasta"]

    (line,) = lines
    assert (line["nummer"], line["vad"], line["roll"]) == (before + 1, "loggar in", "ekonom")
    assert line["actor"].startswith("a-")
    assert line["position"] == town.opened.log.head().position


def test_nothing_of_what_is_noted_is_changed_or_taken_away(database_url: str) -> None:
    with houses.opened(database_url) as opened:
        identity: Identity = opened.identity
        identity.atkomst.note(ANNA, "läser", "/x", 7)
        identity.roller.change([Rad("roles", "x", "lasare")], "a-1")
        for statement in (
            "UPDATE atkomst SET vad = 'nej'", "DELETE FROM atkomst", "UPDATE rollversion SET actor = 'a-9'",
            "DELETE FROM rollversion",
        ):  # fmt: skip
            with pytest.raises(DBAPIError, match="andras inte"), identity.place.writing() as connection:
                connection.execute(text(statement))
        (line,) = identity.atkomst.page(0, 10)

    assert (line.nummer, line.actor, line.roll, line.vad, line.adress, line.position) == (
        1, "a-1", "revisor", "läser", "/x", 7,
    )  # fmt: skip


def test_sessions_tokens_and_sign_ins_are_kept_alike_on_both_backends(database_url: str) -> None:
    with main.House.open(Settings(database=database_url, anvandare="prov")) as opened:
        identity = opened.identity
        made, token = identity.tokens.make("erp", "ekonom", enheter=["KS"], skriver=True, days=2, by="a-1")
        found = identity.tokens.find(token)
        identity.tokens.note_use({made.id: "2025-01-01T00:00:00.000000Z"})
        state = identity.sessions.begin(identity_begun())
        first, second = identity.sessions.finish(state), identity.sessions.finish(state)
        key = identity.sessions.open("a-1", [Roll("ekonom", ("KS",)), Roll("revisor")], ["chef"], version=0)
        session = identity.sessions.find(key)
        assert session is not None
        moved = identity.sessions.choose(session, 1)
        chosen = identity.sessions.find(moved)
        actors = [opened.katalog.actor_of_subject(subject, "Anna") for subject in ("x", "y", "x")]

        assert (
            found
            == made
            == identity.tokens.withdraw(made.id, "a-2")._replace(aterkallad=None, aterkallad_av=None, anvand=None)
        )
        assert (first, second) == (identity_begun(), None)
        assert session.caller == Caller("a-1", "ekonom", ("KS",), ("chef",))
        assert chosen is not None
        assert chosen.caller == Caller("a-1", "revisor", (), ("chef",))
        assert identity.sessions.find(key) is None
        identity.sessions.close(chosen)
        assert identity.sessions.find(moved) is None
        assert actors[0] == actors[2] != actors[1]


def identity_begun() -> Begun:
    """A sign-in under way."""
    return Begun("n", "v", "/")
