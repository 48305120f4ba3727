"""Findings on decisions: what is unusual but real is recorded, and said on the report.

Financing not named (KL 11:15), no paragraph, a carry-over above what was left, a total that differs from the minutes.
Rule: contract §4 – a finding, not a refusal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from ledger.domain.money import kronor
from ledger.reporting import utfall
from ledger.reporting.asked import Asked
from ledger.reporting.material import BESLUT, BUDGET, Beslutsrad
from ledger.reporting.measure import Utfall
from ledger.reporting.register import Held

#: So many decisions are named in one footnote; the rest are counted.
NAMED = 5


class Finding(NamedTuple):
    """Something to look at: which rule (a code and its words), the fact, the units, what is so, and how much."""

    kod: str
    regel: str
    position: int
    enheter: tuple[str, ...]
    mening: str
    belopp_ore: int | None = None


def decisions(asked: Asked, outcome: str = "beslutat") -> list[Held[Beslutsrad]]:
    """Decisions known and dated within the question's limits, in log order."""
    until = asked.question.beslutad
    rows = asked.snapshot.rows(BESLUT, outcome, asked.question.kand)
    return [held for held in rows if until is None or held.row.beslutsdatum <= until]


def pending(asked: Asked) -> list[Held[Beslutsrad]]:
    """Proposals that no decision or rejection has closed."""
    closed = asked.closed(asked.question.beslutad)
    return [held for held in decisions(asked, "forslag") if (held.row.typ, held.row.diarienummer) not in closed]


def findings(asked: Asked) -> Iterator[Finding]:
    """Every finding within the question's limits, rule by rule, in log order."""
    yield from unfinanced(asked)
    yield from without_paragraph(asked)
    yield from carried_too_far(asked)
    yield from other_total(asked)


def unfinanced(asked: Asked) -> Iterator[Finding]:
    """Frames raised within their own year without financing."""
    rows = {held.position: held.row for held in decisions(asked)}
    sums: dict[tuple[int, str], int] = {}
    register = asked.snapshot.register(BUDGET)
    for key in register.all_keys():
        for held in register.rows(key, asked.question.kand):
            if held.row.ofinansierad and held.row.forslag is None and held.position in rows:
                at = (held.position, held.row.ansvar)
                sums[at] = sums.get(at, 0) + held.row.belopp_ore
    for (position, ansvar), total in sorted(sums.items()):
        text = f"Finansiering ej angiven: {rows[position].reference} höjer ramen för {ansvar} med {kronor(total)} kr"
        yield Finding("finansiering", "finansiering ej angiven", position, (ansvar,), f"{text} (@{position}).", total)


def without_paragraph(asked: Asked) -> Iterator[Finding]:
    """Decisions whose paragraph is not known."""
    for held in decisions(asked):
        if not held.row.paragraf:
            text = f"§ saknas: {held.row.words} (@{held.position})."
            yield Finding("paragraf", "§ saknas", held.position, held.row.enheter, text, held.row.summa_ore)


def carried_too_far(asked: Asked) -> Iterator[Finding]:
    """Carry-overs above the frame left when the year's outcome is taken from it."""
    carried: dict[tuple[int, str], dict[int, int]] = {}
    register = asked.snapshot.register(BUDGET)
    for year in (int(key) for key in register.all_keys() if key.isdigit()):
        for held in asked.counted(year, "investering"):
            if held.row.typ == "ombudgetering" and not _received(held.row.belopp_ore):
                taken = carried.setdefault((year, held.row.projekt or held.row.ansvar), {})
                taken[held.position] = taken.get(held.position, 0) - held.row.belopp_ore
    for (year, what), taken in sorted(carried.items()):
        frame = sum(
            held.row.belopp_ore
            for held in asked.counted(year, "investering")
            if (held.row.projekt or held.row.ansvar) == what
        )
        outcome = _outcome(asked, year, what)
        if frame < outcome:
            position = max(taken)
            total = sum(taken.values())
            text = (
                f"Överföringen av {kronor(total)} kr från {year} ({what}) är {kronor(outcome - frame)} kr mer än vad "
                f"som var kvar av ramen efter årets utfall (@{position})."
            )
            yield Finding("overforing", "överföring över kvarvarande ram", position, (what,), text, outcome - frame)


def _received(amount_ore: int) -> bool:
    return amount_ore > 0


def _outcome(asked: Asked, year: int, what: str) -> int:
    measure = Utfall(of="investering", year=year - asked.question.ar, through="year")
    parts = utfall.parts(asked, measure)
    return sum(part.amount_ore for part in parts if (part.key.projekt or part.key.ansvar) == what)


def other_total(asked: Asked) -> Iterator[Finding]:
    """Decisions whose rows do not add up to the total of their minutes. All parts of a decision count together."""
    totals: dict[str, int] = {}
    for held in decisions(asked):
        totals[held.row.reference] = totals.get(held.row.reference, 0) + held.row.summa_ore
    for held in decisions(asked):
        said = held.row.kontrollsumma_ore
        total = totals[held.row.reference]
        if said is not None and said != total:
            text = (
                f"Kontrollsumman skiljer sig: {held.row.reference} ska enligt protokollet vara {kronor(said)} kr men "
                f"raderna ger {kronor(total)} kr (@{held.position})."
            )
            about = (held.position, held.row.enheter)
            yield Finding("kontrollsumma", "kontrollsumma skiljer sig", *about, text, total - said)


def notes_of_decisions(asked: Asked, units: Collection[str], years: Collection[int], of: str) -> Iterator[str]:
    """Footnotes on the decisions behind a table: findings, and proposals that are pending."""
    counting = {
        held.position: held.row
        for year in years
        for held in asked.counted(year, "drift" if of == "drift" else "investering")
        if held.row.ansvar in units
    }
    for finding in unfinanced(asked):
        if finding.position in counting and set(finding.enheter) & set(units):
            yield finding.mening
    missing = sorted({f.position for f in without_paragraph(asked) if f.position in counting})
    if missing:
        named = ", ".join(f"@{position}" for position in missing[:NAMED])
        more = f" och {len(missing) - NAMED} till" if len(missing) > NAMED else ""
        yield f"§ saknas: {len(missing)} beslut bakom budgeten har ingen angiven paragraf ({named}{more})."
    for held in pending(asked):
        if set(held.row.enheter) & set(units):
            counted = "är inräknat" if asked.question.med_forslag else "räknas inte"
            what = f"{held.row.words}, {kronor(held.row.summa_ore)} kr (@{held.position})"
            yield f"Väntande förslag: {what} {counted}."
