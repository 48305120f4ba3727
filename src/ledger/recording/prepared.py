"""Statements that are prepared once per connection and sent as they are, past the driver's cursors.

A cursor converts every parameter and looks at every answer. For the statement of a single post that costs as much as
all else that is done for it here, so its parameters are packed by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import count
from struct import Struct
from typing import Any, NamedTuple

import psycopg
from psycopg import generators
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

_NAMED = re.compile(r"%\((\w+)\)b")
_BIGINT = Struct(">q").pack
_OK = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)

#: What is sent as text, bytea, bigint, boolean and NULL.
Value = str | bytes | int | bool | None


class Statement(NamedTuple):
    """A statement with its parameters numbered; `names` are theirs, in order. Types stand in the text, as casts."""

    text: str
    names: tuple[str, ...]

    def values(self, named: Mapping[str, Value]) -> list[bytes | None]:
        """Parameters in order, as the server takes them. Errors: UnicodeEncodeError for text that cannot be sent."""
        return [_binary(named[name]) for name in self.names]


def numbered(text: str) -> Statement:
    """A statement whose parameters are named as the driver's are: `%(size)b`."""
    names = tuple(dict.fromkeys(_NAMED.findall(text)))
    return Statement(_NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", text), names)


def _binary(value: Value) -> bytes | None:
    """A value in the server's binary format."""
    if isinstance(value, bytes | None):
        return value
    if isinstance(value, str):
        return value.encode()
    return bytes((value,)) if isinstance(value, bool) else _BIGINT(value)


class Sender:
    """Sends statements on one connection, which is in autocommit: each is a transaction of its own."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self._names: dict[Statement, bytes] = {}
        self._numbers = count(1)

    def send(self, statement: Statement, values: Sequence[bytes | None]) -> None:
        """Begin to run a statement; `answer` is to be asked for. Errors: as it."""
        pgconn = self.connection.pgconn
        name = self._names.get(statement)
        if name is None:
            name = b"liggare_%d" % next(self._numbers)
            pgconn.send_prepare(name, statement.text.encode())
            self.answer()
            self._names[statement] = name
        formats = [Format.BINARY] * len(values)
        pgconn.send_query_prepared(name, values, formats, Format.BINARY)

    def answer(self) -> PGresult:
        """Wait for the answer as the driver waits, so that it can be interrupted.

        Errors: psycopg.Error, of the class that the driver would raise.
        """
        result: PGresult
        (result,) = self.connection.wait(generators.execute(self.connection.pgconn))
        if result.status not in _OK:
            raise psycopg.errors.error_from_result(result, self.connection.info.encoding)
        return result

    @property
    def is_at_rest(self) -> bool:
        """Whether the connection is open and nothing is under way on it."""
        return self.connection.pgconn.transaction_status == TransactionStatus.IDLE

    def roll_back(self) -> None:
        """End a transaction that is under way. The driver then lets the server throw away all that was prepared."""
        if not self.is_at_rest:
            self.connection.rollback()
            self._names.clear()
