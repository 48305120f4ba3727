"""How large the read model is: every table with its indexes, as the database itself counts."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import psycopg

from benchmarks.built import Built, file_of
from benchmarks.figures import Figure, most
from ledger.reporting.stored.schema import METADATA


def figure(backend: str, built: Built, demand: float) -> Figure:
    """Bytes for each row of vouchers, with the tables that take most."""
    sizes = _sqlite(built) if backend == "sqlite" else _postgres(built)
    made = Figure("as-of", backend, "läsmodellens storlek", "byte/rad", built.rows, {"byte/rad": most(demand)})
    largest = sorted(sizes, key=lambda name: -sizes[name])[:4]
    made.add(sum(sizes.values()) / built.rows, **{f"{name} byte/rad": sizes[name] / built.rows for name in largest})
    return made


def _sqlite(built: Built) -> dict[str, int]:
    sizes = dict.fromkeys(METADATA.tables, 0)
    with closing(sqlite3.connect(file_of(built.url))) as connection:
        table_of = dict(connection.execute("SELECT name, tbl_name FROM sqlite_master"))
        for name, size in connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"):
            if table_of.get(name) in sizes:
                sizes[table_of[name]] += size
    return sizes


def _postgres(built: Built) -> dict[str, int]:
    with psycopg.connect(built.url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        return {
            name: row[0] or 0
            for name in METADATA.tables
            for row in connection.execute("SELECT pg_total_relation_size(to_regclass(%s))", (name,))
        }
