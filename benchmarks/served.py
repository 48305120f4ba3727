"""The real server in a process of its own, as `liggare serve` starts it, and a client that keeps its connection."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Final, Self

#: Seconds that a server may prepare itself, that it is looked at, and the part of them that is no work.
SETTLING: Final = 90.0
QUIET: Final = 2.0
IDLE: Final = 0.03

READY: Final = r"http://([0-9.]+):([0-9]+)"


class Served:
    """A server over one ledger, on a free port of the loopback."""

    def __init__(self, url: str) -> None:
        self._environment = {**os.environ, "LIGGARE_DATABASE": url, "LIGGARE_PORT": "0", "LIGGARE_HOST": "127.0.0.1"}
        self._process: subprocess.Popen[str] | None = None
        self._address = ("", 0)

    def __enter__(self) -> Self:
        """Start it and wait until it says where it is. Errors: RuntimeError with what it said instead."""
        command = [sys.executable, "-c", "from ledger.cli import main; main()", "serve"]
        self._process = subprocess.Popen(
            command, env=self._environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self._process.stdout
        assert self._process.stderr
        said = self._process.stdout.readline()
        found = re.search(READY, said)
        if found is None:
            self._process.kill()
            msg = f"servern startade inte: {said} {self._process.stderr.read()}"
            raise RuntimeError(msg)
        self._address = found[1], int(found[2])
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        if self._process:
            self._process.terminate()
            self._process.communicate(timeout=30)

    def settle(self) -> None:
        """Wait until the server has prepared what it prepares after it has begun to answer: a minute or so at most."""
        assert self._process
        until = time.monotonic() + SETTLING
        used = self._used()
        while time.monotonic() < until:
            time.sleep(QUIET)
            before, used = used, self._used()
            if used - before < QUIET * IDLE:
                return

    def _used(self) -> float:
        """Seconds of processor time that the server has used."""
        assert self._process
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def connection(self) -> HTTPConnection:
        """A connection that is kept for many questions."""
        return HTTPConnection(*self._address, timeout=60)

    @staticmethod
    def get(connection: HTTPConnection, path: str) -> bytes:
        """The body of an answer. Errors: AssertionError for any but 200."""
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, f"{path}: {response.status} {body[:500]!r}"
        return body
