"""What waits for whoever looks at a page, worked out once for each state of the ledger."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ledger.domain import arende, mandat
from ledger.domain.inbox import Syssla, to_do
from ledger.domain.roll import Caller

if TYPE_CHECKING:
    from datetime import date

    from ledger.application import Ledger
    from ledger.domain.books import Books

#: Callers whose things are remembered.
REMEMBERED: Final = 256

#: What is one's own to take up when one likes: it waits for nobody.
OWN_DRAFT: Final = "foresla"


class Waiting:
    """What waits for each caller, in one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        """Remember what was worked out last."""
        self._ledger = ledger
        self._of = lru_cache(REMEMBERED)(self._worked_out)

    def things(self, caller: Caller) -> tuple[Syssla, ...] | None:
        """What waits for a caller; None where the ledger knows neither mandates nor cases."""
        position, today = self._ledger.look(lambda books, today: (books.position, today))
        return self._of(caller, position, today)

    def _worked_out(self, caller: Caller, _position: int, _today: date) -> tuple[Syssla, ...] | None:
        def ask(books: Books, today: date) -> tuple[Syssla, ...] | None:
            if not books.of(mandat.State).is_closed and not books.of(arende.State).cases:
                return None
            return tuple(one for one in to_do(books, caller, today) if one.slag != OWN_DRAFT)

        return self._ledger.look(ask)
