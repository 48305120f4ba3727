"""What is ticked in a list of what waits: a step, and exactly which version and content it is of.

Reader: whoever takes many steps at once. Each is a command of its own; steps that need a reason are not ticked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from ledger.domain.arende import DecideArende, ReviewArende
from ledger.domain.inbox import Syssla
from ledger.domain.registrering import ConfirmRegistrering
from ledger.web import rules
from ledger.web.problems import no

#: Steps that can be ticked: they are taken with no more than what is shown.
GRANSKA: Final = "granska"
BESLUTA: Final = "besluta"
BEKRAFTA: Final = "bekrafta"
SLAG: Final = (GRANSKA, BESLUTA, BEKRAFTA)

#: Things that are taken at once, and shown on a page.
MOST: Final = 100

#: What a ticked field is called; a number follows.
FIELD: Final = "vald-"

_MARK: Final = re.compile(r"(granska|besluta) ([0-9]{1,9}) ([0-9a-f]{64}) (.+)|(bekrafta) @([0-9]{1,15})", re.DOTALL)


class Mark(NamedTuple):
    """A ticked step: of a case, in the version and with the content that was shown, or of a registration.

    `om` is the case's name or the registration's position.
    """

    slag: str
    om: str
    version: int = 0
    digest: str = ""

    @property
    def value(self) -> str:
        """As a form carries it."""
        return (
            f"{self.slag} @{self.om}"
            if self.slag == BEKRAFTA
            else f"{self.slag} {self.version} {self.digest} {self.om}"
        )

    def command(self, day: date, today: date, organ: str = "", paragraf: str | None = None) -> Any:
        """The step, decided on a day by an organ; attests are of today."""
        if self.slag == BEKRAFTA:
            return ConfirmRegistrering(int(self.om))
        if self.slag == GRANSKA:
            return ReviewArende(self.om, self.version, self.digest, today)
        return DecideArende(self.om, self.version, self.digest, organ, day, paragraf)


def of(thing: Syssla) -> Mark | None:
    """What a thing to do can be ticked as; None for what is done otherwise."""
    if thing.slag == BEKRAFTA:
        return Mark(BEKRAFTA, thing.om.removeprefix("@"))
    if thing.slag in SLAG:
        return Mark(thing.slag, thing.om, thing.falt["version"], thing.falt["digest"])
    return None


def read(sent: Mapping[str, str]) -> list[Mark]:
    """What a form says is ticked, each thing once. Errors: ProblemRaised (400, 422)."""
    marks = list(dict.fromkeys(_read(value) for name, value in sent.items() if name.startswith(FIELD)))
    if len(marks) > MOST:
        raise no(rules.TooManyMarked(len(marks), MOST))
    return marks


def _read(value: str) -> Mark:
    found = _MARK.fullmatch(value)
    if found is None:
        raise no(rules.FormIsUnreadable())
    slag, version, digest, arende, confirms, position = found.groups()
    return Mark(confirms, position) if confirms else Mark(slag, arende, int(version), digest)
