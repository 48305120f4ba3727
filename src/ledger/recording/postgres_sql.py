"""The statements of the PostgreSQL log, every name qualified by the ledger's schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from psycopg.sql import Identifier

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

_WRITE = """
    WITH added AS (INSERT INTO {s}facts ({columns}) SELECT * FROM unnest(
            %b::int8[], %b::text[], %b::text[], %b::int8[], %b::text[], %b::text[], %b::text[], %b::text[],
            %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[])),
        remembered AS (INSERT INTO {s}commands SELECT * FROM unnest(%b::text[], %b::text[], %b::int8[], %b::int8[])),
        guarded AS (INSERT INTO {s}touched SELECT * FROM unnest(%b::text[], %b::int8[])
            ON CONFLICT (key) DO UPDATE SET position = EXCLUDED.position),
        kept AS (INSERT INTO {s}frontiers SELECT * FROM unnest(%b::int8[], %b::bytea[]))
    UPDATE {s}head SET size = %b::int8, recorded_at = %b, frontier = %b WHERE id = 1"""

_LATEST = """SELECT wanted.stream, newest.version FROM unnest(?::text[]) AS wanted(stream)
    CROSS JOIN LATERAL (SELECT max(f.version) AS version FROM {s}facts AS f WHERE f.stream = wanted.stream) AS newest"""

_TOUCHED = "SELECT key, position FROM {s}touched WHERE key = ANY(?::text[])"
