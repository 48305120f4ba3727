"""The answer to a question: the object of contract §6, and what text, tables and files need besides.

`to_bytes` is canonical: the same question at the same `@N` gives the same bytes on every backend and after a rebuild.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

import msgspec

from ledger.reporting.log import Log
from ledger.reporting.report import Form
from ledger.reporting.rules.asked import Question
from ledger.reporting.stored.bounded import Bounded

#: What a cell holds: öre, a year or a count; text in lists; or nothing.
Cell = int | str | None

#: A ledger without mandate facts is open (contract §1). The mandate facts follow in their own issue and close it.
OPEN: Final = "oppet"

_ENCODER = msgspec.json.Encoder()

#: When and under which tree head a log ended at a position, of the positions that were last asked for.
MOST_PROOFS: Final = 1024
_PROOFS: WeakKeyDictionary[Log, Bounded[tuple[str | None, str]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Kolumn:
    """A column as shown."""

    nyckel: str
    rubrik: str
    form: Form = "belopp"


@dataclass(frozen=True)
class Rad:
    """A row as shown. `sort` is what kind of row it is (enhet, kod, projekt, summa, varav, andring, …)."""

    nyckel: str
    namn: str
    celler: dict[str, Cell]
    indrag: int = 0
    sort: str = "rad"
    kommentar: str | None = None


@dataclass(frozen=True)
class Stampel:
    """From what the answer was worked out: the log at a position."""

    position: int
    recorded_at: str | None
    root: str
    version: int
    lage: str = OPEN


@dataclass(frozen=True)
class Answer:
    """An answered report. `utskrift` are the columns of a narrow printed table; the rest is the contract's."""

    rapport: str
    rubrik: str
    stampel: Stampel
    fraga: dict[str, Any]
    kolumner: tuple[Kolumn, ...]
    rader: tuple[Rad, ...]
    fotnoter: tuple[str, ...]
    utskrift: tuple[str, ...] = ()

    @property
    def enhet(self) -> str:
        """The unit that amounts are shown in."""
        return str(self.fraga["enhet"])

    @property
    def holds_text(self) -> bool:
        """Whether a table of sums shows free text of facts, which may have to be erased: comments, named changes."""
        return any(rad.kommentar is not None or is_named_by_text(rad.nyckel) for rad in self.rader)

    def to_dict(self) -> dict[str, Any]:
        """The object of contract §6, in its order."""
        return {
            "rapport": self.rapport,
            "rubrik": self.rubrik,
            "stampel": _plain(self.stampel),
            "fraga": self.fraga,
            "kolumner": [_plain(kolumn) for kolumn in self.kolumner],
            "rader": [_row(rad) for rad in self.rader],
            "fotnoter": list(self.fotnoter),
        }

    def to_bytes(self) -> bytes:
        """The object as JSON, UTF-8."""
        return _ENCODER.encode(self.to_dict())


def is_named_by_text(nyckel: str) -> bool:
    """Whether a row has the text of a decision for its name: a change in *Specifikation av förändringar*."""
    return ".andring." in nyckel


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _row(rad: Rad) -> dict[str, Any]:
    row: dict[str, Any] = {"nyckel": rad.nyckel, "namn": rad.namn, "sort": rad.sort, "indrag": rad.indrag}
    if rad.kommentar is not None:
        row["kommentar"] = rad.kommentar
    row["celler"] = rad.celler
    return row


def stamp(log: Log, position: int, version: int) -> Stampel:
    """The stamp of an answer at a position."""
    recorded_at, root = _proofs(log).get(position, lambda: _proof(log, position))
    return Stampel(position, recorded_at, root, version, mode(log, position))


def _proofs(log: Log) -> Bounded[tuple[str | None, str]]:
    found = _PROOFS.get(log)
    return found if found is not None else _PROOFS.setdefault(log, Bounded(MOST_PROOFS))


def _proof(log: Log, position: int) -> tuple[str | None, str]:
    """When the fact at a position was recorded and the tree head there: neither ever changes."""
    return instant_text(log.recorded_at(position)) if position else None, log.root_at(position)


def mode(_log: Log, _position: int) -> str:
    """Whether the ledger was open or bound by mandates as of a position."""
    return OPEN


def instant_text(instant: datetime) -> str:
    """An instant as the log writes it: `2024-05-28T12:00:00.000000Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def question_dict(question: Question, ansvar: str | None) -> dict[str, Any]:
    """Every parameter that was used, `kand` always as `@N`."""

    def day(value: Any) -> str | None:
        return value.isoformat() if value else None

    return {
        "ar": question.ar,
        "tom": question.tom,
        "per": question.per,
        "ansvar": ansvar,
        "kand": f"@{question.kand}",
        "beslutad": day(question.beslutad),
        "organisation": day(question.tree_day),
        # Said only when it is asked for: the bytes of other answers are what they were before it could be.
        **({"jamfor_organisation": day(question.jamfor_organisation)} if question.jamfor_organisation else {}),
        "handelse": question.handelse,
        "jamfor_prognos": day(question.jamfor_prognos),
        "omgang": day(question.omgang),
        "med_forslag": "ja" if question.med_forslag else "nej",
        "stora": question.stora,
        "enhet": question.enhet,
        **dict(question.filters),
    }
