"""The rounds (omgångar) that an import opens, said before anything is recorded.

Rule: contract §3 – a year's own budget replaces the plan that earlier budgets held for it; a dry run says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger.domain.beslut import DecideBeslut
from ledger.domain.books import Books
from ledger.domain.budget import frame_key, in_newest_round
from ledger.domain.events import DECISIONS
from ledger.domain.kodstrang import INVESTERING
from ledger.domain.language import _n
from ledger.domain.money import NBSP
from ledger.domain.rorelse import Sida, sides


class Round(NamedTuple):
    """A newer round for a nämnd (or project, or unit) and year, and how many movements no longer count."""

    kod: str
    ar: int
    beslutsdatum: date
    movements: int

    def sentence(self) -> str:
        """As a dry run says it."""
        text = _n(
            "öppnar ny omgång för {self.kod} {self.ar}; {count} tidigare rörelse räknas inte längre",
            "öppnar ny omgång för {self.kod} {self.ar}; {count} tidigare rörelser räknas inte längre",
            self.movements,
        )
        return text.format(self=self, count=f"{self.movements:,}".replace(",", NBSP))


def opened(books: Books, command: DecideBeslut) -> list[Round]:
    """The rounds that a decision opens over older ones, judged before it is learnt."""
    if command.status != "beslutat" or not DECISIONS[command.typ].opens_round:
        return []
    day = command.beslutsdatum
    rounds: dict[tuple[str, int], list[date]] = {}
    for rorelse in command.rorelser:
        for side in sides(command.typ, rorelse):
            key = _round_key(books, command.typ, side, day)
            if key is not None and key not in rounds:
                days = _days(books, command.typ, key)
                if days and day > days[-1]:
                    rounds[key] = days
    replaced: dict[tuple[str, int], int] = defaultdict(int)
    for key in _counted(books, command.typ, day, rounds) if rounds else ():
        replaced[key] += 1
    return [Round(kod, ar, day, replaced[kod, ar]) for kod, ar in rounds]


def _counted(books: Books, typ: str, day: date, rounds: dict[tuple[str, int], list[date]]) -> Iterator[tuple[str, int]]:
    """The key of every movement that counts now and will not after the new round."""
    for parts in books.budget.decisions.values():
        for fact in parts.values():
            if fact.typ == "totalutgift" or fact.beslutsdatum >= day:
                continue
            for rorelse in fact.rorelser:
                keys = {_round_key(books, typ, side, fact.beslutsdatum) for side in sides(fact.typ, rorelse)}
                for key in keys:
                    if key is not None and key in rounds and in_newest_round(fact.beslutsdatum, rounds[key]):
                        yield key


def _round_key(books: Books, typ: str, side: Sida, day: date) -> tuple[str, int] | None:
    """Whose round a side belongs to: the project's or unit's for investments, the nämnd's for drift."""
    if (side.slag in INVESTERING) != (typ == "investeringsram"):
        return None
    kod = frame_key(side) if typ == "investeringsram" else books.organisation.namnd(side.ansvar, day)
    return kod, side.ar


def _days(books: Books, typ: str, key: tuple[str, int]) -> list[date]:
    if typ == "investeringsram":
        return sorted({day for _, day in books.budget.frame_openings.get(key, ())})
    return books.budget.rounds(*key, books.organisation)
