"""The thread that keeps a read model up with its log: it leads, or follows who leads and takes over when needed."""

from __future__ import annotations

import logging
import threading
import time
from typing import Final, Protocol

from ledger.reporting.log import Log
from ledger.reporting.running.leader import Turn

#: How long the thread waits for news before it looks by itself, in seconds.
PATIENCE: Final = 1.0

#: How long it rests when nothing can be done, in seconds; after a database error a short while first.
REST: Final = 0.5
SHORT_REST: Final = 0.05

#: Who does not lead looks so often at the leader's pointers while they are behind: at first, and at the seldomest.
GLANCE: Final = 0.003
SELDOM: Final = 0.02

#: When the leader's pointers have stood still so long though the log has grown, anybody writes. In seconds.
SLOW: Final = 2.0

LOGGER = logging.getLogger(__name__)


class Kept(Protocol):
    """What the thread asks of a runner."""

    #: What the database or the log said when it last failed.
    fault: str | None

    def position(self) -> int:
        """How far all has come, but for what is held up."""

    def get_ready(self) -> None:
        """Learn what whoever leads has to know."""

    def advance(self, target: int) -> None:
        """Bring everything that is behind to a position, and see to it that all who wait are told."""

    def look(self) -> int:
        """See in the database how far everything is, and tell those who wait."""

    def has_outdated(self) -> bool:
        """Whether something is to be built anew now."""

    def renew(self) -> None:
        """Build it anew."""

    def sweep(self) -> None:
        """Take away the rows that nobody may ask for any more."""

    def doubt(self) -> None:
        """Nothing that is remembered is sure any more."""


class Keeper:
    """One thread that keeps up, and while something is to be built anew or swept away another one that does."""

    def __init__(self, runner: Kept, log: Log, lead: Turn) -> None:
        """Begin at once."""
        self._runner, self._log, self._lead = runner, log, lead
        self._stopping = threading.Event()
        #: Whether nothing is known of what is stored.
        self._is_new = True
        self._tending: threading.Thread | None = None
        self._thread = threading.Thread(target=self._keep_up, name="reporting-runner", daemon=True)
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """End, at the latest after `timeout` seconds, and let somebody else lead."""
        self._stopping.set()
        self._thread.join(timeout)
        if self._tending:
            self._tending.join(timeout)

    def _keep_up(self) -> None:
        rest = SHORT_REST
        while not self._stopping.is_set():
            try:
                self._round()
                self._runner.fault = None
                rest = SHORT_REST
            except Exception as error:  # noqa: BLE001 - whatever the database says, the next try may succeed
                self._runner.fault = f"{type(error).__name__}: {error}"
                # Whoever threw the read model away gets it back.
                self._runner.doubt()
                self._is_new = True
                LOGGER.warning("the read model waits: %s", self._runner.fault)
                self._stopping.wait(rest)
                rest = min(2 * rest, REST)
        self._lead.leave()

    def _round(self) -> None:
        """Wait for news and see to it; without news, see that all is as it was thought to be."""
        if self._is_new and (self._lead.is_ours or self._lead.take()):
            self._runner.get_ready()
        self._is_new = False
        seen = self._runner.position()
        head = self._log.wait(seen, PATIENCE)
        if head <= seen:
            self._lead.take()
            self._runner.look()
        if self._lead.is_ours or self._lead.take():
            # Also without news: what rested after a failure may be due.
            self._runner.advance(head)
            if self._runner.position() < head:
                # All that there is rests after a failure.
                self._stopping.wait(REST)
        elif head > seen:
            self._follow(head)
        idle = self._tending is None or not self._tending.is_alive()
        if self._lead.is_ours and (self._tending is None or (idle and self._runner.has_outdated())):
            self._tending = threading.Thread(target=self._tend, name="reporting-tender", daemon=True)
            self._tending.start()

    def _follow(self, head: int) -> None:
        """Watch the leader come to a position; when it is gone the next round leads, when it is slow anybody writes."""
        position, since, pause = self._runner.position(), time.monotonic(), GLANCE
        while position < head and not self._stopping.wait(pause) and not self._lead.take():
            before, position = position, self._runner.look()
            if position > before:
                since, pause = time.monotonic(), GLANCE
            elif time.monotonic() - since > SLOW:
                self._runner.advance(head)
                return
            else:
                pause = min(1.5 * pause, SELDOM)

    def _tend(self) -> None:
        """What takes its time and nobody waits for: at the start, and when something is declared otherwise."""
        try:
            self._runner.renew()
            self._runner.sweep()
        except Exception as error:  # noqa: BLE001 - as above; it is tried again when there is nothing else to do
            LOGGER.warning("the read model cannot be tended: %s: %s", type(error).__name__, error)
