"""Work in the background is done once at a time, tells how far it has come, and ends however it goes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.exc import OperationalError

from ledger.domain.language import Catalogue, speaking, spoken
from ledger.web.background import Work, sentence_of
from ledger.web.house import House
from ledger.web.language import catalogue
from ledger.web.proving_page import Proving, shown
from tests.conftest import Databases
from tests.web import houses

MINUTE = 60


@pytest.fixture(scope="module")
def edge(databases: Databases) -> Iterator[House]:
    with houses.opened(databases.new("sqlite")) as opened:
        yield houses.edge_of(opened)


def test_work_that_is_under_way_is_not_begun_again() -> None:
    work, may_end, begun, failed = Work(), threading.Event(), [], list[Exception]()

    def job() -> None:
        begun.append(1)
        work.tell("läser", 3, 7)
        may_end.wait(MINUTE)

    work.begin(job, failed.append)
    work.begin(job, failed.append)
    assert work.is_under_way
    may_end.set()
    work.wait(MINUTE)

    assert (begun, failed, work.is_under_way, work.doing, work.done, work.of) == ([1], [], False, "läser", 3, 7)


def test_work_that_fails_is_over_and_may_be_begun_anew() -> None:
    work, told = Work(), list[Exception]()
    error = ValueError("trasig")

    def job() -> None:
        raise error

    for _ in range(2):
        work.begin(job, told.append)
        work.wait(MINUTE)

    assert told == [error, error]
    assert not work.is_under_way


def test_work_speaks_the_language_of_whoever_began_it() -> None:
    work, heard, failed = Work(), list[str](), list[Exception]()
    with speaking(Catalogue("en")):
        work.begin(lambda: heard.append(spoken().code), failed.append)
    work.wait(MINUTE)

    assert (heard, failed) == (["en"], [])


def test_what_stopped_a_proof_is_told_each_reader_in_their_language(
    edge: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = OperationalError("select 1", {}, Exception("borta"))

    def away(_progress: Callable[[int], None]) -> None:
        raise gone

    monkeypatch.setattr(edge.ledger.log, "verify", away)
    proof = (proving := Proving(edge)).verified
    with speaking(catalogue("en")):
        proving.verify()
        proof.wait(MINUTE)
        english = shown(proof)["sentence"]

    assert english.startswith("The database ")
    assert shown(proof)["sentence"].startswith("Liggarens databas")


def test_an_error_with_a_rule_is_told_in_its_words_and_another_is_logged(
    edge: House, caplog: pytest.LogCaptureFixture
) -> None:
    away = sentence_of(edge, OperationalError("select 1", {}, Exception("borta")), "Något gick fel.")
    with caplog.at_level(logging.ERROR):
        unforeseen = sentence_of(edge, ValueError("trasig"), "Något gick fel.")

    assert "databas" in away
    assert unforeseen == "Något gick fel."
    assert "trasig" in caplog.text
