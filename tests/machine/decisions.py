"""The model of budget decisions: which may be recorded, and what is left to take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from tests.machine import registers
from tests.machine.entries import Entry, Verdict

DRIFT, INVESTERING = ("netto", "kostnad", "intakt"), ("utgift", "inkomst")
SIGN = {"netto": 1, "kostnad": 1, "intakt": -1, "utgift": 1, "inkomst": -1}
FROM_NOWHERE = ("budget", "investeringsram", "totalutgift")
SLAG = {
    **dict.fromkeys(("budget", "periodisering", "detaljbudget"), DRIFT),
    **dict.fromkeys(("investeringsram", "totalutgift", "ombudgetering"), INVESTERING),
    **dict.fromkeys(("ramjustering", "internbudget", "omfordelning"), DRIFT + INVESTERING),
}
SAVINGS = ("besparing", "effektivisering", "ofördelat", "underskott", "sparkrav")
NAMES = {
    "budget": "budget_adopted", "internbudget": "internbudget_adopted", "detaljbudget": "detaljbudget_set",
    "periodisering": "periodisering_set",
}  # fmt: skip


def name_of(typ: str) -> str:
    return NAMES.get(typ, f"{typ}_decided")


class Decision(NamedTuple):
    """A decision, a proposal or a rejection: `key` names it in the minutes."""

    typ: str
    key: tuple[str, date, str | None, str | None]
    rows: tuple[Any, ...]
    total: int | None
    forslag: str | None

    @property
    def day(self) -> date:
        return self.key[1]


class Side(NamedTuple):
    """Money that one side of a row gets, in the books' sign, and since when."""

    position: int
    typ: str
    day: date
    unit: str
    ar: int
    period: int | None
    what: tuple[str | None, str, str | None, str | None]
    ore: int


def sides(position: int, decision: Decision) -> Iterator[Side]:
    for r in decision.rows:
        ore = SIGN[r.slag] * r.belopp_ore
        if r.fran_ansvar:
            what = (r.verksamhet, r.slag, r.konto, r.projekt)
            if decision.typ == "detaljbudget":
                what = (r.verksamhet, "netto", None, r.projekt)
            period = None if decision.typ == "periodisering" else r.period
            yield Side(position, decision.typ, decision.day, r.fran_ansvar, r.ar, period, what, -ore)
        if r.till_ansvar:
            what = (r.till_verksamhet or r.verksamhet, r.slag, r.konto, r.projekt)
            ar = r.till_ar or r.ar
            yield Side(position, decision.typ, decision.day, r.till_ansvar, ar, r.period, what, ore)


class Money:
    """All sides that stand, and which of them count."""

    def __init__(self, stands: Sequence[Entry]) -> None:
        self.organisation = registers.units(stands)
        self.sides = [
            side
            for entry in stands
            if isinstance(entry.what, Decision) and entry.kind == name_of(entry.what.typ)
            if entry.what.typ != "totalutgift"
            for side in sides(entry.position, entry.what)
        ]

    def pot(self, side: Side) -> tuple[str, str, int]:
        """What the rounds of a side are for: its nämnd on its day, or its project or unit; and its year."""
        if side.what[1] in INVESTERING:
            return "invest", side.what[3] or side.unit, side.ar
        return "drift", registers.namnd(self.organisation, side.unit, side.day), side.ar

    def rounds(self, pot: tuple[str, str, int], until: date | None) -> list[date]:
        opens = {"invest": "investeringsram", "drift": "budget"}[pot[0]]
        days = {side.day for side in self.sides if side.typ == opens and self.pot(side) == pot}
        return sorted(day for day in days if until is None or day <= until)

    def counting(self, until: date | None) -> list[Side]:
        """The sides decided by a day that belong to the newest round there was then."""
        found = []
        for side in self.sides:
            if until is not None and side.day > until:
                continue
            days = self.rounds(self.pot(side), until)
            own = [day for day in days if day <= side.day] or days[:1]
            if not days or own[-1] == days[-1]:
                found.append(side)
        return found

    def left(self, code: str, ar: int, slag: str, day: date) -> int:
        """What can be taken on a day: also what is left of the newest round, where the day lies in it."""

        def held(until: date | None) -> int:
            return sum(
                side.ore * (SIGN[slag] if slag else 1)
                for side in self.counting(until)
                if side.ar == ar
                and (side.what[1] == slag and (side.what[3] or side.unit) == code if slag else
                     side.what[1] in DRIFT and side.unit == code)
            )  # fmt: skip

        pot = ("invest", code, ar) if slag else ("drift", registers.namnd(self.organisation, code, day), ar)
        days = self.rounds(pot, None)
        newest = len(days) <= 1 or day >= days[-1]
        return min(held(day), held(None)) if newest else held(day)

    def lumps(self, unit: str, ar: int, day: date) -> Counter[tuple[str | None, str, str | None, str | None]]:
        found: Counter[tuple[str | None, str, str | None, str | None]] = Counter()
        for side in self.counting(day):
            if (side.unit, side.ar, side.period) == (unit, ar, None) and side.what[1] in DRIFT:
                found[side.what] += side.ore
        return found


def row_fits(typ: str, r: Any) -> bool:
    """Whether a row has what its kind must have and nothing that it must not."""
    fran, till = bool(r.fran_ansvar), bool(r.till_ansvar)
    if typ in FROM_NOWHERE:
        right = till and not fran
    elif typ == "ramjustering":
        right = fran != till and bool(r.text)
    else:
        right = fran and till
    if typ in ("ombudgetering", "periodisering"):
        right = right and r.fran_ansvar == r.till_ansvar
    return (
        right
        and r.slag in SLAG[typ]
        and (r.till_ar is not None and r.till_ar > r.ar if typ == "ombudgetering" else r.till_ar is None)
        and (r.period is None or 1 <= r.period <= 12)
        and (r.period is not None or typ != "periodisering")
        and (bool(r.projekt) or typ != "totalutgift")
        and (r.ersatter is None or typ == "totalutgift")
        and (not r.finansiering or typ == "ramjustering")
    )


