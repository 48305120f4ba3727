"""A fact is proven to be in the log, under every head that the log has had, by RFC 6962's audit path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import pytest

from ledger.recording.reading import Reading
from ledger.recording.store import FactLog, Stored
from ledger.recording.tree import FRONTIER_STEP, leaf_hash, root_by_path, siblings
from tests.conftest import Databases
from tests.recording.logs import command, open_log, voucher
from tests.recording.test_tree import naive_root

FACTS = 2 * FRONTIER_STEP + 300

#: Heads and leaves where something turns: the ends of the tree, of its halves, and of what frontiers are kept of.
SIZES = (1, 2, 3, 7, 255, 256, 257, 300, 511, 512, 513, 767, 768, 769, FACTS)


def naive_path(leaves: list[bytes], position: int) -> list[bytes]:
    """The audit path as RFC 6962 2.1.1 defines it."""
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if position <= half:
        return [*naive_path(leaves[:half], position), naive_root(leaves[half:])]
    return [*naive_path(leaves[half:], position - half), naive_root(leaves[:half])]


def leaf_of(stored: Stored) -> bytes:
    return leaf_hash(*stored[:8], stored.public, stored.private_digest or b"")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def log(request: pytest.FixtureRequest, databases: Databases) -> Iterator[FactLog]:
    with open_log(databases.new(request.param)) as opened:
        opened.append(command("k-1", *(voucher(n, "Hyra" if n % 3 else None) for n in range(1, FACTS + 1))))
        yield opened


def test_the_way_up_is_that_of_the_rfc_for_every_leaf_of_1_to_70() -> None:
    leaves = [sha256(b"\x00%d" % n).digest() for n in range(70)]
    for size in range(1, 71):
        for position in range(1, size + 1):
            path = [naive_root(leaves[first:end]) for first, end in siblings(position, size)]
            assert path == naive_path(leaves[:size], position)
            assert root_by_path(leaves[position - 1], position, size, path) == naive_root(leaves[:size])


def test_no_other_leaf_has_the_same_way() -> None:
    leaves = [sha256(b"\x00%d" % n).digest() for n in range(11)]
    path = naive_path(leaves, 7)
    assert root_by_path(leaves[5], 7, 11, path) != naive_root(leaves)
    assert root_by_path(leaves[6], 6, 11, path) != naive_root(leaves)
    with pytest.raises(ValueError, match="shorter"):
        root_by_path(leaves[6], 7, 11, path[:-1])


def test_facts_are_proven_under_every_head(log: FactLog) -> None:
    leaves = [leaf_of(stored) for stored in log.read_raw()]
    for size in SIZES:
        for position in {1, 2, size // 2 + 1, size - 1, size, min(size, 256), min(size, 257)} & set(range(1, size + 1)):
            proof = log.prove(position, size)
            assert [beside.root for beside in proof.path] == naive_path(leaves[:size], position)
            assert (proof.leaf, proof.root.hex()) == (leaves[position - 1], log.root_at(size))
            assert proof.holds


def test_each_step_says_which_facts_it_is_of(log: FactLog) -> None:
    assert [step[:3] for step in log.prove(5, 7).path] == [(6, 6, False), (7, 7, False), (1, 4, True)]


def test_a_fact_that_was_changed_has_no_proof_that_holds(log: FactLog, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Reading.facts_at

    def changed(self: Reading, positions: Sequence[int]) -> list[tuple[Any, ...]]:
        return [(*row[:5], "a-99", *row[6:]) for row in honest(self, positions)]

    monkeypatch.setattr(Reading, "facts_at", changed)
    assert not log.prove(300, FACTS).holds


@pytest.mark.parametrize(("position", "size"), [(0, 3), (4, 3), (1, 0), (1, FACTS + 1)])
def test_what_is_not_in_the_log_has_no_proof(log: FactLog, position: int, size: int) -> None:
    with pytest.raises(ValueError, match="there is no"):
        log.prove(position, size)
