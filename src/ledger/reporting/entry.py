"""What a report keeps of facts: entries that are summed, and rows that are listed.

A *cube* is everything that is a sum: entries of (cell, period, effective date, öre). A *register* is everything that
is a list or a latest-known value. A *journal* finds the facts themselves, envelope included; a *series* holds numbers
that ought to follow on one another. Each is a pure function of one fact, stored once however many reports use it; a new
`version` makes the ledger rebuild it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from ledger.domain.events import RegistreringCorrected
from ledger.domain.fact import Fact
from ledger.reporting.log import Recorded

#: The two sides of an account.
DEBET: Final = "debet"
KREDIT: Final = "kredit"

#: Fields of a key that sums are grouped by: `("ansvar", "verksamhet")`.
View = tuple[str, ...]


class Key(NamedTuple):
    """The cell that an amount belongs to: the codes that reports group by."""

    ansvar: str | None = None
    verksamhet: str | None = None
    konto: str | None = None
    slag: str | None = None
    projekt: str | None = None
    handelse: str | None = None


class Entry(NamedTuple):
    """One amount, in the books' sign: the month it is about (`202403`) and the day from which it holds."""

    key: Key
    period: int
    effective: date
    amount_ore: int


class Listed(NamedTuple):
    """One row of a register: `key` finds it (`2024`), `row` is a dataclass of what is known."""

    key: str
    row: Any


@dataclass(frozen=True, slots=True)
class Lagesbelopp:
    """An amount in the books' sign that stands from a day on, until a newer day takes its place: a row of a register.

    `om` is what it is about, and of what all rows of the newest day count; `slag` says what the amount is. `namn`,
    `kategori` and `status` are what the row says of it.
    """

    om: str
    dag: date
    slag: str
    belopp_ore: int
    ansvar: str
    namn: str = ""
    kategori: str | None = None
    status: str | None = None


#: The groupings that a cube is summed by ahead of the question, besides slag and handelse, which are in all of them.
VIEWS: Final[tuple[View, ...]] = (("ansvar",), ("ansvar", "verksamhet"), ("ansvar", "konto"), ("ansvar", "projekt"))


@dataclass(frozen=True)
class Cube:
    """Everything that is a sum. `entries` gives what one fact adds.

    `views` are the groupings that sums are asked by; any other is worked out from the entries, at a cost. `near` is
    the field whose entries lie together, for who takes a cell apart. A cube whose `entries` are exactly the posted
    rows of some slag says so in `posted`, and is then read without making facts; so is one of all posted rows as the
    book has them (bokforing.py), with `by_side`.
    """

    name: str
    entries: Callable[[Fact], Iterable[Entry]]
    version: int = 1
    views: tuple[View, ...] = VIEWS
    near: str = "ansvar"
    posted: frozenset[str] | None = None
    by_side: bool = False

    @property
    def is_of_postings(self) -> bool:
        """Whether it is read without making facts."""
        return self.posted is not None or self.by_side


@dataclass(frozen=True)
class Register:
    """Everything that is a list. `rows` gives what one fact tells, as objects of `row_type`.

    Without `postings` it is not asked of outcome, which is most of a log; without `vouchers` not of vouchers that
    correct none.
    """

    name: str
    row_type: type
    rows: Callable[[Fact], Iterable[Listed]]
    version: int = 1
    postings: bool = True
    vouchers: bool = True


class Tagged(NamedTuple):
    """How a fact is found in a journal: by its own day, by tags such as `vem=a-17`, and by the units it is about."""

    day: date | None
    tags: tuple[str, ...]
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Journal:
    """Every fact, newest first, found by what `tags` gives; corrections are facts of their own.

    An index into the log: what is shown of a fact is worked out of the fact when it is shown. A journal says `by_heads`
    where a voucher that corrects none has its bokföringsdatum for a day, those of its rows for units, and tags by that
    day, who recorded it and in which hour alone; vouchers are then not read whole.
    """

    name: str
    tags: Callable[[Recorded], Tagged]
    version: int = 1
    by_heads: bool = False


class Numbered(NamedTuple):
    """One number of a series: `key` says which series, `day` is the fact's own."""

    key: str
    number: int
    day: date


@dataclass(frozen=True)
class Series:
    """Numbers that ought to follow on one another, such as those of vouchers. `numbers` gives those of one fact.

    Numbers never cease: who corrects a voucher gives another number. A series says `by_heads` where a voucher that
    corrects none has one number, its vernr where that is one, on its bokföringsdatum in its year and serie (`2024/A`).
    """

    name: str
    numbers: Callable[[Fact], Iterable[Numbered]]
    version: int = 1
    by_heads: bool = False


Material = Cube | Register | Journal | Series


class Ceased(NamedTuple):
    """The rows of the fact at this position no longer count; those that follow stand in its place."""

    position: int


def cube_entries(cube: Cube, fact: Fact) -> Iterator[Entry]:
    """What a fact adds to a cube; a corrected registration is reversed at its own dates and the right one added."""
    if isinstance(fact, RegistreringCorrected):
        for entry in cube_entries(cube, fact.fel):
            yield entry._replace(amount_ore=-entry.amount_ore)
        if fact.ratt:
            yield from cube_entries(cube, fact.ratt)
    else:
        yield from cube.entries(fact)


def register_rows(register: Register, fact: Fact) -> Iterator[Listed | Ceased]:
    """What a fact tells a register; a correction makes the wrong rows cease and tells the right ones."""
    if not isinstance(fact, RegistreringCorrected):
        yield from register.rows(fact)
        return
    # A correction that was itself wrong gives back what it took away.
    told = [fact.fel.fel] if isinstance(fact.fel, RegistreringCorrected) else []
    told += [fact.ratt] if fact.ratt else []
    rows = [row for right in told for row in register_rows(register, right)]
    if rows or any(True for _ in register_rows(register, fact.fel)):
        yield Ceased(fact.rattar)
        yield from rows
