"""How much room each caller has: requests a minute, questions at once, and seconds for one question.

Counted in this process; a machine in front may count for all. Nothing is kept of who has been still for a minute.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MINUTE: Final = 60.0

#: Callers that are remembered at most; those that were still longest are forgotten first.
MOST_CALLERS: Final = 10_000

#: Questions that one caller may have under way.
MOST_AT_ONCE: Final = 16

#: Sign-ins that are begun, and proofs that are not believed, of one address in a minute.
MOST_TRIES: Final = 120


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rate:
    """Requests a minute, by caller: a bucket that fills evenly. 0 is no limit. Used by the event loop alone."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Let so many through."""
        self.per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, key: str) -> int:
        """Take one; 0, or the whole seconds until there is one again."""
        if not self.per_minute:
            return 0
        now, speed = self._clock(), self.per_minute / MINUTE
        bucket = self._buckets.pop(key, None) or _Bucket(float(self.per_minute), now)
        bucket.left = min(self.per_minute, bucket.left + (now - bucket.at) * speed)
        bucket.at = now
        self._buckets[key] = bucket
        while len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        if bucket.left < 1:
            return math.ceil((1 - bucket.left) / speed)
        bucket.left -= 1
        return 0


class Patience:
    """Lets questions run for some seconds. What takes longer is cut off for the caller, and counted until it ends."""

    def __init__(self, seconds: int) -> None:
        """Wait so long; 0 is for ever."""
        self.seconds = seconds
        self._under_way: Counter[str] = Counter()
        self._cut_off: set[asyncio.Task[None]] = set()

    def is_full(self, key: str) -> bool:
        """Whether a caller has as many questions under way as there is room for."""
        return self._under_way[key] >= MOST_AT_ONCE

    async def run(self, key: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send, late: ASGIApp) -> None:
        """Answer through an application, or through `late` when the time is up and nothing has been said."""
        begun = is_cut = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if not is_cut:
                begun = True
                await send(message)

        self._under_way[key] += 1
        task = asyncio.ensure_future(app(scope, receive, guarded))
        task.add_done_callback(lambda _: self._ended(key))
        try:
            done, _ = await asyncio.wait({task}, timeout=self.seconds or None)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if not done and not begun:
            is_cut = True
            self._cut_off.add(task)
            task.add_done_callback(self._forget)
            await late(scope, receive, send)
            return
        await task

    def _ended(self, key: str) -> None:
        self._under_way[key] -= 1
        if not self._under_way[key]:
            del self._under_way[key]

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._cut_off.discard(task)
        # An error after the answer has nobody left to tell; it is looked at so that it is not shouted about.
        if not task.cancelled():
            task.exception()
