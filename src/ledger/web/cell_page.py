"""Two pages about one figure: *Så blev siffran* (the facts behind it) and *Varför ändrades siffran?* (two answers)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from ledger.domain.language import N_, _, _n, said
from ledger.domain.money import shown, swedish
from ledger.reporting.answer import Answer, Cell
from ledger.reporting.explaining.explain import Andel
from ledger.reporting.explaining.skillnad import Cellskillnad, Utsnitt, pages_of
from ledger.reporting.log import Recorded
from ledger.reporting.rules.asked import Question
from ledger.reporting.told import told
from ledger.web import asking, words
from ledger.web.drawing import Drawing
from ledger.web.fact_page import voucher_of
from ledger.web.house import House
from ledger.web.lasting import stamp_headers
from ledger.web.reports import cell_of, later
from ledger.web.table import address

#: So many facts fit in the sum line above a difference.
MOST_TERMS: Final = 6

#: So many explaining facts are listed on the page; the API has them all.
MOST_LISTED: Final = 300

#: The column that a difference is about when none is chosen, the first that the report has.
FIRST_COLUMNS: Final = ("budget", "investeringsram", "ar_budget", "total_budget")


class CellPages:
    """Draws the facts behind figures and differences."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    # ------------------------------------------------------------ so became the figure

    def cell(self, request: Request, namn: str, rad: str, kolumn: str) -> Response:
        """The facts behind one cell, with share and running sum."""
        given = {name: text for name, text in asking.given(request).items() if text.strip()}
        figure, asked = asking.figure({**given, "rad": rad, "kolumn": kolumn})
        reports = self._house.reports
        question = reports.question(namn, asked, self._house.today())
        found = cell_of(self._house, question, figure)
        carried = {**asked, "ar": str(question.ar)}
        sidor = pages_of(found.antal)
        here = ("rapporter", namn, rad, kolumn)
        exact = "–" if found.summa_ore is None else f"{swedish(found.summa_ore, question.enhet)}\u00a0{question.enhet}"
        return self._drawing.page(
            "cell.html",
            chosen=namn,
            headers=stamp_headers(found.stampel),
            found=found,
            exact=exact,
            title=_(reports.find(namn).rubrik),
            period=words.period(question.ar, question.tom),
            begun=words.begun(words.period(question.ar, question.tom)),
            ingress=_ingress(found.antal, found.netto_noll, found.summa_ore),
            shares=self._shares(found.andelar),
            sida=figure.sida,
            sidor=sidor,
            back_href=address("rapporter", namn, **carried),
            newer_href=address(*here, **{**carried, "sida": str(figure.sida - 1)}) if figure.sida > 1 else None,
            older_href=address(*here, **{**carried, "sida": str(figure.sida + 1)}) if figure.sida < sidor else None,
            difference_href=self._difference_href(namn, carried, rad, kolumn),
            json_href=address("api", "v1", "rapporter", namn, "cell", **carried, rad=rad, kolumn=kolumn),
            permanent_href=address(*here, **{**carried, "kand": f"@{found.stampel.position}"}),
            is_past=question.kand < self._house.ledger.log.head().position,
            now_href=address(*here, **{**carried, "kand": ""}),
            summa=words.exact(found.summa_ore),
            beslutad=question.beslutad,
        )

    def _shares(self, andelar: Sequence[Andel]) -> list[dict[str, Any]]:
        facts = self._house.ledger.log.read_positions([andel.position for andel in andelar])
        return [self._share(andel, recorded) for andel, recorded in zip(andelar, facts, strict=True)]

    @staticmethod
    def _share(andel: Andel, recorded: Recorded) -> dict[str, Any]:
        return {
            "position": andel.position,
            "told": told(recorded.fact),
            "voucher": voucher_of(recorded.fact),
            "datum": andel.datum,
            "hor_till": andel.ursprungsdatum,
            "recorded_at": words.instant(andel.recorded_at)[:10],
            "vem": andel.vem,
            "belopp": words.share(andel.belopp_ore),
            "lopande": words.exact(andel.lopande_ore),
        }

    def _difference_href(self, namn: str, carried: dict[str, str], rad: str, kolumn: str) -> str:
        shared = {name: text for name, text in carried.items() if name not in {"kand", "beslutad"}}
        till = {"till": carried.get("kand", ""), "till_beslutad": carried.get("beslutad", "")}
        first = {"fran_beslutad": f"{carried['ar']}-01-31"}
        return address("rapporter", namn, "skillnad", **shared, **first, **till, kolumn=kolumn, rad=rad)

    # ------------------------------------------------------------ why did the figure change

    def difference(self, request: Request, namn: str) -> Response:
        """Two answers side by side in one column, and the facts between them."""
        given = {name: text for name, text in asking.given(request).items() if text.strip()}
        two = asking.two(given)
        reports, today = self._house.reports, self._house.today()
        a, b = (reports.question(namn, asked, today) for asked in (two.a, two.b))
        reports.find_sums(namn)
        answers = reports.ask(a), reports.ask(b)
        amounts = [k for k in answers[1].kolumner if k.form == "belopp"]
        kolumn = two.of.kolumn or next(
            (key for key in FIRST_COLUMNS if any(k.nyckel == key for k in amounts)), amounts[0].nyckel
        )
        main = self._cell_of(a, b, replace(two.of, rad=two.of.rad or "summa", kolumn=kolumn))
        found = reports.skillnad(a, b, Utsnitt(kolumn=kolumn, specification=False))
        rubrik = said(next((k.rubrik for k in amounts if k.nyckel == kolumn), kolumn))
        cells = {cell.rad: cell for cell in found.celler}
        kept = {k: v for k, v in given.items() if k not in asking.DIFFERENCE}
        facts, more = self._facts(main, cells.values(), found.antal)
        return self._drawing.page(
            "skillnad.html",
            chosen=namn,
            headers=stamp_headers(later(found)),
            title=_(reports.find(namn).rubrik),
            namn=namn,
            given=given,
            rubrik=rubrik,
            heading=_heading(main, rubrik, b.enhet),
            terms=_terms(main, b.enhet),
            rows=_rows(answers, cells, kolumn, b.enhet, lambda rad: _page_of(namn, given, kolumn, rad)),
            columns=[(k.nyckel, k.rubrik, k.nyckel == kolumn) for k in amounts],
            kept={**kept, "ar": str(b.ar)},
            facts=facts,
            more=more,
            main=main,
            is_other=_figures(answers[0]) != _figures(answers[1]),
            number=_number(main),
            sida=two.of.sida,
            turned=_pages(namn, given, two.of.sida, main.sidor if main else 1),
            a=_asked(found.fran),
            b=_asked(found.till),
            enhet=b.enhet,
            rad=two.of.rad,
            back_href=address("rapporter", namn, **{**two.b, "ar": str(b.ar)}),
            swap_href=_swapped(namn, given),
            json_href=address("api", "v1", "rapporter", namn, "skillnad", **given),
            period=words.period(b.ar, b.tom),
        )

    def _cell_of(self, a: Question, b: Question, asked: Utsnitt) -> Cellskillnad | None:
        """The difference of one cell; none where nothing changed it. Errors: Refused."""
        return next(iter(self._house.reports.skillnad(a, b, asked).celler), None)

    def _facts(
        self, main: Cellskillnad | None, cells: Iterable[Cellskillnad], antal: int
    ) -> tuple[list[dict[str, Any]], int]:
        """The facts that explain the main cell, then those that only moved other rows, and how many are left out.

        Where the main cell has several pages, those of other rows are left to the pages of the rows.
        """
        shares = {f.position: (f.belopp_ore, f.hur) for f in main.fakta} if main else {}
        if main and main.sidor > 1:
            return self._told(sorted(shares), shares), 0
        others = {f.position for cell in cells for f in cell.fakta} - set(shares)
        listed = [*sorted(shares), *sorted(others)][:MOST_LISTED]
        return self._told(listed, shares), antal - len(listed)

    def _told(self, listed: list[int], shares: dict[int, tuple[int, str]]) -> list[dict[str, Any]]:
        facts = {recorded.position: recorded for recorded in self._house.ledger.log.read_positions(listed)}
        rows = []
        for position in listed:
            recorded = facts[position]
            amount, how = shares.get(position, (0, N_("ändrar andra rader")))
            rows.append(
                {
                    "position": position,
                    "told": told(recorded.fact),
                    "recorded_at": words.instant(recorded.recorded_at)[:10],
                    "vem": recorded.actor,
                    "hur": _(how),
                    "belopp": words.share(amount),
                    "is_minus": amount < 0,
                }
            )
        return rows


