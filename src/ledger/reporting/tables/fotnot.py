"""Footnotes: what a reader must know of the figures above, in Swedish.

Rule: contract §3 (sign rule, rounding, *x ej uppdelat*), §4 (twelfths, findings) and decision 0003.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import numpy as np

from ledger.domain.language import phrase, phrase_n
from ledger.domain.money import kronor, shown, swedish
from ledger.domain.refusal import strung
from ledger.reporting.measure import Budget, Measure, Of, Prognos
from ledger.reporting.report import Column
from ledger.reporting.rules import budget
from ledger.reporting.rules.anmarkning import notes_of_decisions
from ledger.reporting.rules.columns import DAY_BITS, LAST_DAY, day_of
from ledger.reporting.rules.prognos import forecast_days
from ledger.reporting.rules.summing import is_blank
from ledger.reporting.stored.codes import Mask, distinct
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.earlier_frame import JAMFOR_RAM
from ledger.reporting.tables.lacking import is_plain, lacks
from ledger.reporting.tables.layout import NETTOKOSTNAD, OFORDELAT, SUMMA
from ledger.reporting.tables.layout_drift import DriftLayout
from ledger.reporting.tables.layout_lage import LageLayout
from ledger.reporting.tables.sheet import MONTHS_OF_A_YEAR, Sheet, heading

AVRUNDNING = {
    "kr": phrase("Belopp i kronor"),
    "tkr": phrase("Belopp i tusental kronor (tkr)"),
    "mnkr": phrase("Belopp i miljoner kronor (mnkr)"),
}

#: Amounts that are not split, each with the heading of the column that lacks it.
Netto = tuple[tuple[str, int], ...]

#: More units than these are counted, not named.
MOST_NAMED: Final = 12


def footnotes(sheet: Sheet) -> list[str]:
    """All footnotes of a table of sums, in order."""
    notes = [
        *_nothing(sheet),
        *_no_rounds(sheet),
        *_existence(sheet),
        *_signs(sheet),
        *_rounding(sheet),
        *_rounds(sheet),
        *_frame(sheet),
        *_twelfths(sheet),
        *_sums_of_units(sheet),
        *_not_split(sheet),
        *_not_forecast(sheet),
        *_event(sheet),
        *_organisation(sheet),
        *notes_of_decisions(sheet.asked, sheet.layout, _years(sheet), _of(sheet)),
        *map(phrase, sheet.report.notes),
    ]
    return list(dict.fromkeys(notes))


def _of(sheet: Sheet) -> Of:
    return sheet.report.table.of if sheet.report.table else "drift"


def _budgets(sheet: Sheet) -> list[Budget]:
    """The measures of budget that some column shows: with an event none does."""
    return [m for m in sheet.measures() if isinstance(m, Budget) and not is_blank(sheet.asked, m)]


def _years(sheet: Sheet) -> list[int]:
    """The years that some column shows budget of."""
    years = {measure.year for measure in _budgets(sheet)}
    return sorted(sheet.asked.question.ar + year for year in years)


def _nothing(sheet: Sheet) -> Iterator[str]:
    if sheet.asked.ansvar is None:
        yield phrase("Ingen organisation är registrerad.")
    elif not sheet.holds_anything():
        yield phrase("Inget är registrerat inom det frågan gäller.")
    else:
        lacking = [
            heading(column, sheet.asked) for column in sheet.columns if is_plain(column) and lacks(sheet, column)
        ]
        if lacking:
            named = strung([*dict.fromkeys(lacking)])
            yield phrase("Inget är registrerat för {named}; vad som räknas fram av det visas inte.", named=named)


def _no_rounds(sheet: Sheet) -> Iterator[str]:
    """That nobody has given a forecast, where rounds of forecasts are what is followed up."""
    has_rounds = any(column.rounds for column in sheet.report.columns)
    if has_rounds and sheet.asked.ansvar and not forecast_days(sheet.asked):
        yield phrase("Ingen prognos för {ar} är lämnad inom det frågan gäller.", ar=sheet.asked.question.ar)


def _existence(sheet: Sheet) -> Iterator[str]:
    """That the unit asked for did not exist on the day that the organisation is shown of."""
    asked = sheet.asked
    if asked.ansvar is None or asked.tree.units[asked.ansvar].open:
        return
    day, begins = asked.chart.day, asked.organisation.begins(asked.ansvar)
    name = asked.tree.units[asked.ansvar].namn
    if day < begins:
        yield phrase(
            "{name} ({ansvar}) fanns inte {day}: enheten finns från och med {begins}.",
            name=name,
            ansvar=asked.ansvar,
            day=day.isoformat(),
            begins=begins.isoformat(),
        )
    else:
        yield phrase("{name} ({ansvar}) fanns inte längre {day}.", name=name, ansvar=asked.ansvar, day=day.isoformat())


def _signs(sheet: Sheet) -> Iterator[str]:
    layout = sheet.layout
    if isinstance(layout, LageLayout):
        return
    if not isinstance(layout, DriftLayout):
        yield phrase(
            "Investeringar visas netto: utgifter − inkomster. Avvikelse = budget − utfall; plus är gynnsamt.",
        )
        return
    if layout.rule == NETTOKOSTNAD:
        yield phrase("Nettokostnad = kostnader − intäkter. Avvikelse = budget − utfall; plus är överskott.")
    else:
        yield phrase("Resultat = intäkter − kostnader. Avvikelse = utfall − budget; plus är överskott.")
    outside = [code for code in layout.outside if sheet.shows(code)]
    if outside:
        names = ", ".join(layout.tree.units[code].namn for code in outside)
        yield (
            phrase(
                "{names} redovisas som resultat = intäkter − kostnader (avvikelse = utfall − budget) och ingår inte "
                "i summan.",
                names=names,
            )
        )


def _rounding(sheet: Sheet) -> Iterator[str]:
    unit = AVRUNDNING[sheet.asked.question.enhet]
    yield phrase(
        "{unit}. Varje cell är avrundad för sig; en summa kan därför skilja en enhet från sina termer.", unit=unit
    )


def _rounds(sheet: Sheet) -> Iterator[str]:
    """Which round the budget is of, where some unit in the table had one."""
    asked = sheet.asked
    if _of(sheet) != "drift" or not _budgets(sheet):
        return
    codes, name = asked.kept.codes, asked.name_of_counted(asked.question.ar, "drift")
    # The units of a table are all those under its top.
    (held,) = asked.kept.worked_out(("rounds", asked.grown, sheet.layout.top, name), lambda: (_held_rounds(sheet),))
    found: dict[date, set[str]] = {}
    for packed in held.tolist():
        if packed & LAST_DAY:
            found.setdefault(day_of(packed & LAST_DAY), set()).add(codes.texts[packed >> DAY_BITS])
    for day in sorted(found):
        whose = f" ({', '.join(sorted(found[day]))})" if len(found) > 1 else ""
        chosen = phrase(", vald med omgang") if asked.question.omgang else ""
        yield phrase(
            "Budget {ar} enligt omgången beslutad {day}{whose}{chosen}.",
            ar=asked.question.ar,
            day=day.isoformat(),
            whose=whose,
            chosen=chosen,
        )


def _held_rounds(sheet: Sheet) -> Numbers:
    """Whose round, and of which day, the budget of any unit in the table is of: each once, as one number."""
    asked = sheet.asked
    rounds, counted = asked.rounds(asked.question.ar, "drift"), asked.counted(asked.question.ar, "drift")
    counted = counted.where(sheet.layout.shows(counted["ansvar"]))
    days, holders = rounds.of(counted), rounds.holder[counted.rows]
    return distinct(holders << DAY_BITS | days)


def _frame(sheet: Sheet) -> Iterator[str]:
    """That there is no earlier frame to compare with, where one is asked for."""
    day = sheet.asked.question.chosen(JAMFOR_RAM)
    if day and sheet.earlier is None:
        yield phrase("Ingen ram för {ar} var beslutad {day}.", ar=sheet.asked.question.ar, day=day)


def _twelfths(sheet: Sheet) -> Iterator[str]:
    tom = sheet.asked.question.tom
    if tom == MONTHS_OF_A_YEAR:
        return
    if any(_uses_twelfths(sheet, measure) for measure in _budgets(sheet) if measure.through == "tom"):
        parts = phrase_n("{count} tolftedel", "{count} tolftedelar", tom)
        yield (
            phrase(
                "Budget som inte är periodiserad visas med {parts} av helåret; öre som inte går jämnt upp ligger på "
                "årets första månader.",
                parts=parts,
            )
        )


def _uses_twelfths(sheet: Sheet, measure: Budget) -> bool:
    """Whether the budget through the month of any unit in the table is by twelfths."""
    asked = sheet.asked

    def find() -> tuple[Mask]:
        return (np.array(sheet.layout.shows(budget.twelfths_used(asked, measure)).any()),)

    name = budget.name_of_year(asked, measure)
    (found,) = (
        find() if name is None else asked.kept.worked_out(("twelfths", asked.grown, sheet.layout.top, name), find)
    )
    return bool(found)


def _sums_of_units(sheet: Sheet) -> Iterator[str]:
    """What a sum of a unit among posts holds besides the posts."""
    if sheet.places_of("delsumma"):
        yield phrase(
            "Summan för en enhet omfattar allt i den, också det som inte ligger på någon post (Ofördelat).",
        )


def _not_split(sheet: Sheet) -> Iterator[str]:
    """What a varav cell lacks, all of its amount or a part: one footnote for each pair of varav rows."""
    rows = [n for n in sheet.places_of("varav") if sheet.all_lines[n].slag == ("kostnad",)]
    unit, sentences = sheet.asked.question.enhet, sheet.asked.kept.sentences
    for n, netto in zip(rows, _netto(sheet, rows), strict=True):
        if netto:
            line = sheet.all_lines[n]
            whose = "" if line.group == SUMMA else f" ({line.head})"
            found: str = sentences.get((whose, unit, netto), lambda: _not_split_note(whose, unit, netto))  # noqa: B023 - called now
            yield found


def _not_split_note(whose: str, unit: str, netto: Netto) -> str:
    lacking = [phrase("{amount} i {heading}", amount=_amount(amount, unit), heading=said) for said, amount in netto]
    return phrase("Ej uppdelat på kostnader och intäkter{whose}: {lacking}.", whose=whose, lacking=strung(lacking))


def _amount(amount: int, unit: str) -> str:
    if amount == 0:
        return phrase("netto noll")
    return f"{swedish(amount, unit)} {unit}" if shown(amount, unit) else phrase("{amount} kr", amount=kronor(amount))


def _netto(sheet: Sheet, rows: Sequence[int]) -> list[Netto]:
    """The amounts of some rows that are not split, where a cell has none for it or is the smaller for it."""
    found: list[list[tuple[str, int]]] = [[] for _ in rows]
    for measure, column in _first_columns(sheet, rows).items():
        if not isinstance(measure, Budget | Prognos):
            continue
        named = heading(column, sheet.asked)
        amounts, figures = sheet.netto(rows, measure), sheet.figures_of(column, rows)
        for netto, amount, figure in zip(found, amounts, figures, strict=True):
            # Where it comes to nothing the cell is none the smaller for it.
            if amount or (amount == 0 and figure is None):
                netto.append((named, amount))
    return [tuple(netto) for netto in found]


def _first_columns(sheet: Sheet, rows: Sequence[int]) -> dict[Measure, Column]:
    """The measures that rows of a sort tell of, each with the first column that is worked out of it."""
    first: dict[Measure, Column] = {}
    for column in sheet.columns if rows else ():
        for _, measure in sheet.formula(sheet.all_lines[rows[0]], column).terms:
            first.setdefault(measure, column)
    return first


def _not_forecast(sheet: Sheet) -> Iterator[str]:
    """Units of the sum that the forecast of the sum leaves out: others have one, and none is given for all of them."""
    columns = [column for column in sheet.columns if is_plain(column) and _is_forecast(column)]
    if not isinstance(sheet.layout, DriftLayout) or not columns:
        return
    outside = set(sheet.layout.outside)
    units, above = sheet.places_of("enhet"), sheet.places_of(OFORDELAT)
    left_out: dict[str, list[str]] = {}
    for column in columns:
        figures = sheet.figures_of(column, units)
        if None not in figures:
            continue
        inside = [n for n in units if sheet.all_lines[n].nyckel not in outside]
        without = [n for n, figure in zip(inside, sheet.figures_of(column, inside), strict=True) if figure is None]
        # One on a unit above counts for those below it, and stands as not distributed.
        if len(without) == len(inside) or any(figure is not None for figure in sheet.figures_of(column, above)):
            continue
        holding = [sheet.all_lines[n].namn for n in without if any(of[n] for of in sheet.figures)]
        if holding:
            names: str = ", ".join(holding[:MOST_NAMED])
            if len(holding) > MOST_NAMED:
                names = phrase("{names} och {count} till", names=names, count=len(holding) - MOST_NAMED)
            left_out.setdefault(names, []).append(heading(column, sheet.asked))
    for names, headings in left_out.items():
        yield phrase(
            "Ingen prognos är lämnad för {names}, som inte ingår i summan av {headings}.",
            names=names,
            headings=strung(headings),
        )


def _is_forecast(column: Column) -> bool:
    return column.formula is not None and isinstance(column.formula.terms[0][1], Prognos)


def _event(sheet: Sheet) -> Iterator[str]:
    if sheet.asked.question.handelse:
        yield (
            phrase(
                "Bara utfall märkt med händelsen {handelse}. Budget och prognos bär ingen händelse och visas inte.",
                handelse=sheet.asked.question.handelse,
            )
        )


def _organisation(sheet: Sheet) -> Iterator[str]:
    if sheet.asked.question.organisation and not sheet.asked.question.jamfor_organisation:
        yield phrase(
            "Organisation enligt {organisation}, i alla kolumner.",
            organisation=sheet.asked.question.organisation.isoformat(),
        )
    if isinstance(sheet.layout, DriftLayout) and sheet.asked.question.med_forslag:
        yield phrase("Förslag som inte är beslutade är inräknade.")
