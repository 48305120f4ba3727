"""Verification of the whole log: order, instants, streams, private parts, leaves, frontiers and head.

Rule: every leaf is computed again from the stored fields and compared with the leaf that was stored; the tree is grown
from the computed leaves alone and compared with the frontiers kept every 256 facts and with the head. A changed fact is
named by its position; one that was changed together with its leaf, by the 256 among which it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ledger.recording.reading import HeadRow, Reading
from ledger.recording.stamping import Row
from ledger.recording.tree import FRONTIER_STEP, Frontier, leaf_hash, private_digest

#: Facts read at a time.
PAGE = FRONTIER_STEP * 40


class Verification(NamedTuple):
    """What was found. `position` was checked up to; `broken` is the first position that does not hold, and why."""

    ok: bool
    position: int
    root: str
    broken: int | None = None
    reason: str | None = None


class _Broken(Exception):  # noqa: N818 - carries the finding out of the walk
    def __init__(self, position: int, reason: str) -> None:
        self.position, self.reason = position, reason
        super().__init__(reason)


def verify(log: Reading, progress: Callable[[int], None] | None = None) -> Verification:
    """Check the log up to its head as it is now. `progress` is told the position after every page.

    Costs some 7 µs a fact; memory for one page of 10,240 facts.
    """
    head = log.head_row()
    walk = _Walk()
    try:
        while walk.frontier.size < head.size:
            after = walk.frontier.size
            upto = min(after + PAGE, head.size)
            walk.page([Row._make(row) for row in log.rows(after, upto)], upto, log.frontiers(after, upto))
            if progress is not None:
                progress(upto)
        walk.end(head)
        _nothing_beyond(log, head)
        _commands_hold(log)
    except _Broken as found:
        return Verification(
            ok=False,
            position=walk.frontier.size,
            root=walk.frontier.root().hex(),
            broken=found.position,
            reason=found.reason,
        )
    return Verification(ok=True, position=head.size, root=walk.frontier.root().hex())


class _Walk:
    """The walk along the log: the tree so far, and what the last fact said."""

    def __init__(self) -> None:
        self.frontier = Frontier()
        self.recorded_at = ""
        self._is_trusted_to = 0

    def page(self, rows: list[Row], upto: int, kept: dict[int, bytes]) -> None:
        """Check facts that follow one another up to a position, and the frontiers among them."""
        for row in rows:
            position = self.frontier.size + 1
            if row.position != position:
                raise _Broken(position, f"Faktum @{position} saknas.")
            self.frontier.add(self._leaf(row))
            self.recorded_at = row.recorded_at
            if not position % FRONTIER_STEP:
                self._check_frontier(position, kept.get(position))
        if self.frontier.size < upto:
            missing = self.frontier.size + 1
            raise _Broken(missing, f"Faktum @{missing} saknas.")

    def _leaf(self, row: Row) -> bytes:
        """The leaf computed from the fields. Errors: _Broken when the row contradicts itself."""
        at = row.position
        if row.recorded_at <= self.recorded_at:
            raise _Broken(at, f"Faktum @{at} är inte registrerat efter faktum @{at - 1}.")
        try:
            if row.private is not None and private_digest(row.salt or b"", row.private) != row.private_digest:
                raise _Broken(at, f"Den privata delen av faktum @{at} har ändrats sedan den registrerades.")
            leaf = leaf_hash(*row[:8], row.public, row.private_digest or b"")
        except (AttributeError, TypeError, ValueError):
            # Something of another type than was stored: text for bytes, a number for text.
            leaf = b""
        if leaf != row.leaf:
            raise _Broken(at, f"Faktum @{at} har ändrats sedan det registrerades.")
        return leaf

    def _check_frontier(self, position: int, kept: bytes | None) -> None:
        first = position - FRONTIER_STEP + 1
        if kept is None:
            raise _Broken(first, f"Kontrollpunkten vid @{position} saknas.")
        if kept != self.frontier.pack():
            reason = f"Något av faktum @{first} till @{position} har ändrats tillsammans med sin kontrollsumma."
            raise _Broken(first, reason)
        self._is_trusted_to = position

    def end(self, head: HeadRow) -> None:
        """Check that the walk ends where the head says."""
        if self.frontier.pack() != head.frontier:
            first = min(self._is_trusted_to + 1, head.size)
            reason = (
                f"Loggens huvud stämmer inte med faktum @{first} till @{head.size}: "
                "något av dem, eller huvudet, har ändrats."
            )
            raise _Broken(first, reason)
        if self.recorded_at != head.recorded_at:
            raise _Broken(head.size, f"Loggens huvud har en annan tidpunkt än faktum @{head.size}.")


def _nothing_beyond(log: Reading, head: HeadRow) -> None:
    """No fact lies beyond the head: positions are handed out under its lock only."""
    beyond = log.facts(head.size, None, 1)
    if beyond and log.size() == head.size:
        raise _Broken(head.size + 1, f"Faktum @{beyond[0][0]} ligger efter loggens huvud @{head.size}.")


def _commands_hold(log: Reading) -> None:
    """Every command id leads to facts that carry it, and every fact's command is remembered."""
    carried = "SELECT 1 FROM {s}facts WHERE position = commands.%s AND command_id = commands.id"
    question = f"SELECT id, first FROM {{s}}commands AS commands WHERE NOT EXISTS ({carried % 'first'}) "
    forged = log.fetch(question + f"OR NOT EXISTS ({carried % 'last'}) ORDER BY first LIMIT 1")
    if forged:
        raise _Broken(forged[0][1], f"Kommandot {forged[0][0]} pekar på fakta som det inte har lett till.")
    remembered = "SELECT 1 FROM {s}commands WHERE id = facts.command_id"
    question = f"SELECT position, command_id FROM {{s}}facts AS facts WHERE NOT EXISTS ({remembered}) "
    forgotten = log.fetch(question + "AND command_id <> '' ORDER BY position LIMIT 1")
    if forgotten:
        raise _Broken(forgotten[0][0], f"Kommandot {forgotten[0][1]} bakom faktum @{forgotten[0][0]} är bortglömt.")