def _ingress(antal: int, nothing: int, summa_ore: int | None) -> str:
    if summa_ore is None:
        return _("Cellen har ingen siffra, så det finns inga fakta att visa.")
    sentences = [_("Inga fakta bygger siffran: den är 0.")]
    if antal:
        sentence = _n(
            "Ett faktum bygger siffran, på öret: {total}.", "{count} fakta bygger siffran, på öret: {total}.", antal
        )
        total = f"{words.exact(summa_ore)}\u00a0kr"
        sentences = [sentence.format(count=words.begun(words.number(antal)), total=total)]
    if nothing:
        ending = _n(
            "Ett faktum tar ut sig självt i cellen och listas inte.",
            "{count} fakta tar ut sig själva i cellen och listas inte.",
            nothing,
        )
        sentences.append(ending.format(count=words.begun(words.number(nothing))))
    return " ".join(sentences)


def _heading(main: Cellskillnad | None, rubrik: str, enhet: str) -> str:
    if main is None or not main.skillnad_ore:
        return _("{column} är oförändrad").format(column=rubrik)
    way = _("{column} ökade med {amount}") if main.skillnad_ore > 0 else _("{column} sjönk med {amount}")
    return way.format(column=rubrik, amount=words.amount(main.skillnad_ore, enhet))


