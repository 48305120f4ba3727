"""Our facts in the library's words: its Mapper between what the domain has and what a recorder stores."""

from __future__ import annotations

from typing import Any, cast

from eventsourcing.persistence import Mapper, StoredEvent

from ledger.recording.codec import Encoded, decode


class FactMapper(Mapper[str]):
    """Facts come encoded (a decision knows its stream and version), and so pass through; reading gives facts.

    Folds: the public part alone is the library's state, so a fact with private text reads as if it were erased.
    """

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """The encoded fact itself."""
        return cast("StoredEvent", domain_event)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The fact. Errors: codec.Unreadable."""
        private = stored_event.private if isinstance(stored_event, Encoded) else None
        return decode(stored_event.topic, stored_event.state, private, erased=private is None)
