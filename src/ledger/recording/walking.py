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
#: Some of the readers: all of them, or which.
Some = slice | Places

ALL: Final = slice(None)

#: So many bytes after the text, for a reader that looks ahead at its end.
BEYOND: Final = 64

#: Longer texts and numbers are not read.
MOST: Final = 15

COMMA, CLOSES = b",}"

_WORD: Final = 8
#: A number in each of the eight bytes of a word.
_EACH: Final = 0x0101010101010101
_ONES, _HIGH = np.uint64(_EACH), np.uint64(0x80 * _EACH)
_QUOTES, _NOUGHTS = np.uint64(ord('"') * _EACH), np.uint64(ord("0") * _EACH)
#: Added to ten or more it fills the highest bit of a byte.
_TEN_OR_MORE: Final = np.uint64((0x80 - 10) * _EACH)
_MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(_WORD + 1)], np.uint64)
_TENS: Final = 10 ** np.arange(_WORD + 1)


class Readers:
    """Readers of one text. `at` is where each stands; `good` says which have understood all so far."""

    def __init__(self, text: bytes, at: Places) -> None:
        """`text` has BEYOND bytes after what is to be read."""
        self.bytes = np.frombuffer(text, np.uint8)
        #: The eight bytes from every place on, as one number.
        self._words: Words = np.ndarray((len(text) - _WORD,), "<u8", text, 0, (1,))
        self._last = len(text) - BEYOND
        self.good: Mask = np.ones(len(at), np.bool_)
        self.move(ALL, at)

    def move(self, some: Some, at: Places) -> None:
        """Let some readers stand elsewhere; nobody goes further than the text."""
        at = np.minimum(at, self._last)
        if isinstance(some, slice):
            self.at, self._here = at, self._words[at]
        else:
            self.at[some], self._here[some] = at, self._words[at]

    def see(self, literal: bytes) -> Mask:
        """Who stands before these bytes."""
        found: Mask = np.ones(len(self.at), np.bool_)
        for first in range(0, len(literal), _WORD):
            part = literal[first : first + _WORD]
            words = self._words[self.at + first] if first else self._here
            found &= words & _MASKS[len(part)] == np.uint64(int.from_bytes(part, "little"))
            if not found.any():
                break
        return found

    def expect(self, literal: bytes) -> None:
        """Everybody steps past these bytes; who does not see them has not understood."""
        self.good &= self.see(literal)
        self.move(ALL, self.at + len(literal))

    def text(self, some: Some) -> tuple[Words, Words]:
        """Some readers step past a text and its closing quote; the bytes of it as two words, 0 after its end."""
        at = self.at[some]
        low, size = self._to_quote(at)
        high = np.zeros_like(low)
        long = np.flatnonzero(size == _WORD)
        if len(long):
            high[long], more = self._to_quote(at[long] + _WORD)
            size[long] += more
        self.good[some] &= (size > 0) & (size <= MOST)
        self.move(some, at + size + 1)
        return low, high

    def number(self) -> Places:
        """Everybody steps past a whole number."""
        negative = self.bytes[self.at] == ord("-")
        at = self.at + negative
        values, size = self.digits(at)
        leads = (self.bytes[at] == ord("0")) & (size > 1)
        self.good &= (size > 0) & (size <= MOST) & ~leads
        self.move(ALL, at + size)
        return np.where(negative, -values, values)

    def digits(self, at: Places) -> tuple[Places, Places]:
        """The number that the digits from each place on make, and how many they are; no more than two words hold."""
        values, size = self._digits(at)
        long = np.flatnonzero(size == _WORD)
        if len(long):
            rest, more = self._digits(at[long] + _WORD)
            values[long] = values[long] * _TENS[more] + rest
            size[long] += more
        return values, size

    def past_comma(self, some: Some) -> None:
        """Some readers step past a comma; after the last field a brace stands there instead, and they stay."""
        found = self.bytes[self.at[some]]
        self.good[some] &= (found == COMMA) | (found == CLOSES)
        self.move(some, self.at[some] + (found == COMMA))

    def _to_quote(self, at: Places) -> tuple[Words, Places]:
        """The bytes before the first quote, of eight from each place on, and how many they are."""
        words = self._words[at]
        apart = words ^ _QUOTES
        size = _before(apart - _ONES & ~apart & _HIGH)
        return words & _MASKS[size], size

    def _digits(self, at: Places) -> tuple[Places, Places]:
        """The number that begins at each place, of eight digits at most, and how many it has."""
        apart = self._words[at] ^ _NOUGHTS
        size = _before((apart + _TEN_OR_MORE | apart) & _HIGH)
        # Digits to the end of the word, noughts before them; then pairs, fours and all eight are put together.
        sums = apart << (8 * (_WORD - size)).astype(np.uint64)
        for digits, mask in ((1, 0x00FF00FF00FF00FF), (2, 0x0000FFFF0000FFFF), (4, 0x00000000FFFFFFFF)):
            sums = sums * np.uint64(10**digits) + (sums >> np.uint64(8 * digits)) & np.uint64(mask)
        return sums.astype(np.int64), size


def _before(marks: Words) -> Places:
    """How many of the eight bytes of each word come before the first whose highest bit is set."""
    below: NDArray[Any] = np.bitwise_count((marks & -marks) - np.uint64(1))
    return (below >> 3).astype(np.int64)
