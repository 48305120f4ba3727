"""Work that goes on after its page was answered: how far it has come, and what went wrong."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ledger.domain.language import Catalogue, speaking, spoken
from ledger.domain.refusal import Refusal
from ledger.web.house import House

LOGGER = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Work:
    """A piece of work, which may be begun again when it is over. `of` is 0 until it is known how much there is."""

    is_under_way: bool = False
    doing: str = ""
    done: int = 0
    of: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    _is_over: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)

    def begin(self, job: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        """Do it in a thread of its own, unless it is under way. `failed` is given what goes wrong.

        The thread speaks the language of whoever began it.
        """
        with self._turn:
            if self.is_under_way:
                return
            self.is_under_way, self.doing, self.done, self.of = True, "", 0, 0
            self._is_over.clear()
        threading.Thread(target=self._run, args=(job, failed, spoken()), name="background", daemon=True).start()

    def _run(self, job: Callable[[], None], failed: Callable[[Exception], None], language: Catalogue) -> None:
        with speaking(language):
            try:
                job()
            except Exception as error:  # noqa: BLE001 - is told on the page, by whoever began the work
                failed(error)
            finally:
                self.is_under_way = False
                self._is_over.set()

    def tell(self, doing: str, done: int, of: int) -> None:
        """Say how far it has come."""
        self.doing, self.done, self.of = doing, done, of

    def wait(self, seconds: float) -> None:
        """Wait until it is over, or so long."""
        if self.is_under_way:
            self._is_over.wait(max(seconds, 0))


def refusal_of(house: House, error: Exception) -> Refusal | None:
    """What went wrong, as the rule that the edge has for it; an error that it has none for is logged."""
    for kind in type(error).__mro__:
        if rule_of := house.known_errors.get(kind):
            return rule_of(error)
    LOGGER.error("background work", exc_info=error)
    return None


def sentence_of(house: House, error: Exception, otherwise: str) -> str:
    """What went wrong, in words; `otherwise` for an error that the edge has no rule for."""
    refusal = refusal_of(house, error)
    return refusal.sentence() if refusal else otherwise
