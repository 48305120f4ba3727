"""Words and figures on pages: dates, amounts and the sentence that says the conclusion first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from ledger.domain.language import N_, _, said
from ledger.domain.money import MINUS, NBSP, kronor, shown, swedish
from ledger.domain.tal import swedish_text
from ledger.reporting.answer import Answer, Cell, Rad
from ledger.reporting.told import count

MONTHS: Final = (
    N_("januari"), N_("februari"), N_("mars"), N_("april"), N_("maj"), N_("juni"),
    N_("juli"), N_("augusti"), N_("september"), N_("oktober"), N_("november"), N_("december"),
)  # fmt: skip
SHORT: Final = (
    N_("jan"), N_("feb"), N_("mars"), N_("april"), N_("maj"), N_("juni"),
    N_("juli"), N_("aug"), N_("sept"), N_("okt"), N_("nov"), N_("dec"),
)  # fmt: skip
WHOLE_YEAR: Final = 12

#: Columns of change carry a plus.
SIGNED: Final = frozenset({"forandring", "andringar"})

#: Who keeps to the budget, of units and of rows of codes: all of them, all but one, or more who do not.
KEPT: Final = {
    "enhet": (
        N_("Alla {count} enheter håller sin budget."),
        N_("En av {count} enheter går över: {name}."),
        N_("{over} av {count} enheter går över sin budget."),
    ),
    "kod": (
        N_("Alla {count} rader håller sin budget."),
        N_("En av {count} rader går över: {name}."),
        N_("{over} av {count} rader går över sin budget."),
    ),
}


def day(value: date) -> str:
    """A day in a sentence: `27 maj 2024`."""
    return f"{value.day} {_(MONTHS[value.month - 1])} {value.year}"


def short_day(value: date) -> str:
    """A day on a scale: `27 maj`."""
    return f"{value.day} {_(SHORT[value.month - 1])}"


def parsed(text: str) -> date | None:
    """The day that a text begins with, if any."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def last_day(ar: int, tom: int) -> date:
    """The last day of a month."""
    following = date(ar + tom // WHOLE_YEAR, tom % WHOLE_YEAR + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def instant(text: str | datetime | None) -> str:
    """A recorded time in a table: `2024-05-08 15.40.02 UTC`."""
    if text is None:
        return "–"
    moment = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H.%M.%S UTC")


def period(ar: int, tom: int) -> str:
    """What months an answer is about: `helår 2024`, `januari–mars 2024`."""
    if tom == WHOLE_YEAR:
        return _("helår {ar}").format(ar=ar)
    first = _(MONTHS[0])
    return f"{first}–{_(MONTHS[tom - 1])} {ar}" if tom > 1 else f"{first} {ar}"


def figure(cell: Cell, form: str, enhet: str, *, signed: bool = False) -> str:
    """A cell as it is shown: `1 234,5`, `–` where there is no figure."""
    if cell is None:
        return "–"
    if form == "tid":
        return instant(str(cell)).removesuffix(" UTC")
    if not isinstance(cell, int):
        return swedish_text(cell) if form == "tal" else cell
    if form == "belopp":
        text = swedish(cell, enhet)
        return f"+{text}" if signed and shown(cell, enhet) > 0 else text
    if form == "kronor":
        return kronor(cell)
    return str(cell) if form == "ar" else f"{cell:,}".replace(",", NBSP).replace("-", MINUS)


def begun(text: str) -> str:
    """A text with a capital, as it begins a sentence."""
    return text[:1].upper() + text[1:]


def number(many: int) -> str:
    """How many in a sentence: small numbers are written out."""
    return _(count(many))


def antal(number: int) -> str:
    """How many, with blanks between thousands: `12 345`."""
    return f"{number:,}".replace(",", NBSP)


def share(amount_ore: int) -> str:
    """An amount that a fact adds, exact, in kronor with its sign: `+400 000,00`."""
    return f"+{kronor(amount_ore)}" if amount_ore > 0 else kronor(amount_ore)


def exact(amount_ore: int | None) -> str:
    """An amount to the öre, in kronor: `43 400 000,00`."""
    return "–" if amount_ore is None else kronor(amount_ore)


def amount(amount_ore: int, enhet: str) -> str:
    """An amount in a sentence, without its sign: `21,9 mnkr`."""
    return f"{swedish(abs(amount_ore), enhet)}{NBSP}{enhet}"


# ---------------------------------------------------------------- the conclusion


def conclusion(answer: Answer) -> str:
    """One or two sentences that a councillor understands; blank where the answer has no deviation to speak of."""
    summa = next((rad for rad in answer.rader if rad.nyckel == "summa"), None)
    if summa is None:
        return ""
    if answer.rapport == "investeringsuppfoljning":
        return _investments(answer, summa)
    deviation, outcome, budget = (summa.celler.get(key) for key in ("avvikelse", "utfall", "budget"))
    if not isinstance(deviation, int) or not isinstance(outcome, int) or not isinstance(budget, int):
        return ""
    if not outcome and not budget:
        return ""
    enhet = answer.enhet
    until = parsed(answer.fraga.get("beslutad") or "")
    if until and until < last_day(answer.fraga["ar"], answer.fraga["tom"]):
        booked = (
            _("Till och med {day} är {outcome} bokfört. Budgeten den dagen är {budget}.")
            if outcome
            else _("Inget utfall är bokfört till och med {day}. Budgeten den dagen är {budget}.")
        )
        return booked.format(day=day(until), outcome=_signed(outcome, enhet), budget=_signed(budget, enhet))
    if not outcome:
        sentence = _("Budgeten är {budget}. Inget utfall är registrerat för perioden.")
        return sentence.format(budget=amount(budget, enhet))
    known = {"outcome": _signed(outcome, enhet), "budget": _signed(budget, enhet)}
    return " ".join([_went(shown(deviation, enhet)).format(amount=amount(deviation, enhet), **known), *_rows(answer)])


def _went(deviation: int) -> str:
    """How the sum went, to be filled in."""
    if not deviation:
        return _("Utfallet är i nivå med budgeten: utfall {outcome} mot budget {budget}.")
    if deviation > 0:
        return _("Ett överskott med {amount}: utfall {outcome} mot budget {budget}.")
    return _("Ett underskott med {amount}: utfall {outcome} mot budget {budget}.")


def _signed(amount_ore: int, enhet: str) -> str:
    return f"{swedish(amount_ore, enhet)}{NBSP}{enhet}"


def _rows(answer: Answer) -> list[str]:
    """How many units are in deficit, and how the units outside the sum went."""
    keys = [rad.nyckel for rad in answer.rader]
    at = keys.index("summa")
    inside = [rad for rad in answer.rader[:at] if rad.sort in KEPT]
    behind = [rad for rad in inside if _deficit(rad, answer.enhet)]
    sentences = []
    if len(inside) > 1:
        sentence = _(KEPT[inside[0].sort][min(len(behind), 2)])
        name = said(behind[0].namn) if behind else ""
        sentences.append(sentence.format(count=number(len(inside)), over=begun(number(len(behind))), name=name))
    for rad in answer.rader[at + 1 :]:
        deviation = rad.celler.get("avvikelse")
        if rad.sort == "enhet" and isinstance(deviation, int) and shown(deviation, answer.enhet):
            better, worse = _("{name} går {amount} bättre än budget."), _("{name} går {amount} sämre än budget.")
            sentence = better if deviation > 0 else worse
            sentences.append(sentence.format(name=said(rad.namn), amount=amount(deviation, answer.enhet)))
    return sentences


def _deficit(rad: Rad, enhet: str) -> bool:
    deviation = rad.celler.get("avvikelse")
    return isinstance(deviation, int) and shown(deviation, enhet) < 0


def _investments(answer: Answer, summa: Rad) -> str:
    outcome, budget = summa.celler.get("ar_utfall"), summa.celler.get("ar_budget")
    if not isinstance(outcome, int) or not isinstance(budget, int) or not (outcome or budget):
        return ""
    # Large projects may stand apart, outside the sum that is told of.
    used = (
        _("Årets övriga investeringar är {outcome} av ramen {budget}.")
        if answer.fraga.get("stora")
        else _("Årets investeringar är {outcome} av ramen {budget}.")
    )
    sentences = [used.format(outcome=_signed(outcome, answer.enhet), budget=_signed(budget, answer.enhet))]
    left = budget - outcome
    if shown(left, answer.enhet):
        over = _("{amount} är kvar.") if left > 0 else _("{amount} är över ramen.")
        sentences.append(over.format(amount=amount(left, answer.enhet)))
    return " ".join(sentences)
