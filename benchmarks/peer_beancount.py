"""Beancount in a process of its own: `python -m benchmarks.peer_beancount FIL FRÅN TILL` prints the sum by account.

Its own loader and data; the sum is a loop, as its query language is a package of its own.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

#: By name: it is installed for benchmarks alone.
LIBRARY = "beancount"


def main(path: str, first: str, last: str) -> None:
    """Load the file and sum what lies from a day to the one before the last."""
    loader: Any = import_module(f"{LIBRARY}.loader")
    data: Any = import_module(f"{LIBRARY}.core.data")
    entries, errors, _ = loader.load_file(path)
    assert not errors, errors[:3]
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if isinstance(entry, data.Transaction) and begins <= entry.date < ends:
            for posting in entry.postings:
                sums[posting.account] += posting.units.number
    for account, total in sorted(sums.items()):
        print(f"{account} {total}")


if __name__ == "__main__":
    main(*sys.argv[1:])
