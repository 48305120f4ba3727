"""How long an answer may be kept, by whoever asked and by the house: what is fixed lasts, what holds text a day.

Rule: RFC 9110 §13 (conditional requests), docs/decisions/0009. An answer at a fixed position has the same figures for
ever, so it is kept for ever; a free text in it may have to be erased, so such an answer is asked for again after a day.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final, NamedTuple

from fastapi import Request
from starlette.responses import Response

from ledger.reporting.answer import Stampel
from ledger.web import asking
from ledger.web.house import House

#: A year, the longest that caches count with.
FOR_EVER: Final = "private, max-age=31536000, immutable"

#: So long a text that is erased may still be shown by a cache of whoever read it before.
A_DAY: Final = "private, max-age=86400"

ASKED_AGAIN: Final = "no-cache"

JSON: Final = "application/json"

#: How many finished answers a house keeps, and how many bytes of them.
MOST_KEPT, MOST_BYTES = 512, 16_000_000

#: What names an answer: its address, and its parameters in order.
Name = tuple[str, tuple[tuple[str, str], ...]]


class Made(NamedTuple):
    """An answer as bytes, what it was worked out from, and whether a free text is among them.

    `filnamn`: what the file is called that it is saved as, where it is one. `build`: what names the build of the read
    model that it came from, or an earlier one; without it the answer is not kept.
    """

    body: bytes
    stampel: Stampel
    holds_text: bool
    media_type: str = JSON
    filnamn: str | None = None
    build: tuple[int, ...] = ()


class Finished(NamedTuple):
    """An answer with its headers, and when the newest fact was recorded that it could be of; none: no fact at all."""

    body: bytes
    headers: dict[str, str]
    changed: datetime | None
    media_type: str = JSON


class Shelf:
    """The finished answers of a house that never change: the same question costs nothing the second time.

    An answer is kept with the build of the read model that it came from, so that none outlives a rebuild; an answer
    with free text is never kept, so that none outlives an erasure.
    """

    def __init__(self, house: House) -> None:
        """Keep nothing yet."""
        self._house = house
        self._kept: OrderedDict[Name, tuple[tuple[int, ...], Finished]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def answer(
        self, request: Request, namn: str, questions: tuple[dict[str, str], ...], make: Callable[[], Made]
    ) -> Response:
        """The answer to a request about a report, made only where it is not kept. Errors: Refused, those of `make`."""
        name = request.url.path, tuple(sorted(request.query_params.multi_items()))
        found = self._find(name, namn)
        if found is None:
            report, log = self._house.reports.find(namn), self._house.ledger.log
            # While a new version of a report is built the old one answers, and not for ever.
            is_fixed = not self._house.reports.is_outdated(namn)
            is_fixed = is_fixed and all(asking.is_fixed(asked, report, log) for asked in questions)
            made = make()
            lasting = ASKED_AGAIN if not is_fixed else A_DAY if made.holds_text else FOR_EVER
            found = finished(made.body, lasting, made.stampel)._replace(media_type=made.media_type)
            if made.filnamn:
                found.headers["Content-Disposition"] = f'attachment; filename="{made.filnamn}"'
            if made.build and lasting == FOR_EVER:
                self._keep(name, made.build, found)
        return answered(request, found)

    def _find(self, name: Name, namn: str) -> Finished | None:
        """The answer that is kept under a name, to a report, if it came from the build that serves now."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None:
                self._kept.move_to_end(name)
        return kept[1] if kept is not None and kept[0] == self._house.reports.build(namn) else None

    def _keep(self, name: Name, build: tuple[int, ...], found: Finished) -> None:
        with self._lock:
            if name in self._kept:
                self._bytes -= len(self._kept.pop(name)[1].body)
            self._kept[name] = build, found
            self._bytes += len(found.body)
            while len(self._kept) > MOST_KEPT or self._bytes > MOST_BYTES:
                _, (_, oldest) = self._kept.popitem(last=False)
                self._bytes -= len(oldest.body)


def finished(body: bytes, lasting: str = ASKED_AGAIN, stampel: Stampel | None = None) -> Finished:
    """An answer with its strong ETag and, where it has a stamp, the position, the root and the instant of that."""
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Cache-Control": lasting}
    changed = None
    if stampel:
        headers |= stamp_headers(stampel)
        if stampel.recorded_at:
            changed = datetime.fromisoformat(stampel.recorded_at).astimezone(UTC).replace(microsecond=0)
            headers["Last-Modified"] = format_datetime(changed, usegmt=True)
    return Finished(body, headers, changed)


def stamp_headers(stampel: Stampel) -> dict[str, str]:
    """A stamp as headers, for whoever does not read the body."""
    return {"Liggare-Position": str(stampel.position), "Liggare-Root": stampel.root}


def answered(request: Request, found: Finished) -> Response:
    """The answer; 304 where the caller has it already."""
    if _has(request, found):
        return Response(status_code=304, headers=found.headers)
    return Response(found.body, media_type=found.media_type, headers=found.headers)


def _has(request: Request, found: Finished) -> bool:
    """Whether the caller has these bytes. A date says so only of what never changes, and only where no tag does."""
    known = request.headers.getlist("if-none-match")
    if known:
        tags = [part.strip().removeprefix("W/") for line in known for part in line.split(",")]
        return "*" in tags or found.headers["ETag"] in tags
    since = _instant(request.headers.get("if-modified-since", ""))
    is_fixed = found.headers["Cache-Control"] == FOR_EVER
    return bool(is_fixed and since and found.changed and found.changed <= since)


def _instant(text: str) -> datetime | None:
    """The instant of an HTTP date; none for what cannot be read, which is as if it were not there."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
