"""When sessions and tokens were last used, noted a little later, so that no question waits for a writer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

LOGGER = logging.getLogger(__name__)

#: Seconds between the notes.
PAUSE: Final = 5

Write = Callable[[dict[str, str]], None]


class Uses:
    """What was used since the last note, by kind and key. Any thread may use it; a thread of its own writes."""

    def __init__(self, writers: Mapping[str, Write]) -> None:
        """Write each kind by its own writer."""
        self._writers = writers
        self._seen: dict[str, dict[str, str]] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, kind: str, key: str, at: str) -> None:
        """Something was used at an instant."""
        with self._lock:
            self._seen.setdefault(kind, {})[key] = at
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="uses", daemon=True)
                self._thread.start()

    def flush(self) -> None:
        """Write what has been seen."""
        with self._lock:
            seen, self._seen = self._seen, {}
        for kind, used in seen.items():
            self._writers[kind](used)

    def close(self) -> None:
        """Write the last and end."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(2 * PAUSE)
        self._try()

    def _run(self) -> None:
        while not self._ended.wait(PAUSE):
            self._try()

    def _try(self) -> None:
        try:
            self.flush()
        except SQLAlchemyError as error:
            # It is noted again at the next use.
            LOGGER.warning("uses were not noted: %s", type(error).__name__)
