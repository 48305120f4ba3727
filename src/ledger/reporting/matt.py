"""Mått och mätvärden as they are known and dated: which value counts, and whether a target is reached.

Of the values given for one mått, unit, sort, period and sex the one of the newest day counts, of one day the last said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from ledger.domain.events_uppfoljning import MattDefined, MatvardenReported
from ledger.domain.fact import Fact
from ledger.domain.language import phrase
from ledger.domain.tal import Tal, compared
from ledger.reporting.entry import Listed, Register


@dataclass(frozen=True, slots=True)
class Mattrad:
    """A mått from a day on."""

    matt: str
    namn: str
    slag: str
    fran: date
    enhet: str | None = None
    riktning: str | None = None
    del_av: str | None = None
    mal: str | None = None
    overgripande_mal: str | None = None
    malomrade: str | None = None


@dataclass(frozen=True, slots=True)
class Vardesrad:
    """A value as it was given on a day."""

    datum: date
    ansvar: str
    matt: str
    ar: int
    sort: str
    varde: int | None = None
    decimaler: int = 0
    tom: int | None = None
    kon: str | None = None
    villkor: str | None = None
    kod: str | None = None
    text: str | None = None

    @property
    def tal(self) -> Tal | None:
        """The number, where there is one."""
        return None if self.varde is None else Tal(self.varde, self.decimaler)

    @property
    def shown(self) -> str:
        """As it is written, with a decimal point: `≥4.0`, `I.U.`, `öka`."""
        villkor = "" if self.villkor in (None, "=") else self.villkor
        return f"{villkor}{self.tal.text if self.tal else ''}" or self.kod or ""


class Plats(NamedTuple):
    """Where a value stands in a table: its sort, year, and month through which; None: the whole year."""

    sort: str
    ar: int
    tom: int | None = None


def matt_rows(fact: Fact) -> Iterator[Listed]:
    """Versions of mått, found by code."""
    if isinstance(fact, MattDefined):
        yield Listed(
            fact.matt,
            Mattrad(
                *(fact.matt, fact.namn, fact.slag, fact.fran, fact.enhet, fact.riktning, fact.del_av),
                *(fact.mal, fact.overgripande_mal, fact.malomrade),
            ),
        )


def value_rows(fact: Fact) -> Iterator[Listed]:
    """Values, found by the mått."""
    if isinstance(fact, MatvardenReported):
        for rad in fact.rader:
            yield Listed(
                rad.matt,
                Vardesrad(
                    *(fact.datum, fact.ansvar, rad.matt, rad.ar, rad.sort, rad.varde, rad.decimaler, rad.tom),
                    *(rad.kon, rad.villkor, rad.kod, rad.text),
                ),
            )


MATT: Final = Register("matt", Mattrad, matt_rows, postings=False)
MATVARDE: Final = Register("matvarde", Vardesrad, value_rows, postings=False)
MATERIAL_OF_MATT: Final = (MATT, MATVARDE)


REACHED: Final = phrase("uppnått")
MISSED: Final = phrase("ej uppnått")


def judged(target: Vardesrad, outcome: Vardesrad | None, before: Vardesrad | None, riktning: str | None) -> str:
    """Whether an outcome reaches a target, in words. `before` is the outcome of the period a year earlier.

    A target that is a number alone asks for more or for less, as the mått says which is better (`riktning`); where it
    says neither it is judged only when it is met exactly.
    """
    if target.tal is None and target.villkor is None:
        return phrase("bedöms inte: mål saknas")
    now = outcome.tal if outcome else None
    if now is None:
        return phrase("bedöms inte: utfall saknas")
    if target.tal is None:
        was = before.tal if before else None
        return (
            _word(_moved(target.villkor or "", now, was, riktning))
            if was
            else phrase(
                "bedöms inte: föregående år saknas",
            )
        )
    return _limited(target.villkor or "=", now, target.tal, riktning)


def _limited(villkor: str, now: Tal, limit: Tal, riktning: str | None) -> str:
    """An outcome against a number."""
    if villkor.endswith("±"):
        now, villkor = Tal(abs(now.digits), now.decimaler), villkor.removesuffix("±")
    difference = compared(now, limit)
    if villkor == "=" and difference and riktning is None:
        return phrase("bedöms inte: måttets riktning saknas")
    if villkor == "=":
        villkor = "≤" if riktning == "lagre" else "≥"
    return _word({"≥": difference >= 0, "≤": difference <= 0, ">": difference > 0, "<": difference < 0}[villkor])


def _moved(villkor: str, now: Tal, was: Tal, riktning: str | None) -> bool:
    """An outcome against the year before."""
    difference = compared(now, was)
    if villkor == "behålla":
        return difference == 0 or ((difference > 0) == (riktning == "hogre") and riktning is not None)
    return difference > 0 if villkor == "öka" else difference < 0


def _word(is_reached: bool) -> str:  # noqa: FBT001 - one question, one word
    return REACHED if is_reached else MISSED


class Matt(NamedTuple):
    """A mått of one unit and sex with its values by place."""

    rad: Mattrad
    ansvar: str
    kon: str | None
    varden: dict[Plats, Vardesrad]

    def bedomning(self, ar: int, tom: int | None) -> str | None:
        """Whether the target of a year is reached by the outcome through a month; None where there is no target."""
        target = self.varden.get(Plats("mal", ar))
        if target is None:
            return None
        now, before = (self.varden.get(Plats("utfall", year, tom)) for year in (ar, ar - 1))
        return judged(target, now, before, self.rad.riktning)


def counting(rows: Iterable[tuple[int, Vardesrad]]) -> dict[tuple[str, str | None], dict[Plats, Vardesrad]]:
    """The values that count of one mått, by unit and sex and then by place. `rows` come with their order."""
    found: dict[tuple[str, str | None], dict[Plats, tuple[tuple[date, int], Vardesrad]]] = {}
    for order, row in rows:
        places = found.setdefault((row.ansvar, row.kon), {})
        place, age = Plats(row.sort, row.ar, row.tom), (row.datum, order)
        if place not in places or places[place][0] < age:
            places[place] = age, row
    return {key: {place: row for place, (_, row) in places.items()} for key, places in found.items()}
