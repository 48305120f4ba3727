"""Findings on decisions: what is unusual but real is recorded, and said on the report.

Financing not named (KL 11:15), no paragraph, a carry-over above what was left, a total that differs from the minutes.
Rule: contract §4 – a finding, not a refusal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from ledger.domain.language import N_, phrase
from ledger.domain.money import kronor
from ledger.reporting.material import BESLUT, BUDGET, INVESTERINGSUTFALL, ORGANISATION, Beslutsrad
from ledger.reporting.measure import Of, Utfall
from ledger.reporting.rules import utfall
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.decisions import Decisions, closed
from ledger.reporting.rules.decisions import decisions as decided
from ledger.reporting.rules.movements import raised
from ledger.reporting.stored.codes import among, distinct
from ledger.reporting.stored.register import Held
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.layout import Layout

#: How outcome is asked for by project.
BY_PROJECT: Final = ("ansvar", "projekt")

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
    of = decided(asked.snapshot, outcome)
    rows = of.rows(of.known(asked.question.kand) & (of["day"] <= asked.last(None)))
    return [of.held[row] for row in rows.tolist()]


def pending(asked: Asked) -> list[Held[Beslutsrad]]:
    """Proposals that no decision or rejection has closed."""
    waiting = decisions(asked, "forslag")
    settled = closed(asked.snapshot, asked.question.kand, asked.last(None)) if waiting else set()
    return [held for held in waiting if (held.row.typ, held.row.diarienummer) not in settled]


def findings(asked: Asked) -> tuple[Finding, ...]:
    """Every finding within the question's limits, rule by rule, in log order; kept for the next page of them."""
    # Whose they are, and how they are listed, is judged afterwards.
    question = replace(asked.question, rapport="", ansvar=None, per="", enhet="", filters=())
    numbers = [asked.snapshot.number(read) for read in (BESLUT, BUDGET, ORGANISATION, INVESTERINGSUTFALL)]

    def find() -> tuple[Finding, ...]:
        return (*unfinanced(asked), *without_paragraph(asked), *carried_too_far(asked), *other_total(asked))

    found: tuple[Finding, ...] = asked.kept.findings.get((question, *numbers), find)
    return found


def unfinanced(asked: Asked, behind: Numbers | None = None) -> Iterator[Finding]:
    """Frames raised within their own year without financing; with `behind` only by the facts at some positions."""
    of, sides, rows = decided(asked.snapshot), raised(asked.snapshot), _raised_rows(asked, behind)
    sums: dict[tuple[int, str], int] = {}
    for held in (sides.held[row] for row in rows.tolist()) if sides else ():
        at = (held.position, held.row.ansvar)
        sums[at] = sums.get(at, 0) + held.row.belopp_ore
    number = asked.snapshot.number(BESLUT)
    for (position, ansvar), total in sorted(sums.items()):
        name = (number, position, ansvar, total)
        yield asked.kept.sentences.get(name, lambda: _unfinanced(of, position, ansvar, total))  # noqa: B023 - called now


def _raised_rows(asked: Asked, behind: Numbers | None) -> Numbers:
    """Which rows of `raised` count within the question's limits; with `behind` only of the facts at some positions."""
    sides = raised(asked.snapshot)
    if sides is None:
        return np.zeros(0, np.int64)
    mask = sides.known(asked.question.kand) & (sides["day"] <= asked.last(None))
    if behind is not None:
        mask &= among(sides.position, behind)
    return np.flatnonzero(mask)


def _unfinanced(of: Decisions, position: int, ansvar: str, total: int) -> Finding:
    reference = of.held[int(np.searchsorted(of.position, position, "right")) - 1].row.reference
    text = phrase(
        "Finansiering ej angiven: {reference} höjer ramen för {ansvar} med {total} kr (@{position}).",
        reference=reference,
        ansvar=ansvar,
        total=kronor(total),
        position=position,
    )
    return Finding("finansiering", phrase("finansiering ej angiven"), position, (ansvar,), text, total)


def without_paragraph(asked: Asked) -> Iterator[Finding]:
    """Decisions whose paragraph is not known."""
    for held in decisions(asked):
        if not held.row.paragraf:
            text = phrase("§ saknas: {words} (@{position}).", words=held.row.words, position=held.position)
            yield Finding("paragraf", phrase("§ saknas"), held.position, held.row.enheter, text, held.row.summa_ore)


def carried_too_far(asked: Asked) -> Iterator[Finding]:
    """Carry-overs above the frame left when the year's outcome is taken from it."""
    for year in sorted(int(key) for key in asked.snapshot.register(BUDGET).all_keys() if key.isdigit()):
        frames: dict[str, int] = {}
        carried: dict[str, dict[int, int]] = {}
        for held in asked.counted(year, "investering").held():
            what, amount = held.row.projekt or held.row.ansvar, held.row.belopp_ore
            frames[what] = frames.get(what, 0) + amount
            if held.row.typ == "ombudgetering" and amount <= 0:
                taken = carried.setdefault(what, {})
                taken[held.position] = taken.get(held.position, 0) - amount
        outcomes = _outcomes(asked, year) if carried else {}
        for what, taken in sorted(carried.items()):
            beyond = outcomes.get(what, 0) - frames[what]
            if beyond > 0:
                position, total = max(taken), sum(taken.values())
                text = phrase(
                    "Överföringen av {total} kr från {year} ({what}) är {beyond} kr mer än vad som var kvar av ramen "
                    "efter årets utfall (@{position}).",
                    total=kronor(total),
                    year=year,
                    what=what,
                    beyond=kronor(beyond),
                    position=position,
                )
                yield Finding("overforing", phrase("överföring över kvarvarande ram"), position, (what,), text, beyond)


