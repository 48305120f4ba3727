"""The reporting package over HTTP: the ekonomi chapter of a period as one file."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from ledger.interchange.forms import PACKAGE_PARAMETERS, PACKAGES, package
from ledger.web import asking, openapi
from ledger.web.house import House
from ledger.web.lasting import Made, Shelf
from ledger.web.problems import ProblemRaised, shortened
from ledger.web.rules import ParameterIsOtherwise, ParameterIsUnknown

#: The report whose question is that of the package, and the form that is given where none is asked for.
QUESTION_OF: Final = "driftsammandrag"
USUAL: Final = "pdf"

FORMAT: Final[dict[str, tuple[str, dict[str, Any], Any]]] = {
    "format": ("Filens slag", {"type": "string", "enum": [*PACKAGES], "default": USUAL}, "docx")
}


def router(house: House) -> APIRouter:
    """The address /api/v1/rapportpaket."""
    api = APIRouter(prefix="/api/v1", tags=["Rapporter"])
    shelf = Shelf(house)
    kinds = {form.media_type: {"schema": {"type": "string", "format": "binary"}} for form in PACKAGES.values()}

    @api.get(
        "/rapportpaket", summary="Ekonomikapitlet som en fil", response_class=Response,
        responses={200: {"description": "Filen", "content": kinds}, **openapi.problems(404, 422)},
        openapi_extra={"parameters": [*asking.described_as(FORMAT), *asking.documented(PACKAGE_PARAMETERS)]},
    )  # fmt: skip
    def one(request: Request) -> Response:
        """Tabeller i ordning, diagram, analyser och noter för en verksamhetsberättelse eller delårsrapport."""
        form, asked = chosen(asking.given(request))
        return shelf.answer(request, QUESTION_OF, (asked,), lambda: made(house, asked, form))

    return api


def chosen(given: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The form that is asked for and the question. Errors: ProblemRaised (422)."""
    asked = dict(given)
    form = asked.pop("format", "").strip() or USUAL
    if form not in PACKAGES:
        rule = f"något av {', '.join(PACKAGES)}"
        raise ProblemRaised([ParameterIsOtherwise(rule, kolumn="format", varde=shortened(form, 60))])
    unknown = [name for name in asked if name not in PACKAGE_PARAMETERS]
    if unknown:
        names = ("format", *PACKAGE_PARAMETERS)
        raise ProblemRaised(
            [
                ParameterIsUnknown(names, kolumn=shortened(name, 60), varde=shortened(asked[name], 60))
                for name in unknown
            ]
        )
    return form, asked


def made(house: House, asked: dict[str, str], form: str) -> Made:
    """The package as a file, with comments and decisions in it. Errors: Refused."""
    found = package(house.reports, asked, house.ledger.kommun or "", house.today())
    answer = found.first.answer
    parts = ("ekonomi", answer.fraga["ar"], f"{answer.fraga['tom']:02}", f"@{answer.stampel.position}")
    name = f"{'-'.join(str(part) for part in parts)}.{form}"
    return Made(PACKAGES[form].made(found), answer.stampel, True, PACKAGES[form].media_type, name)  # noqa: FBT003
