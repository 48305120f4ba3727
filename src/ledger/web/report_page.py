"""The page of a report: the answer as a table under its time bar, and what can be asked next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from ledger.domain.language import N_, _, phrase, spoken
from ledger.interchange.forms import PACKAGE_PARAMETERS, PACKAGES, Answered, diagrams
from ledger.reporting.answer import Answer
from ledger.reporting.report import Report
from ledger.reporting.rules.asked import Asked, Question
from ledger.reporting.stored.bounded import Bounded
from ledger.web import asking, choosing, timebar, words
from ledger.web.drawing import Drawing
from ledger.web.house import House
from ledger.web.lasting import stamp_headers
from ledger.web.list_page import ListPage
from ledger.web.opening import OPEN, Opening
from ledger.web.table import PROGRAMS, Table, address, files_of, table_of

#: Choices of the page alone: every column of the answer, not only the printed ones; every row of a long table.
EVERY: Final = "kolumner"
ROWS: Final = "rader"
ALL: Final = "alla"

#: The charts of so many answers are kept, and so many figures are shown of a long table at first: fewer where every
#: column is, so that a page weighs 150 kB at most.
MOST_DRAWN: Final = 256
MOST_FIGURES: Final = (350, 150)

#: Parameters that the form has fields for; the others are kept as they are.
FIELDS: Final = frozenset({"ar", "tom", "ansvar", "per", "jamfor_organisation", "kand", "beslutad"})

#: Parameters of a report's own in words, and the words for what is chosen.
FILTERS: Final = {"uppstallning": N_("Uppställning"), "jamfor_ram": N_("Jämför med ram")}
CHOICES: Final = {
    "": N_("efter månad"),
    "bokslut": N_("bokslut"),
    "forandring": N_("förändring"),
    "helar": N_("helår"),
    "period": N_("period"),
    "plan": N_("plan"),
    "prognos": N_("prognos"),
    "r14": N_("RKR R14"),
    "stora": N_("stora"),
}

#: What stands in the first column, by `per`.
ROW_HEADINGS: Final = {
    "verksamhet": N_("Verksamhet"),
    "konto": N_("Konto"),
    "projekt": N_("Projekt"),
    "atgard": N_("Åtgärd"),
    "kategori": N_("Kategori"),
    "status": N_("Status"),
    "handelse": N_("Händelse"),
}


class ReportPage:
    """Draws reports."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing
        self._list_page = ListPage(house, drawing)
        self._diagrams: Bounded[Markup] = Bounded(MOST_DRAWN)

    def show(self, request: Request, namn: str) -> Response:
        """A report as it was asked for."""
        return self._draw(namn, self._read(request))

    def _read(self, request: Request) -> dict[str, str]:
        """The parameters that say something."""
        return {name: text for name, text in asking.given(request).items() if text.strip()}

    def _draw(self, namn: str, asked: dict[str, str]) -> Response:
        every_column = asked.get(EVERY) == ALL
        most = None if asked.get(ROWS) == ALL else MOST_FIGURES[every_column]
        opened = tuple(dict.fromkeys(key for key in asked.get(OPEN, "").split(",") if key))
        asked = {name: text for name, text in asked.items() if name not in {EVERY, ROWS, OPEN}}
        if self._house.reports.find(namn).table is None:
            return self._list_page.draw(self._house.reports.find(namn), asked, every_column=every_column)
        reports, today = self._house.reports, self._house.today()
        report, question = reports.find(namn), reports.question(namn, asked, today)
        answer = reports.ask(question)
        with reports.snapshot(question) as snapshot:
            bar = timebar.time_bar(report, question, snapshot, self._house.ledger.log, today)
            newest, shown = timebar.newest_year(snapshot, question), Asked(question, snapshot)
            more = choosing.fields(report, shown, asked)
        carried = {**asked, "ar": str(question.ar)}
        of_page = {EVERY: ALL * every_column, ROWS: ALL * (most is None), OPEN: ",".join(opened)}
        of_page = {name: text for name, text in of_page.items() if text}

        def link(**changed: str) -> str:
            return address("rapporter", namn, **{**carried, **of_page, **changed})

        below = Opening(reports, namn, today, shown.tree, opened).below(answer, carried)
        table = table_of(answer, carried, every_column=every_column, below=below, most=most)
        return self._drawing.page(
            "report.html",
            chosen=namn,
            headers=stamp_headers(answer.stampel),
            rubrik=_(answer.rubrik),
            answer=answer,
            bar=bar,
            table=table,
            charts=self._charts(question, answer),
            every_column=every_column,
            presets=timebar.presets(question, link),
            enheter=_enheter(question, link),
            filters=_filters(report, asked),
            more=more,
            is_more_chosen=any(f.value for f in more),
            kept=[*_kept(report, more, asked), *of_page.items()],
            carried=[*carried.items(), *((name, text) for name, text in of_page.items() if name != OPEN)],
            past=_past(question, self._house.ledger.log.head().position, answer.stampel.recorded_at, link),
            empty=_empty(answer, question, newest, link),
            ingress=words.conclusion(answer),
            unit=_unit(bar),
            period=words.period(question.ar, question.tom),
            **_captions(question),
            **self._links(report, carried, of_page, answer, link),
        )

    def _charts(self, question: Question, answer: Answer) -> Markup:
        """The charts of an answer. A question holds the position it is known at, so its charts are drawn once."""
        reports = self._house.reports
        name = (question, reports.build(question.rapport), spoken().code)

        def draw() -> Markup:
            return self._drawing.part("diagram.html", diagrams=diagrams(Answered(reports, question, answer)))

        return self._diagrams.get(name, draw)

    def _links(
        self, report: Report, carried: dict[str, str], of_page: dict[str, str], answer: Answer, link: Any
    ) -> dict[str, Any]:
        fixed = {**carried, "kand": f"@{answer.stampel.position}"}
        return {
            "more_href": link(**{EVERY: ALL}),
            "all_rows_href": link(**{ROWS: ALL}),
            "fewer_href": link(**{EVERY: ""}),
            "permanent_href": address("rapporter", report.name, **fixed, **of_page),
            "json_href": address("api", "v1", "rapporter", report.name, **fixed),
            "files": files_of(report.name, fixed),
            "packages": _packages(fixed),
            "difference_href": self._difference(report, carried),
        }

    def _difference(self, report: Report, carried: dict[str, str]) -> str:
        """From the beginning of the year to what is shown."""
        shared = {name: text for name, text in carried.items() if name not in {"kand", "beslutad"}}
        first = {"fran_beslutad": f"{carried['ar']}-01-31"}
        till = {"till": carried.get("kand", ""), "till_beslutad": carried.get("beslutad", "")}
        return address("rapporter", report.name, "skillnad", **shared, **first, **till)


