"""The log in a schema of PostgreSQL: one head row that every writer locks, and as few round trips as can be.

A group costs one while nobody else writes: the head is believed to be as this process left it, and the statement that
writes finds out. Otherwise it costs two: lock the head and look up what the group asks about; then write, commit and
notify. Readers are never blocked. Insert order is commit order, because the head row is held until commit; no
sequences, no LOCK TABLE, no advisory locks, so the same SQL is good on a distributed PostgreSQL. Polling is the truth,
NOTIFY only a hint.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Lock
from time import monotonic, sleep
from typing import Any

import psycopg
from eventsourcing.persistence import InfrastructureFactory, InterfaceError, OperationalError
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory
from psycopg.rows import dict_row, tuple_row
from psycopg_pool import PoolTimeout

from ledger.recording import postgres_schema
from ledger.recording.append import Append, Moved, Receipt
from ledger.recording.arrays import bigints, teach, texts
from ledger.recording.codec import Encoded
from ledger.recording.copying import COPY_END, COPY_START, copy_rows
from ledger.recording.judge import Addition, Command, Ground, Member, judge
from ledger.recording.postgres_listener import Connection, Listener
from ledger.recording.postgres_parameters import added, expected, one, ones
from ledger.recording.postgres_sql import Statements, statements
from ledger.recording.prepared import Sender
from ledger.recording.recorder import LogRecorder, Progress
from ledger.recording.stamping import Clock, Noted, Row, Salt

#: How often a lost connection is made again before the members are told, and the pauses between, in seconds.
PAUSES = (0.0, 0.1, 0.3, 1.0, 2.0, 4.0, 8.0)

#: How long a reader waits for a connection, in seconds, and how often it asks again when the one it had is lost: more
#: often than there are connections, for all may be. With the pause between.
PATIENCE, TRIES, PAUSE = 10.0, 20, 0.2

#: What a connection answers for ever, and another may not: a server that has become a copy of another, or that was told
#: by others to forget what was prepared.
_OUT_OF_DATE = (psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.InvalidSqlStatementName)

#: Seconds between two NOTIFY of one process. Who missed one polls, and sees the facts a moment later.
NOTIFY_PAUSE = 0.02

#: The writer looks rows up by key, a handful at a time; a plan made when the tables were small must not scan later.
_WRITER_SETTINGS = """SET default_transaction_isolation = 'read committed';
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
    SET plan_cache_mode = force_generic_plan;
    SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = 0; SET statement_timeout = 0"""

#: An import may think for long between batches; but when its machine is gone the head row must come free.
_FILE_SETTINGS = """SET default_transaction_isolation = 'read committed';
    SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0; SET statement_timeout = 0;
    SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"""

_PLACE = re.compile(r"\(stream, version\)=\((.*), \d+\)", re.DOTALL)


class LogDatastore(PostgresDatastore):
    """The library's datastore for any address that libpq understands, socket folders and options included."""

    def __init__(self, conninfo: str, schema: str) -> None:
        """Pool connections to `conninfo`; the ledger's tables are in `schema`."""
        super().__init__(
            dbname="", host="", port="", user="", password="",
            pool_size=1, max_overflow=14, connect_timeout=PATIENCE, schema=schema, originator_id_type="text",
        )  # fmt: skip
        self.pool.conninfo = conninfo
        self.pool.kwargs = {"row_factory": dict_row, "client_encoding": "utf8"}

    def register_type_adapters(self) -> None:
        """Nothing: our tables have no composite types."""


class LogFactory(PostgresFactory):
    """The library's factory, told by `POSTGRES_CONNINFO` and `POSTGRES_SCHEMA` where the ledger is."""

    def __init__(self, env: Any) -> None:
        """Make the datastore; nothing is connected yet."""
        InfrastructureFactory.__init__(self, env)
        self.datastore = LogDatastore(self.env.get("POSTGRES_CONNINFO", ""), self.env.get("POSTGRES_SCHEMA", ""))


