"""A reader in a process of its own: asks whole answers, one after the other without pause, until its input ends.

`python -m benchmarks.reader_child` reads from its standard input a ledger's address, questions and the fingerprints of
their answers. It says `redo` when it has asked every question once, and at the end what it was answered.
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from datetime import date
from itertools import cycle
from time import monotonic
from typing import Any, Final, NamedTuple

from benchmarks import founding
from benchmarks.municipality import LAST_YEAR
from ledger.elsewhere import reports_over
from ledger.reporting.reports import Reports

READY: Final = "redo"
TODAY: Final = date(LAST_YEAR, 12, 31)

#: What is wrong with an answer that is another than it was.
MIXED: Final = "blandat"


class Answered(NamedTuple):
    """When a question was asked and answered, monotonic seconds, and what was wrong with the answer; blank: nothing."""

    asked: float
    came: float
    fault: str


def fingerprint(reports: Reports, name: str, parameters: Mapping[str, str]) -> str:
    """A digest of the bytes of an answer."""
    return hashlib.sha256(reports.answer(name, parameters, TODAY).to_bytes()).hexdigest()


def ask_on(told: Mapping[str, Any], ended: threading.Event) -> list[Answered]:
    """Ask the questions in turn, and note every answer."""
    name, questions = told["rapport"], list(zip(told["fragor"], told["avtryck"], strict=True))
    met: list[Answered] = []
    with founding.opened(told["url"]) as log:
        reports = reports_over(told["url"], log)
        try:
            for _ in reports.read_in():
                pass
            for parameters, _ in questions:
                fingerprint(reports, name, parameters)
            print(READY, flush=True)
            for parameters, expected in cycle(questions):
                if ended.is_set():
                    break
                fault, begun = "", monotonic()
                try:
                    if fingerprint(reports, name, parameters) != expected:
                        fault = MIXED
                except Exception:  # noqa: BLE001 - whatever breaks is what is looked for
                    fault = traceback.format_exc()
                met.append(Answered(begun, monotonic(), fault))
        finally:
            reports.engine.dispose()
    return met


def tell(ask: Callable[[dict[str, Any], threading.Event], object]) -> None:
    """Read what to ask, ask until the input ends, and say what was met."""
    told = json.loads(sys.stdin.readline())
    ended = threading.Event()

    def until_the_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=until_the_end, daemon=True).start()
    print(json.dumps(ask(told, ended)))


if __name__ == "__main__":
    tell(ask_on)
