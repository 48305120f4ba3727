"""Refusals: the caller broke a rule, and the ledger says which one in a sentence, Swedish where nobody asks for more.

A refusal is a class beside the rule it guards, named as the broken rule in the present tense, with typed facts and
its sentence: what is so, with the numbers, then what to do. A decider collects what it finds and raises one `Refused`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import ClassVar, Final

from ledger.domain.language import N_, SWEDISH, Said, _, _n, phrase, said, spoken

#: What joins the last of several words.
AND: Final = N_("och")
OR: Final = N_("eller")


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
        """What is so, with the numbers, then what to do."""
        raise NotImplementedError

    def say(self, text: str, /, **more: object) -> str:
        """A sentence in the language that is spoken: `{self.…}` is the refusal's own, other names are in `more`."""
        return self._filled(_(text), more)

    def say_n(self, one: str, many: str, count: int, /, **more: object) -> str:
        """A sentence for one or for many, which may name `{count}`."""
        return self._filled(_n(one, many, count), {"count": count, **more})

    def _filled(self, text: str, more: Mapping[str, object]) -> str:
        if spoken() is SWEDISH:
            return text.format(self=self, **more)
        return text.format(self=Said(self), **{name: said(value) for name, value in more.items()})


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


def sentences(refusals: Iterable[Refusal]) -> list[str]:
    """What refusals say in their order, the same sentence once."""
    return list(dict.fromkeys(refusal.sentence() for refusal in refusals))


def row_count(count: int) -> str:
    """A number of rows in words: `1 rad`, `3 rader`."""
    return _n("{count} rad", "{count} rader", count).format(count=count)


def listed(words: Sequence[str], last: str = OR) -> str:
    """Words as a list in a sentence: `a, b eller c`."""
    return f"{', '.join(words[:-1])} {_(last)} {words[-1]}" if len(words) > 1 else "".join(words)


def strung(words: Sequence[str]) -> str:
    """Words with commas between, `a, b, c`, that are said later."""
    return reduce(lambda first, last: phrase("{first}, {last}", first=first, last=last), words) if words else ""


def enumerated(words: Sequence[str]) -> str:
    """Words as a list, `a, b och c`, that is said later."""
    *before, last = words or [""]
    return phrase("{first} och {last}", first=strung(before), last=last) if before else last


def refuse(*refusals: Refusal) -> Refused:
    """A `Refused` to raise, from refusals written out."""
    return Refused(refusals)
