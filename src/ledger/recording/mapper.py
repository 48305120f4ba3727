"""Our facts in the library's words: its Mapper between what the domain has and what a recorder stores."""

from __future__ import annotations

from typing import Any, cast

from eventsourcing.persistence import Mapper, StoredEvent

from ledger.recording.codec import decode


class FactMapper(Mapper[str]):
    """Facts come encoded, for a decision knows its stream and version, and pass through; reading gives facts."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """The encoded fact itself."""
        return cast("StoredEvent", domain_event)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The fact. Errors: codec.Unreadable."""
        private: bytes | None = getattr(stored_event, "private", None)
        is_erased: bool = getattr(stored_event, "is_erased", False)
        return decode(stored_event.topic, stored_event.state, private, erased=is_erased)
