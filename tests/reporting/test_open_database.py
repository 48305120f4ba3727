"""How a read model is opened and begun to be read: connections that were lost, and tables that are not there yet."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import event

from ledger.reporting.stored import schema
from tests.reporting.asking import Desk
from tests.reporting.town import TOWN, utfall

FACTS = (*TOWN, utfall("2024-01-31", "EKON", 5))


@pytest.mark.parametrize("rested", [0.0, schema.RESTED])
def test_a_connection_that_the_server_has_ended_is_made_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, rested: float
) -> None:
    monkeypatch.setattr(schema, "RESTED", rested)
    desk = Desk(FACTS, url=postgres_url)
    before = desk.ask("driftsammandrag", ar=2024, kand="@3").to_bytes()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert desk.ask("driftsammandrag", ar=2024, kand="@3").to_bytes() == before
    desk.close()


def test_who_lacks_nothing_begins_and_ends_by_the_driver_alone(postgres_url: str) -> None:
    desk = Desk(FACTS, url=postgres_url)
    answer, engine = desk.ask("driftsammandrag", ar=2024), desk.reports.engine
    begun: list[object] = []
    left: list[int] = []
    event.listen(engine, "begin", begun.append)
    event.listen(engine, "reset", lambda driver, *_: left.append(driver.pgconn.transaction_status))

    assert desk.ask("driftsammandrag", ar=2024).to_bytes() == answer.to_bytes()
    assert begun == []
    assert set(left) == {TransactionStatus.IDLE}

    with pytest.raises(LookupError), desk.reports.snapshot(desk.question("driftsammandrag", ar=2024)):
        raise LookupError
    assert set(left) == {TransactionStatus.IDLE}
    desk.close()


def test_a_read_model_without_tables_has_no_build_until_it_is_made(database_url: str) -> None:
    desk = Desk(FACTS, url=database_url)

    assert desk.reports.build("driftsammandrag") == ()
    answer = desk.ask("driftsammandrag", ar=2024)
    assert answer.build == desk.reports.build("driftsammandrag") != ()
    desk.close()
