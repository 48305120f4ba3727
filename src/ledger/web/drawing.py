"""Templates and static files: how a page is drawn, and what every page knows."""

from __future__ import annotations

import hashlib
import re
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from ledger.web import words
from ledger.web.house import House

HERE: Final = Path(__file__).parent

#: The roles in words.
ROLES: Final = {
    "ekonom": "ekonom",
    "beslutsfattare": "beslutsfattare",
    "revisor": "revisor",
    "lasare": "läsare",
    "admin": "administratör",
}

#: What stays together on a line: a date, and a paragraph with its number.
_WHOLE: Final = re.compile(r"(\d{4}-\d{2}-\d{2}|§ \S+)")

#: The order of the menu; reports that are not named here come after, by name.
FIRST: Final = ("driftsammandrag", "ekonomi", "investeringsuppfoljning", "internbudget", "detaljbudget")


class Drawing:
    """Draws pages for one house."""

    def __init__(self, house: House) -> None:
        """Load templates when they are first drawn."""
        self._house = house
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._environment.filters |= {"instant": words.instant, "dated": dated}
        self._environment.globals |= {"static": self.static}

    def page(
        self,
        template: str,
        *,
        chosen: str = "",
        http_status: int = 200,
        headers: dict[str, str] | None = None,
        **known: Any,
    ) -> HTMLResponse:
        """A page; `chosen` is the report that the menu marks."""
        caller = self._house.caller
        shared = {
            "kommun": self.kommun(),
            "menu": self.menu(chosen),
            "caller": f"{caller.actor} · {ROLES.get(caller.roll, caller.roll)}",
        }
        html = self._environment.get_template(template).render({**shared, **known})
        return HTMLResponse(html, http_status, headers)

    def kommun(self) -> str:
        """The municipality's name, also when the ledger cannot be asked."""
        try:
            return self._house.ledger.kommun or "Kommunen"
        except Exception:  # noqa: BLE001 - a page that says no must be drawn whatever is broken
            return "Kommunen"

    def menu(self, chosen: str) -> list[dict[str, Any]]:
        """Every report as a link."""
        reports = self._house.reports.reports
        order = [name for name in FIRST if name in reports] + [name for name in reports if name not in FIRST]
        return [
            {"text": reports[name].rubrik, "href": f"/rapporter/{name}", "current": name == chosen} for name in order
        ]

    @cached_property
    def _digests(self) -> dict[str, str]:
        files = (HERE / "static").iterdir()
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:12] for file in files if file.is_file()}

    def static(self, name: str) -> str:
        """The address of a static file, which changes when the file does."""
        return f"/static/{name}?v={self._digests[name]}"


def dated(text: str) -> Markup:
    """A text whose dates and paragraphs do not break across lines."""
    parts = _WHOLE.split(text)
    return Markup("").join(
        Markup('<span class="andra">{}</span>').format(part) if at % 2 else part for at, part in enumerate(parts)
    )


def static_files() -> StaticFiles:
    """Stylesheet and script."""
    return StaticFiles(directory=HERE / "static")
