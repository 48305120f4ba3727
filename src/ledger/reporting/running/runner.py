"""Keeps the read model up with the log: pages of facts, rows and position in one transaction.

Guards: several processes may run it on one database. One of them leads and writes; the others wait for its pointers and
take over when it is gone or slow. Whoever writes holds the pointer rows, so that nothing is lost and nothing doubled.
A material that raises stops by itself and is tried again; the others go on. After kill -9 the pointers tell where.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine

from ledger.reporting.entry import Material
from ledger.reporting.log import Log
from ledger.reporting.running import generations
from ledger.reporting.running.courtesy import Courtesy
from ledger.reporting.running.feeding import CannotBeStored, Feeder
from ledger.reporting.running.keeping import Keeper
from ledger.reporting.running.leader import LEADING, REBUILDING, turn
from ledger.reporting.running.pointer import Pointer
from ledger.reporting.running.preparing import PAGE, Failure, Stretch
from ledger.reporting.running.rebuild import Rebuild, RebuildFailed, RebuildIsUnderWay, Rebuilt, Told
from ledger.reporting.running.rebuild_workers import MANY, How, Line, Opener, Prepared, WorkerIsGone, workers

#: How long a material that raised rests before it is tried again: at first, and at the longest. In seconds.
REPRIEVE, LONGEST_REPRIEVE = 1.0, 60.0

LOGGER = logging.getLogger(__name__)

#: How long a question waits for the log or the read model to come back when their database is away, in seconds.
AWAY: Final = 5.0

#: How long a rebuild waits for its turn, in seconds: who only cleans up after another is soon done.
TURN: Final = 1.0

#: Why a rebuild does not begin.
UNDER_WAY: Final = "En ombyggnad pågår redan. Försök igen när den är klar."


@dataclass(frozen=True, slots=True)
class Trouble:
    """A material that stopped, when it is tried again (of `time.monotonic`), and how long it then rests."""

    failure: Failure
    again: float
    reprieve: float


class Runner:
    """Runs every material over the log. Safe to use from several threads and processes."""

    def __init__(
        self,
        engine: Engine,
        log: Log,
        materials: Iterable[Material],
        *,
        page: int = PAGE,
        opener: Opener | None = None,
    ) -> None:
        """`opener` lets other processes prepare when very much is to be read; without it all is done here."""
        self._engine, self._log, self._page, self._opener = engine, log, page, opener
        self._materials = {material.name: material for material in materials}
        self._feeder = Feeder(engine, self._materials)
        self._lead, self._rebuilding = turn(engine, LEADING), turn(engine, REBUILDING)
        self._one_at_a_time, self._rebuild_turn = threading.RLock(), threading.Lock()
        self._advanced = threading.Condition()
        self._keeper: Keeper | None = None
        self._troubles: dict[str, Trouble] = {}
        self._position = 0
        self.fault: str | None = None
        self._ready = False

    # ------------------------------------------------------------ state

    def prepare(self) -> None:
        """Create the tables and the pointers that are missing, and condemn what an interrupted rebuild left."""
        if self._ready:
            return
        with self._one_at_a_time:
            generations.ready(self._engine, self._materials.values())
            seen = self._feeder.look()
            # Not while a thread of ours rebuilds: what is being built is no leftover, and the turn is that thread's.
            if any(p.is_building for p in seen.values()) and self._rebuild_turn.acquire(blocking=False):
                try:
                    if self._rebuilding.take():
                        generations.condemn_leftovers(self._engine)
                finally:
                    self._rebuilding.leave()
                    self._rebuild_turn.release()
            self._ready = True

    def pointers(self) -> dict[str, Pointer]:
        """How far each material has come, by name."""
        self.prepare()
        with self._one_at_a_time:
            return {name: p for name, p in self._feeder.look().items() if name in self._materials}

    def position(self) -> int:
        """How far all materials have come, but for those in trouble and those that are being built anew."""
        if self._keeper is None or not self._ready:
            self.pointers()
            self._position = self._reached()
        return self._position

    def _reached(self) -> int:
        seen = self._feeder.seen
        names = [name for name in self._materials if name in seen]
        held_up = {*self._troubles, *generations.outdated(seen, self._materials)}
        going = [name for name in names if name not in held_up] or names
        return min((seen[name].position for name in going), default=0)

    def look(self) -> int:
        """See in the database how far everything is, and tell those who wait."""
        self.pointers()
        self._tell()
        return self._position

    @property
    def trouble(self) -> str | None:
        """What holds the read model up: the database, or a material; None when nothing does."""
        return self.trouble_of(self._materials)

    def trouble_of(self, names: Collection[str]) -> str | None:
        """What holds some materials up."""
        stopped = (trouble.failure.sentence() for name, trouble in self._troubles.copy().items() if name in names)
        return self.fault or next(stopped, None)

    def has_outdated(self) -> bool:
        """Whether something is to be built anew now."""
        return bool(self._outdated_now())

    def is_outdated(self, names: Collection[str]) -> bool:
        """Whether some of these materials are served as an earlier version declared them."""
        return any(name in names for name in generations.outdated(self._feeder.seen, self._materials))

    @property
    def leads(self) -> bool:
        """Whether this process leads, as far as it knows."""
        return self._lead.is_ours

    # ------------------------------------------------------------ going forward

    def get_ready(self) -> None:
        """Learn what is stored, so that nobody waits for it with the first page."""
        with self._one_at_a_time:
            known = self.pointers()
            held_up = generations.outdated(known, self._materials)
            self._feeder.get_ready(pointer for name, pointer in known.items() if name not in held_up)

    def catch_up(self, upto: int | None = None, told: Told | None = None) -> int:
        """Run until the read model has all facts of the log (or those `upto` a position); gives its position."""
        head = self._log.head()[0]
        target = head if upto is None else min(upto, head)
        with self._one_at_a_time:
            self.pointers()
            self.advance(target, told)
            self._tell()
        return self._position

    def wait_for(self, position: int, timeout: float = 30.0, names: Collection[str] | None = None) -> bool:
        """Whether some materials hold the fact at `position`, at the latest after `timeout` seconds.

        Without `names` those that nothing holds up. False at once when a material that is in trouble is asked for, and
        soon when the database is away. Costs nothing when this process knows already that it is so.
        """
        begun = time.monotonic()
        while not self._holds(position, names):
            left = begun + (min(timeout, AWAY) if self.fault else timeout) - time.monotonic()
            if left <= 0 or (self._ready and names is not None and self._is_stuck(position, names)):
                return False
            if self._keeper is None:
                self._serve_oneself(position, left)
            else:
                with self._advanced:
                    if not self._holds(position, names):
                        self._advanced.wait(min(left, 0.1))
        return True

    def doubt(self) -> None:
        """What is known of the read model was not so: look again before anything is promised."""
        self._ready, self._position = False, 0
        self._feeder.seen = {}

    def _holds(self, position: int, names: Collection[str] | None) -> bool:
        if names is None:
            return self._ready and self._position >= position
        seen = self._feeder.seen
        return all(name in seen and seen[name].position >= position for name in names)

    def _is_stuck(self, position: int, names: Collection[str]) -> bool:
        seen = self._feeder.seen
        return any(name in self._troubles and name in seen and seen[name].position < position for name in names)

    def _serve_oneself(self, position: int, patience: float) -> None:
        """Without a thread whoever waits does the work, and waits for the log when it has not come so far."""
        self.catch_up(position)
        if generations.outdated(self._feeder.seen, self._materials):
            self.renew()
        if self._position < position:
            self._log.wait(position - 1, min(patience, 0.1))

    def advance(self, target: int, told: Told | None = None) -> None:
        """Bring all that is behind to a position that the log has reached, and tell those who wait."""
        with self._one_at_a_time:
            while self._step(target, told):
                self._tell()

    def _tell(self) -> None:
        self._position = self._reached()
        with self._advanced:
            self._advanced.notify_all()

    def _step(self, target: int, told: Told | None) -> bool:
        """Bring the materials that are furthest behind forward, to the next ones; False when none is behind."""
        moving = self._furthest_behind(target)
        if not moving:
            return False
        after = moving[0].position
        ahead = (p.position for name, p in self._feeder.seen.items() if name in self._materials)
        upto = min([target, *(position for position in ahead if position > after)])
        chosen = [self._materials[pointer.name] for pointer in moving]
        if self._opener is None or upto - after < MANY or any(p.name in self._troubles for p in moving):
            here = Line(self._log, chosen, How(self._page))
            self._feed_all(moving, here.stretches(after, min(upto, after + self._page)), target, told)
        else:
            try:
                with workers(self._opener, [m.name for m in chosen], How(self._page)) as several:
                    self._feed_all(moving, several.stretches(after, upto), target, told)
            except WorkerIsGone:
                LOGGER.warning("a process that read the log was killed; from here on all is read in one")
                self._opener = None
        return True

    def _furthest_behind(self, target: int) -> list[Pointer]:
        """The pointers of the materials that are furthest behind, without those that rest or are built anew."""
        now, seen = time.monotonic(), self._feeder.seen
        resting = {name for name, trouble in self._troubles.items() if trouble.again > now}
        resting.update(generations.outdated(seen, self._materials))
        going = [seen[name] for name in self._materials if name in seen and name not in resting]
        after = min((p.position for p in going), default=target)
        return [p for p in going if p.position == after] if after < target else []

    def _feed_all(self, moving: list[Pointer], stretches: Iterable[Prepared], target: int, told: Told | None) -> None:
        """Write stretches one after the other, until somebody else turns out to have been first."""
        for prepared in stretches:
            if not self._feed(moving, prepared.stretch):
                return
            if told:
                told("läser loggen", prepared.upto, target)
            moving = [self._feeder.seen[p.name] for p in moving if p.name not in self._troubles]

    def _feed(self, moving: list[Pointer], stretch: Stretch) -> bool:
        """Write a stretch; a material that raises, or does not fit its tables, stops by itself."""
        try:
            fed = self._feeder.feed(moving, stretch)
        except CannotBeStored as error:
            if len(moving) > 1:
                return all(self._feed([pointer], stretch) for pointer in moving)
            self._stop(Failure(moving[0].name, moving[0].position + 1, error.error))
            return True
        for pointer in moving if fed else ():
            failure = stretch[pointer.name].failure
            if failure:
                self._stop(failure)
            else:
                self._troubles.pop(pointer.name, None)
        return fed

    def _stop(self, failure: Failure) -> None:
        """Let a material rest, twice as long as the last time where it has not come further."""
        before, reprieve = self._troubles.get(failure.material), REPRIEVE
        if before and before.failure.position == failure.position:
            reprieve = min(2 * before.reprieve, LONGEST_REPRIEVE)
        self._troubles[failure.material] = Trouble(failure, time.monotonic() + reprieve, reprieve)
        LOGGER.warning("%s", failure.sentence())

    # ------------------------------------------------------------ rebuilding

    def rebuild(self, names: Iterable[str] = (), told: Told | None = None) -> list[Rebuilt]:
        """Build new generations beside the old ones, compare them with the facts, and switch. Readers never wait.

        Errors: RebuildFailed; then the old ones serve on. RebuildIsUnderWay.
        """
        wanted = set(names)
        chosen = [material for name, material in self._materials.items() if not wanted or name in wanted]
        self.prepare()
        with self._rebuild_turn:
            deadline = time.monotonic() + TURN
            try:
                while not self._rebuilding.take():
                    if time.monotonic() > deadline:
                        raise RebuildIsUnderWay(UNDER_WAY)
                    time.sleep(0.05)
                rebuilt = Rebuild(
                    self._engine,
                    self._log,
                    chosen,
                    writing=Courtesy(self._one_at_a_time),
                    page=self._page,
                    opener=self._opener,
                ).run(told)
            finally:
                self._rebuilding.leave()
                self.look()
            self.sweep()
        return rebuilt

    def renew(self) -> None:
        """Build anew what is declared otherwise than it was built; what cannot be built is in trouble."""
        for name in self._outdated_now():
            try:
                self.rebuild([name])
                self._troubles.pop(name, None)
            except (RebuildFailed, RebuildIsUnderWay) as error:
                self._stop(Failure(name, self._feeder.seen[name].position + 1, str(error)))

    def sweep(self) -> None:
        """Take away the rows that nobody may ask for any more."""
        generations.sweep(self._engine, Courtesy(self._one_at_a_time))

    def _outdated_now(self) -> list[str]:
        """What is to be built anew, but for what rests after a failure."""
        now = time.monotonic()
        resting = {name for name, trouble in self._troubles.copy().items() if trouble.again > now}
        return [n for n in generations.outdated(self._feeder.seen, self._materials) if n not in resting]

    # ------------------------------------------------------------ in the background

    def start(self) -> None:
        """Keep up in a thread of its own until `stop`."""
        if self._keeper is None:
            self._keeper = Keeper(self, self._log, self._lead)

    def stop(self, timeout: float = 10.0) -> None:
        """End the thread, at the latest after `timeout` seconds."""
        keeper, self._keeper = self._keeper, None
        if keeper:
            keeper.stop(timeout)
