"""Versioned registers: codes whose content holds from a day on, as the organisation and the charts do."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

Content = TypeVar("Content")

DAY = timedelta(days=1)


@dataclass(slots=True)
class Version(Generic[Content]):
    """What a code is from a day on; `till` is its last day, blank while it is open."""

    fran: date
    content: Content
    till: date | None = None

    def __lt__(self, other: Version[Content]) -> bool:
        """In order of days."""
        return self.fran < other.fran


@dataclass(slots=True)
class History(Generic[Content]):
    """All versions of one code, in order of days."""

    versions: list[Version[Content]] = field(default_factory=list)

    def add(self, version: Version[Content]) -> None:
        """Put a version in its place; one with the same first day is replaced."""
        for at, known in enumerate(self.versions):
            if known.fran == version.fran:
                self.versions[at] = version
                return
        insort(self.versions, version)

    def on(self, day: date) -> Version[Content]:
        """The version in force on a day; before the first, the first."""
        for version in reversed(self.versions):
            if version.fran <= day:
                return version
        return self.versions[0]

    def exact(self, fran: date) -> Version[Content] | None:
        """The version that begins on a day."""
        return next((version for version in self.versions if version.fran == fran), None)

    def last_day(self, version: Version[Content]) -> date | None:
        """The last day of a version: its `till`, or the day before the next version begins."""
        at = self.versions.index(version)
        following = self.versions[at + 1].fran - DAY if at + 1 < len(self.versions) else None
        if version.till is None or following is None:
            return version.till or following
        return min(version.till, following)

    def span(self, day: date) -> tuple[date, date]:
        """First and last day of the version in force on a day on which the code is valid."""
        version = self.on(day)
        return version.fran, self.last_day(version) or date.max

    def valid_between(self, first: date, last: date) -> bool:
        """Whether the code is valid on some day from `first` to `last`."""
        for version in self.versions:
            if version.fran <= last and ((end := self.last_day(version)) is None or end >= first):
                return True
        return False

    def begins(self, fran: date, content: Content) -> bool:
        """Whether a row from a day on is a new version: earlier than all, begun again, or later and otherwise."""
        if self.exact(fran) is not None:
            return False
        known = self.on(fran)
        closed = known.till is not None and known.till < fran
        return fran < known.fran or closed or (fran > self.versions[-1].fran and content != known.content)

    def contradicted(self, fran: date, till: date | None, content: Content) -> Version[Content] | None:
        """The first version with other content in the time that a row is about; without `till` its first day is judged.

        A last day that is known already was right when it came, whatever began since.
        """
        same_day = self.exact(fran)
        begins = same_day is None and self.begins(fran, content)
        if not begins and self.on(fran).content != content:
            return self.on(fran)
        if till is None or till in (self.on(fran).till, self.on(till).till):
            return None
        between = (version for version in self.versions if fran < version.fran <= till)
        return next((version for version in between if version.content != content), None)

    def closed_from(self, fran: date, till: date) -> date | None:
        """The last day that is known of the time from `fran` to `till`, or beyond, in the version that holds then."""
        known = self.on(till)
        return known.till if known.fran <= till and known.till is not None and known.till >= fran else None