def _outcomes(asked: Asked, year: int) -> dict[str, int]:
    """Outcome of investments in a year by project, or by unit where there is none."""
    measure = Utfall(of="investering", year=year - asked.question.ar, through="year")
    space, totals = utfall.totals(asked, measure, BY_PROJECT)
    found: dict[str, int] = {}
    for key, total in zip(space.keys, totals.tolist(), strict=False):
        what = key.projekt or key.ansvar or ""
        found[what] = found.get(what, 0) + total
    return found


def other_total(asked: Asked) -> Iterator[Finding]:
    """Decisions whose rows do not add up to the total of their minutes. All parts of a decision count together."""
    taken = decisions(asked)
    # Parts of one decision are of one kind and day: the reference of any other says nothing here.
    checked = {(held.row.typ, held.row.beslutsdatum) for held in taken if held.row.kontrollsumma_ore is not None}
    parts = [(held, held.row.reference) for held in taken if (held.row.typ, held.row.beslutsdatum) in checked]
    totals: dict[str, int] = {}
    for held, reference in parts:
        totals[reference] = totals.get(reference, 0) + held.row.summa_ore
    for held, reference in parts:
        said = held.row.kontrollsumma_ore
        total = totals[reference]
        if said is not None and said != total:
            text = phrase(
                "Kontrollsumman skiljer sig: {reference} ska enligt protokollet vara {said} kr men raderna ger "
                "{total} kr (@{position}).",
                reference=reference,
                said=kronor(said),
                total=kronor(total),
                position=held.position,
            )
            about = (held.position, held.row.enheter)
            yield Finding("kontrollsumma", phrase("kontrollsumma skiljer sig"), *about, text, total - said)


def notes_of_decisions(asked: Asked, layout: Layout, years: Collection[int], of: Of) -> Iterator[str]:
    """Footnotes on the decisions behind a table: findings, and proposals that are pending."""
    behind = _behind(asked, layout, years, of)
    yield from _notes_of_unfinanced(asked, layout, behind)
    decisions_behind = decided(asked.snapshot)
    mask = decisions_behind["unnumbered"] & decisions_behind.known(asked.question.kand)
    unnumbered = decisions_behind.position[mask]
    missing = distinct(unnumbered[among(unnumbered, behind)]).tolist()
    if missing:
        named = ", ".join(f"@{position}" for position in missing[:NAMED])
        if len(missing) > NAMED:
            named = phrase("{names} och {count} till", names=named, count=len(missing) - NAMED)
        yield phrase(
            "§ saknas: {count} beslut bakom budgeten har ingen angiven paragraf ({named}).",
            count=len(missing),
            named=named,
        )
    for held in pending(asked):
        if any(unit in layout.units for unit in held.row.enheter):
            text = N_("Väntande förslag: {words}, {summa} kr (@{position}) räknas inte.")
            if asked.question.med_forslag:
                text = N_("Väntande förslag: {words}, {summa} kr (@{position}) är inräknat.")
            yield phrase(text, words=held.row.words, summa=kronor(held.row.summa_ore), position=held.position)


def _notes_of_unfinanced(asked: Asked, layout: Layout, behind: Numbers) -> tuple[str, ...]:
    """Frames raised without financing in the units of a table; kept by the rows that raised them."""
    sides = raised(asked.snapshot)
    rows = _raised_rows(asked, behind)
    if sides is None or not len(rows):
        return ()
    number = asked.snapshot.number
    name = (number(BUDGET), number(BESLUT), sides.changed, rows.tobytes(), asked.grown, layout.top)
    return asked.kept.notes.get(
        name,
        lambda: tuple(
            finding.mening
            for finding in unfinanced(asked, behind)
            if any(unit in layout.units for unit in finding.enheter)
        ),
    )


def _behind(asked: Asked, layout: Layout, years: Collection[int], of: Of) -> Numbers:
    """The positions of the facts whose movements count for the units of a table."""

    def find() -> tuple[Numbers]:
        found = [np.zeros(0, np.int64)]
        for year in years:
            counted = asked.counted(year, of)
            found.append(counted.where(layout.shows(counted["ansvar"]))["position"])
        return (distinct(np.concatenate(found)),)

    # The units of a table are all those under its top.
    names = [asked.name_of_counted(year, of) for year in years]
    (behind,) = asked.kept.worked_out(("behind", asked.grown, layout.top, *names), find)
    return behind
