"""Importing on a page: choose files, see every fault or what would change, then record – with a bar for long files.

Works without script: a page that waits asks again by itself.
"""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path, PurePath
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.responses import RedirectResponse, Response

from ledger.domain.language import N_, _, said
from ledger.interchange.columns import FILSLAG
from ledger.interchange.importing import Options
from ledger.web import problems, rules
from ledger.web.drawing import Drawing
from ledger.web.effects import change_words
from ledger.web.house import House
from ledger.web.uploads import Upload, Uploads

#: Files at a time, and the most that they may be together, in bytes.
MOST_FILES: Final = 40
LARGEST: Final = 1_000_000_000

#: So long, in seconds, an answer waits for what is soon done, before it shows a bar instead.
PATIENCE: Final = 0.6

#: Changes and faults that a page shows.
MOST_CHANGES: Final = 60
MOST_FAULTS: Final = 200

GONE: Final = N_("Filerna finns inte kvar: de sparas en timme och försvinner när programmet startas om. Välj dem igen.")
STEPS: Final = (N_("Välj filer"), N_("Granska"), N_("Registrera"), N_("Klart"))


async def sent_files(request: Request) -> tuple[dict[str, str], list[tuple[str, Path]]]:
    """The files of a form, on disk, and its other fields. Errors: ProblemRaised (400, 413)."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LARGEST:
        raise problems.no(rules.BodyIsTooLarge(LARGEST))
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=20)
    except MultiPartException:
        raise problems.no(rules.FormIsUnreadable()) from None
    files = []
    for upload in form.getlist("filer"):
        if isinstance(upload, UploadFile) and upload.filename:
            with tempfile.NamedTemporaryFile(prefix="liggare-", delete=False) as kept:
                while chunk := await upload.read(1 << 20):
                    kept.write(chunk)
            files.append((PurePath(upload.filename.replace("\\", "/")).name, Path(kept.name)))
    wishes = {name: str(value) for name, value in form.items() if not isinstance(value, UploadFile)}
    await form.close()
    return wishes, files


Sent = Annotated[tuple[dict[str, str], list[tuple[str, Path]]], Depends(sent_files)]


class ImportPage:
    """Draws the steps of an import."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing
        self._uploads = Uploads(house)

    def choose(self, sentence: str = "", http_status: int = 200) -> Response:
        """The first step."""
        return self._page(0, "import.html", http_status=http_status, sentence=sentence, kinds=FILSLAG)

    def begin(self, wishes: dict[str, str], files: list[tuple[str, Path]]) -> Response:
        """Files were sent: try them."""
        if not files:
            return self.choose(_("Ingen fil är vald: välj en eller flera filer och försök igen."), 422)
        options = Options(ersatt=wishes.get("ersatt") == "ja", i_delar=wishes.get("i_delar") == "ja")
        upload = self._uploads.begin(files, self._house.caller, options)
        return RedirectResponse(f"/import/{upload.name}", 303)

    def show(self, name: str) -> Response:
        """How far an import has come."""
        upload = self._found(name)
        if upload is None:
            return self.choose(_(GONE), 404)
        upload.wait(PATIENCE)
        if upload.is_under_way:
            step = 1 if upload.stage == "prövar" else 2
            page = self._page(step, "import_vantar.html", upload=upload, words=_doing(upload))
            page.headers["Refresh"] = "1"
            return page
        if upload.stage == "sparad":
            return self._page(3, "import_klar.html", upload=upload, files=upload.outcomes)
        if upload.stage == "prövad":
            return self._page(1, "import_granskad.html", upload=upload, files=upload.outcomes, **self._effect(upload))
        return self._page(1, "import_fel.html", http_status=422, upload=upload, **_faults(upload))

    def record(self, name: str) -> Response:
        """Record what has been tried."""
        if (upload := self._found(name)) is not None:
            self._uploads.record(upload)
        return RedirectResponse(f"/import/{name}", 303)

    def stop(self, name: str) -> Response:
        """Throw the files away and begin anew."""
        if (upload := self._found(name)) is not None:
            self._uploads.throw_away(upload)
        return RedirectResponse("/import", 303)

    def _found(self, name: str) -> Upload | None:
        return self._uploads.find(name, self._house.caller)

    def _page(self, step: int, template: str, *, http_status: int = 200, **known: Any) -> Response:
        steps = [{"text": _(text), "is_done": n < step, "is_now": n == step} for n, text in enumerate(STEPS)]
        return self._drawing.page(template, chosen="import", http_status=http_status, steps=steps, **known)

    def _effect(self, upload: Upload) -> dict[str, Any]:
        changes = [change_words(self._house.reports, one) for one in upload.changes[:MOST_CHANGES]]
        trial = {
            "facts": sum(file.nya for file in upload.outcomes),
            "rounds": [one.sentence() for one in upload.imported.rounds[:5]] if upload.imported else [],
            "changes": changes,
            "more": max(len(upload.changes) - MOST_CHANGES, 0),
        }
        return {"trial": trial}


def _doing(upload: Upload) -> str:
    if upload.stage == "sparar":
        return _("Registrerar")
    return _("Räknar vad som ändras i rapporterna") if upload.doing == "räknar" else _("Läser och prövar raderna")


def _faults(upload: Upload) -> dict[str, Any]:
    """Every fault under its file, by row and column."""
    refused = upload.refused
    if refused is None:
        return {"sentence": upload.sentence, "groups": [], "total": 0, "hidden": 0, "recorded": ""}
    shown = refused.faults[:MOST_FAULTS]
    groups = [
        {
            "fil": fil,
            "faults": [
                {"rad": f.rad, "kolumn": f.kolumn, "varde": f.shown_value, "text": f.refusal.sentence() + said(f.note)}
                for f in faults
            ],
        }
        for fil, faults in groupby(shown, key=lambda fault: fault.fil)
    ]
    return {
        "sentence": "",
        "groups": groups,
        "total": refused.total,
        "hidden": refused.total - len(shown),
        "recorded": refused.recorded or _("Ingenting är registrerat."),
    }


def router(house: House, drawing: Drawing) -> APIRouter:
    """The addresses under /import."""
    page = ImportPage(house, drawing)
    pages = APIRouter(prefix="/import", include_in_schema=False)

    @pages.get("")
    def choose() -> Response:
        return page.choose()

    @pages.post("")
    def begin(sent: Sent) -> Response:
        return page.begin(*sent)

    @pages.get("/{name}")
    def show(name: str) -> Response:
        return page.show(name)

    @pages.post("/{name}/registrera")
    def record(name: str) -> Response:
        return page.record(name)

    @pages.post("/{name}/avbryt")
    def stop(name: str) -> Response:
        return page.stop(name)

    return pages
