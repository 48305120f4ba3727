"""A reader in a process of its own: asks without pause while others import and rebuild, and notes what it was told.

`python -m tests.asof.hammer` reads from its standard input the ledger's address and fixed questions with the
fingerprints of their answers, and asks until the input ends. Every third question is about whatever the read model
holds at the moment; what it was told is said at the end, to be judged.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.reader_child import tell
from tests.asof.questions import Put
from tests.asof.town import Town, digest
from tests.oracle.question import Question

ROOT: Final = Path(__file__).resolve().parents[2]

#: Every so many questions one is about the newest position.
NEWEST_EVERY: Final = 3


class Seen(NamedTuple):
    """What a reader met: when it asked (monotonic) and how long it waited, what differed, broke, and was told as new.

    `newest` are questions by number, the position they were answered at and the fingerprint.
    """

    asked: list[tuple[float, float]]
    wrong: list[str]
    broken: list[str]
    newest: list[tuple[int, int, str]]

    def between(self, first: float, last: float) -> list[float]:
        """The waits of what was asked for between two moments, in order of length."""
        return sorted(wait for moment, wait in self.asked if first <= moment <= last)


class Hammer:
    """A reader that is under way."""

    def __init__(self, url: str, puts: Sequence[Put], digests: Sequence[str]) -> None:
        command = [sys.executable, "-m", "tests.asof.hammer"]
        self._process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin
        assert self._process.stdout
        asked = [(put.question.rapport, put.parameters) for put in puts]
        self._process.stdin.write(json.dumps({"url": url, "asked": asked, "digests": list(digests)}) + "\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "ready\n"

    def stop(self) -> Seen:
        """End it; what it met."""
        said, _ = self._process.communicate(timeout=280)
        seen = json.loads(said)
        return Seen(
            [tuple(one) for one in seen["asked"]], seen["wrong"], seen["broken"],
            [tuple(one) for one in seen["newest"]],
        )  # fmt: skip


def hammer(asked: dict[str, Any], ended: threading.Event) -> dict[str, Any]:
    """Ask until it is ended."""
    puts = [Put(Question(rapport, 0), parameters) for rapport, parameters in asked["asked"]]
    seen: dict[str, list[Any]] = {"asked": [], "wrong": [], "broken": [], "newest": []}
    with Town(asked["url"]) as town:
        for put in puts:
            town.answer(put)
        print("ready", flush=True)  # noqa: T201 - what the other process waits for
        for n, (number, expected) in enumerate(cycle(enumerate(asked["digests"]))):
            if ended.is_set():
                return seen
            try:
                if n % NEWEST_EVERY == 0:
                    position = town.reports.runner.position()
                    put = puts[number]._replace(parameters={**puts[number].parameters, "kand": f"@{position}"})
                    seen["newest"].append((number, position, digest(town.answer(put))))
                    continue
                begun = time.monotonic()
                found = digest(town.answer(puts[number]))
                seen["asked"].append((begun, time.monotonic() - begun))
                if found != expected:
                    seen["wrong"].append(f"{puts[number]}: {found} and not {expected}")
            except Exception:  # noqa: BLE001 - whatever breaks is what is looked for
                seen["broken"].append(traceback.format_exc())
    return seen


if __name__ == "__main__":
    tell(hammer)
