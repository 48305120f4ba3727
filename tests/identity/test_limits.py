"""How much room each caller has: requests a minute, questions at once, seconds for one question."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.identity.tokens import Token
from ledger.main import House
from ledger.web import entrance, limits
from tests.identity.town import Town, client, served

PER_MINUTE = 40

#: Seconds that something may take on a busy machine, and times that it is asked for while it is waited for.
PATIENCE, MANY = 120, 1000


def made(town: Town) -> tuple[Token, str]:
    return town.identity.tokens.make("prov", "lasare", enheter=(), skriver=False, days=1, by="a-1")


def test_who_asks_too_often_waits_while_others_do_not(opened: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "MOST_TRIES", 5)
    with served(opened, "demo", per_minute=PER_MINUTE) as town:
        tokens = [made(town)[1] for _ in range(2)]
        with client(town.address, authorization=f"Bearer {tokens[0]}") as eager:
            answers = [eager.get("/api/v1/rapporter") for _ in range(PER_MINUTE)]
            late = next(no for _ in range(MANY) if (no := eager.get("/api/v1/rapporter")).status_code == 429)
        with client(town.address, authorization=f"Bearer {tokens[1]}") as other:
            calm = other.get("/api/v1/rapporter").status_code
        with client(town.address, authorization="Bearer liggare_t-1_x") as guesser:
            guesses = [guesser.get("/api/v1/rapporter").status_code for _ in range(10)]

    assert {answer.status_code for answer in answers} == {calm} == {200}
    assert 1 <= int(late.headers["retry-after"]) <= 2
    assert "högst 40 i minuten" in late.json()["detail"]
    assert set(guesses) == {401, 429}


def test_behind_a_proxy_callers_are_told_apart_by_what_the_proxy_says(opened: House) -> None:
    found = {}
    for behind in (True, False):
        with served(opened, "demo", per_minute=2, behind_proxy=behind) as town, client(town.address) as program:
            found[behind] = [
                program.get("/api/v1/halsa", headers={"x-forwarded-for": f"{number}.1.1.1, 10.0.0.{last}"}).status_code
                for number, last in enumerate((1, 1, 1, 2))
            ]

    assert found == {True: [200, 200, 429, 200], False: [200, 200, 429, 429]}


def test_a_bucket_fills_evenly() -> None:
    now = [100.0]
    rate = limits.Rate(60, lambda: now[0])
    first = [rate.wait("a") for _ in range(61)]
    now[0] += 2.5
    then = [rate.wait("a") for _ in range(3)]

    assert first == [0] * 60 + [1]
    assert then == [0, 0, 1]
    assert [limits.Rate(0).wait("a") for _ in range(3)] == [0, 0, 0]


def test_callers_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CALLERS", 2)
    rate = limits.Rate(1)

    assert [rate.wait(key) > 0 for key in ("a", "b", "c", "c", "a")] == [False, False, False, True, False]


def test_a_question_that_takes_too_long_is_cut_off_and_counted_until_it_ends(
    opened: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = threading.Semaphore(0), threading.Event()
    name_of = opened.katalog.name_of

    def slow(actor: str) -> str | None:
        asked.release()
        go_on.wait(PATIENCE)
        return name_of(actor)

    with served(opened, "demo", patience=1) as town:
        token = made(town)[1]
        monkeypatch.setattr(town.identity.katalog, "name_of", slow)

        def ask() -> int:
            with client(town.address, authorization=f"Bearer {token}") as program:
                answer = program.get("/api/v1/jag")
            assert answer.status_code == 200 or answer.headers["retry-after"]
            return answer.status_code

        with ThreadPoolExecutor(limits.MOST_AT_ONCE) as many:
            cut_off = list(many.map(lambda _: ask(), range(limits.MOST_AT_ONCE)))
        full = ask()
        go_on.set()
        for _ in range(limits.MOST_AT_ONCE):
            asked.acquire(timeout=PATIENCE)
        # There is room again when those that were cut off have ended, which nobody is told.
        afterwards = next((status for _ in range(MANY) if (status := ask()) == 200), None)

    assert cut_off == [503] * limits.MOST_AT_ONCE
    assert (full, afterwards) == (429, 200)