def codes_fit(stands: Sequence[Entry], r: Any) -> bool:
    """Whether the codes of a row exist and are valid on some day of the year."""
    organisation = registers.units(stands)
    purposes, accounts = (registers.codes(stands, kind) for kind in ("verksamhet_defined", "konto_defined"))
    to_year = r.till_ar or r.ar
    asked = [
        (organisation, r.fran_ansvar, r.ar), (organisation, r.till_ansvar, to_year), (purposes, r.verksamhet, r.ar),
        (purposes, r.till_verksamhet, to_year), (accounts, r.konto, r.ar),
    ]  # fmt: skip
    for register, code, ar in asked:
        if code and not (code in register and registers.is_valid(register[code], date(ar, 1, 1), date(ar, 12, 31))):
            return False
    return not r.projekt or r.projekt in registers.projects(stands)


def decide(stands: Sequence[Entry], command: Any) -> Verdict:
    """A decision, a proposal or a rejection."""
    number = command.forslag or command.diarienummer
    if not command.beslutsorgan or not command.rorelser or command.status not in ("beslutat", "forslag", "avslaget"):
        return None
    if (command.status == "forslag" and not command.diarienummer) or (command.status == "avslaget" and not number):
        return None
    if not all(row_fits(command.typ, r) and codes_fit(stands, r) for r in command.rorelser):
        return None
    key = (command.beslutsorgan, command.beslutsdatum, command.paragraf, command.diarienummer)
    if command.status == "avslaget":
        said = Decision(command.typ, key, (), None, number)
        if any(entry.kind == "forslag_rejected" and entry.what == said for entry in stands):
            return []
        return [("forslag_rejected", said)] if pending(stands, command.typ, number) else None
    kind = "forslag_made" if command.status == "forslag" else name_of(command.typ)
    known = [e.what for e in stands if e.kind == kind and (e.what.typ, e.what.key) == (command.typ, key)]
    forslag = command.forslag if command.status == "beslutat" else None
    said = Decision(command.typ, key, command.rorelser, command.kontrollsumma_ore, forslag)
    new = unknown_rows(stands, said, known)
    if not new:
        return None if new is None else []
    said = said._replace(rows=new)
    if command.status == "beslutat":
        closed_by_it = any(part.forslag == forslag for part in known)
        if forslag and not closed_by_it and not pending(stands, command.typ, forslag):
            return None
        if not can_take(Money(stands), said):
            return None
    return [(kind, said)]


def pending(stands: Sequence[Entry], typ: str, number: str) -> bool:
    """Whether a proposal was made and nothing has closed it since."""
    made = [e.position for e in stands if e.kind == "forslag_made" and (e.what.typ, e.what.key[3]) == (typ, number)]
    closed = [
        e.position
        for e in stands
        if isinstance(e.what, Decision) and e.kind != "forslag_made" and (e.what.typ, e.what.forslag) == (typ, number)
    ]
    return bool(made) and max(made) > max(closed, default=0)


def unknown_rows(stands: Sequence[Entry], said: Decision, known: Sequence[Decision]) -> tuple[Any, ...] | None:
    """The rows of parts that are not recorded; None where a recorded part is otherwise."""
    organisation = registers.units(stands)

    def part(r: Any) -> tuple[frozenset[str], int, str]:
        units = {registers.namnd(organisation, u, said.day) for u in (r.fran_ansvar, r.till_ansvar) if u}
        return frozenset(units), r.ar, r.projekt or ""

    recorded = [r for decision in known for r in decision.rows]
    parts = {part(r) for r in recorded}
    for named in {part(r) for r in said.rows} & parts:
        if Counter(r for r in said.rows if part(r) == named) != Counter(r for r in recorded if part(r) == named):
            return None
    totals = {decision.total for decision in known} - {None}
    if said.total is not None and totals and said.total not in totals:
        return None
    return tuple(r for r in said.rows if part(r) not in parts)


def can_take(money: Money, said: Decision) -> bool:
    """Whether what a decision takes is there."""
    if said.typ == "periodisering":
        taken: Counter[Any] = Counter()
        for r in said.rows:
            taken[r.fran_ansvar, r.ar, (r.verksamhet, r.slag, r.konto, r.projekt)] += SIGN[r.slag] * r.belopp_ore
        return all(money.lumps(unit, ar, said.day)[what] == ore for (unit, ar, what), ore in taken.items())
    if said.typ not in ("internbudget", "ombudgetering"):
        return True
    change: Counter[tuple[str, int, str]] = Counter()
    judged, excused = set(), set()
    for r in said.rows:
        for side in sides(0, said._replace(rows=(r,))):
            slag = side.what[1] if side.what[1] in INVESTERING else ""
            pot = ((side.what[3] or side.unit) if slag else side.unit, side.ar, slag)
            change[pot] += side.ore * (SIGN[slag] if slag else 1)
            giver = r.fran_ansvar if r.belopp_ore >= 0 else r.till_ansvar
            if said.typ == "ombudgetering" or side.unit == giver:
                judged.add(pot)
                if said.typ == "internbudget" and any(word in (r.text or "").lower() for word in SAVINGS):
                    excused.add(pot)
    floor = 0 if said.typ == "ombudgetering" else None
    for pot in judged - excused:
        left = money.left(*pot, said.day)
        if change[pot] < 0 and (left if floor is None else max(left, floor)) + change[pot] < 0:
            return False
    return True
