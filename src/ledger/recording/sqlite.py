"""The log in an SQLite file: one writer at a time, many readers, any number of processes.

WAL with synchronous=FULL: a receipt means that the facts are on disk. Writers begin with BEGIN IMMEDIATE, so that what
is judged cannot change; another process may hold the file for as long as an import takes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any

from eventsourcing.persistence import OperationalError
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from ledger.recording import schema
from ledger.recording.append import Append, Moved
from ledger.recording.judge import Addition, Command, Ground, Member, judge
from ledger.recording.recorder import LogRecorder
from ledger.recording.stamping import Row

#: Seconds to wait for another writer: a whole import may be under way.
BUSY_TIMEOUT = 60

_INSERT = f"INSERT INTO facts VALUES ({', '.join('?' * len(schema.COLUMNS))})"
_TAKEN = """SELECT f.stream, f.version, f.position FROM json_each(?) AS w
    JOIN facts AS f ON f.stream = json_extract(w.value, '$[0]') AND f.version = json_extract(w.value, '$[1]')"""
_COMMANDS = """SELECT id, fields, first, last FROM commands WHERE id IN (SELECT value FROM json_each(?))"""
_TOUCHED = """SELECT key, position FROM touched WHERE key IN (SELECT value FROM json_each(?))"""
_LATEST = """SELECT value, (SELECT max(version) FROM facts WHERE stream = value) FROM json_each(?)"""
_TOUCH = """INSERT INTO touched VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET position = excluded.position"""


# The library says `int` where it means `int | None`; its own test asks for None.
class SQLiteLogRecorder(LogRecorder, SQLiteApplicationRecorder):  # type: ignore[misc]
    """The library's SQLite recorder, with positions, instants, guards and proofs of our own."""

    #: Another process can only be noticed by looking; the look costs some 20 µs.
    poll = 0.02
    #: The file is written by this very process.
    by_halves = False

    def __init__(self, datastore: SQLiteDatastore, events_table_name: str = "facts") -> None:
        """Whatever the library would call its table, ours is `facts`. Errors: ValueError for UUID keys."""
        if datastore.originator_id_type != "text":
            msg = f"stream keys are text, not {datastore.originator_id_type} ({events_table_name})"
            raise ValueError(msg)
        super().__init__(datastore, "facts")
        self.set_up()
        self._writer: sqlite3.Connection | None = None
        self._writer_lock = Lock()

    def create_table(self) -> None:
        """Create the log's tables where they are missing, safely when several processes do so at once."""
        create(self.datastore.pool.db_name)

    def close(self) -> None:
        """Let go of the file."""
        with self._writer_lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None

    # ---------------------------------------------------------------- reading

    def fetch(self, question: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of the answer."""
        with self.datastore.get_connection(commit=False) as connection:
            cursor = connection.cursor().sqlite_cursor
            cursor.row_factory = None
            try:
                return cursor.execute(_dialect(question), parameters).fetchall()
            except sqlite3.OperationalError as error:
                if "decode" not in str(error):
                    raise OperationalError(str(error)) from error
                return _fetch_anything(cursor, _dialect(question), parameters)

    def latest(self, streams: Sequence[str]) -> list[tuple[str, int | None]]:
        """(stream, newest version) by one look in the index per stream."""
        return self.fetch(_LATEST, (json.dumps(streams),))

    def positions_of(self, keys: Sequence[str]) -> list[tuple[str, int]]:
        """(guard key, position) of those that were touched."""
        return self.fetch(_TOUCHED, (json.dumps(keys),))

    # ---------------------------------------------------------------- writing

    def commit(self, group: Sequence[Member]) -> tuple[()]:
        """Judge and write a group in one transaction, all at once."""
        with self._transaction() as connection:
            addition = judge(group, _ground(connection, group), self.clock, self.salt)
            if addition.rows:
                connection.executemany(_INSERT, addition.rows)
                _conclude(connection, addition)
        if addition.rows:
            self.signal.give()
        return ()

    @contextmanager
    def file_writer(self, append: Append) -> Iterator[SQLiteFileWriter]:
        """A transaction for a whole file."""
        with self._transaction() as connection:
            yield SQLiteFileWriter(connection, append)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """The writer's connection inside BEGIN IMMEDIATE; commits at the end, rolls back on any exception."""
        if not self._writer_lock.acquire(timeout=BUSY_TIMEOUT):
            msg = f"loggen var upptagen av en annan skrivning i över {BUSY_TIMEOUT} sekunder"
            raise OperationalError(msg)
        try:
            if self._writer is None:
                self._writer = connect(self.datastore.pool.db_name)
            begin(self._writer)
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
        finally:
            self._writer_lock.release()


class SQLiteFileWriter:
    """Writes a file's facts with executemany inside one transaction."""

    def __init__(self, connection: sqlite3.Connection, append: Append) -> None:
        self._connection = connection
        self.ground = _ground(connection, [Member((), append)])

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows. Errors: Moved when a stream and version is taken."""
        try:
            self._connection.executemany(_INSERT, rows)
        except sqlite3.IntegrityError as error:
            places = json.dumps([(row.stream, row.version) for row in rows])
            at = {
                (stream, version): position for stream, version, position in self._connection.execute(_TAKEN, (places,))
            }
            taken = (row.stream for row in rows if at.get((row.stream, row.version), row.position) != row.position)
            raise Moved(next(taken, rows[0].stream)) from error

    def finish(self, addition: Addition) -> None:
        """Write what belongs to the facts; the transaction commits when it is left."""
        _conclude(self._connection, addition)


def _ground(connection: sqlite3.Connection, group: Sequence[Member]) -> Ground:
    """What the group needs to know, under the lock."""
    size, recorded_at, packed = connection.execute("SELECT size, recorded_at, frontier FROM head").fetchone()
    ground = Ground(size, recorded_at, packed)
    appends = [member.append for member in group if member.append is not None]
    if appends:
        ids = json.dumps([append.command_id for append in appends])
        for command_id, fields, first, last in connection.execute(_COMMANDS, (ids,)):
            ground.commands[command_id] = Command(json.loads(fields), first, last)
    keys = {key for append in appends for key in append.reads}
    if keys:
        ground.touched = dict(connection.execute(_TOUCHED, (json.dumps(list(keys)),)).fetchall())
    places = [(fact.stream, fact.version) for member in group for fact in member.facts]
    if places:
        taken = connection.execute(_TAKEN, (json.dumps(places),))
        ground.taken = {(stream, version) for stream, version, _ in taken}
    return ground


def _conclude(connection: sqlite3.Connection, addition: Addition) -> None:
    """Write commands, guard keys, frontiers and head."""
    stamper = addition.stamper
    connection.executemany("INSERT INTO commands VALUES (?, ?, ?, ?)", addition.commands)
    connection.executemany(_TOUCH, addition.touched.items())
    connection.executemany("INSERT INTO frontiers VALUES (?, ?)", stamper.kept)
    head = (stamper.size, stamper.recorded_at, stamper.frontier.pack())
    connection.execute("UPDATE head SET size = ?, recorded_at = ?, frontier = ? WHERE id = 1", head)


# ---------------------------------------------------------------- the file


def connect(path: str) -> sqlite3.Connection:
    """A connection for writing. Errors: OperationalError when the file cannot be opened."""
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT)
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error as error:
        msg = f"kan inte öppna {path}: {error}"
        raise OperationalError(msg) from error
    return connection


def begin(connection: sqlite3.Connection) -> None:
    """BEGIN IMMEDIATE, with a patience that is short at first: SQLite's own waits up to 0.1 s between its tries."""
    deadline = monotonic() + BUSY_TIMEOUT
    pause = 0.0002
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or monotonic() > deadline:
                    raise OperationalError(str(error)) from error
                sleep(pause)
                pause = min(pause * 1.5, 0.01)
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT * 1000}")