def _terms(main: Cellskillnad | None, enhet: str) -> list[dict[str, str]]:
    """The sum line: answer A, plus each fact, is answer B; nothing where it would not fit."""
    if main is None or not main.fakta or main.antal > MOST_TERMS:
        return []
    first = {"text": swedish(main.fran_ore or 0, enhet), "small": _("svar A")}
    middle = [
        {"text": f"{'+' if f.belopp_ore > 0 else '−'} {swedish(abs(f.belopp_ore), enhet)}", "small": f"@{f.position}"}
        for f in main.fakta
    ]
    return [first, *middle, {"text": f"= {swedish(main.till_ore or 0, enhet)}", "small": _("svar B")}]


def _rows(
    answers: tuple[Answer, Answer], cells: dict[str, Cellskillnad], kolumn: str, enhet: str, href: Callable[[str], str]
) -> list[dict[str, Any]]:
    before = {rad.nyckel: rad for rad in answers[0].rader}
    rows = []
    known = {rad.nyckel for rad in answers[1].rader}
    for rad in [*answers[1].rader, *(r for r in answers[0].rader if r.nyckel not in known)]:
        if rad.sort == "andring":
            continue
        cell = cells.get(rad.nyckel)
        a = before[rad.nyckel].celler.get(kolumn) if rad.nyckel in before else None
        b = rad.celler.get(kolumn) if rad.nyckel in known else None
        change = cell.skillnad_ore if cell else 0
        rows.append(
            {
                "namn": rad.namn,
                "style": {"summa": "summa", "varav": "varav"}.get(rad.sort, "andrad" if change else ""),
                "a": words.figure(a, "belopp", enhet),
                "b": words.figure(b, "belopp", enhet),
                "change": words.figure(change, "belopp", enhet, signed=True) if shown(change, enhet) or change else "",
                "facts": [f.position for f in cell.fakta][:MOST_TERMS] if cell else [],
                "more": max(cell.antal - MOST_TERMS, 0) if cell else 0,
                "more_href": href(rad.nyckel),
            }
        )
    return rows


def _number(main: Cellskillnad | None) -> str:
    """How many facts explain the difference, as a sentence."""
    facts = main.antal if main else 0
    sentence = _n("Ett faktum förklarar skillnaden, på öret.", "{count} fakta förklarar skillnaden, på öret.", facts)
    return sentence.format(count=words.begun(words.number(facts)))


def _figures(answer: Answer) -> dict[str, dict[str, Cell]]:
    return {rad.nyckel: rad.celler for rad in answer.rader if rad.sort != "andring"}


def _page_of(namn: str, given: dict[str, str], kolumn: str, rad: str) -> str:
    """The same page about one row."""
    return address("rapporter", namn, "skillnad", **{**given, "kolumn": kolumn, "rad": rad, "sida": ""})


def _pages(namn: str, given: dict[str, str], sida: int, sidor: int) -> dict[str, str | None]:
    """Where the neighbouring pages of the main cell's facts are."""
    pages = {"newer": sida - 1 if sida > 1 else 0, "older": sida + 1 if sida < sidor else 0}
    here = ("rapporter", namn, "skillnad")
    return {name: address(*here, **{**given, "sida": str(page)}) if page else None for name, page in pages.items()}


def _asked(fraga: dict[str, Any]) -> dict[str, str]:
    day = words.parsed(fraga["beslutad"]) if fraga["beslutad"] else None
    return {"kand": fraga["kand"], "beslutad": words.day(day) if day else _("alla beslut")}


def _swapped(namn: str, given: dict[str, str]) -> str:
    turned = {"fran": "till", "till": "fran", "fran_beslutad": "till_beslutad", "till_beslutad": "fran_beslutad"}
    swapped = {turned.get(name, name): text for name, text in given.items() if name != "sida"}
    return address("rapporter", namn, "skillnad", **swapped)
