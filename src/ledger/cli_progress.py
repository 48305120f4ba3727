"""Progress of long work: a bar on a terminal, one line a second otherwise. On stderr, so that output stays clean."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

#: Seconds between lines where there is no terminal.
PAUSE = 1.0


class Progress:
    """Tell how far some work has come; quiet for work that takes less than a second."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self._bar: Bar | None = None
        self._tasks: dict[str, object] = {}
        self._told = time.monotonic()

    def __enter__(self) -> Self:
        """The progress itself."""
        if sys.stderr.isatty():
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        """So much of the work `what` is done."""
        if self._bar is not None:
            task = self._tasks.get(what)
            if task is None:
                self._tasks[what] = task = self._bar.add_task(what, total=total)
            self._bar.update(task, completed=done, total=total)  # type: ignore[arg-type]
        elif time.monotonic() - self._told >= PAUSE:
            self._told = time.monotonic()
            print(f"{what} {done} av {total}", file=sys.stderr, flush=True)  # noqa: T201 - this is the place for it
