"""A second process that hashes and writes parts of an import, while the next part is judged in the first.

The first process hands over a part; the second opens the same log, takes the lock and appends the part as any file is
appended, asking for facts as it goes. Clock and salts stay the first process's own: it is asked for them. Where the
first process dies the second ends, and a part that it was not given whole is not recorded.
"""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection, Pipe
from traceback import format_exc
from typing import TYPE_CHECKING, Any, Final, Self, cast

import msgspec
from eventsourcing.persistence import PersistenceError

from ledger.recording.append import Append, ClockIsBehind, CommandIdTaken, Receipt
from ledger.recording.codec import Encoded

if TYPE_CHECKING:
    from ledger.recording.recorder import LogRecorder, Progress
    from ledger.recording.store import FactLog

#: Facts handed over at a time.
PAGE: Final = 5_000

_LOST: Final = "processen som skrev till loggen avbröts; läs in samma uppgifter igen, så fortsätter inläsningen"

#: What the second process asks of the first, or tells it.
_NEXT, _CLOCK, _PROGRESS, _DONE, _REFUSED, _BROKEN = range(6)

#: Facts, and a salt for every private part. A page travels as bytes; no bytes: there is no more.
_Page = tuple[list[Encoded], list[bytes]]
_pack: Final = msgspec.msgpack.Encoder().encode
_unpack: Final[Callable[[bytes], _Page]] = msgspec.msgpack.Decoder(_Page).decode
_END: Final = b""


class WriterProcess:
    """The second process, seen from the first. It is started by the first part, or before, and ended by `close`."""

    def __init__(self, settings: Mapping[str, str], recorder: LogRecorder) -> None:
        """Use `FactLog.writer_process`."""
        self._settings, self._recorder = dict(settings), recorder
        self._thread = ThreadPoolExecutor(1)
        self._pipe: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """The process itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    @property
    def pid(self) -> int | None:
        """The process's number; None while there is no process."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Let the process get ready, which takes half a second, before it has anything to write."""
        self._thread.submit(self._ready)

    def append(self, facts: Sequence[Encoded], append: Append, progress: Progress | None = None) -> Future[Receipt]:
        """Append facts in one transaction, after what was handed over before; the receipt comes when it is durable.

        Errors of the future: as FactLog.append_file.
        """
        return self._thread.submit(self._append, facts, append, progress)

    def close(self) -> None:
        """End the process; a part that is not written whole is not recorded."""
        self._thread.shutdown()
        self._let_go()

    def _append(self, facts: Sequence[Encoded], append: Append, progress: Progress | None) -> Receipt:
        try:
            pipe = self._ready()
            pipe.send(append)
            what, value = self._serve(pipe, facts, progress)
        except (EOFError, OSError) as error:
            self._let_go()
            made = self._recorder.command(append.command_id)
            if made is None:
                raise PersistenceError(_LOST) from error
            return Receipt(made.first, made.last, repeated=False)
        except BaseException:
            self._let_go()
            raise
        if what == _REFUSED:
            raise value
        if what == _BROKEN:
            raise RuntimeError(value)
        self._recorder.signal.give()
        return cast("Receipt", value)

    def _serve(self, pipe: Connection, facts: Sequence[Encoded], progress: Progress | None) -> tuple[int, Any]:
        """Answer what the second process asks, until it says what became of the part."""
        pages = self._pages(facts)
        while True:
            what, value = pipe.recv()
            if what == _NEXT:
                pipe.send_bytes(next(pages, _END))
            elif what == _CLOCK:
                pipe.send(self._recorder.clock())
            elif what != _PROGRESS:
                return what, value
            elif progress is not None:
                progress(value)

    def _pages(self, facts: Sequence[Encoded]) -> Iterator[bytes]:
        for at in range(0, len(facts), PAGE):
            page = facts[at : at + PAGE]
            yield _pack((page, [self._recorder.salt() for fact in page if fact.private is not None]))

    def _ready(self) -> Connection:
        """The pipe to the process, which is started where there is none."""
        if self._pipe is not None:
            return self._pipe
        ours, theirs = Pipe()
        with theirs:
            command = [sys.executable, "-m", __name__, str(theirs.fileno())]
            self._process = subprocess.Popen(  # noqa: S603 - this very module
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        self._pipe = ours
        ours.send(self._settings)
        return ours

    def _let_go(self) -> None:
        """Close the pipe, which ends the process, and wait until it has ended."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.wait()
            self._process = None


class _Writing:
    """The second process, seen from itself."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._salts: deque[bytes] = deque()
        self._is_page_on_its_way = False

    def run(self) -> None:
        """Append one part after the other, until the first process closes the pipe."""
        from ledger.recording.store import FactLog  # noqa: PLC0415 - the log itself knows this module

        with FactLog.at(self._pipe.recv(), clock=self._clock, salt=self._salts.popleft) as log:
            while True:
                append = self._pipe.recv()
                self._salts.clear()
                self._tell(*self._done(log, append))

    def _done(self, log: FactLog, append: Append) -> tuple[int, Any]:
        """What became of a part."""
        try:
            return _DONE, log.append_file(self._batches(), append, lambda done: self._tell(_PROGRESS, done))
        except (CommandIdTaken, ClockIsBehind, PersistenceError) as refusal:
            return _REFUSED, refusal
        except (EOFError, OSError):
            raise
        except Exception:  # noqa: BLE001 - whatever happened belongs to the process that asked for it
            return _BROKEN, format_exc()
        finally:
            if self._is_page_on_its_way:
                self._pipe.recv_bytes()
                self._is_page_on_its_way = False

    def _batches(self) -> Iterator[Sequence[Encoded]]:
        """The facts of a part. The next page is asked for before one is written, so that it is there in time.

        Not so the second one: while the first is out of hand the lock is taken, and the clock asked for.
        """
        self._ask()
        yield self._page()
        self._ask()
        while page := self._page():
            self._ask()
            yield page

    def _ask(self) -> None:
        self._tell(_NEXT)
        self._is_page_on_its_way = True

    def _page(self) -> list[Encoded]:
        """The page that was asked for; empty where there is no more."""
        packed = self._pipe.recv_bytes()
        self._is_page_on_its_way = False
        if packed == _END:
            return []
        facts, salts = _unpack(packed)
        self._salts.extend(salts)
        return facts

    def _clock(self) -> datetime:
        self._tell(_CLOCK)
        return cast("datetime", self._pipe.recv())

    def _tell(self, what: int, value: Any = None) -> None:
        self._pipe.send((what, value))


def main(descriptor: int) -> None:
    """Write for whoever holds the other end of the pipe; end with it."""
    # Millions of objects come and go here, and none of them in circles.
    gc.disable()
    # An interrupt from the keyboard goes to both processes: the first decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(descriptor) as pipe, suppress(EOFError, OSError):
        _Writing(pipe).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
