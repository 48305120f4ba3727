"""Analys och kommentar to one row of a report: what it says now, what it has said before, and room to say it anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ledger.domain.events import KommentarWritten
from ledger.domain.kommentar import WriteKommentar
from ledger.domain.language import _
from ledger.domain.refusal import Refused
from ledger.reporting.answer import Answer
from ledger.web import asking, problems, rules, words
from ledger.web.drawing import Drawing
from ledger.web.forms import Sent
from ledger.web.house import House
from ledger.web.table import address, table_of

#: Characters of an analysis that a page takes.
LONGEST = 20_000


class CommentPage:
    """Draws and records comments."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    def show(self, request: Request, namn: str, rad: str) -> Response:
        """What is said of a row."""
        return self._draw(namn, rad, asking.given(request))

    def write(self, request: Request, namn: str, rad: str, sent: Mapping[str, str]) -> Response:
        """Words that were sent: recorded, or refused with what was written kept."""
        asked = asking.given(request)
        text = sent.get("text", "")
        question = self._house.reports.question(namn, asked, self._house.today())
        if len(text) > LONGEST:
            sentence = _("Analysen är {length} tecken och får vara {most}: korta den.")
            sentence = sentence.format(length=words.antal(len(text)), most=words.antal(LONGEST))
            return self._draw(namn, rad, asked, text, sentence)
        command = WriteKommentar(question.ar, question.tom, namn, rad, text)
        try:
            self._house.give(command)
        except Refused as refused:
            return self._draw(namn, rad, asked, text, str(refused))
        return RedirectResponse(address("rapporter", namn, **asked) + f"#analys-{rad}", 303)

    def _draw(
        self, namn: str, rad: str, asked: dict[str, str], text: str | None = None, sentence: str = ""
    ) -> Response:
        answer = self._house.reports.answer(namn, {**asked, "kand": "", "beslutad": ""}, self._house.today())
        row = next((one for one in answer.rader if one.nyckel == rad), None)
        if row is None:
            raise problems.no(rules.AddressIsUnknown(f"/kommentar/{namn}/{problems.shortened(rad, 60)}"))
        table = table_of(answer, asked)
        figures = next(one.figures for one in table.rows if one.nyckel == rad)
        return self._drawing.page(
            "kommentar.html",
            chosen=namn,
            http_status=422 if sentence else 200,
            namn=row.namn,
            rubrik=_(answer.rubrik),
            period=words.period(answer.fraga["ar"], answer.fraga["tom"]),
            figures=[(h.rubrik, f.text) for h, f in zip(table.headings, figures, strict=True)],
            enhet=answer.enhet,
            text=row.kommentar or "" if text is None else text,
            sentence=sentence,
            earlier=self._earlier(answer, rad),
            action=address("kommentar", namn, rad, **asked),
            back_href=address("rapporter", namn, **asked),
        )

    def _earlier(self, answer: Answer, rad: str) -> list[dict[str, Any]]:
        """All that has been said of the row in this period, the newest first."""
        fraga = answer.fraga
        stream = KommentarWritten(fraga["ar"], fraga["tom"], answer.rapport, rad, "").stream
        return [
            {
                "position": one.position,
                "when": words.instant(one.recorded_at),
                "actor": one.actor,
                "text": one.fact.text,
            }
            for one in reversed(self._house.ledger.log.stream(stream))
            if isinstance(one.fact, KommentarWritten)
        ]


def router(house: House, drawing: Drawing) -> APIRouter:
    """The addresses under /kommentar."""
    page = CommentPage(house, drawing)
    pages = APIRouter(prefix="/kommentar", include_in_schema=False)

    @pages.get("/{namn}/{rad:path}")
    def show(request: Request, namn: str, rad: str) -> Response:
        return page.show(request, namn, rad)

    @pages.post("/{namn}/{rad:path}")
    def write(request: Request, namn: str, rad: str, sent: Sent) -> Response:
        return page.write(request, namn, rad, sent)

    return pages