class PostgresLogRecorder(LogRecorder, PostgresApplicationRecorder):
    """The library's PostgreSQL recorder, with positions, instants, guards and proofs of our own."""

    #: NOTIFY wakes; this is for when it is lost.
    poll = 0.25
    by_halves = True

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "facts") -> None:
        """Whatever the library would call its table, ours is `facts`. Errors: ValueError for UUID keys."""
        if datastore.originator_id_type != "text":
            msg = f"stream keys are text, not {datastore.originator_id_type} ({events_table_name})"
            raise ValueError(msg)
        super().__init__(datastore, events_table_name="facts")
        self.set_up()
        self.sql: Statements = statements(datastore.schema)
        self.channel_name = self.sql.channel
        self._writer: Sender | None = None
        self._writer_lock = Lock()
        #: The head as the writer's last commit left it; None where that is not known.
        self._left: Ground | None = None
        self._listener: Listener | None = None
        self._listener_lock = Lock()
        self._next_notify = 0.0

    def create_table(self) -> None:
        """Create the log's tables where they are missing, safely when several processes do so at once."""
        with self.connect() as connection:
            postgres_schema.create(connection, self.datastore.schema)

    def connect(self, settings: str = "") -> Connection:
        """A connection beside the pool, in autocommit; with settings for who writes. Errors: OperationalError."""
        pool = self.datastore.pool
        try:
            kwargs: dict[str, Any] = {**(pool.kwargs or {}), "row_factory": tuple_row}  # type: ignore[dict-item]
            connection = psycopg.connect(str(pool.conninfo), autocommit=True, **kwargs)
            try:
                if settings:
                    connection.execute(settings)
                    teach(connection)
            except BaseException:
                connection.close()
                raise
        except psycopg.OperationalError as error:
            raise OperationalError(str(error)) from error
        return connection

    def close(self) -> None:
        """Let go of the writer's and the listener's connections."""
        with self._listener_lock:
            if self._listener is not None:
                self._listener.stop()
                self._listener = None
        with self._writer_lock:
            self._drop_writer()

    # ---------------------------------------------------------------- reading

    def fetch(self, question: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of the answer. Errors: InterfaceError, OperationalError when the database is away."""
        for _ in range(TRIES):
            try:
                return self._fetch_once(question, parameters)
            except (InterfaceError, OperationalError) as error:
                # No connection could be had for as long as anybody should wait.
                if isinstance(error.__cause__, PoolTimeout):
                    raise
                lost = error
            sleep(PAUSE)
        raise lost

    def _fetch_once(self, question: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(row_factory=tuple_row, binary=True) as cursor,
        ):
            cursor.execute(self.sql.dialect(question), parameters, prepare=True)
            return cursor.fetchall()

    def latest(self, streams: Sequence[str]) -> list[tuple[str, int | None]]:
        """(stream, newest version) by one look in the index per stream."""
        found: list[tuple[str, int | None]] = self.fetch(self.sql.latest, (list(streams),))
        return found

    def positions_of(self, keys: Sequence[str]) -> list[tuple[str, int]]:
        """(guard key, position) of those that were touched."""
        found: list[tuple[str, int]] = self.fetch(self.sql.touched, (list(keys),))
        return found

    def watch(self) -> None:
        """Listen for other processes' NOTIFY, in a thread of its own, however many begin to wait together."""
        with self._listener_lock:
            if self._listener is None:
                self._listener = Listener(self.connect, self.channel_name, self.signal.give)

    # ---------------------------------------------------------------- writing

    def commit(self, group: Sequence[Member]) -> Iterator[None]:
        """Judge and write a group; stop wherever it takes a wait. The writer is the group's own until the end.

        A commit of unknown outcome is resolved by its command ids, on a new connection.

        Errors: OperationalError when the connection cannot be had back.
        """
        for pause in PAUSES:
            if pause:
                yield
                sleep(pause)
            with self._writer_lock:
                try:
                    if self._writer is None:
                        yield
                        self._writer = Sender(self.connect(_WRITER_SETTINGS))
                    is_written = yield from self._commit_once(self._writer, group)
                except BaseException as error:
                    self._roll_back()
                    if isinstance(error, _OUT_OF_DATE):
                        self._drop_writer()
                    if self._writer is not None or not isinstance(error, (OperationalError, psycopg.Error)):
                        raise
                    lost = error
                else:
                    if is_written:
                        self.signal.give()
                    return
        msg = f"förbindelsen med databasen är förlorad: {lost}"
        raise OperationalError(msg) from lost

    def _commit_once(self, writer: Sender, group: Sequence[Member]) -> Generator[None, None, bool]:
        """One try. Returns whether there was anything to write."""
        left, self._left = self._left, None
        clock, salt = Noted(self.clock), Noted(self.salt)
        if left is not None:
            addition = judge(group, left, clock, salt)
            are_all_new = all(member.receipt and not member.receipt.repeated for member in group)
            if are_all_new and (yield from self._write_at_once(writer, group, addition)):
                return True
        # Somebody has written meanwhile, or somebody of the group is to be told what stands in the log.
        yield
        clock.rewind()
        salt.rewind()
        return self._write_in_two(writer.connection, group, clock, salt)

    def _write_at_once(
        self, writer: Sender, group: Sequence[Member], addition: Addition
    ) -> Generator[None, None, bool]:
        """Write what was judged by the head that we left. Whether it still was the head, and nothing hindered."""
        notifies = self._is_to_notify()
        if not notifies and (alone := one(addition)):
            statement, parameters = self.sql.one, alone
        elif not notifies and (several := ones(addition)):
            statement, parameters = self.sql.ones, several
        else:
            statement = self.sql.at_once
            parameters = {**added(addition), "notifies": notifies, "channel": self.sql.channel}
        values = statement.values({**parameters, **expected(addition)})
        _mark(group, was_sent=True)
        writer.send(statement, values)
        yield
        is_written = bool(writer.answer().command_tuples)
        _mark(group, was_sent=is_written)
        if is_written:
            self._left = addition.left()
        return is_written

    def _write_in_two(self, connection: Connection, group: Sequence[Member], clock: Clock, salt: Salt) -> bool:
        """Lock the head, judge by what it and the tables say, and write. Returns whether anything was to be written."""
        with connection.pipeline():
            connection.execute("BEGIN")
            addition = judge(group, self._ground(connection, group), clock, salt)
            if not addition.rows:
                # Nothing was written; a ROLLBACK would make the driver throw away its prepared statements.
                connection.execute("COMMIT")
                return False
            parameters = added(addition)
            _mark(group, was_sent=True)
            connection.execute(self.sql.write, parameters, prepare=True)
            if self._is_to_notify():
                connection.execute(self.sql.notify)
            connection.execute("COMMIT")
        self._left = addition.left()
        return True

    def _is_to_notify(self) -> bool:
        """Whether it is time to tell other processes again."""
        if monotonic() < self._next_notify:
            return False
        self._next_notify = monotonic() + NOTIFY_PAUSE
        return True

    def _ground(self, connection: Connection, group: Sequence[Member]) -> Ground:
        """Lock the head; what the group needs to know, read in a statement after the lock and so with its outcome."""
        appends = [member.append for member in group if member.append is not None]
        places = [(fact.stream, fact.version) for member in group for fact in member.facts]
        looked_up = (
            texts(append.command_id for append in appends),
            texts({key for append in appends for key in append.reads}),
            texts(stream for stream, _ in places),
            bigints(version for _, version in places),
        )
        head = connection.execute(self.sql.lock, prepare=True, binary=True)
        known = connection.execute(self.sql.look_up, looked_up, prepare=True, binary=True)
        row = head.fetchone()
        if row is None:
            msg = "loggen har inget huvud"
            raise OperationalError(msg)
        touched = dict.fromkeys((key for append in appends for key in append.reads), 0)
        ground = Ground(row[0], row[1], row[2], touched=touched, older=row[0])
        for kind, name, fields, first, last in known:
            if kind == "command":
                ground.commands[name] = Command(json.loads(fields), first, last)
            elif kind == "touched":
                ground.touched[name] = first
            else:
                ground.taken.add((name, first))
        return ground

    def append_file(self, batches: Iterable[Sequence[Encoded]], append: Append, progress: Progress | None) -> Receipt:
        """As every recorder's; when the connection is lost in the commit, the command id tells whether it was made."""
        try:
            return super().append_file(batches, append, progress)
        except psycopg.OperationalError as error:
            made = self.command(append.command_id)
            if made is None:
                raise OperationalError(str(error)) from error
            return Receipt(made.first, made.last, repeated=False)

    @contextmanager
    def file_writer(self, append: Append) -> Iterator[PostgresFileWriter]:
        """A transaction for a whole file, on a connection of its own."""
        with self.connect(_FILE_SETTINGS) as connection:
            # From here on the driver begins transactions, in the same breath as their first statement.
            connection.autocommit = False
            ground = self._ground(connection, [Member((), append)])
            writer = PostgresFileWriter(connection, self.sql, ground)
            try:
                yield writer
            except psycopg.errors.UniqueViolation as error:
                found = _PLACE.search(error.diag.message_detail or "")
                raise Moved(found[1] if found else "facts") from error
            finally:
                writer.leave()

    def _roll_back(self) -> None:
        """Let go of the head row; a connection that does not come to rest is forgotten, as is what the head was."""
        self._left = None
        if self._writer is not None:
            with suppress(psycopg.Error):
                self._writer.roll_back()
            if not self._writer.is_at_rest:
                self._drop_writer()

    def _drop_writer(self) -> None:
        if self._writer is not None:
            with suppress(psycopg.Error):
                self._writer.connection.close()
            self._writer = None


class PostgresFileWriter:
    """Writes a file's facts through one COPY, so that the server takes them in while the next batch is made."""

    def __init__(self, connection: Connection, sql: Statements, ground: Ground) -> None:
        self.ground = ground
        self._connection, self._sql = connection, sql
        self._cursor = connection.cursor()
        self._context = self._cursor.copy(sql.copy)
        self._copy: psycopg.Copy | None = None

    def write(self, rows: Sequence[Row]) -> None:
        """Send rows. A stream and version that is taken is told at the latest by `finish`."""
        if self._copy is None:
            self._copy = self._context.__enter__()
            self._copy.write(COPY_START)
        self._copy.write(copy_rows(rows))

    def finish(self, addition: Addition) -> None:
        """End the COPY, write what belongs to the facts, and commit."""
        if self._copy is not None:
            self._copy.write(COPY_END)
            self._copy = None
            self._context.__exit__(None, None, None)
        self._connection.execute(self._sql.write, added(addition))
        self._connection.execute(self._sql.notify)
        self._connection.execute("COMMIT")

    def leave(self) -> None:
        """Undo what was not committed."""
        if self._copy is not None:
            self._copy = None
            with suppress(psycopg.Error):
                self._context.__exit__(InterruptedError, InterruptedError("the file was not finished"), None)
        if not self._connection.closed:
            with suppress(psycopg.Error):
                self._connection.rollback()


def _mark(group: Sequence[Member], *, was_sent: bool) -> None:
    for member in group:
        member.was_sent = was_sent
