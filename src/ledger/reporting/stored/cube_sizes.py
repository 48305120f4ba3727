"""How a cube is cut into pieces. Who changes this raises `schema.LAYOUT`, for what is stored was cut otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """The pieces of a cube, in entries unless said otherwise."""

    #: Entries of one chunk.
    chunk: int = 8_192
    #: Chunks of one block: how often strays and near copies are written.
    block: int = 16
    #: The sums of a view in a chunk are kept where there are at most this part as many as entries: one for four.
    sums: int = 4
    #: The fewest entries from one checkpoint of a view to the next.
    step: int = 65_536
    #: Bytes that the checkpoints of one view may cost for each entry; a wide view waits until they cost no more.
    bytes_an_entry: int = 4
    #: A month is at home in a chunk where it has at least this part of the entries: one of eight.
    home: int = 8
    #: So many codes are read from near copies; of more, the chunks are read.
    few_codes: int = 24
    #: Bytes of decoded pieces that one process remembers: ten million entries and what they sum to are 230 MB.
    remembered: int = 384 * 2**20


#: What the house uses. Tests put small ones in their place.
SIZES: Sizes = Sizes()
