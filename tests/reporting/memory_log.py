"""A log in memory, as reporting needs it: facts in a list, a clock that ticks a second a fact."""

from __future__ import annotations

import hashlib
import threading
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ledger.domain.events import UtfallReported, VerifikationPosted
from ledger.domain.fact import Fact
from ledger.reporting.posting import PostedRows, posted_rows

BEGINNING = datetime(2025, 2, 3, 12, 0, tzinfo=UTC)


class Recorded(NamedTuple):
    position: int
    recorded_at: datetime
    name: str
    actor: str
    mandat: str | None
    fact: Fact


class MemoryLog:
    """Facts may be added at any time; `begun` is when the first was recorded."""

    def __init__(self, facts: Iterable[Fact] = (), *, begun: datetime = BEGINNING) -> None:
        self._begun = begun
        self._recorded: list[Recorded] = []
        self._news = threading.Condition()
        self.add(*facts)

    def add(self, *facts: Fact, actor: str = "a-1", at: datetime | None = None) -> int:
        with self._news:
            for fact in facts:
                position = len(self._recorded) + 1
                instant = at or self._begun + timedelta(seconds=position)
                self._recorded.append(Recorded(position, instant, fact.name, actor, "oppet", fact))
            self._news.notify_all()
            return len(self._recorded)

    def read(
        self, after: int = 0, *, upto: int | None = None, limit: int = 10_000, postings: bool = True
    ) -> Sequence[Recorded]:
        page = self._recorded[after : min(after + limit, upto if upto is not None else len(self._recorded))]
        return page if postings else [r for r in page if not isinstance(r.fact, VerifikationPosted | UtfallReported)]

    def read_positions(self, positions: Sequence[int]) -> Sequence[Recorded]:
        return [self._recorded[position - 1] for position in sorted(positions)]

    def stream(self, stream: str) -> Sequence[Recorded]:
        return [recorded for recorded in self._recorded if recorded.fact.stream == stream]

    def streams(self, streams: Sequence[str]) -> Sequence[Recorded]:
        return [recorded for recorded in self._recorded if recorded.fact.stream in streams]

    def read_postings(
        self, after: int = 0, *, upto: int | None = None, limit: int = 10_000, stamps: bool = False
    ) -> PostedRows:
        del stamps
        last = min(after + limit, upto if upto is not None else len(self._recorded), len(self._recorded))
        return posted_rows(self._recorded[after:last], max(last, after))

    def head(self) -> tuple[int, datetime | None, str]:
        last = len(self._recorded)
        return last, self.recorded_at(last) if last else None, self.root_at(last)

    def root_at(self, position: int) -> str:
        return hashlib.sha256(str(position).encode()).hexdigest()

    def stamp_at(self, position: int) -> tuple[datetime, str]:
        return self.recorded_at(position), self.root_at(position)

    def recorded_at(self, position: int) -> datetime:
        return self._recorded[position - 1].recorded_at

    def position_at(self, instant: datetime) -> int:
        return bisect_right([recorded.recorded_at for recorded in self._recorded], instant)

    def wait(self, after: int, timeout: float) -> int:
        with self._news:
            if len(self._recorded) <= after:
                self._news.wait(timeout)
            return len(self._recorded)
