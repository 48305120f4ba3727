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
        slag, projekt = (page.codes[field] for field in (SLAG, PROJEKT))
        signed = (page.signs * page.amounts).tolist()
        years = (page.days // 10_000).tolist()
        for n, of, year, amount in zip(slag.numbers.tolist(), projekt.numbers.tolist(), years, signed, strict=True):
            sort, code = slag.codes[n], projekt.codes[of]
            if code and sort in INVESTERING and year <= ar:
                found[code, str(sort), year == ar] += BOOKS_SIGN[str(sort)] * amount
        after = max(page.upto, after + 1)
    return dict(found)
