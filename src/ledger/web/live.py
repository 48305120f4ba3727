"""New facts as they come: a stream of server-sent events that says where the log ends, and nothing of what is in it.

The page that listens shows a quiet line; it never changes by itself. Positions are polled once a second for all who
listen together. A stream ends after some minutes and the browser opens another, so that nobody listens for ever, and
when the server stops.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from ledger.web.house import House

#: Seconds between looks at the log, between signs of life, and of a stream's life.
LOOK: Final = 1.0
ALIVE: Final = 15.0
LIFE: Final = 300.0

HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Head:
    """Where the log ends, looked up once a second however many ask."""

    def __init__(self, house: House) -> None:
        """Look at the log of one house."""
        self._log = house.ledger.log
        self._looked = -LOOK
        self._position = 0
        self._turn = asyncio.Lock()

    async def position(self) -> int:
        """The position, at most a second old."""
        async with self._turn:
            if time.monotonic() - self._looked >= LOOK:
                self._position = (await run_in_threadpool(self._log.head)).position
                self._looked = time.monotonic()
            return self._position


async def told(head: Head, after: int, is_over: Callable[[], bool], request: Request) -> AsyncIterator[str]:
    """An event for every time the log has grown beyond `after`, and signs of life between."""
    begun = alive = time.monotonic()
    yield "retry: 5000\n\n"
    while time.monotonic() - begun < LIFE and not is_over() and not await request.is_disconnected():
        position = await head.position()
        if position > after:
            yield f"event: fakta\nid: {position}\ndata: {position}\n\n"
            after, alive = position, time.monotonic()
        elif time.monotonic() - alive > ALIVE:
            yield ": kvar\n\n"
            alive = time.monotonic()
        await asyncio.sleep(LOOK)


def router(house: House) -> APIRouter:
    """/handelser: the stream."""
    pages = APIRouter(include_in_schema=False)
    head = Head(house)

    @pages.get("/handelser")
    async def events(request: Request, efter: Annotated[int, Query(ge=0)]) -> StreamingResponse:
        events_after = told(head, efter, house.closing.is_set, request)
        return StreamingResponse(events_after, media_type="text/event-stream", headers=HEADERS)

    return pages
