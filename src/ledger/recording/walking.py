"""Canonical JSON read by many readers at once: each stands somewhere in the bytes, and all take the next step together.

A step is a handful of operations on whole columns instead of one object after another, which is why it is many times as
fast. What a reader does not recognise to the last byte it says it cannot read; somebody else then decodes it in full.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Places = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

#: So many bytes a reader sees from where it stands: the name of a field, and its text or number with what ends it.
WINDOW: Final = 32

#: So many bytes after the text, for a reader that looks ahead at its end.
BEYOND: Final = 2 * WINDOW

#: Longer texts and numbers are not read.
MOST: Final = 15

_WORD: Final = 8
#: A number in each of the eight bytes of a word.
_EACH: Final = 0x0101010101010101
_BYTE: Final = np.uint64(0xFF)
_ONES, _HIGH = np.uint64(_EACH), np.uint64(0x80 * _EACH)
_QUOTES, _NOUGHTS = np.uint64(ord('"') * _EACH), np.uint64(ord("0") * _EACH)
#: Added to ten or more it fills the highest bit of a byte.
_TEN_OR_MORE: Final = np.uint64((0x80 - 10) * _EACH)
_MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(_WORD + 1)], np.uint64)
_TENS: Final = 10 ** np.arange(_WORD + 1)


class Readers:
    """Readers of one text. `at` is where each stands; `good` says which have understood all so far."""

    def __init__(self, text: bytes | bytearray, at: Places) -> None:
        """`text` has BEYOND bytes after what is to be read."""
        self.bytes = np.frombuffer(text, np.uint8)
        #: What is seen from every place on. As bytes of no kind: numpy fetches numbers that begin at any byte, instead
        #: of every eighth, ten times as slowly.
        self._windows = np.ndarray((len(text) - WINDOW + 1,), f"V{WINDOW}", text, 0, (1,))
        self._last = len(text) - BEYOND
        self.good: Mask = np.ones(len(at), np.bool_)
        self.move(at)

    def move(self, at: Places) -> None:
        """Let them stand elsewhere; nobody goes further than the text."""
        self.at = np.minimum(at, self._last)
        #: What each sees, as numbers of eight bytes.
        self._here: Words = self._windows[self.at].view("<u8").reshape(len(at), WINDOW // _WORD)

    def see(self, literal: bytes) -> Mask:
        """Who stands before these bytes, WINDOW at most."""
        found: Mask = np.ones(len(self.at), np.bool_)
        for place, first in enumerate(range(0, len(literal), _WORD)):
            part = literal[first : first + _WORD]
            found &= self._here[:, place] & _MASKS[len(part)] == np.uint64(int.from_bytes(part, "little"))
            if not found.any():
                break
        return found

    def expect(self, literal: bytes) -> None:
        """All step past these bytes; who does not see them has not understood."""
        self.good &= self.see(literal)
        self.move(self.at + len(literal))

    def text(self, past: int, who: Mask) -> tuple[Words, Words]:
        """Some step past so many bytes, a text and its closing quote; its bytes as two words, 0 after its end.

        They see all of it: at most WINDOW - 16 bytes come before. The others stay, and their words are 0.
        """
        low, high = self._ahead(past)
        low, size = _to_quote(low)
        long = np.flatnonzero(size == _WORD)
        rest, more = _to_quote(high[long])
        high = np.zeros_like(low)
        high[long] = rest
        size[long] += more
        self.good = self.good & ((size > 0) & (size <= MOST) | ~who)
        # As wide as the words: numbers of different kinds are multiplied several times as slowly.
        wide = who.astype(np.int64)
        self.move(self.at + (size + (past + 1)) * wide)
        return low * wide.view(np.uint64), high * wide.view(np.uint64)

    def number(self, past: int) -> Places:
        """All step past so many bytes, WINDOW - 16 at most, and a whole number."""
        low, high = self._ahead(past)
        negative = low & _BYTE == ord("-")
        low, high = np.where(negative, low >> 8 | high << 8 * (_WORD - 1), low), np.where(negative, high >> 8, high)
        values, size = digits(low, high)
        leads = (low & _BYTE == ord("0")) & (size > 1)
        self.good &= (size > 0) & (size <= MOST) & ~leads
        self.move(self.at + size + np.where(negative, past + 1, past))
        return np.where(negative, -values, values)

    def _ahead(self, past: int) -> tuple[Words, Words]:
        """The sixteen bytes that all see after the first so many."""
        place, odd = divmod(past, _WORD)
        low, high = self._here[:, place], self._here[:, place + 1]
        if not odd:
            return low, high
        bits, others = np.uint64(8 * odd), np.uint64(8 * (_WORD - odd))
        return low >> bits | high << others, high >> bits | self._here[:, place + 2] << others


def digits(low: Words, high: Words) -> tuple[Places, Places]:
    """The numbers that the first digits of each sixteen bytes make, and how many those are; 0 where there is none."""
    values, size = _digits(low)
    long = np.flatnonzero(size == _WORD)
    if len(long):
        rest, more = _digits(high[long])
        values[long] = values[long] * _TENS[more] + rest
        size[long] += more
    return values, size


def _to_quote(words: Words) -> tuple[Words, Places]:
    """The bytes of each word before its first quote, and how many they are."""
    apart = words ^ _QUOTES
    size = _before(apart - _ONES & ~apart & _HIGH)
    return words & _MASKS[size], size


def _digits(words: Words) -> tuple[Places, Places]:
    """The number that each word begins with, and how many digits it has."""
    apart = words ^ _NOUGHTS
    size = _before((apart + _TEN_OR_MORE | apart) & _HIGH)
    # Digits to the end of the word, noughts before them; then pairs, fours and all eight are put together.
    sums = apart << (8 * (_WORD - size)).astype(np.uint64)
    for count, mask in ((1, 0x00FF00FF00FF00FF), (2, 0x0000FFFF0000FFFF), (4, 0x00000000FFFFFFFF)):
        sums = sums * np.uint64(10**count) + (sums >> np.uint64(8 * count)) & np.uint64(mask)
    return sums.astype(np.int64), size


def _before(marks: Words) -> Places:
    """How many of the eight bytes of each word come before the first whose highest bit is set."""
    below: NDArray[Any] = np.bitwise_count((marks & -marks) - np.uint64(1))
    return (below >> 3).astype(np.int64)