def _packages(fixed: dict[str, str]) -> list[tuple[str, str]]:
    """The whole ekonomi chapter of the same unit and period, as the files that it can be had as."""
    asked = {name: text for name, text in fixed.items() if name in PACKAGE_PARAMETERS}
    return [(PROGRAMS[form], address("api", "v1", "rapportpaket", **asked, format=form)) for form in PACKAGES]


def _unit(bar: timebar.TimeBar) -> str:
    chosen = timebar.choice_of(bar.units)
    return chosen.text.strip() if chosen else phrase("Ingen organisation")


def _enheter(question: Question, link: Any) -> list[dict[str, Any]]:
    return [{"text": e, "href": link(enhet=e), "current": e == question.enhet} for e in ("kr", "tkr", "mnkr")]


def _filters(report: Report, asked: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": f.name,
            "label": _(FILTERS.get(f.name, f.name.replace("_", " "))),
            "meaning": _(f.meaning),
            "value": asked.get(f.name, ""),
            "choices": [_option(choice, asked.get(f.name, "")) for choice in ("", *f.choices)] if f.choices else [],
        }
        for f in report.filters
    ]


def _option(choice: str, chosen: str) -> dict[str, Any]:
    return {"value": choice, "text": _(CHOICES.get(choice, choice)), "is_chosen": choice == chosen}


def _kept(report: Report, more: Sequence[choosing.Field], asked: dict[str, str]) -> list[tuple[str, str]]:
    """What is chosen and has no field, so that it is asked for again when the form is sent."""
    shown = FIELDS | {f.name for f in report.filters} | {f.name for f in more}
    return [(name, text) for name, text in asked.items() if name not in shown]


def _past(question: Question, head: int, recorded_at: str | None, link: Any) -> list[dict[str, str]]:
    """What a reader of an earlier state must know: that it is one, and the way back."""
    found = []
    if question.kand < head:
        day = words.parsed(recorded_at or "")
        text = _("Du ser det som var känt innan något var registrerat (@0).")
        if day:
            text = _("Du ser det som var känt {day} (@{position}).")
            text = text.format(day=words.day(day), position=question.kand)
        found.append({"text": text, "href": link(kand=""), "link": _("Till nu")})
    if question.beslutad:
        text = _("Du ser det som är daterat till och med {day}.").format(day=words.day(question.beslutad))
        found.append({"text": text, "href": link(beslutad=""), "link": _("Alla beslut")})
    return found


def _captions(question: Question) -> dict[str, Any]:
    first, last = words.begun(_(words.MONTHS[0])), _(words.MONTHS[question.tom - 1])
    months = first if question.tom == 1 else f"{first}–{last}"
    return {
        "per": _(timebar.PER.get(question.per, question.per)),
        "row_heading": _(ROW_HEADINGS.get(question.per, N_("Enhet"))),
        "caption": f"{months} {question.ar}, {question.enhet}.",
    }


def _empty(answer: Answer, question: Question, newest: int, link: Any) -> dict[str, str] | None:
    """Why there is nothing, and one way on; None where there is something."""
    if any(isinstance(cell, int) and cell for rad in answer.rader for cell in rad.celler.values()):
        return None
    text = _("Inget är registrerat för {period}.").format(period=words.period(question.ar, question.tom))
    if newest != question.ar:
        return {"text": text, "href": link(ar=str(newest)), "link": _("Visa {year}").format(year=newest)}
    return {"text": text, "href": "", "link": ""}


__all__ = ["ReportPage", "Table"]
