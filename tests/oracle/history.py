"""The lines of a specification: what each decision does to the frame of a row, reason by reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from tests.oracle.asked import Asked
from tests.oracle.budget import CHANGES, ORIGINAL, Side, counted, sides_of
from tests.oracle.entries import DRIFT
from tests.oracle.question import Answer
from tests.oracle.rows import LEVELS, level_unit, resultat_unit
from tests.oracle.standing import Decision, decisions

#: What a unit does within its own budget is told as one.
WITHIN: Final = ("detaljbudget", "periodisering")

#: Row, sort and what tells one reason from another.
Reason: TypeAlias = tuple[str, str, object]


class Told(NamedTuple):
    """A side of a movement with the decision that it is of, and the text of the movement."""

    side: Side
    decision: Decision
    text: str
    n: int


def told(found: list[Decision]) -> list[Told]:
    """Every side of some decisions."""
    everything = []
    for decision in found:
        beslut = decision.beslut
        sides = [(r.text or "", s) for r in beslut.rorelser for s in sides_of(beslut.typ, beslut.beslutsdatum, r)]
        everything += [Told(side, decision, text, n) for n, (text, side) in enumerate(sides)]
    return [one for one in everything if one.side.typ != "totalutgift" and one.side.entry.slag in DRIFT]


def in_force(asked: Asked) -> list[Told]:
    """What counts, of the year asked for and later ones."""
    everything = told(asked.decisions(asked.question.beslutad))
    sides = [one.side for one in everything]
    kept = {id(side) for side in counted(sides, asked.organisation, asked.question.omgang, asked.question.ar)}
    return [one for one in everything if id(one.side) in kept and one.side.ar >= asked.question.ar]


def waiting(asked: Asked) -> list[Told]:
    """What is proposed for the year asked for and waits for a decision."""
    found = decisions(asked.standing, asked.question.beslutad, med_forslag=True)
    return [one for one in told([d for d in found if d.pending]) if one.side.ar == asked.question.ar]


def pending_sides(asked: Asked) -> list[Side]:
    """The sides that wait for a decision."""
    return [one.side for one in waiting(asked)]


def lines_of_internbudget(asked: Asked, years: Sequence[int]) -> Answer:
    """*Specifikation av förändringar*: level by year of every change."""
    counting = in_force(asked)
    columns = {"budget": asked.question.ar} | {f"plan_{year}": year for year in years}
    return lines(asked, {c: [o for o in counting if o.side.ar == year] for c, year in columns.items()}, every=False)


def lines_of_ramhistorik(asked: Asked) -> Answer:
    """Every decision behind the budget of the year, and what waits for one."""
    counting = [one for one in in_force(asked) if one.side.ar == asked.question.ar]
    columns = {
        "ursprunglig_budget": [one for one in counting if one.side.typ in ORIGINAL],
        "andringar": [one for one in counting if one.side.typ in CHANGES],
        "budget_helar": counting,
        "forslag": waiting(asked),
    }
    return lines(asked, columns, every=True)


def rows_of(asked: Asked, side: Side) -> Iterator[str]:
    """The rows under which a side has a line: that of its unit, and that of the whole."""
    branch = asked.branch(side.entry.ansvar)
    if not branch or asked.ansvar is None:
        return
    if apart := resultat_unit(asked, branch):
        yield apart
        return
    by_level = asked.question.per in LEVELS
    row = level_unit(asked, branch) if by_level else None
    if row:
        yield row
    if not by_level or level_unit(asked, asked.branch(asked.ansvar)) != asked.ansvar:
        yield asked.ansvar


def reason_of(one: Told, *, every: bool) -> tuple[str, object] | None:
    """The sort of line that a side is on and what it shares with others on it; none where it has no line."""
    beslut, typ = one.decision.beslut, one.side.typ
    about = "" if typ in WITHIN else one.text
    reference = (beslut.beslutsorgan, beslut.paragraf, beslut.diarienummer, one.decision.pending)
    shared = (one.side.beslutsdatum, typ, reference, about)
    if not every:
        return ("andring", shared) if typ in CHANGES or typ == "internbudget" else None
    return ("forslag" if one.decision.pending else "andring" if typ in CHANGES else "ursprung"), shared


def lines(asked: Asked, columns: Mapping[str, list[Told]], *, every: bool) -> Answer:
    """The lines that hold anything, by key."""
    amounts: dict[Reason, dict[str, int]] = {}
    first: dict[Reason, tuple[object, ...]] = {}
    for column, sides in columns.items():
        for one in sides:
            reason = reason_of(one, every=every)
            for row in rows_of(asked, one.side) if reason else ():
                key = (row, *reason) if reason else (row, "", None)
                cells = amounts.setdefault(key, dict.fromkeys(columns, 0))
                cells[column] += one.side.entry.ore
                place = (one.side.beslutsdatum, one.decision.position, one.n)
                first[key] = min(place, first.get(key, place))
    found: Answer = {}
    numbers: dict[tuple[str, str], int] = {}
    for key in sorted((key for key, cells in amounts.items() if any(cells.values())), key=lambda key: first[key]):
        row, sort, _ = key
        number = numbers[row, sort] = numbers.get((row, sort), 0) + 1
        sign = -1 if asked.resultat or asked.tree.resultat[row] else 1
        found[f"{row}.{sort}.{number}"] = {column: sign * ore for column, ore in amounts[key].items()}
    return found
