"""The database itself refuses to change facts; and what is changed all the same is found and named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from ledger.domain.events import KommentarWritten
from ledger.domain.fact import ERASED
from ledger.recording import schema
from ledger.recording.store import FactLog, IntegrityBroken
from ledger.recording.tree import leaf_hash
from tests.recording.logs import command, comment, open_log, voucher

Execute = Callable[[str], Any]

REFUSED = [
    ("DELETE FROM facts WHERE position = 3", schema.NEVER_DELETED),
    ("DELETE FROM facts", schema.NEVER_DELETED),
    ("UPDATE facts SET public = public || public WHERE position = 3", schema.NEVER_CHANGED),
    ("UPDATE facts SET actor = 'a-2' WHERE position = 3", schema.NEVER_CHANGED),
    ("UPDATE facts SET recorded_at = '2023' WHERE position = 3", schema.NEVER_CHANGED),
    ("UPDATE facts SET private = public WHERE position = 300", schema.NEVER_CHANGED),
    ("UPDATE facts SET private = NULL WHERE position = 300", schema.NEVER_CHANGED),
    ("UPDATE facts SET private = NULL, salt = NULL, private_digest = NULL WHERE position = 300", schema.NEVER_CHANGED),
    ("UPDATE facts SET private = NULL, salt = NULL, mandat = 'x' WHERE position = 300", schema.NEVER_CHANGED),
    ("UPDATE facts SET position = 9999 WHERE position = 3", schema.NEVER_CHANGED),
    ("UPDATE head SET size = size - 1", schema.NEVER_BACK),
    ("DELETE FROM head", schema.NEVER_BACK),
    ("DELETE FROM commands", schema.NEVER_FORGOTTEN),
    ("UPDATE commands SET id = 'x'", schema.NEVER_FORGOTTEN),
    ("DELETE FROM frontiers", schema.NEVER_FORGOTTEN),
    ("UPDATE frontiers SET position = 1", schema.NEVER_FORGOTTEN),
]
TRUNCATED = [
    ("TRUNCATE facts", schema.NEVER_DELETED),
    ("TRUNCATE head", schema.NEVER_BACK),
    ("TRUNCATE commands", schema.NEVER_FORGOTTEN),
    ("TRUNCATE frontiers", schema.NEVER_FORGOTTEN),
]


@contextmanager
def outside(url: str) -> Iterator[Execute]:
    """A connection of somebody else's, in autocommit."""
    if url.startswith("sqlite"):
        connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    else:
        connection = psycopg.connect(url, autocommit=True)
    try:
        yield connection.execute
    finally:
        connection.close()


def without_triggers(url: str, *statements: str) -> None:
    """What somebody can do who owns the database."""
    with outside(url) as execute:
        if url.startswith("sqlite"):
            for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                execute(f"DROP TRIGGER {name}")
        else:
            for table in ("facts", "head", "frontiers", "commands"):
                execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            execute(statement)


