"""Replaying and verifying on a page: the reports built anew from the facts alone, and the whole log checked.

One of each is run at a time, for all who ask; the page can be left and shows the latest result when it is opened again.
Reader: the auditor, who trusts nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from ledger.domain.refusal import Refused
from ledger.reporting.answer import stamp
from ledger.reporting.running.replay import CannotBePlayed
from ledger.web import problems, rules, words
from ledger.web.drawing import Drawing
from ledger.web.house import House
from ledger.web.register_page import whole_body

LOGGER = logging.getLogger(__name__)

#: Seconds that an answer waits for what is soon done.
PATIENCE: Final = 0.6

Progress = Callable[[str, int, int], None]
#: Says whether all is well, in a sentence, and rows of (what, its digest, whether it is alike).
Result = tuple[bool, str, list[tuple[str, str, bool]]]


@dataclass
class Work:
    """One replay or verification: under way, or its latest result."""

    is_under_way: bool = False
    done: int = 0
    of: int = 0
    is_well: bool = True
    sentence: str = ""
    rows: list[tuple[str, str, bool]] = field(default_factory=list)
    seconds: float = 0.0
    ended: datetime | None = None
    finished: threading.Event = field(default_factory=threading.Event)


class Proving:
    """Replays and verifies one house. Threads may share it."""

    def __init__(self, house: House) -> None:
        """Nothing has been proved yet."""
        self._house = house
        self._turn = threading.Lock()
        self.replayed, self.verified = Work(), Work()

    def replay(self, kand: int) -> None:
        """Begin to replay to a position, unless one is under way."""
        self._begin(self.replayed, lambda told: self._replay(kand, told))

    def verify(self) -> None:
        """Begin to verify, unless one is under way."""
        self._begin(self.verified, self._verify)

    def _begin(self, work: Work, make: Callable[[Progress], Result]) -> None:
        with self._turn:
            if work.is_under_way:
                return
            work.is_under_way, work.done, work.of, work.sentence, work.rows = True, 0, 0, "", []
            work.finished.clear()
        threading.Thread(target=self._run, args=(work, make), name="proving", daemon=True).start()

    def _run(self, work: Work, make: Callable[[Progress], Result]) -> None:
        def told(_doing: str, done: int, of: int) -> None:
            work.done, work.of = done, of

        begun = time.monotonic()
        try:
            work.is_well, work.sentence, work.rows = make(told)
        except Exception:
            LOGGER.exception("proving")
            work.is_well, work.sentence = False, "Arbetet avbröts av ett fel i programmet: försök igen."
        finally:
            work.seconds, work.ended, work.is_under_way = time.monotonic() - begun, datetime.now(UTC), False
            work.finished.set()

    def _replay(self, kand: int, told: Progress) -> Result:
        try:
            played = self._house.reports.replay(kand, told)
        except CannotBePlayed as error:
            return False, str(error), []
        rows = [(one.name, one.replayed.sha256, one.alike) for one in played]
        alike = all(one.alike for one in played)
        verdict = (
            "Allt är lika det som är lagrat." if alike else "Något SKILJER SIG från det lagrade: bygg om rapporterna."
        )
        return alike, f"{words.antal(kand)} fakta uppspelade ur loggen. {verdict}", rows

    def _verify(self, told: Progress) -> Result:
        log = self._house.ledger.log
        size = log.head().position
        found = log.verify(lambda done: told("prövar", done, size))
        if not found.ok:
            return False, f"Liggaren är SKADAD från @{found.broken}: {found.reason}", []
        return True, f"Loggen är hel: {words.antal(found.position)} fakta utan luckor.", [("Trädrot", found.root, True)]


class ProvingPage:
    """Draws what has been proved."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing
        self._proving = Proving(house)

    def show(self, sentence: str = "", kand: str = "") -> Response:
        """The latest results, and what is under way."""
        works = (self._proving.replayed, self._proving.verified)
        deadline = time.monotonic() + PATIENCE
        for work in works:
            if work.is_under_way:
                work.finished.wait(max(deadline - time.monotonic(), 0))
        log = self._house.ledger.log
        page = self._drawing.page(
            "provning.html",
            chosen="behandlingshistorik",
            http_status=422 if sentence else 200,
            stampel=stamp(log, log.head().position, 0),
            replayed=_shown(works[0]),
            verified=_shown(works[1]),
            sentence=sentence,
            kand=kand,
        )
        if any(work.is_under_way for work in works):
            page.headers["Refresh"] = "1"
        return page

    def replay(self, body: bytes) -> Response:
        """Replay to the position or instant that was sent."""
        try:
            kand = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=10)).get("kand", "").strip()
        except ValueError:
            raise problems.no(rules.FormIsUnreadable()) from None
        reports = self._house.reports
        try:
            question = reports.question(next(iter(reports.reports)), {"kand": kand}, self._house.today())
        except Refused as refused:
            return self.show(str(refused), kand)
        self._proving.replay(question.kand)
        return RedirectResponse("/provning", 303)

    def verify(self) -> Response:
        """Check the whole log."""
        self._proving.verify()
        return RedirectResponse("/provning", 303)


def _shown(work: Work) -> dict[str, Any]:
    return {
        "is_under_way": work.is_under_way,
        "done": work.done,
        "of": work.of,
        "is_well": work.is_well,
        "sentence": work.sentence,
        "rows": work.rows,
        "seconds": f"{work.seconds:.2f}".replace(".", ","),
        "ended": words.instant(work.ended),
    }


def router(house: House, drawing: Drawing) -> APIRouter:
    """The addresses under /provning."""
    page = ProvingPage(house, drawing)
    pages = APIRouter(prefix="/provning", include_in_schema=False)

    @pages.get("")
    def show() -> Response:
        return page.show()

    @pages.post("/spela-upp")
    def replay(body: Annotated[bytes, Depends(whole_body)]) -> Response:
        return page.replay(body)

    @pages.post("/verifiera")
    def verify() -> Response:
        return page.verify()

    return pages
