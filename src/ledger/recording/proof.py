"""Proof that a fact is in the log: its leaf, and the roots that lead from it to the tree head (RFC 6962 2.1.1).

Whoever holds a head, of today or as it was given out long ago, checks a fact against it with some twenty hashes and
needs nothing else of the log.
"""

from __future__ import annotations

from typing import NamedTuple

from ledger.recording.reading import IntegrityBroken, Reading
from ledger.recording.tree import FRONTIER_STEP, HASH_SIZE, Frontier, leaf_hash, root_by_path, siblings


class Beside(NamedTuple):
    """One step of the way up: the root of the subtree of facts `first` to `last`, left of the way or right of it."""

    first: int
    last: int
    is_left: bool
    root: bytes


class Proof(NamedTuple):
    """The leaf of the fact at a position, its way to the head over `size` facts, and that head as the log keeps it.

    The leaf is worked out from the fact as it is stored now, so a fact that was changed has a proof that does not hold.
    """

    position: int
    size: int
    leaf: bytes
    path: tuple[Beside, ...]
    root: bytes

    @property
    def holds(self) -> bool:
        """Whether leaf and path give the head."""
        return root_by_path(self.leaf, self.position, self.size, [beside.root for beside in self.path]) == self.root


def prove(log: Reading, position: int, size: int) -> Proof:
    """The proof of the fact at a position under the head over `size` facts. Errors: ValueError, IntegrityBroken."""
    head = log.frontier_at(size).root()
    path = [
        Beside(first + 1, last, last < position, _root_between(log, first, last))
        for first, last in siblings(position, size)
    ]
    return Proof(position, size, _leaf(log, position), tuple(path), head)


def _leaf(log: Reading, position: int) -> bytes:
    ((at, instant, stream, version, name, actor, mandat, command_id, public, _, _, digest),) = log.facts_at([position])
    return leaf_hash(at, instant, stream, version, name, actor, mandat, command_id, bytes(public), bytes(digest or b""))


def _root_between(log: Reading, first: int, last: int) -> bytes:
    """The root over the facts after `first` up to `last`, which are a subtree; at most 256 leaves are read.

    The subtree begins where a larger one would, so a frontier kept inside it ends in the subtree's own hashes.
    """
    kept = max((last - 1) // FRONTIER_STEP * FRONTIER_STEP, first)
    own = (kept - first).bit_count() * HASH_SIZE
    packed = log.frontiers(kept - 1, kept).get(kept, b"") if own else b""
    leaves = log.fetch("SELECT leaf FROM {s}facts WHERE position > ? AND position <= ? ORDER BY position", (kept, last))
    if len(leaves) != last - kept or len(packed) < own:
        msg = f"loggen är inte hel mellan @{first + 1} och @{last}"
        raise IntegrityBroken(msg)
    frontier = Frontier(kept - first, bytes(packed[len(packed) - own :]))
    for (leaf,) in leaves:
        frontier.add(bytes(leaf))
    return frontier.root()
