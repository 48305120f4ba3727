"""The answer to a question: the object of contract §6, and what text, tables and files need besides.

`to_bytes` is canonical: the same question at the same `@N` gives the same bytes on every backend and after a rebuild.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import repeat
from typing import Any, Final, NamedTuple, Protocol, overload
from weakref import WeakKeyDictionary

import msgspec

from ledger.domain.language import plain_text
from ledger.reporting.log import Log
from ledger.reporting.report import Form
from ledger.reporting.rules.asked import LARGE_ORE, Question
from ledger.reporting.rules.movements import ANDRING, FORSLAG, URSPRUNG
from ledger.reporting.stored.bounded import Bounded

#: What a cell holds: öre, a year or a count; text in lists; or nothing.
Cell = int | str | None

#: A ledger without mandates is open; the first one closes it for ever (contract §1).
OPEN: Final = "oppet"
BOUND: Final = "mandat"

#: The stream of the one fact that closes it.
STREAM_OF_MODE: Final = "lage"

_ENCODER = msgspec.json.Encoder(enc_hook=plain_text)

#: When and under which tree head a log ended at a position, of the positions that were last asked for.
MOST_PROOFS: Final = 1024
_PROOFS: WeakKeyDictionary[Log, Bounded[tuple[str | None, str]]] = WeakKeyDictionary()

#: Where each log came to be bound by mandates (0: not yet), and up to which position that is known.
_MODES: WeakKeyDictionary[Log, tuple[int, int]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Kolumn:
    """A column as shown. `saknas`: nothing is registered that it could be the sum of, so its 0 is no fact."""

    nyckel: str
    rubrik: str
    form: Form = "belopp"
    saknas: bool = False


class Rad(NamedTuple):
    """A row as shown. `sort` is what kind of row it is (enhet, kod, projekt, summa, varav, andring, …)."""

    nyckel: str
    namn: str
    celler: dict[str, Cell]
    indrag: int = 0
    sort: str = "rad"
    kommentar: str | None = None


class Radhuvud(Protocol):
    """A row before its cells: what it is called, and that as JSON (`opening`), which many questions share."""

    @property
    def nyckel(self) -> str:
        """Its key."""

    @property
    def namn(self) -> str:
        """Its name."""

    @property
    def indrag(self) -> int:
        """How far it is indented."""

    @property
    def sort(self) -> str:
        """What kind of row it is."""

    @property
    def opening(self) -> bytes:
        """The row as JSON up to its cells."""


class Rader(Sequence[Rad]):
    """The rows of a table as columns: JSON is written of the columns, a `Rad` is made when somebody looks at one.

    `celler` holds the cells of every row by column; `sagt` the comments by row.
    """

    def __init__(self, rows: Sequence[Radhuvud], celler: Mapping[str, Sequence[Cell]], sagt: Mapping[str, str]) -> None:
        self._rows, self._celler = rows, celler
        self._sagt = {row.nyckel: sagt[row.nyckel] for row in rows if row.nyckel in sagt} if sagt else {}

    @cached_property
    def _made(self) -> tuple[Rad, ...]:
        keys = list(self._celler)
        cells = zip(*self._celler.values(), strict=True) if keys else repeat((), len(self._rows))
        named = (dict(zip(keys, of, strict=True)) for of in cells)
        return tuple(
            Rad(row.nyckel, row.namn, of, row.indrag, row.sort, self._sagt.get(row.nyckel))
            for row, of in zip(self._rows, named, strict=True)
        )

    @overload
    def __getitem__(self, place: int) -> Rad: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Rad, ...]: ...
    def __getitem__(self, place: int | slice) -> Rad | tuple[Rad, ...]:
        return self._made[place]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Rad]:
        return iter(self._made)

    def __eq__(self, other: object) -> bool:
        return self._made == tuple(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    @property
    def holds_text(self) -> bool:
        """Whether any row shows free text of facts."""
        return bool(self._sagt) or any_named_by_text([row.nyckel for row in self._rows])

    def to_json(self) -> bytes:
        """The rows as JSON: their openings, and between the names of the columns what each column holds."""
        if not self._rows:
            return b"[]"
        width = 2 * len(self._celler) + 2
        parts = [b"}},"] * (width * len(self._rows))
        parts[::width] = [self._opening(row) for row in self._rows] if self._sagt else [r.opening for r in self._rows]
        for n, (key, column) in enumerate(self._celler.items()):
            name = b"%s%s:" % (b"," if n else b"", _ENCODER.encode(key))
            parts[2 * n + 1 :: width] = [name] * len(self._rows)
            parts[2 * n + 2 :: width] = _each(column)
        return b"[%s]" % b"".join(parts).removesuffix(b",")

    def _opening(self, row: Radhuvud) -> bytes:
        said = self._sagt.get(row.nyckel)
        return row.opening if said is None else opening(row.nyckel, row.namn, row.sort, row.indrag, said)


def opening(nyckel: str, namn: str, sort: str, indrag: int, kommentar: str | None = None) -> bytes:
    """A row as JSON up to its cells."""
    said: dict[str, Any] = {"nyckel": nyckel, "namn": namn, "sort": sort, "indrag": indrag}
    if kommentar is not None:
        said["kommentar"] = kommentar
    return _ENCODER.encode({**said, "celler": {}})[:-2]


def _each(column: Sequence[Cell]) -> list[bytes]:
    """The cells of a column as JSON, each by itself: whole numbers are written together and cut at the commas."""
    together = _ENCODER.encode(column)
    return list(map(_ENCODER.encode, column)) if b'"' in together else together[1:-1].split(b",")


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
    """An answered report. `utskrift` are the columns of a narrow printed table; the rest is the contract's.

    `build` names the build of the read model that it was worked out from.
    """

    rapport: str
    rubrik: str
    stampel: Stampel
    fraga: dict[str, Any]
    kolumner: tuple[Kolumn, ...]
    rader: Sequence[Rad]
    fotnoter: tuple[str, ...]
    utskrift: tuple[str, ...] = ()
    build: tuple[int, ...] = field(default=(), compare=False)

    @property
    def enhet(self) -> str:
        """The unit that amounts are shown in."""
        return str(self.fraga["enhet"])

    @property
    def holds_text(self) -> bool:
        """Whether a table of sums shows free text of facts, which may have to be erased: comments, named changes."""
        if isinstance(self.rader, Rader):
            return self.rader.holds_text
        return any(rad.kommentar is not None or is_named_by_text(rad.nyckel) for rad in self.rader)

    def shown(self) -> Answer:
        """The same for people: without figures in columns of which nothing is registered."""
        lacking = [kolumn.nyckel for kolumn in self.kolumner if kolumn.saknas]
        if not lacking:
            return self
        none = dict.fromkeys(lacking)
        return replace(self, rader=tuple(rad._replace(celler={**rad.celler, **none}) for rad in self.rader))

    def to_bytes(self) -> bytes:
        """The object of contract §6, in its order, as JSON, UTF-8."""
        rader = self.rader
        return _ENCODER.encode(
            {
                "rapport": self.rapport,
                "rubrik": self.rubrik,
                "stampel": self.stampel,
                "fraga": self.fraga,
                "kolumner": [_column(kolumn) for kolumn in self.kolumner],
                "rader": msgspec.Raw(rader.to_json()) if isinstance(rader, Rader) else [_row(rad) for rad in rader],
                "fotnoter": self.fotnoter,
            }
        )


def is_named_by_text(nyckel: str) -> bool:
    """Whether a row has the text of a decision for its name: a line of a specification."""
    return any(f".{sort}." in nyckel for sort in (URSPRUNG, ANDRING, FORSLAG))


def any_named_by_text(nycklar: Collection[str]) -> bool:
    """Whether any of some rows has."""
    # A sort has no line break, so putting the keys together makes none of them.
    return is_named_by_text("\n".join(nycklar))


def _column(kolumn: Kolumn) -> dict[str, Any]:
    """A column as JSON. That nothing is registered of it is said only where it is so."""
    said: dict[str, Any] = {"nyckel": kolumn.nyckel, "rubrik": kolumn.rubrik, "form": kolumn.form}
    return {**said, "saknas": True} if kolumn.saknas else said


def _row(rad: Rad) -> dict[str, Any]:
    nyckel, namn, celler, indrag, sort, kommentar = rad
    if kommentar is None:
        return {"nyckel": nyckel, "namn": namn, "sort": sort, "indrag": indrag, "celler": celler}
    return {"nyckel": nyckel, "namn": namn, "sort": sort, "indrag": indrag, "kommentar": kommentar, "celler": celler}


def stamp(log: Log, position: int, version: int) -> Stampel:
    """The stamp of an answer at a position."""
    recorded_at, root = _proofs(log).get(position, lambda: _proof(log, position))
    return Stampel(position, recorded_at, root, version, mode(log, position))


def _proofs(log: Log) -> Bounded[tuple[str | None, str]]:
    found = _PROOFS.get(log)
    return found if found is not None else _PROOFS.setdefault(log, Bounded(MOST_PROOFS))


def _proof(log: Log, position: int) -> tuple[str | None, str]:
    """When the fact at a position was recorded and the tree head there: neither ever changes."""
    if not position:
        return None, log.root_at(position)
    recorded_at, root = log.stamp_at(position)
    return instant_text(recorded_at), root


def mode(log: Log, position: int) -> str:
    """Whether the ledger was open or bound by mandates as of a position."""
    bound_at, looked_at = _MODES.get(log, (0, 0))
    if not bound_at and looked_at < position:
        bound_at = min((recorded.position for recorded in log.stream(STREAM_OF_MODE)), default=0)
        _MODES[log] = bound_at, position
    return BOUND if 0 < bound_at <= position else OPEN


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
        **({"stora_fran": question.stora_fran_ore // 100} if question.stora_fran_ore != LARGE_ORE else {}),
        "enhet": question.enhet,
        **dict(question.filters),
    }
