"""What the edge is given: the ledger, the reports, who may come in, and how the edge is to behave.

`ledger.main` builds all of it and calls `ledger.web.app.create_app`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger.application import Done, Ledger
from ledger.domain.refusal import Refusal
from ledger.domain.roll import Caller
from ledger.identity.identity import Identity
from ledger.reporting.reports import Reports
from ledger.web.problems import no
from ledger.web.rules_identity import NobodyIsSignedIn
from ledger.web.visitor import current


@dataclass(frozen=True)
class House:
    """Everything behind the edge.

    `known_errors` says for each exception of the rooms that the edge may not know which rule it stands for;
    `hosts` are names that the service answers to besides the loopback's, and `kontakt` where people write to it;
    `new_id` names a command that came without an Idempotency-Key, `today` is the day whose year is asked about where
    no year is given. `per_minute` requests of one caller, and `patience` seconds for one question, are let through; 0
    is no limit. `closing` is set when the server stops, and ends what would be answered for ever.
    """

    ledger: Ledger
    reports: Reports
    identity: Identity
    new_id: Callable[[], str]
    today: Callable[[], date]
    version: str
    largest_body: int = 10_000_000
    hosts: tuple[str, ...] = ()
    kontakt: str = ""
    behind_proxy: bool = False
    per_minute: int = 600
    patience: int = 60
    known_errors: Mapping[type[Exception], Callable[[Any], Refusal]] = field(default_factory=dict)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def caller(self) -> Caller:
        """Whoever the request under way is from. Errors: ProblemRaised (401) where nobody has signed in."""
        visitor = current()
        if visitor is None:
            raise no(NobodyIsSignedIn())
        return visitor.caller

    def give(self, command: Any) -> Done:
        """Give a command as whoever the request is from, and wait until it counts in the reports. Errors: Refused."""
        done = self.ledger.execute(command, self.caller, self.new_id())
        if done.facts:
            self.reports.runner.wait_for(done.last)
        return done
