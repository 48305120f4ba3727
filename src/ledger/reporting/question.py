"""Reading a question: the parameters of contract §2 as text, checked together, into a `Question`.

Every fault is refused in a Swedish sentence; several are said together. `today` is given, never read from a clock.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from ledger.domain.koder import FIRST_YEAR, LAST_YEAR
from ledger.domain.language import Phrase, phrase
from ledger.domain.money import UNITS
from ledger.domain.refusal import Refusal, Refused
from ledger.reporting.log import Log
from ledger.reporting.question_refusals import (
    ParameterDoesNotExist,
    ParameterHasOtherForm,
    PositionIsBeyondTheLog,
    RoundDoesNotExist,
    UnitDoesNotExist,
    ValueIsNotAChoice,
)
from ledger.reporting.report import Report
from ledger.reporting.rules.asked import LARGE_ORE, Asked, Question, organisation
from ledger.reporting.stored.snapshot import Snapshot

#: Whose midnight ends a day.
STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")

PARAMETERS: Final = (
    "ar",
    "tom",
    "kand",
    "beslutad",
    "per",
    "ansvar",
    "organisation",
    "jamfor_organisation",
    "handelse",
    "jamfor_prognos",
    "omgang",
    "med_forslag",
    "stora",
    "stora_fran",
    "enhet",
)

#: Parameters of sums that a list has no use for.
ONLY_SUMS: Final = (
    "per", "organisation", "jamfor_organisation", "handelse", "jamfor_prognos", "omgang", "med_forslag", "stora",
    "stora_fran",
)  # fmt: skip

#: What stands for the last day of the year before, where a day of the organisation is asked for.
YEAR_BEFORE: Final = "fg"

LAST_MONTH = 12

#: A position.
POSITION: Final = re.compile(r"@[0-9]{1,18}")

#: How far each log is known to reach: it never becomes shorter.
_REACHES: WeakKeyDictionary[Log, int] = WeakKeyDictionary()

#: How many codes are suggested for one that does not exist.
SUGGESTED: Final = 3


class Reader:
    """Reads one question and gathers what is wrong with it."""

    def __init__(self, report: Report, parameters: Mapping[str, str | None]) -> None:
        self.report = report
        self.given = {name: value.strip() for name, value in parameters.items() if value is not None and value.strip()}
        self.refusals: list[Refusal] = []
        filters = tuple(f.name for f in report.filters)
        usual = PARAMETERS if report.table else tuple(p for p in PARAMETERS if p not in ONLY_SUMS)
        for name, value in self.given.items():
            if name not in usual + filters:
                self.refuse(ParameterDoesNotExist(kolumn=name, varde=value, parameters=usual + filters))

    def refuse(self, refusal: Refusal) -> None:
        """Note a fault; the rest is read all the same."""
        self.refusals.append(refusal)

    def month(self) -> int:
        """The month through which is asked."""
        text = self.given.get("tom")
        if text is None:
            return LAST_MONTH
        if re.fullmatch(r"[0-9]{1,2}", text) and 1 <= int(text) <= LAST_MONTH:
            return int(text)
        rule, remedy = phrase("månaden går från 1 till 12"), phrase("Skriv till exempel tom=3 för januari till mars")
        self.refuse(ParameterHasOtherForm(kolumn="tom", varde=text, rule_text=rule, remedy=remedy))
        return LAST_MONTH

    def year(self, default: int) -> int:
        """The räkenskapsår."""
        text = self.given.get("ar")
        if text is None:
            return default
        if re.fullmatch(r"[0-9]{4}", text) and FIRST_YEAR <= int(text) <= LAST_YEAR:
            return int(text)
        rule = phrase(
            "ett räkenskapsår skrivs med fyra siffror, {first_year} till {last_year}",
            first_year=FIRST_YEAR,
            last_year=LAST_YEAR,
        )
        self.refuse(
            ParameterHasOtherForm(
                kolumn="ar",
                varde=text,
                rule_text=rule,
                remedy=phrase(
                    "Skriv till exempel ar=2024",
                ),
            )
        )
        return default

    def large_from(self) -> int:
        """The decided total in öre from which a project is large, given in whole kronor."""
        text = self.given.get("stora_fran")
        if text is None:
            return LARGE_ORE
        if not re.fullmatch(r"[1-9][0-9]{0,12}", text):
            rule, remedy = phrase("gränsen skrivs i hela kronor"), phrase("Skriv till exempel stora_fran=50000000")
            self.refuse(ParameterHasOtherForm(kolumn="stora_fran", varde=text, rule_text=rule, remedy=remedy))
            return LARGE_ORE
        return int(text) * 100

    def filters(self) -> tuple[tuple[str, str], ...]:
        """The parameters of the report's own."""
        found = []
        for declared in self.report.filters:
            text = self.given.get(declared.name)
            if text is None:
                continue
            if declared.is_day:
                self.day(declared.name)
            elif declared.choices and text not in declared.choices:
                self.refuse(ValueIsNotAChoice(kolumn=declared.name, varde=text, choices=declared.choices))
            elif not re.fullmatch(declared.pattern, text):
                remedy = phrase("Ange {what}", what=phrase(declared.meaning))
                self.refuse(
                    ParameterHasOtherForm(
                        kolumn=declared.name, varde=text, rule_text=phrase("det går inte att läsa"), remedy=remedy
                    )
                )
            found.append((declared.name, text))
        return tuple(found)

    def day(self, name: str, otherwise: str = "") -> date | None:
        """A date. `otherwise` is what else may be written."""
        text = self.given.get(name)
        if text is None:
            return None
        found = a_date(text)
        if found is None:
            self.refuse(
                ParameterHasOtherForm(
                    kolumn=name,
                    varde=text,
                    rule_text=phrase("det är inget datum"),
                    remedy=phrase(
                        "Skriv ÅÅÅÅ-MM-DD, till exempel {name}=2024-12-31{otherwise}", name=name, otherwise=otherwise
                    ),
                )
            )
        return found

    def organisation_day(self, name: str, ar: int) -> date | None:
        """A day of the organisation: a date, or `fg` for the last day of the year before. Lists have neither."""
        if self.given.get(name) == YEAR_BEFORE:
            return date(ar - 1, 12, 31) if ar else None
        return self.day(
            name, phrase(" eller {name}={year_before} för sista dagen året före", name=name, year_before=YEAR_BEFORE)
        )

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One of some words."""
        text = self.given.get(name, default)
        if text not in choices:
            self.refuse(ValueIsNotAChoice(kolumn=name, varde=text, choices=tuple(dict.fromkeys(choices))))
            return default
        return text

    def kand(self, log: Log) -> int:
        """The position asked for, from `@N`, an instant or the end of a day."""
        text = self.given.get("kand")
        is_position = text is not None and POSITION.fullmatch(text)
        if text and is_position and int(text[1:]) <= _REACHES.get(log, 0):
            return int(text[1:])
        head = _REACHES[log] = log.head()[0]
        if text is None:
            return head
        if is_position:
            if int(text[1:]) > head:
                self.refuse(PositionIsBeyondTheLog(kolumn="kand", varde=text, head=head))
                return head
            return int(text[1:])
        instant = an_instant(text)
        if instant is None:
            self.refuse(
                ParameterHasOtherForm(
                    kolumn="kand",
                    varde=text,
                    rule_text=phrase(
                        "det är varken en position, en tidpunkt med Z eller tidsskillnad, eller ett datum",
                    ),
                    remedy=_how_to_write(text),
                )
            )
            return head
        return log.position_at(instant)


def read_question(report: Report, parameters: Mapping[str, str | None], log: Log, today: date) -> Question:
    """The question, as far as it can be judged without the read model. Errors: Refused with every fault."""
    reader = Reader(report, parameters)
    per = report.table.per if report.table else ("",)
    # A list has no year of its own: without one it holds every year, unless it is of one year alone.
    ar = reader.year(today.year if report.table or report.of_year else 0)
    question = Question(
        rapport=report.name,
        ar=ar,
        tom=reader.month(),
        kand=reader.kand(log),
        per=reader.choice("per", per, per[0]),
        ansvar=reader.given.get("ansvar"),
        enhet=reader.choice("enhet", tuple(UNITS), report.enhet),
        beslutad=reader.day("beslutad"),
        organisation=reader.organisation_day("organisation", ar),
        jamfor_organisation=reader.organisation_day("jamfor_organisation", ar),
        handelse=reader.given.get("handelse"),
        jamfor_prognos=reader.day("jamfor_prognos"),
        omgang=reader.day("omgang"),
        med_forslag=reader.choice("med_forslag", ("ja", "nej"), "nej") == "ja",
        stora=reader.choice("stora", ("separat", "med"), "med").replace("med", "") or None,
        stora_fran_ore=reader.large_from(),
        filters=reader.filters(),
    )
    if reader.refusals:
        raise Refused(reader.refusals)
    return question


def check_codes(question: Question, snapshot: Snapshot) -> None:
    """Check what the read model must tell: that the unit is known and the round was decided. Errors: Refused."""
    refusals = unknown_unit(question.ansvar, question.kand, snapshot)
    if question.omgang:
        asked = Asked(question, snapshot)
        days = sorted({d for of in ("drift", "investering") for d in asked.rounds(question.ar, of).all_days()})
        if question.omgang not in days:
            written = tuple(day.isoformat() for day in days)
            refusals.append(
                RoundDoesNotExist(kolumn="omgang", varde=question.omgang.isoformat(), ar=question.ar, days=written)
            )
    if refusals:
        raise Refused(refusals)


def unknown_unit(ansvar: str | None, kand: int, snapshot: Snapshot) -> list[Refusal]:
    """What is wrong with asking for a unit as known at a position: nothing, or that nobody had told of it yet."""
    known = organisation(snapshot, kand)
    if not ansvar or ansvar in known:
        return []
    codes = known.codes()
    nearest = difflib.get_close_matches(ansvar.upper(), codes, SUGGESTED, 0.3) or codes[:SUGGESTED]
    return [UnitDoesNotExist(kolumn="ansvar", varde=ansvar, kand=kand, nearest=tuple(nearest))]


def _how_to_write(text: str) -> Phrase:
    """How an instant is written; what a bare plus became on its way through an address is recognised."""
    if " " in text and an_instant(text.replace(" ", "+")):
        return phrase("Skriv + som %2B i en adress")
    return phrase("Skriv till exempel kand=@512, kand=2024-05-28T12:00:00Z eller kand=2024-05-28")


def a_date(text: str) -> date | None:
    """The day that `2024-12-31` writes."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def an_instant(text: str) -> datetime | None:
    """The instant of `2024-05-28T12:00:00Z`, or the last microsecond of a bare date in Stockholm.

    None for what cannot be read, and for the first and last days of the calendar, which have no neighbours.
    """
    try:
        if day := a_date(text):
            midnight = datetime.combine(day + timedelta(days=1), time(), STOCKHOLM)
            return midnight.astimezone(UTC) - timedelta(microseconds=1)
        instant = datetime.fromisoformat(text)
        return instant.astimezone(UTC) if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None