@pytest.fixture
def log(database_url: str) -> Iterator[FactLog]:
    """600 facts, of which every hundredth has a private part."""
    with open_log(database_url) as opened:
        facts = [comment(n // 100, "Anna") if n % 100 == 0 else voucher(n) for n in range(1, 601)]
        opened.append_file([facts], command("fil"))
        yield opened


@pytest.mark.parametrize(("statement", "sentence"), REFUSED)
def test_the_database_refuses_to_change_what_is_recorded(
    log: FactLog, database_url: str, statement: str, sentence: str
) -> None:
    with outside(database_url) as execute, pytest.raises((sqlite3.Error, psycopg.Error), match=sentence[:40]):
        execute(statement)
    assert log.verify().ok


@pytest.mark.parametrize(("statement", "sentence"), TRUNCATED)
def test_postgres_refuses_to_truncate(postgres_url: str, statement: str, sentence: str) -> None:
    open_log(postgres_url).close()
    with outside(postgres_url) as execute, pytest.raises(psycopg.errors.RestrictViolation, match=sentence[:40]):
        execute(statement)


@pytest.mark.parametrize("key", ["position", "stream"])
def test_sqlite_refuses_to_replace(sqlite_url: str, key: str) -> None:
    with open_log(sqlite_url) as log:
        log.append(command("k-1", voucher(1), voucher(2)))
        row = "2, recorded_at, 'ny'" if key == "position" else "3, recorded_at, stream"
        columns = f"{row}, version, name, 'a-9', mandat, command_id, public, private, salt, private_digest, leaf"
        with outside(sqlite_url) as execute, pytest.raises(sqlite3.IntegrityError, match="Fakta ersätts aldrig"):
            execute(f"INSERT OR REPLACE INTO facts SELECT {columns} FROM facts WHERE position = 2")
        with outside(sqlite_url) as execute, pytest.raises(sqlite3.IntegrityError, match="går aldrig bakåt"):
            execute("INSERT OR REPLACE INTO head SELECT 1, 0, '', x''")
        assert log.verify().ok


def test_an_erased_private_part_changes_no_proof(log: FactLog, database_url: str) -> None:
    before = log.verify()
    with outside(database_url) as execute:
        execute("UPDATE facts SET private = NULL, salt = NULL WHERE position = 300")
        execute("UPDATE facts SET private = NULL, salt = NULL WHERE position = 300")
    assert log.verify() == before == (True, 600, log.head().root, None, None)
    fact = log.read(299, limit=1)[0].fact
    assert isinstance(fact, KommentarWritten)
    assert fact.text == ERASED
    raw = log.read_raw(299, limit=1)[0]
    assert (raw.private, raw.salt) == (None, None)
    assert raw.private_digest is not None


CHANGED = "har ändrats sedan det registrerades"
TAMPERED = [
    ("UPDATE facts SET public = public || public WHERE position = 3", 3, CHANGED),
    ("UPDATE facts SET actor = 'a-2' WHERE position = 257", 257, CHANGED),
    ("UPDATE facts SET stream = 'x' WHERE position = 599", 599, CHANGED),
    ("UPDATE facts SET command_id = 'x' WHERE position = 600", 600, CHANGED),
    ("UPDATE facts SET recorded_at = '2023' WHERE position = 100", 100, "inte registrerat efter"),
    ("UPDATE facts SET recorded_at = '2024-05-28T12:00:00.000599Z' WHERE position = 100", 100, CHANGED),
    ("UPDATE facts SET private = public WHERE position = 300", 300, "privata delen av faktum @300"),
    ("UPDATE facts SET private_digest = leaf, private = NULL, salt = NULL WHERE position = 300", 300, CHANGED),
    ("DELETE FROM facts WHERE position = 411", 411, "@411 saknas"),
    ("DELETE FROM facts WHERE position > 598", 599, "@599 saknas"),
    ("DELETE FROM facts", 1, "@1 saknas"),
    ("DELETE FROM frontiers WHERE position = 512", 257, "Kontrollpunkten vid @512 saknas"),
    ("UPDATE frontiers SET frontier = frontier || frontier WHERE position = 256", 1, "@1 till @256"),
    ("UPDATE facts SET leaf = (SELECT leaf FROM facts WHERE position = 9) WHERE position = 8", 8, CHANGED),
    ("UPDATE head SET recorded_at = '2030'", 600, "annan tidpunkt"),
    ("UPDATE head SET frontier = (SELECT frontier FROM frontiers WHERE position = 512)", 513, "huvud stämmer inte"),
    ("UPDATE head SET size = 599", 513, "huvud stämmer inte"),
]


@pytest.mark.parametrize(("statement", "position", "sentence"), TAMPERED)
def test_what_was_changed_behind_the_triggers_is_named(
    log: FactLog, database_url: str, statement: str, position: int, sentence: str
) -> None:
    without_triggers(database_url, statement)
    found = log.verify()
    assert not found.ok
    assert found.broken == position
    assert sentence in str(found.reason)


def test_a_fact_that_was_changed_with_its_leaf_is_found_among_its_256(log: FactLog, database_url: str) -> None:
    changed = "UPDATE facts SET public = (SELECT public FROM facts WHERE position = 1) WHERE position = 401"
    without_triggers(database_url, changed, _leaf(log, 401, 1))
    found = log.verify()
    assert (found.ok, found.broken) == (False, 257)
    assert "Något av faktum @257 till @512 har ändrats tillsammans med sin kontrollsumma" in str(found.reason)


def test_a_fact_beyond_the_head_is_found(log: FactLog, database_url: str) -> None:
    columns = "700, recorded_at, 'ny', version, name, actor, mandat, command_id, public, NULL, NULL, NULL, leaf"
    without_triggers(database_url, f"INSERT INTO facts SELECT {columns} FROM facts WHERE position = 1")
    found = log.verify()
    assert found.broken == 601
    assert "@700 ligger efter loggens huvud @600" in str(found.reason)


def test_a_hole_is_told_by_who_asks_for_a_root_or_an_instant(log: FactLog, database_url: str) -> None:
    without_triggers(database_url, "DELETE FROM facts WHERE position = 300")
    with pytest.raises(IntegrityBroken, match="inte hel"):
        log.root_at(301)
    with pytest.raises(IntegrityBroken, match="inte hel"):
        log.stamp_at(301)
    with pytest.raises(IntegrityBroken, match="@300 saknas"):
        log.position_at(log.recorded_at(299))


def test_bytes_that_are_no_fact_are_told_by_position(log: FactLog, database_url: str) -> None:
    without_triggers(database_url, "UPDATE facts SET name = 'okand_decided.v1' WHERE position = 2")
    with pytest.raises(IntegrityBroken, match="faktum @2 går inte att läsa"):
        log.read()


@pytest.mark.parametrize("change", ["size = size + 7", "recorded_at = 'nyss'", "frontier = leaf"])
def test_a_head_that_cannot_be_read_is_told_as_damage(log: FactLog, database_url: str, change: str) -> None:
    change = change.replace("leaf", "(SELECT leaf FROM facts WHERE position = 1)")
    with outside(database_url) as execute:
        execute(f"UPDATE head SET {change}")
    with pytest.raises(IntegrityBroken, match=r"loggens huvud @60[07] går inte att läsa"):
        log.head()
    assert not log.verify().ok


def _leaf(log: FactLog, position: int, of: int) -> str:
    """The statement of a forger who also computes the new leaf."""
    row = log.read_raw(position - 1, limit=1)[0]
    public = log.read_raw(of - 1, limit=1)[0].public
    leaf = leaf_hash(*row[:8], public, b"")
    return f"UPDATE facts SET leaf = {_blob(leaf, log)} WHERE position = {position}"


def _blob(data: bytes, log: FactLog) -> str:
    return f"x'{data.hex()}'" if "SQLite" in type(log._recorder).__name__ else f"'\\x{data.hex()}'::bytea"  # noqa: SLF001


def test_a_command_id_that_led_to_nothing_is_found(log: FactLog, database_url: str) -> None:
    with outside(database_url) as execute:
        execute("INSERT INTO commands VALUES ('forged', '{}', 1, 1)")
    found = log.verify()
    assert (found.ok, found.broken) == (False, 1)
    assert "forged" in (found.reason or "")
