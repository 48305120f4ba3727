"""What the model remembers: a list of registrations, and what of it stands after corrections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias


class Entry(NamedTuple):
    """A registration: its position in the log, its kind (the archive name of the fact), and what it says."""

    position: int
    kind: str
    what: Any


#: What a command leads to: kinds with what they say; None where it must be refused.
Verdict: TypeAlias = "list[tuple[str, Any]] | None"

CORRECTION = "registrering_corrected"


def standing(log: Sequence[Entry]) -> list[Entry]:
    """All that counts: a corrected registration is gone, and the right one stands at the place of its correction."""
    gone = {entry.what[0] for entry in log if entry.kind == CORRECTION}
    found = []
    for entry in log:
        if entry.position in gone:
            continue
        if entry.kind != CORRECTION:
            found.append(entry)
        elif entry.what[1] is not None:
            kind, what = entry.what[1]
            found.append(Entry(entry.position, kind, what))
    return found
