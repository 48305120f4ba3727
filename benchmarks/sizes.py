"""How large the read model is: every table with its indexes, as the database itself counts.

A projection's part of a table is what its rows hold of all that the table's rows hold. The demand is of one projection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, LargeBinary, Table, Text, func, select, text

from benchmarks.built import Built
from benchmarks.figures import Figure, most
from ledger.reporting.stored.schema import METADATA, POINTER, open_database


def figures(backend: str, built: Built, demand: float) -> Iterator[Figure]:
    """Bytes for each row of vouchers: of the largest projection, and of all with the tables that take most."""
    engine = open_database(built.url)
    with engine.connect() as connection:
        tables = _sqlite(connection) if backend == "sqlite" else _postgres(connection)
        projections = _projections(connection, tables)
    engine.dispose()
    for what, sizes, demands in (
        ("storlek, det största underlaget", projections, {"byte/rad": most(demand)}),
        ("storlek, allt underlag", tables, {}),
    ):
        figure = Figure("as-of", backend, what, "byte/rad", built.rows, demands)
        largest = {f"{name} byte/rad": size / built.rows for name, size in sizes.most_common(4)}
        of = next(iter(largest.values())) if demands else sizes.total() / built.rows
        figure.add(of, **largest)
        yield figure


def _sqlite(connection: Connection) -> Counter[str]:
    """The size of each table of the read model."""
    sizes = Counter(dict.fromkeys(METADATA.tables, 0))
    pages = "SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_master USING (name) GROUP BY tbl_name"
    for name, size in connection.execute(text(pages)):
        if name in sizes:
            sizes[name] += size
    return sizes


def _postgres(connection: Connection) -> Counter[str]:
    """The size of each table of the read model."""
    total = text("SELECT pg_total_relation_size(to_regclass(:name))")
    return Counter({name: connection.scalar(total, {"name": name}) or 0 for name in METADATA.tables})


def _projections(connection: Connection, sizes: Counter[str]) -> Counter[str]:
    """The size of each projection."""
    name_of = {number: name for name, number in connection.execute(select(POINTER.c.name, POINTER.c.material))}
    parts: Counter[str] = Counter()
    for table in METADATA.sorted_tables:
        if "material" in table.primary_key.columns:
            held = _held(connection, table)
            for number, length in held.items():
                parts[name_of.get(number, "kvarlämnat")] += sizes[table.name] * length // held.total()
    return parts


def _held(connection: Connection, table: Table) -> Counter[int]:
    """What the rows of each generation hold, as lengths of all that is long."""
    wide = [func.coalesce(func.length(column), 0) for column in table.c if isinstance(column.type, LargeBinary | Text)]
    asked = select(table.c.material, func.sum(sum(wide[1:], wide[0]))).group_by(table.c.material)
    return Counter({number: int(length) for number, length in connection.execute(asked)})
