"""The hash tree of the log: a Merkle tree by RFC 6962 over the leaves of all facts, in order of position.

Rule: a leaf covers all ten fields of a stored fact, so that no one of them can change unseen. The frontier – the roots
of the perfect subtrees, largest first, one per set bit of the size – is all that is needed to add leaves and to give
the root; at 20 million facts it is 25 hashes at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from struct import Struct, unpack

#: Bytes of one hash.
HASH_SIZE = 32

#: Root of a log without facts (RFC 6962 2.1).
EMPTY_ROOT = sha256(b"").digest()

#: A frontier is kept every so many facts, so that the root at any position costs one leaf less than this at most.
FRONTIER_STEP = 256

#: What is hashed begins with this for a leaf, and with NODE for what is above.
LEAF, NODE = b"\x00", b"\x01"

#: The length of a field, as it stands before it.
_size = Struct(">I").pack


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
    number, instant, key, counted = b"%d" % position, recorded_at.encode(), stream.encode(), b"%d" % version
    command, shared = command_id.encode(), _fields_of_many(name, actor, mandat)
    # One after another: a loop over the fields takes twice as long, and this is done for every single post.
    return sha256(b"".join((
        LEAF, _size(len(number)), number, _size(len(instant)), instant, _size(len(key)), key,
        _size(len(counted)), counted, shared, _size(len(command)), command,
        _size(len(public)), public, _size(len(private_digest)), private_digest,
    ))).digest()  # fmt: skip


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
            LEAF, _size(len(number)), number, _size(len(instant)), instant, _size(len(key)), key,
            _size(len(version)), version, envelope, _size(len(public)), public, _size(len(digest)), digest,
        ))).digest()
        for number, instant, key, version, envelope, public, digest in columns
    ]  # fmt: skip


def envelope_fields(name: str, actor: str, mandat: str, command_id: str) -> bytes:
    """The fields of a leaf from name to command id, each its length in 4 bytes and its bytes."""
    command = command_id.encode()
    return _fields_of_many(name, actor, mandat) + _size(len(command)) + command


@lru_cache(maxsize=1024)
def _fields_of_many(name: str, actor: str, mandat: str) -> bytes:
    """The first three of them, which are the same in fact after fact."""
    fields = (name.encode(), actor.encode(), mandat.encode())
    return b"".join(_size(len(field)) + field for field in fields)


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
        count = size.bit_count()
        if len(packed) != count * HASH_SIZE:
            msg = f"a frontier of {size} leaves has {count} hashes, not {len(packed)} bytes"
            raise ValueError(msg)
        self.hashes: list[bytes] = list(unpack(f"{HASH_SIZE}s" * count, packed))

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
            if not self.size % FRONTIER_STEP:
                self._add_rows(leaves[first:end])
            else:
                for leaf in leaves[first:end]:
                    self.add(leaf)
            if not self.size % FRONTIER_STEP:
                kept.append((self.size, self.pack()))
            first = end
        return kept

    def _add_rows(self, nodes: Sequence[bytes]) -> None:
        """Add leaves after a kept frontier, at most up to the next one: row by row, which costs half as much."""
        before, added, edge = self.size, len(nodes), list[bytes]()
        while len(nodes) > 1:
            if len(nodes) % 2:
                # It waits for its neighbour at the edge.
                edge.append(nodes[-1])
            nodes = [sha256(NODE + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=False)]
            before >>= 1
        self._join(nodes[0], before)
        self.hashes.extend(reversed(edge))
        self.size += added

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