def is_created(path: str) -> bool:
    """Whether there is such a file and it holds a log. A file that is not there is not made by asking."""
    if not Path(path).exists():
        return False
    connection = connect(path)
    try:
        return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'head'").fetchone())
    finally:
        connection.close()


def create(path: str) -> None:
    """Create the log's tables where they are missing. Several processes may do so at once: the file's lock decides.

    Who opens a log that is there looks without that lock, and so never waits for another's import.
    """
    if is_created(path):
        return
    connection = connect(path)
    try:
        _to_wal(connection)
        begin(connection)
        try:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'head'").fetchone():
                for statement in schema.SQLITE:
                    connection.execute(statement)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    finally:
        connection.close()


def _to_wal(connection: sqlite3.Connection) -> None:
    """Set the file to WAL. SQLite does not wait for the lock that this takes, so we do."""
    deadline = monotonic() + BUSY_TIMEOUT
    while True:
        try:
            if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal":
                return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() > deadline:
                raise OperationalError(str(error)) from error
        sleep(0.01)


def _fetch_anything(cursor: sqlite3.Cursor, question: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The answer where somebody has put bytes in place of text: verification must see it, not stumble over it."""
    connection = cursor.connection
    connection.text_factory = lambda data: data.decode(errors="surrogateescape")
    try:
        return cursor.execute(question, parameters).fetchall()
    finally:
        connection.text_factory = str


@lru_cache
def _dialect(question: str) -> str:
    return question.replace("{s}", "")
