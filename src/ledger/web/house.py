"""What the edge is given: the ledger, the reports, the caller, and how the edge is to behave.

`ledger.main` builds all of it and calls `ledger.web.app.create_app`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger.application import Ledger
from ledger.domain.refusal import Refusal
from ledger.domain.roll import Caller
from ledger.reporting.reports import Reports


@dataclass(frozen=True)
class House:
    """Everything behind the edge. Until sign-in exists there is one `caller`, the one that the settings name.

    `known_errors` says for each exception of the rooms that the edge may not know which rule it stands for;
    `hosts` are names that the service answers to besides the loopback's; `new_id` names a command that came without
    an Idempotency-Key, `today` is the day whose year is asked about where no year is given.
    """

    ledger: Ledger
    reports: Reports
    caller: Caller
    new_id: Callable[[], str]
    today: Callable[[], date]
    version: str
    largest_body: int = 10_000_000
    hosts: tuple[str, ...] = ()
    known_errors: Mapping[type[Exception], Callable[[Any], Refusal]] = field(default_factory=dict)
