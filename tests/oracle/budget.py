"""The budget: the sides of every movement, the rounds they belong to, and what of them counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from ledger.domain.rorelse import Rorelse
from tests.oracle.entries import DRIFT, SIGN, Entry
from tests.oracle.organisation import Organisation
from tests.oracle.standing import Decision

#: What a round is for: a nämnd or a project (or unit), and a year.
RoundKey: TypeAlias = tuple[str, str, int]

ORIGINAL: Final = ("budget", "internbudget", "detaljbudget", "periodisering", "investeringsram")
CHANGES: Final = ("ramjustering", "omfordelning", "ombudgetering")


class Side(NamedTuple):
    """What one side of a movement adds to the budget of a unit, and the decision that says so."""

    typ: str
    beslutsdatum: date
    ar: int
    period: int | None
    entry: Entry
    ersatter: bool = False


def sides_of(typ: str, beslutsdatum: date, r: Rorelse) -> Iterator[Side]:
    """The sides of one movement: money leaves one unit and comes to another; a blank side is kommunfullmäktige's.

    A detaljbudget takes from slag netto, without konto; a periodisering takes from the whole-year lump; an
    ombudgetering takes from `ar` and gives to `till_ar`.
    """
    amount = SIGN[r.slag] * r.belopp_ore
    ersatter = bool(r.ersatter)
    if r.fran_ansvar:
        slag, konto, period = r.slag, r.konto, r.period
        if typ == "detaljbudget":
            slag, konto = "netto", None
        if typ == "periodisering":
            period = None
        entry = Entry(r.fran_ansvar, r.verksamhet, konto, r.projekt, slag, -amount)
        yield Side(typ, beslutsdatum, r.ar, period, entry, ersatter)
    if r.till_ansvar:
        verksamhet = r.till_verksamhet or r.verksamhet
        entry = Entry(r.till_ansvar, verksamhet, r.konto, r.projekt, r.slag, amount)
        yield Side(typ, beslutsdatum, r.till_ar or r.ar, r.period, entry, ersatter)


def all_sides(decisions: Sequence[Decision]) -> list[Side]:
    """The sides of every movement that is about a year's budget: all but totalutgift."""
    return [
        side
        for decision in decisions
        if decision.beslut.typ != "totalutgift"
        for rorelse in decision.beslut.rorelser
        for side in sides_of(decision.beslut.typ, decision.beslut.beslutsdatum, rorelse)
    ]


def round_key(side: Side, organisation: Organisation) -> RoundKey:
    """The rounds that a side belongs to: those of its nämnd on the beslutsdatum, or of its project, and its year."""
    if side.entry.slag in DRIFT:
        return ("namnd", organisation.namnd(side.entry.ansvar, side.beslutsdatum), side.ar)
    return (*side.entry.key, side.ar)


def rounds(sides: Sequence[Side], organisation: Organisation) -> dict[RoundKey, list[date]]:
    """The days on which rounds open: a budget opens one per nämnd and year, an investeringsram one per project."""
    opened: dict[RoundKey, set[date]] = {}
    for side in sides:
        if side.typ == ("budget" if side.entry.slag in DRIFT else "investeringsram"):
            opened.setdefault(round_key(side, organisation), set()).add(side.beslutsdatum)
    return {key: sorted(days) for key, days in opened.items()}


def counted(sides: Sequence[Side], organisation: Organisation, omgang: date | None, ar: int) -> list[Side]:
    """The sides of the round in force: the newest, or the newest on or before `omgang`.

    A year after `ar` is a plan: of it counts what came with the round of `ar`, not what its own budget says later.

    A side belongs to the last round opened by its beslutsdatum, before the first to the first. Where no round was ever
    opened every side counts; where none had been opened by `omgang`, none does.
    """
    opened = rounds(sides, organisation)
    newest = max((day for (_, _, year), days in opened.items() if year == ar for day in days), default=None)
    found = []
    for side in sides:
        key = round_key(side, organisation)
        days = opened.get(key)
        if days is None:
            found.append(side)
            continue
        own = [day for day in days if day <= side.beslutsdatum] or days[:1]
        limit = omgang or (plan_limit(opened, key, ar, newest) if side.ar > ar else None)
        asked = [day for day in days if limit is None or day <= limit]
        if asked and own[-1] == asked[-1]:
            found.append(side)
    return found


def plan_limit(opened: dict[RoundKey, list[date]], key: RoundKey, ar: int, newest: date | None) -> date | None:
    """The newest round of the same holder for `ar`, else the newest that anybody has for it, else no limit."""
    own = opened.get((key[0], key[1], ar))
    return own[-1] if own else newest


def twelfth_part(whole_year: int, tom: int) -> int:
    """What falls on months 1 to `tom`: each has the whole-öre twelfth, the first ones an öre each of what is left."""
    each = abs(whole_year) // 12
    left_over = abs(whole_year) % 12
    part = sum(each + (1 if month <= left_over else 0) for month in range(1, tom + 1))
    return part if whole_year >= 0 else -part


def through(sides: Sequence[Side], tom: int) -> list[Entry]:
    """The budget of one year through month `tom`: months as they are set, the rest by twelfths per kodsträng."""
    lumps: dict[Entry, int] = {}
    months = []
    for side in sides:
        if side.period is None:
            kodstrang = side.entry._replace(ore=0)
            lumps[kodstrang] = lumps.get(kodstrang, 0) + side.entry.ore
        elif side.period <= tom:
            months.append(side.entry)
    return months + [kodstrang._replace(ore=twelfth_part(lump, tom)) for kodstrang, lump in lumps.items()]


def total_decided(decisions: Sequence[Decision]) -> list[Entry]:
    """Beslutad totalutgift, whatever year it names: decisions add up, unless one replaces those before it.

    Decisions come by beslutsdatum, then in the order of recording; parts with one reference are one decision.
    """
    movements: dict[tuple[object, ...], list[Side]] = {}
    for decision in sorted(decisions, key=lambda decision: (decision.beslut.beslutsdatum, decision.position)):
        beslut = decision.beslut
        if beslut.typ != "totalutgift":
            continue
        reference = (beslut.beslutsdatum, beslut.beslutsorgan, beslut.paragraf, beslut.diarienummer, decision.pending)
        for rorelse in beslut.rorelser:
            movements.setdefault(reference, []).extend(sides_of(beslut.typ, beslut.beslutsdatum, rorelse))
    decided: dict[tuple[tuple[str, str], str], list[Entry]] = {}
    for sides in movements.values():
        for side in sides:
            if side.ersatter:
                decided[side.entry.key, side.entry.slag] = []
        for side in sides:
            decided.setdefault((side.entry.key, side.entry.slag), []).append(side.entry)
    return [entry for entries in decided.values() for entry in entries]
