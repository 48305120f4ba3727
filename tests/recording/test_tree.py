"""The hash tree is RFC 6962's, whatever its size."""

from __future__ import annotations

from hashlib import sha256

import pytest

from ledger.recording.tree import EMPTY_ROOT, FRONTIER_STEP, Frontier, leaf_hash, private_digest

#: The reference log of Certificate Transparency: its eight leaves and the tree heads over the first n of them.
INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def naive_root(leaves: list[bytes]) -> bytes:
    """The tree head as RFC 6962 2.1 defines it: divided at the largest power of two below the size."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + naive_root(leaves[:half]) + naive_root(leaves[half:])).digest()


def test_the_roots_are_those_of_the_reference_log() -> None:
    frontier = Frontier()
    roots = [frontier.root().hex()]
    for data in INPUTS:
        frontier.add(sha256(b"\x00" + bytes.fromhex(data)).digest())
        roots.append(frontier.root().hex())
    assert tuple(roots) == ROOTS
    assert EMPTY_ROOT.hex() == ROOTS[0]


def test_the_frontier_gives_the_root_of_the_whole_tree_for_0_to_600_leaves() -> None:
    leaves = [sha256(b"\x00%d" % n).digest() for n in range(600)]
    frontier = Frontier()
    for size, leaf in enumerate(leaves):
        assert frontier.root() == naive_root(leaves[:size])
        frontier.add(leaf)
    assert frontier.root() == naive_root(leaves)


def test_a_frontier_is_taken_up_where_it_was_left() -> None:
    whole = Frontier()
    for n in range(333):
        left = Frontier(whole.size, whole.pack())
        assert left.root() == whole.root()
        leaf = sha256(b"%d" % n).digest()
        whole.add(leaf)
        left.add(leaf)
        assert left.pack() == whole.pack()


@pytest.mark.parametrize("kept", [0, FRONTIER_STEP, 3 * FRONTIER_STEP])
def test_leaves_after_a_kept_frontier_are_added_row_by_row_as_one_by_one(kept: int) -> None:
    leaves = [sha256(b"%d" % n).digest() for n in range(kept + FRONTIER_STEP + 1)]
    before = Frontier()
    for leaf in leaves[:kept]:
        before.add(leaf)
    one_by_one = Frontier(kept, before.pack())
    for added, leaf in enumerate(leaves[kept:], 1):
        one_by_one.add(leaf)
        together = Frontier(kept, before.pack())
        together.extend(leaves[kept : kept + added])
        assert (together.size, together.pack()) == (one_by_one.size, one_by_one.pack())


def test_a_frontier_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="a frontier of 3 leaves has 2 hashes"):
        Frontier(3, bytes(32))


def test_a_leaf_is_the_hash_of_ten_fields_with_their_lengths() -> None:
    digest = private_digest(bytes(16), b'{"text":"x"}')
    fields = (
        b"12",
        b"2024-05-28T12:00:00.000001Z",
        "beslut/å".encode(),
        b"3",
        b"x.v1",
        b"a-1",
        b"",
        b"id",
        b"{}",
        digest,
    )
    by_hand = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    leaf = leaf_hash(12, "2024-05-28T12:00:00.000001Z", "beslut/å", 3, "x.v1", "a-1", "", "id", b"{}", digest)
    assert leaf == sha256(b"\x00" + by_hand).digest()


def test_a_long_field_has_its_whole_length() -> None:
    public = b"x" * 70_000
    fields = (b"1", b"t", b"s", b"1", b"n", b"", b"", b"", public, b"")
    by_hand = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    assert leaf_hash(1, "t", "s", 1, "n", "", "", "", public, b"") == sha256(b"\x00" + by_hand).digest()
