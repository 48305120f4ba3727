"""Deciders of one shape: a module here is all that a new kind of command needs besides its facts and a sample.

Such a module has `COMMANDS`; `DOES`, what each does in words; `CORRECTABLE`, which facts can be put right by which
command; `State`, what its next decision needs to know; `decide`, the only place that refuses; and `reads`, the guard
keys that a decision depends on. Older deciders, whose decisions need more than the books, are called by name in
`application.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from ledger.domain import arende, atgard, bokslut, kommentar, mandat, matt, registrering
from ledger.domain.fact import Fact

if TYPE_CHECKING:
    from ledger.domain.books import Books


class State(Protocol):
    """What a decider has learned. `evolve` and `forget` never refuse."""

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of a fact; of most there is nothing to learn."""

    def forget(self, position: int, fact: Fact) -> None:
        """Take back a fact that turned out to be a wrong registration."""


class Decider(Protocol):
    """A module of the domain."""

    @property
    def COMMANDS(self) -> tuple[type[Any], ...]:  # noqa: N802 - as the modules write it
        """The commands it takes."""

    @property
    def DOES(self) -> Mapping[type[Any], str]:  # noqa: N802 - as the modules write it
        """What each command does, as a sentence goes on after "får inte"."""

    @property
    def CORRECTABLE(self) -> Mapping[type[Fact], type[Any]]:  # noqa: N802 - as the modules write it
        """Its facts that can be put right with --rattar, each with the command that leads to it."""

    @property
    def State(self) -> type[State]:  # noqa: N802 - as the modules write it
        """Its books, blank when made."""

    def decide(self, books: Books, command: Any, /) -> list[Fact]:
        """The facts that a command leads to. Errors: Refused."""

    def reads(self, command: Any, /) -> set[str]:
        """The guard keys that the judgement depends on."""


#: In the order in which their commands are listed.
DECIDERS: Final[tuple[Decider, ...]] = (kommentar, atgard, mandat, arende, registrering, matt, bokslut)

#: Whose each command is.
OF_COMMAND: Final[dict[type[Any], Decider]] = {command: each for each in DECIDERS for command in each.COMMANDS}
