"""Files on their way in through a page: kept on disk while they are tried, then recorded or thrown away.

One import is tried or recorded at a time; what is under way can be looked at from any page and left. What has not been
touched for an hour is thrown away, and so is everything when the program ends.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from ledger.domain.language import N_, _
from ledger.domain.refusal import Refused
from ledger.domain.roll import Caller
from ledger.interchange.csv_file import Fil
from ledger.interchange.faults import FilesRefused
from ledger.interchange.importing import Imported, Options, Outcome, import_files
from ledger.reporting.explaining import verkan
from ledger.web.background import Work, sentence_of
from ledger.web.house import House

#: Imports that are kept at most, and seconds that one is kept untouched.
MOST: Final = 20
KEPT: Final = 3600.0

Stage = Literal["prövar", "prövad", "sparar", "sparad", "avvisad", "bruten"]

UNFORESEEN: Final = N_("Något gick fel i programmet, och ingenting av det som återstod är registrerat. Försök igen.")


@dataclass
class Upload(Work):
    """Files that somebody brought, and how far they have come."""

    name: str
    folder: Path
    files: tuple[str, ...]
    caller: Caller
    options: Options
    stage: Stage = "prövar"
    imported: Imported | None = None
    changes: list[verkan.Verkan] = field(default_factory=list)
    is_whole: bool = True
    refused: FilesRefused | None = None
    sentence: str = ""
    touched: float = field(default_factory=time.monotonic)

    @property
    def outcomes(self) -> list[Outcome]:
        """What became of each file, or would."""
        return self.imported.files if self.imported else []


class Uploads:
    """All imports through the pages of one process. Threads may share it."""

    def __init__(self, house: House) -> None:
        """Keep the files in a folder of their own, readable by nobody else."""
        self._house = house
        self._kept: dict[str, Upload] = {}
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._root: Path | None = None

    def begin(self, files: Sequence[tuple[str, Path]], caller: Caller, options: Options) -> Upload:
        """Take over files and begin to try them."""
        self._throw_away_old()
        with self._lock:
            if self._root is None:
                self._root = Path(tempfile.mkdtemp(prefix="liggare-import-"))
                weakref.finalize(self, shutil.rmtree, self._root, ignore_errors=True)
        name = secrets.token_urlsafe(12)
        folder = self._root / name
        folder.mkdir(mode=0o700)
        for number, (_named, path) in enumerate(files):
            shutil.move(path, folder / str(number))
        upload = Upload(name, folder, tuple(named for named, _ in files), caller, options)
        with self._lock:
            self._kept[name] = upload
        self._start(upload, self._try)
        return upload

    def find(self, name: str, caller: Caller) -> Upload | None:
        """An import by its name, for the one who began it in the same role."""
        with self._lock:
            upload = self._kept.get(name)
        if upload is None or upload.caller._replace(egna=()) != caller._replace(egna=()):
            return None
        upload.touched = time.monotonic()
        return upload

    def record(self, upload: Upload) -> None:
        """Begin to record what has been tried; nothing where it is under way or done."""
        with self._lock:
            if upload.stage != "prövad" or upload.is_under_way:
                return
            upload.stage = "sparar"
        self._start(upload, self._save)

    def throw_away(self, upload: Upload) -> None:
        """Forget an import that is not under way."""
        with self._lock:
            if not upload.is_under_way:
                self._kept.pop(upload.name, None)
                shutil.rmtree(upload.folder, ignore_errors=True)

    # ------------------------------------------------------------ working

    def _start(self, upload: Upload, work: Callable[[Upload], None]) -> None:
        def job() -> None:
            try:
                with self._turn:
                    work(upload)
            except FilesRefused as refused:
                upload.refused, upload.stage = refused, "avvisad"
            except Refused as refused:
                upload.sentence, upload.stage = str(refused), "bruten"
            finally:
                upload.touched = time.monotonic()

        def failed(error: Exception) -> None:
            upload.sentence, upload.stage = sentence_of(self._house, error, _(UNFORESEEN)), "bruten"

        upload.begin(job, failed)

    def _try(self, upload: Upload) -> None:
        upload.imported = imported = self._import(upload, is_trial=True)
        facts = list(islice(imported.facts(), verkan.MOST + 1))
        upload.is_whole = len(facts) <= verkan.MOST
        upload.doing = "räknar"
        upload.changes = verkan.effects(self._house.reports, facts, self._house.today())
        upload.stage = "prövad"

    def _save(self, upload: Upload) -> None:
        upload.imported = self._import(upload, is_trial=False)
        upload.stage = "sparad"
        shutil.rmtree(upload.folder, ignore_errors=True)

    def _import(self, upload: Upload, *, is_trial: bool) -> Imported:
        wishes = upload.options
        options = Options(is_trial, wishes.ersatt, i_delar=wishes.i_delar)
        files = [Fil(name, upload.folder / str(number)) for number, name in enumerate(upload.files)]
        house = self._house
        return import_files(house.ledger, upload.caller, files, options, new_id=house.new_id, progress=upload.tell)

    # ------------------------------------------------------------ room

    def _throw_away_old(self) -> None:
        now = time.monotonic()
        with self._lock:
            idle = [one for one in self._kept.values() if not one.is_under_way]
            idle.sort(key=lambda one: one.touched)
            old = [one for n, one in enumerate(idle) if now - one.touched > KEPT or len(idle) - n >= MOST]
        for one in old:
            self.throw_away(one)
