"""Our recorders are the library's recorders: its own test classes hold on both backends."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from ledger.recording import place
from ledger.recording.postgres import PostgresLogRecorder
from ledger.recording.recorder import LogRecorder
from ledger.recording.sqlite import SQLiteLogRecorder
from tests.recording import librarys_tests
from tests.recording.logs import command, comment, open_log, voucher


def application(url: str) -> Application[str]:
    """The library's application on a new log, by its settings alone."""
    where = place.of(url)
    where.create()
    return Application[str](where.settings())


class _Recorders:
    """What the library's test classes ask of a subclass."""

    recorder: LogRecorder

    def open(self, url: str) -> Iterator[None]:
        app = application(url)
        assert isinstance(app.recorder, LogRecorder)
        self.recorder = app.recorder
        yield
        self.recorder.close()
        app.close()

    def create_recorder(self) -> LogRecorder:
        return self.recorder

    def new_originator_id(self) -> str:
        return f"prov/{uuid4()}"


class _ApplicationRecorder(_Recorders, librarys_tests.ApplicationRecorderTestCase[LogRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class _NonInterleaving(_Recorders, librarys_tests.NonInterleavingNotificationIDsBaseCase):
    pass


class TestSQLiteApplicationRecorder(_ApplicationRecorder):
    @pytest.fixture(autouse=True)
    def _ready(self, sqlite_url: str) -> Iterator[None]:
        yield from self.open(sqlite_url)


class TestPostgresApplicationRecorder(_ApplicationRecorder):
    @pytest.fixture(autouse=True)
    def _ready(self, postgres_url: str) -> Iterator[None]:
        yield from self.open(postgres_url)


class TestSQLiteNonInterleaving(_NonInterleaving):
    @pytest.fixture(autouse=True)
    def _ready(self, sqlite_url: str) -> Iterator[None]:
        yield from self.open(sqlite_url)


class TestPostgresNonInterleaving(_NonInterleaving):
    @pytest.fixture(autouse=True)
    def _ready(self, postgres_url: str) -> Iterator[None]:
        yield from self.open(postgres_url)


# The two bases have no database, and so are no tests by themselves.
del _ApplicationRecorder, _NonInterleaving


def test_the_recorders_are_the_librarys_own(sqlite_url: str, postgres_url: str) -> None:
    for url, ours, theirs in (
        (sqlite_url, SQLiteLogRecorder, SQLiteApplicationRecorder),
        (postgres_url, PostgresLogRecorder, PostgresApplicationRecorder),
    ):
        app = application(url)
        assert type(app.recorder) is ours
        assert isinstance(app.recorder, theirs)
        app.recorder.close()
        app.close()


def test_the_library_makes_the_tables_when_it_is_asked_to(database_url: str) -> None:
    app = Application[str]({**place.of(database_url).settings(), "CREATE_TABLE": "y"})
    assert app.recorder.max_notification_id() is None
    app.recorder.close()  # type: ignore[attr-defined]
    app.close()


def test_plain_stored_events_are_facts_with_a_blank_envelope(database_url: str) -> None:
    with open_log(database_url) as log:
        recorder = log._recorder  # noqa: SLF001 - the library's way in
        assert recorder.insert_events([StoredEvent("s", 1, "prov.v1", b"state")]) == [1]
        (row,) = log.read_raw()
        assert row[2:9] == ("s", 1, "prov.v1", "", "", "", b"state")
        with pytest.raises(IntegrityError):
            recorder.insert_events([StoredEvent("s", 1, "prov.v1", b"state")])
        assert log.verify().ok


def test_facts_can_be_read_through_the_librarys_ways(database_url: str) -> None:
    with open_log(database_url) as log:
        log.append(command("k-1", voucher(1), comment(1, "Anna")))
        app = log._app  # noqa: SLF001 - the library's ways in
        facts: list[object] = [recorded.fact for recorded in log.read()]
        assert [*app.events.get(voucher(1).stream), *app.events.get(comment(1).stream)] == facts
        assert [app.mapper.to_domain_event(note) for note in app.notification_log.select(1, 10)] == facts


def test_uuid_keys_are_refused(tmp_path: object) -> None:
    with pytest.raises(ValueError, match="stream keys are text"):
        SQLiteLogRecorder(SQLiteDatastore(f"{tmp_path}/x.db"))
    datastore = PostgresDatastore("x", "nowhere.invalid", 1, "x", "x")
    with pytest.raises(ValueError, match="stream keys are text"):
        PostgresLogRecorder(datastore)
