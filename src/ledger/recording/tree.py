"""The hash tree of the log: a Merkle tree by RFC 6962 over the leaves of all facts, in order of position.

Rule: a leaf covers all ten fields of a stored fact, so that no one of them can change unseen. The frontier – the roots
of the perfect subtrees, largest first, one per set bit of the size – is all that is needed to add leaves and to give
the root; at 20 million facts it is 25 hashes at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256

#: Bytes of one hash.
HASH_SIZE = 32

#: Root of a log without facts (RFC 6962 2.1).
EMPTY_ROOT = sha256(b"").digest()

#: A frontier is kept every so many facts, so that the root at any position costs one leaf less than this at most.
FRONTIER_STEP = 256

#: What is hashed begins with this for a leaf, and with NODE for what is above.
LEAF, NODE = b"\x00", b"\x01"


def leaf_hash(  # noqa: PLR0913, PLR0917 - the ten fields of a leaf, in their order
    position: int,
    recorded_at: str,
    stream: str,
    version: int,
    name: str,
    actor: str,
    mandat: str,
    command_id: str,
    public: bytes,
    private_digest: bytes,
) -> bytes:
    """SHA-256(0x00 ‖ f₁ … f₁₀), each field a 4-byte big-endian length and its bytes; integers as decimal ASCII.

    `recorded_at` is `YYYY-MM-DDTHH:MM:SS.ffffffZ`; `private_digest` is empty for a fact without private part.
    """
    fields = (
        b"%d" % position, recorded_at.encode(), stream.encode(), b"%d" % version, name.encode(), actor.encode(),
        mandat.encode(), command_id.encode(), public, private_digest,
    )  # fmt: skip
    return sha256(LEAF + b"".join([len(field).to_bytes(4, "big") + field for field in fields])).digest()


def leaf_hashes(
    positions: Iterable[int],
    instants: Iterable[str],
    streams: Iterable[str],
    versions: Iterable[int],
    envelopes: Iterable[bytes],
    publics: Iterable[bytes],
    private_digests: Iterable[bytes],
) -> list[bytes]:
    """Leaves in columns, where the four fields of an envelope, the same for many facts, have been put together."""
    numbers, numbered = [b"%d" % position for position in positions], [b"%d" % version for version in versions]
    columns = zip(
        numbers, map(str.encode, instants), map(str.encode, streams), numbered, envelopes, publics, private_digests,
        strict=True,
    )  # fmt: skip
    return [
        sha256(b"".join((
            LEAF, len(number).to_bytes(4, "big"), number, len(instant).to_bytes(4, "big"), instant,
            len(key).to_bytes(4, "big"), key, len(version).to_bytes(4, "big"), version, envelope,
            len(public).to_bytes(4, "big"), public, len(digest).to_bytes(4, "big"), digest,
        ))).digest()
        for number, instant, key, version, envelope, public, digest in columns
    ]  # fmt: skip


@lru_cache(maxsize=1024)
def envelope_fields(name: str, actor: str, mandat: str, command_id: str) -> bytes:
    """The fields of a leaf from name to command id, each its length in 4 bytes and its bytes."""
    fields = (name.encode(), actor.encode(), mandat.encode(), command_id.encode())
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def private_digest(salt: bytes, private: bytes) -> bytes:
    """What a leaf holds of a private part: it proves the text without telling it, thanks to the 16-byte salt."""
    return sha256(salt + private).digest()


def siblings(position: int, size: int) -> list[tuple[int, int]]:
    """The subtrees that stand beside the way from a leaf up to the head, the nearest first.

    Each is (leaves before it, leaves through it). Rule: RFC 6962 2.1.1. Errors: ValueError for a leaf outside the tree.
    """
    if not 1 <= position <= size:
        msg = f"there is no leaf {position} in a tree of {size}"
        raise ValueError(msg)
    first, end, beside = 0, size, []
    while end - first > 1:
        middle = first + (1 << (end - first - 1).bit_length() - 1)
        if position <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((first, middle))
            first = middle
    return beside[::-1]


def root_by_path(leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes:
    """The head of a tree of `size` leaves that a leaf and the roots beside its way give. Errors: ValueError."""
    node = leaf
    for (_, end), root in zip(siblings(position, size), path, strict=True):
        node = sha256(NODE + (root + node if end < position else node + root)).digest()
    return node


class Frontier:
    """The growing edge of the tree: add leaves, ask for the root. Sizes are numbers of leaves."""

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, packed: bytes = b"") -> None:
        """Take up a frontier where `pack` left it. Errors: ValueError when it does not fit its size."""
        self.size = size
        self.hashes = [packed[at : at + HASH_SIZE] for at in range(0, len(packed), HASH_SIZE)]
        if len(packed) != size.bit_count() * HASH_SIZE:
            msg = f"a frontier of {size} leaves has {size.bit_count()} hashes, not {len(packed)} bytes"
            raise ValueError(msg)

    def add(self, leaf: bytes) -> None:
        """Add one leaf."""
        self._join(leaf, self.size)
        self.size += 1

    def _join(self, node: bytes, before: int) -> None:
        """Put in the root of a subtree after `before` others of its size: it joins them like a carry in addition."""
        hashes = self.hashes
        while before & 1:
            node = sha256(NODE + hashes.pop() + node).digest()
            before >>= 1
        hashes.append(node)

    def extend(self, leaves: Sequence[bytes]) -> list[tuple[int, bytes]]:
        """Add leaves; the frontiers on the way that are to be kept, as (position, packed)."""
        kept = []
        first = 0
        while first < len(leaves):
            end = min(first + FRONTIER_STEP - self.size % FRONTIER_STEP, len(leaves))
            if end - first == FRONTIER_STEP:
                self._add_step(leaves[first:end])
            else:
                for leaf in leaves[first:end]:
                    self.add(leaf)
            if not self.size % FRONTIER_STEP:
                kept.append((self.size, self.pack()))
            first = end
        return kept

    def _add_step(self, nodes: Sequence[bytes]) -> None:
        """Add as many leaves as lie between two frontiers that are kept: a perfect subtree, row by row."""
        while len(nodes) > 1:
            nodes = [sha256(NODE + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=True)]
        self._join(nodes[0], self.size // FRONTIER_STEP)
        self.size += FRONTIER_STEP

    def root(self) -> bytes:
        """The tree head over all leaves added so far, 32 bytes."""
        if not self.hashes:
            return EMPTY_ROOT
        *larger, root = self.hashes
        for left in reversed(larger):
            root = sha256(NODE + left + root).digest()
        return root

    def pack(self) -> bytes:
        """The frontier as bytes: its hashes one after another, the largest subtree first."""
        return b"".join(self.hashes)
