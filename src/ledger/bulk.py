"""Vouchers by the million: a stream judged by the rules of one by one, and recorded in parts.

Not here: files (batch.py), which are recorded together with the fact of their import.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from itertools import islice
from typing import Final, NamedTuple

from ledger.application import TRIES, Ledger
from ledger.batch import LARGEST_FILE, Batch, Underlag, Vouchers, pages
from ledger.domain.refusal import Refused
from ledger.domain.roll import Caller
from ledger.domain.verifikation import PostVerifikation
from ledger.recording.store import Moved, Receipt, not_collecting
from ledger.recording.writer_process import WriterProcess

#: Vouchers in a part, if nothing else is wished, and how many are judged with one look-up in the log.
PART: Final = 20_000
AT_ONCE: Final = 1_000


class Posted(NamedTuple):
    """What came of a stream of vouchers: how many were given, `facts` of them new, at positions `first` to `last`."""

    vouchers: int = 0
    facts: int = 0
    first: int = 0
    last: int = 0
    parts: int = 0


class VouchersRefused(Exception):  # noqa: N818 - an answer, not an error
    """A part of a stream is refused: nothing of it, or after it, is recorded.

    `refused` says why, by place in the stream (0 the first); `posted` what stands: the parts before.
    """

    def __init__(self, refused: dict[int, Refused], posted: Posted) -> None:
        """Keep both."""
        self.refused, self.posted = refused, posted
        super().__init__(" ".join(str(refusal) for refusal in refused.values()))


def post_vouchers(
    ledger: Ledger,
    commands: Iterable[PostVerifikation],
    caller: Caller,
    new_id: Callable[[], str],
    *,
    part: int = PART,
    progress: Callable[[int], None] | None = None,
) -> Posted:
    """Record a stream of vouchers of any length, in parts of `part` vouchers, each one transaction and one command.

    Every voucher is judged as if it came by itself; a part is recorded whole or not at all. What is recorded already is
    passed over, so the same stream again adds nothing. While one part is written, by a second process, the next is
    judged; two parts are in memory, some 2 kB a voucher. `new_id` names the commands; `progress` is told how many
    vouchers are recorded.

    Errors: Refused (the caller may not), VouchersRefused; Moved (others were first, several times in a row),
    ClockIsBehind, LogIsAway: then the parts before stand, and the same stream may be given again.
    """
    if not 0 < part <= LARGEST_FILE:
        msg = f"a part has 1 to {LARGEST_FILE} vouchers, not {part}"
        raise ValueError(msg)
    waiting = iter(commands)
    with not_collecting(part), ledger.log.writer_process() as writer:
        stream = _Stream(ledger, caller, new_id, writer, progress)
        while some := list(islice(waiting, part)):
            # A part that is not full is the last: no process is started for it.
            is_last = len(some) < part
            if not is_last:
                writer.start()
            stream.post(some, is_last=is_last)
        stream.settle()
        return stream.posted


class _Stream:
    """A stream under way: at most one part is being written while another is judged."""

    def __init__(
        self,
        ledger: Ledger,
        caller: Caller,
        new_id: Callable[[], str],
        writer: WriterProcess,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.posted = Posted()
        self._log, self._writer, self._progress = ledger.log, writer, progress
        self._new_batch = partial(Batch, ledger, caller, new_id)
        self._batch = self._new_batch()
        self._given = 0
        self._written: tuple[Vouchers, Underlag, Future[Receipt]] | None = None

    def post(self, commands: Vouchers, *, is_last: bool) -> None:
        """Judge a part and hand it over to be written. Errors: as post_vouchers."""
        underlag, refused = self._judged(commands)
        if self.settle() or refused:
            # Its books were of a log that has changed since, or may have: only the newest may refuse.
            underlag = self._judged_anew(commands)
        if not underlag.facts:
            self._count(commands, 0)
        elif is_last:
            self._record(commands, underlag)
        else:
            append = self._batch.append_of(underlag, _digest(underlag))
            self._written = commands, underlag, self._writer.append(underlag.facts, append)

    def settle(self) -> bool:
        """Wait for the part that is being written. Whether others have changed something that the next rests on."""
        if self._written is None:
            return False
        commands, underlag, receipt = self._written
        self._written = None
        try:
            return self._recorded(commands, underlag, receipt.result())
        except Moved:
            self._record(commands, self._judged_anew(commands))
            return True

    def _record(self, commands: Vouchers, underlag: Underlag) -> None:
        """Record a part here and now; judged anew while others are first."""
        for left in reversed(range(TRIES)):
            if not underlag.facts:
                self._count(commands, 0)
                return
            append = self._batch.append_of(underlag, _digest(underlag))
            try:
                receipt = self._log.append_file(pages(underlag.facts), append)
            except Moved:
                if not left:
                    raise
                underlag = self._judged_anew(commands)
            else:
                self._recorded(commands, underlag, receipt)
                return

    def _judged(self, commands: Vouchers) -> tuple[Underlag, dict[int, Refused]]:
        underlag = self._batch.take("", "verifikationer", "")
        refused: dict[int, Refused] = {}
        for at in range(0, len(commands), AT_ONCE):
            found = self._batch.vouchers(underlag, commands[at : at + AT_ONCE])
            refused.update({self._given + at + n: refusal for n, refusal in found.items()})
        return underlag, refused

    def _judged_anew(self, commands: Vouchers) -> Underlag:
        self._batch = self._new_batch()
        underlag, refused = self._judged(commands)
        if refused:
            raise VouchersRefused(refused, self.posted)
        return underlag

    def _recorded(self, commands: Vouchers, underlag: Underlag, receipt: Receipt) -> bool:
        has_changed = self._batch.recorded(underlag, receipt)
        first = self.posted.first or receipt.first
        self.posted = self.posted._replace(first=first, last=receipt.last, parts=self.posted.parts + 1)
        self._count(commands, receipt.last - receipt.first + 1)
        return has_changed

    def _count(self, commands: Vouchers, facts: int) -> None:
        self._given += len(commands)
        self.posted = self.posted._replace(vouchers=self._given, facts=self.posted.facts + facts)
        if self._progress is not None:
            self._progress(self._given)


def _digest(underlag: Underlag) -> dict[str, str]:
    """A digest of all that a part says."""
    digest = hashlib.sha256()
    for encoded in underlag.facts:
        digest.update(encoded.public)
    return {"verifikationer": digest.hexdigest()[:16]}
