"""The statements of the PostgreSQL log, every name qualified by the ledger's schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from psycopg.sql import Identifier

from ledger.recording.prepared import Statement, numbered
from ledger.recording.schema import COLUMNS

#: PostgreSQL cuts longer names off, and a cut channel could be another ledger's.
LONGEST_NAME = 63


@dataclass(frozen=True, slots=True)
class Statements:
    """`dialect` turns a question of reading.py into PostgreSQL's words."""

    channel: str
    dialect: Callable[[str], str]
    lock: str
    look_up: str
    write: str
    at_once: Statement
    one: Statement
    ones: Statement
    notify: str
    copy: str
    latest: str
    touched: str


@lru_cache
def statements(schema: str) -> Statements:
    """All statements for one schema."""
    s = Identifier(schema).as_string() + "."
    channel = f"liggare {schema}"[:LONGEST_NAME]

    @lru_cache
    def dialect(question: str) -> str:
        return question.replace("{s}", s).replace("?", "%b")

    return Statements(
        channel=channel,
        dialect=dialect,
        lock=f"SELECT size, recorded_at, frontier FROM {s}head WHERE id = 1 FOR UPDATE",
        look_up=_LOOK_UP.replace("{s}", s),
        write=_WRITE.replace("{s}", s).replace("{columns}", ", ".join(COLUMNS)),
        at_once=numbered(_AT_ONCE.replace("{s}", s).replace("{columns}", ", ".join(COLUMNS))),
        one=numbered(_ONE.replace("{s}", s).replace("{columns}", ", ".join(COLUMNS))),
        ones=numbered(_ONES.replace("{s}", s).replace("{columns}", ", ".join(COLUMNS))),
        notify=f"NOTIFY {Identifier(channel).as_string()}",
        copy=f"COPY {s}facts ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)",
        latest=_LATEST,
        touched=_TOUCHED,
    )


_LOOK_UP = """
    SELECT 'command' AS kind, id AS name, fields, first, last FROM {s}commands WHERE id = ANY(%b::text[])
    UNION ALL SELECT 'touched', key, '', position, 0 FROM {s}touched WHERE key = ANY(%b::text[])
    UNION ALL SELECT 'taken', place.stream, '', place.version, 0
        FROM unnest(%b::text[], %b::int8[]) AS place(stream, version)
        WHERE EXISTS (SELECT FROM {s}facts AS f WHERE f.stream = place.stream AND f.version = place.version)"""

_FACTS = """%(position)b::int8[], %(recorded_at)b::text[], %(stream)b::text[], %(version)b::int8[], %(name)b::text[],
            %(actor)b::text[], %(mandat)b::text[], %(command_id)b::text[], %(public)b::bytea[], %(private)b::bytea[],
            %(salt)b::bytea[], %(private_digest)b::bytea[], %(leaf)b::bytea[]"""

#: What is written of an addition. `{source}` has one row, or none: then nothing is written.
_ADDED = f"""
        added AS (INSERT INTO {{s}}facts ({{columns}}) SELECT new.* FROM {{source}} unnest(
            {_FACTS}) AS new),
        remembered AS (INSERT INTO {{s}}commands SELECT new.* FROM {{source}} unnest(
            %(ids)b::text[], %(fields)b::text[], %(first)b::int8[], %(last)b::int8[]) AS new),
        guarded AS (INSERT INTO {{s}}touched SELECT new.* FROM {{source}} unnest(
            %(keys)b::text[], %(touched_at)b::int8[]) AS new
            ON CONFLICT (key) DO UPDATE SET position = EXCLUDED.position),
        kept AS (INSERT INTO {{s}}frontiers SELECT new.* FROM {{source}} unnest(
            %(kept_at)b::int8[], %(kept)b::bytea[]) AS new)"""

_HEAD = "UPDATE {s}head SET size = %(size)b::int8, recorded_at = %(newest)b, frontier = %(frontier)b WHERE id = 1"

_WRITE = f"WITH {_ADDED.replace('{source} ', '')} {_HEAD}"

#: Lock, look and write in one statement: its UPDATE takes the lock, and finds its row only while the head is what the
#: writer believes. Then nobody has committed since, so what the statement sees is all that there is, and no guard key
#: was touched but by the writer itself, who remembers it.
_MOVED = f"{_HEAD} AND size = %(size_before)b::int8 AND frontier = %(frontier_before)b"

#: Under the lock nobody has taken these ids and these places; `{ids}` is what the ids are called.
_FREE = """
            AND NOT EXISTS (SELECT FROM {s}commands WHERE id = ANY(%({ids})b::text[]))
            AND NOT EXISTS (SELECT FROM unnest(%(stream)b::text[], %(version)b::int8[]) AS place(stream, version)
                WHERE EXISTS (SELECT FROM {s}facts AS f WHERE f.stream = place.stream AND f.version = place.version))
            RETURNING 1"""

_AT_ONCE = f"""
    WITH moved AS ({_MOVED}{_FREE.replace("{ids}", "ids")}), {_ADDED.replace("{source}", "moved,")}
    SELECT CASE WHEN %(notifies)b THEN pg_notify(%(channel)b, '') IS NULL END FROM moved"""

#: The same for a command of one fact that touches no key, without arrays: half the work for the server.
_ONE = f"""
    WITH moved AS ({_MOVED}
            AND NOT EXISTS (SELECT FROM {{s}}commands WHERE id = %(command_id)b)
            AND NOT EXISTS (SELECT FROM {{s}}facts WHERE stream = %(stream)b AND version = %(version)b::int8)
            RETURNING 1),
        remembered AS (INSERT INTO {{s}}commands
            SELECT %(command_id)b, %(fields)b, %(size)b::int8, %(size)b::int8 FROM moved)
    INSERT INTO {{s}}facts ({{columns}}) SELECT
        %(size)b::int8, %(newest)b, %(stream)b, %(version)b::int8, %(name)b, %(actor)b, %(mandat)b, %(command_id)b,
        %(public)b::bytea, %(private)b::bytea, %(salt)b::bytea, %(private_digest)b::bytea, %(leaf)b::bytea FROM moved"""

#: The same for commands of one fact each that touch no key: what is common is told once.
_ONES = f"""
    WITH moved AS ({_MOVED}{_FREE.replace("{ids}", "command_id")}),
        new AS (SELECT fact.* FROM moved, unnest(
            {_FACTS}, %(fields)b::text[]) AS fact({{columns}}, fields)),
        remembered AS (INSERT INTO {{s}}commands SELECT command_id, fields, position, position FROM new)
    INSERT INTO {{s}}facts ({{columns}}) SELECT {{columns}} FROM new"""

_LATEST = """SELECT wanted.stream, newest.version FROM unnest(?::text[]) AS wanted(stream)
    CROSS JOIN LATERAL (SELECT max(f.version) AS version FROM {s}facts AS f WHERE f.stream = wanted.stream) AS newest"""

_TOUCHED = "SELECT key, position FROM {s}touched WHERE key = ANY(?::text[])"
