"""What every project has come to by the end of a year, added up from all postings; asked for its bokslut."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ledger.domain.kodstrang import BOOKS_SIGN, INVESTERING
from ledger.recording.store import FactLog

#: Postings are read so many positions at a time.
PAGE: Final = 100_000

#: Where slag and projekt stand among the codes of a posted row.
SLAG, PROJEKT = 3, 4


def project_outcome(log: FactLog, ar: int) -> dict[tuple[str, str, bool], int]:
    """Outcome in öre in the slag's own direction by project, slag (utgift, inkomst), and whether it is of the year."""
    found: Counter[tuple[str, str, bool]] = Counter()
    head, after = log.head().position, 0
    while after < head:
        page = log.read_postings(after, upto=head, limit=PAGE)
        for sign, day, key, amount in zip(page.signs, page.days, page.keys, page.amounts, strict=True):
            slag, projekt = key[SLAG], key[PROJEKT]
            year = int(day) // 10_000
            if projekt and slag in INVESTERING and year <= ar:
                found[projekt, str(slag), year == ar] += BOOKS_SIGN[str(slag)] * int(sign) * int(amount)
        after = max(page.upto, after + 1)
    return dict(found)
