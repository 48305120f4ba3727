"""Replaying and verifying on a page: the reports built anew from the facts alone, and the whole log checked.

One of each is run at a time, for all who ask; the page can be left and shows the latest result when it is opened again.
Reader: the auditor, who trusts nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from ledger.domain.language import phrase
from ledger.domain.refusal import Refusal, Refused
from ledger.reporting.answer import stamp
from ledger.reporting.running.replay import CannotBePlayed
from ledger.web import words
from ledger.web.background import Work, refusal_of
from ledger.web.drawing import Drawing
from ledger.web.forms import Sent
from ledger.web.house import House

#: Seconds that an answer waits for what is soon done.
PATIENCE: Final = 0.6

UNFORESEEN: Final = phrase("Arbetet avbröts av ett fel i programmet: försök igen.")

Progress = Callable[[str, int, int], None]
#: Says whether all is well, in a sentence, and rows of (what, its digest, whether it is alike).
Result = tuple[bool, str, list[tuple[str, str, bool]]]


@dataclass
class Proof(Work):
    """A replay or a verification: under way, or its latest result. `refusal`: the rule that stopped it.

    Everybody is shown it, so it says nothing in the language of whoever began it.
    """

    is_well: bool = True
    sentence: str = ""
    refusal: Refusal | None = None
    rows: list[tuple[str, str, bool]] = field(default_factory=list)
    seconds: float = 0.0
    ended: datetime | None = None


class Proving:
    """Replays and verifies one house. Threads may share it."""

    def __init__(self, house: House) -> None:
        """Nothing has been proved yet."""
        self._house = house
        self.replayed, self.verified = Proof(), Proof()

    def replay(self, kand: int) -> None:
        """Begin to replay to a position, unless one is under way."""
        self._begin(self.replayed, lambda told: self._replay(kand, told))

    def verify(self) -> None:
        """Begin to verify, unless one is under way."""
        self._begin(self.verified, self._verify)

    def _begin(self, proof: Proof, make: Callable[[Progress], Result]) -> None:
        def job() -> None:
            begun = time.monotonic()
            proof.rows, proof.refusal = [], None
            try:
                proof.is_well, proof.sentence, proof.rows = make(proof.tell)
            finally:
                proof.seconds, proof.ended = time.monotonic() - begun, datetime.now(UTC)

        def failed(error: Exception) -> None:
            proof.is_well, proof.sentence, proof.refusal = False, UNFORESEEN, refusal_of(self._house, error)

        proof.begin(job, failed)

    def _replay(self, kand: int, told: Progress) -> Result:
        try:
            played = self._house.reports.replay(kand, told)
        except CannotBePlayed as error:
            return False, str(error), []
        rows = [(one.name, one.replayed.sha256, one.alike) for one in played]
        alike = all(one.alike for one in played)
        verdict = (
            phrase("{count} fakta uppspelade ur loggen. Allt är lika det som är lagrat.", count=words.antal(kand))
            if alike
            else phrase(
                "{count} fakta uppspelade ur loggen. Något SKILJER SIG från det lagrade: bygg om rapporterna.",
                count=words.antal(kand),
            )
        )
        return alike, verdict, rows

    def _verify(self, told: Progress) -> Result:
        log = self._house.ledger.log
        size = log.head().position
        found = log.verify(lambda done: told("prövar", done, size))
        if not found.ok:
            broken = phrase("Liggaren är SKADAD från @{position}: {reason}", position=found.broken, reason=found.reason)
            return False, broken, []
        whole = phrase("Loggen är hel: {count} fakta utan luckor.", count=words.antal(found.position))
        return True, whole, [(phrase("Trädrot"), found.root, True)]


class ProvingPage:
    """Draws what has been proved."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing
        self._proving = Proving(house)

    def show(self, sentence: str = "", kand: str = "") -> Response:
        """The latest results, and what is under way."""
        proofs = (self._proving.replayed, self._proving.verified)
        deadline = time.monotonic() + PATIENCE
        for proof in proofs:
            proof.wait(deadline - time.monotonic())
        log = self._house.ledger.log
        page = self._drawing.page(
            "provning.html",
            chosen="behandlingshistorik",
            http_status=422 if sentence else 200,
            stampel=stamp(log, log.head().position, 0),
            replayed=shown(proofs[0]),
            verified=shown(proofs[1]),
            sentence=sentence,
            kand=kand,
        )
        if any(proof.is_under_way for proof in proofs):
            page.headers["Refresh"] = "1"
        return page

    def replay(self, kand: str) -> Response:
        """Replay to the position or instant that was sent."""
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


def shown(proof: Proof) -> dict[str, Any]:
    """A proof as its page tells it, in the language that is spoken."""
    return {
        "is_under_way": proof.is_under_way,
        "done": proof.done,
        "of": proof.of,
        "is_well": proof.is_well,
        "sentence": proof.refusal.sentence() if proof.refusal else proof.sentence,
        "rows": proof.rows,
        "seconds": f"{proof.seconds:.2f}".replace(".", ","),
        "ended": words.instant(proof.ended),
    }


def router(house: House, drawing: Drawing) -> APIRouter:
    """The addresses under /provning."""
    page = ProvingPage(house, drawing)
    pages = APIRouter(prefix="/provning", include_in_schema=False)

    @pages.get("")
    def show() -> Response:
        return page.show()

    @pages.post("/spela-upp")
    def replay(sent: Sent) -> Response:
        return page.replay(sent.get("kand", ""))

    @pages.post("/verifiera")
    def verify() -> Response:
        return page.verify()

    return pages
