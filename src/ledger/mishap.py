"""What can go wrong outside the rules, as a sentence for people: another writer, the clock, the database, the disk."""

from __future__ import annotations

import errno
import sqlite3
from typing import Final, NamedTuple

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from ledger.recording.place import NoLedger, shown
from ledger.recording.store import ClockIsBehind, CommandIdTaken, IntegrityBroken, LogIsAway, Moved
from ledger.reporting.reports import ReportsAreBehind
from ledger.reporting.running.rebuild import RebuildIsUnderWay
from ledger.web.callers import BindsBeyondLoopback, CannotListen, DemoIsReachable

#: What the operating system says of a file or a port, in Swedish; the rarer keeps its own words.
REASONS: Final = {
    errno.EACCES: "åtkomst nekas",
    errno.EPERM: "åtkomst nekas",
    errno.EROFS: "disken är skrivskyddad",
    errno.ENOSPC: "disken är full",
    errno.ENOENT: "mappen eller filen finns inte",
    errno.ENOTDIR: "mappen finns inte",
    errno.EISDIR: "det är en mapp",
}


class Mishap(NamedTuple):
    """What went wrong outside the rules, for people."""

    sentence: str
    breaks_integrity: bool = False


def mishap(error: Exception) -> Mishap | None:
    """An error of any room as a Swedish sentence; None for one that nobody expected."""
    match error:
        case NoLedger():
            return Mishap(f"Det finns ingen liggare i {shown(error.url)}: skapa den med liggare init.")
        case BindsBeyondLoopback() | CannotListen() | DemoIsReachable() | RebuildIsUnderWay():
            return Mishap(str(error))
        case IntegrityBroken():
            return Mishap(f"Liggaren är skadad: {error}.", breaks_integrity=True)
        case Moved():
            return Mishap(f"Någon annan hann före: {error}. Ingenting är registrerat; försök igen.")
        case CommandIdTaken() | ClockIsBehind():
            return Mishap(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        case ReportsAreBehind():
            return Mishap("Rapportunderlagen hann inte med. Försök igen om en stund.")
        case LogIsAway() | SQLAlchemyError() | psycopg.Error() | sqlite3.Error():
            return Mishap("Databasen svarar inte eller får inte skrivas. Kontrollera LIGGARE_DATABASE och försök igen.")
        case OSError():
            return Mishap(f"{error.filename or 'Filen'} går inte att använda: {_reason(error)}.")
    return None


def _reason(error: OSError) -> str:
    return REASONS.get(error.errno or 0) or error.strerror or str(error)
