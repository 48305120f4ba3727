"""The digest of a generation is put together from what is told of its parts."""

from __future__ import annotations

from ledger.reporting.material import ORGANISATION, UTFALL
from ledger.reporting.running.digests import CONTRADICTION, Digest, Generation, digests


def test_a_digest_says_when_one_of_its_parts_does_not_agree() -> None:
    agree = [Digest(0, "")] * len(UTFALL.views)
    told = {
        Generation(UTFALL, 1): [Digest(5, "a"), *agree],
        Generation(UTFALL, 2): [Digest(5, "b"), *agree[1:], Digest(0, CONTRADICTION)],
        Generation(ORGANISATION, 3): [Digest(2, "c")],
        Generation(UTFALL, 4, ahead=False): [Digest(5, "d")],
    }
    found = digests(told, [one for parts in told.values() for one in parts])
    assert list(found) == [Digest(5, "a"), Digest(5, CONTRADICTION), Digest(2, "c"), Digest(5, "d")]
