"""Things of which there are few different ones: a table of them, and of each place its number in the table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


class Few(msgspec.Struct, Generic[T], array_like=True):
    """Of each place the number of what stands there, and the things by number. Can be pickled and written as JSON."""

    numbers: list[int]
    table: list[T]

    def part(self, first: int, last: int) -> Few[T]:
        """The same of the places `first` … `last` - 1, and only what stands there in the table."""
        if last - first == len(self.numbers):
            return self
        some = self.numbers[first:last]
        used = list(dict.fromkeys(some))
        place = {number: at for at, number in enumerate(used)}
        return Few(list(map(place.__getitem__, some)), [self.table[number] for number in used])


def few(things: Iterable[T]) -> Few[T]:
    """Things as a table and numbers, in order of first appearance."""
    listed = list(things)
    place = {thing: at for at, thing in enumerate(dict.fromkeys(listed))}
    return Few(list(map(place.__getitem__, listed)), list(place))


def joined(parts: Sequence[Few[T]]) -> Few[T]:
    """Several one after the other, with one table."""
    if len(parts) == 1:
        return parts[0]
    place: dict[T, int] = {}
    numbers: list[int] = []
    for part in parts:
        here = [place.setdefault(thing, len(place)) for thing in part.table]
        numbers.extend(map(here.__getitem__, part.numbers))
    return Few(numbers, list(place))


def flat(sets: Iterable[tuple[str, ...]]) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Sets of words as columns: how many words each has, and the number of each word; and the words by number."""
    listed = list(sets)
    words = few(chain.from_iterable(listed))
    return np.array(list(map(len, listed)), np.int64), np.array(words.numbers, np.int64), words.table
