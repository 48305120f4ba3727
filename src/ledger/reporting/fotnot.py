"""Footnotes: what a reader must know of the figures above, in Swedish.

Rule: contract §3 (sign rule, rounding, *x ej uppdelat*), §4 (twelfths, findings) and decision 0003.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.domain.money import swedish
from ledger.reporting import budget
from ledger.reporting.anmarkning import notes_of_decisions
from ledger.reporting.layout import NETTOKOSTNAD, SUMMA, DriftLayout, Line
from ledger.reporting.layout_investering import InvesteringLayout
from ledger.reporting.measure import Budget, Measure, Prognos
from ledger.reporting.sheet import MONTHS_OF_A_YEAR, SPLIT, Sheet, heading

AVRUNDNING = {
    "kr": "Belopp i kronor",
    "tkr": "Belopp i tusental kronor (tkr)",
    "mnkr": "Belopp i miljoner kronor (mnkr)",
}


def footnotes(sheet: Sheet) -> list[str]:
    """All footnotes of a table of sums, in order."""
    notes = [
        *_nothing(sheet),
        *_signs(sheet),
        *_rounding(sheet),
        *_rounds(sheet),
        *_twelfths(sheet),
        *_not_split(sheet),
        *_event(sheet),
        *_organisation(sheet),
        *notes_of_decisions(sheet.asked, set(sheet.layout.units), _years(sheet), _of(sheet)),
        *sheet.report.notes,
    ]
    return list(dict.fromkeys(notes))


def _of(sheet: Sheet) -> str:
    return sheet.report.table.of if sheet.report.table else "drift"


def _years(sheet: Sheet) -> list[int]:
    """The years that some column shows budget of."""
    years = {measure.year for measure in sheet.measures() if isinstance(measure, Budget)}
    return sorted(sheet.asked.question.ar + year for year in years)


def _nothing(sheet: Sheet) -> Iterator[str]:
    if sheet.asked.ansvar is None:
        yield "Ingen organisation är registrerad."
    elif not any(sheet.amounts.values()):
        yield "Inget är registrerat inom det frågan gäller: alla summor är 0."


def _signs(sheet: Sheet) -> Iterator[str]:
    layout = sheet.layout
    if isinstance(layout, InvesteringLayout):
        yield "Investeringar visas netto: utgifter − inkomster. Avvikelse = budget − utfall; plus är gynnsamt."
        return
    if layout.rule == NETTOKOSTNAD:
        yield "Nettokostnad = kostnader − intäkter. Avvikelse = budget − utfall; plus är överskott."
    else:
        yield "Resultat = intäkter − kostnader. Avvikelse = utfall − budget; plus är överskott."
    shown = {line.nyckel for line in sheet.lines}
    outside = [code for code in layout.outside if code in shown]
    if outside:
        names = ", ".join(layout.tree.units[code].namn for code in outside)
        yield (
            f"{names} redovisas som resultat = intäkter − kostnader (avvikelse = utfall − budget) och ingår inte i "
            "summan."
        )


def _rounding(sheet: Sheet) -> Iterator[str]:
    unit = AVRUNDNING[sheet.asked.question.enhet]
    yield f"{unit}. Varje cell är avrundad för sig; en summa kan därför skilja en enhet från sina termer."


def _rounds(sheet: Sheet) -> Iterator[str]:
    """Which round the budget is of, where some unit in the table had one."""
    asked = sheet.asked
    if _of(sheet) != "drift" or not any(isinstance(measure, Budget) for measure in sheet.measures()):
        return
    found: dict[date, set[str]] = {}
    rounds = asked.rounds(asked.question.ar, "drift")
    for held in asked.counted(asked.question.ar, "drift"):
        day = rounds.of(held.row) if held.row.ansvar in sheet.layout.units else None
        if day:
            found.setdefault(day, set()).add(rounds.holder_of(held.row))
    for day in sorted(found):
        whose = f" ({', '.join(sorted(found[day]))})" if len(found) > 1 else ""
        chosen = ", vald med omgang" if asked.question.omgang else ""
        yield f"Budget {asked.question.ar} enligt omgången beslutad {day.isoformat()}{whose}{chosen}."


def _twelfths(sheet: Sheet) -> Iterator[str]:
    tom = sheet.asked.question.tom
    if tom == MONTHS_OF_A_YEAR:
        return
    through = [measure for measure in sheet.measures() if isinstance(measure, Budget) and measure.through == "tom"]
    if any(budget.twelfths_used(sheet.asked, measure) & set(sheet.layout.units) for measure in through):
        yield (
            f"Budget som inte är periodiserad visas med {tom} tolftedelar av helåret; öre som inte går jämnt upp "
            "ligger på årets första månader."
        )


def _not_split(sheet: Sheet) -> Iterator[str]:
    """What a varav cell lacks, all of its amount or a part: one footnote for each pair of varav rows."""
    for line in sheet.lines:
        if line.sort != "varav" or line.slag != ("kostnad",):
            continue
        lacking: dict[Measure, str] = {}
        for column in sheet.columns:
            for _, measure in sheet.formula(line, column).terms:
                amount = _netto(sheet, line, measure)
                if amount is not None and measure not in lacking:
                    lacking[measure] = f"{amount} i {heading(column, sheet.asked)}"
        if lacking:
            whose = "" if line.group == SUMMA else f" ({line.head})"
            yield f"Ej uppdelat på kostnader och intäkter{whose}: {', '.join(lacking.values())}."


def _netto(sheet: Sheet, line: Line, measure: Measure) -> str | None:
    """The amount that is not split, where a cell has none for it or is the smaller for it."""
    held = sheet.amounts[measure].get(line.group, {})
    if not isinstance(measure, Budget | Prognos) or "netto" not in held:
        return None
    if not held["netto"] and SPLIT & held.keys():
        return None
    unit = sheet.asked.question.enhet
    return f"{swedish(held['netto'], unit)} {unit}"


def _event(sheet: Sheet) -> Iterator[str]:
    if sheet.asked.question.handelse:
        yield (
            f"Bara utfall märkt med händelsen {sheet.asked.question.handelse}. Budget och prognos bär ingen händelse "
            "och visas inte."
        )


def _organisation(sheet: Sheet) -> Iterator[str]:
    if sheet.asked.question.organisation:
        yield f"Organisation enligt {sheet.asked.question.organisation.isoformat()}, i alla kolumner."
    if isinstance(sheet.layout, DriftLayout) and sheet.asked.question.med_forslag:
        yield "Förslag som inte är beslutade är inräknade."
