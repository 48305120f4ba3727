"""Refusals: the caller broke a rule, and the ledger says which one in a Swedish sentence.

A refusal is a class beside the rule it guards, named as the broken rule in the present tense, with typed facts and
its sentence: what is so, with the numbers, then what to do. A decider collects what it finds and raises one `Refused`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar


class Kind(enum.Enum):
    """What sort of rule was broken; mapped to an HTTP status once, at the edge."""

    INVALID = "ogiltig"
    MISSING = "saknas"
    CONFLICT = "konflikt"
    FORBIDDEN = "förbjuden"


@dataclass(slots=True)
class Refusal:
    """One broken rule. `rad` is the row of the command (0 is the first), `kolumn` and `varde` what was wrong."""

    kind: ClassVar[Kind] = Kind.INVALID

    rad: int | None = field(default=None, kw_only=True)
    kolumn: str | None = field(default=None, kw_only=True)
    varde: str | None = field(default=None, kw_only=True)

    @property
    def rule(self) -> str:
        """The broken rule by name, stable for programs: `PeriodIsClosed`."""
        return type(self).__name__

    def sentence(self) -> str:
        """What is so, with the numbers, then what to do. Swedish."""
        raise NotImplementedError


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The command is refused: nothing is recorded. Holds every refusal found, in the documented order."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        """Keep the refusals; there is at least one."""
        self.refusals = tuple(refusals)
        super().__init__(" ".join(refusal.sentence() for refusal in self.refusals))

    @property
    def kind(self) -> Kind:
        """The kind of the first refusal, which decides how the whole is answered."""
        return self.refusals[0].kind


def row_count(count: int) -> str:
    """A number of rows in words: `1 rad`, `3 rader`."""
    return "1 rad" if count == 1 else f"{count} rader"


def listed(words: Sequence[str], last: str = "eller") -> str:
    """Words as a list in a sentence: `a, b eller c`."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def refuse(*refusals: Refusal) -> Refused:
    """A `Refused` to raise, from refusals written out."""
    return Refused(refusals)
