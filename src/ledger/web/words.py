"""Words and figures on pages: dates, amounts and the sentence that says the conclusion first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from ledger.domain.money import MINUS, NBSP, kronor, shown, swedish
from ledger.domain.tal import swedish_text
from ledger.reporting.answer import Answer, Cell, Rad
from ledger.reporting.told import count

MONTHS: Final = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
SHORT: Final = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sept", "okt", "nov", "dec")
WHOLE_YEAR: Final = 12

#: Columns of change carry a plus.
SIGNED: Final = frozenset({"forandring", "andringar"})


def day(value: date) -> str:
    """A day in a sentence: `27 maj 2024`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """A day on a scale: `27 maj`."""
    return f"{value.day} {SHORT[value.month - 1]}"


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
        return f"helår {ar}"
    return f"januari–{MONTHS[tom - 1]} {ar}" if tom > 1 else f"januari {ar}"


def figure(cell: Cell, form: str, enhet: str, *, signed: bool = False) -> str:
    """A cell as it is shown: `1 234,5`, `–` where there is no figure."""
    if cell is None:
        return "–"
    if form == "tid":
        return instant(str(cell)).removesuffix(" UTC")
    if not isinstance(cell, int):
        return swedish_text(cell) if form == "tal" else str(cell)
    if form == "belopp":
        text = swedish(cell, enhet)
        return f"+{text}" if signed and shown(cell, enhet) > 0 else text
    if form == "kronor":
        return kronor(cell)
    return str(cell) if form == "ar" else f"{cell:,}".replace(",", NBSP).replace("-", MINUS)


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
            f"Till och med {day(until)} är {_signed(outcome, enhet)} bokfört"
            if outcome
            else f"Inget utfall är bokfört till och med {day(until)}"
        )
        return f"{booked}. Budgeten den dagen är {_signed(budget, enhet)}."
    if not outcome:
        return f"Budgeten är {amount(budget, enhet)}. Inget utfall är registrerat för perioden."
    if not shown(deviation, enhet):
        first = "Utfallet är i nivå med budgeten"
    else:
        first = f"Ett {'överskott' if deviation > 0 else 'underskott'} med {amount(deviation, enhet)}"
    sentences = [f"{first}: utfall {_signed(outcome, enhet)} mot budget {_signed(budget, enhet)}.", *_rows(answer)]
    return " ".join(sentences)


def _signed(amount_ore: int, enhet: str) -> str:
    return f"{swedish(amount_ore, enhet)}{NBSP}{enhet}"


def _rows(answer: Answer) -> list[str]:
    """How many units are in deficit, and how the units outside the sum went."""
    keys = [rad.nyckel for rad in answer.rader]
    at = keys.index("summa")
    inside = [rad for rad in answer.rader[:at] if rad.sort in {"enhet", "kod"}]
    behind = [rad for rad in inside if _deficit(rad, answer.enhet)]
    sentences = []
    if len(inside) > 1:
        sort = "enheter" if inside[0].sort == "enhet" else "rader"
        if not behind:
            sentences.append(f"Alla {count(len(inside))} {sort} håller sin budget.")
        elif len(behind) == 1:
            sentences.append(f"En av {count(len(inside))} {sort} går över: {behind[0].namn}.")
        else:
            sentences.append(f"{count(len(behind)).capitalize()} av {count(len(inside))} {sort} går över sin budget.")
    for rad in answer.rader[at + 1 :]:
        deviation = rad.celler.get("avvikelse")
        if rad.sort == "enhet" and isinstance(deviation, int) and shown(deviation, answer.enhet):
            better = "bättre" if deviation > 0 else "sämre"
            sentences.append(f"{rad.namn} går {amount(deviation, answer.enhet)} {better} än budget.")
    return sentences


def _deficit(rad: Rad, enhet: str) -> bool:
    deviation = rad.celler.get("avvikelse")
    return isinstance(deviation, int) and shown(deviation, enhet) < 0


def _investments(answer: Answer, summa: Rad) -> str:
    outcome, budget = summa.celler.get("ar_utfall"), summa.celler.get("ar_budget")
    if not isinstance(outcome, int) or not isinstance(budget, int) or not (outcome or budget):
        return ""
    # Large projects may stand apart, outside the sum that is told of.
    which = "Årets övriga investeringar" if answer.fraga.get("stora") else "Årets investeringar"
    used = f"{which} är {_signed(outcome, answer.enhet)} av ramen {_signed(budget, answer.enhet)}."
    left = budget - outcome
    if shown(left, answer.enhet):
        used += f" {amount(left, answer.enhet)} är {'kvar' if left > 0 else 'över ramen'}."
    return used
