"""A process of its own that imports a file, and says on its output how far it has come.

By hand: `python -m tests.interchange.importer sqlite:///liggare.db utfall.csv`.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from uuid import uuid4

from ledger.application import Ledger
from ledger.interchange.csv_file import Fil
from ledger.interchange.importing import Options, import_files
from ledger.recording.store import FactLog
from tests.interchange.town import EKONOM


def main(url: str, path: str) -> None:
    """Import a file with the real clock."""
    ledger = Ledger(FactLog.open(url, clock=lambda: datetime.now(UTC), salt=lambda: os.urandom(16)))

    def say(step: str, done: int, _of: int) -> None:
        sys.stdout.write(f"{step} {done}\n")
        sys.stdout.flush()

    done = import_files(ledger, EKONOM, [Fil.at(path)], Options(), new_id=lambda: str(uuid4()), progress=say)
    sys.stdout.write(done.text() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
