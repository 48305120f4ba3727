"""Templates and static files: how a page is drawn, and what every page knows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from ledger.domain.inbox import Syssla
from ledger.domain.kommentar import WriteKommentar
from ledger.domain.language import N_, _, _n, phrase, said, spoken
from ledger.domain.roll import RIGHTS
from ledger.reporting.answer import OPEN, mode
from ledger.web import words
from ledger.web.form_guard import with_field
from ledger.web.house import House
from ledger.web.language import AGAIN, LANGUAGES
from ledger.web.links import followable, may_follow
from ledger.web.visitor import ROLES, Visitor, current
from ledger.web.waiting import Waiting
from ledger.web.written import as_written, dated, figures, listed

HERE: Final = Path(__file__).parent

#: The menu: the name of the page, its words and its address.
MENU: Final = (
    ("start", N_("Översikt"), "/"),
    ("driftsammandrag", N_("Driftsammandrag"), "/rapporter/driftsammandrag"),
    ("investeringsuppfoljning", N_("Investeringar"), "/rapporter/investeringsuppfoljning"),
    ("rapporter", N_("Alla rapporter"), "/rapporter"),
    ("registrera", N_("Registrera"), "/registrera/omfordelning"),
    ("att-gora", N_("Att göra"), "/att-gora"),
    ("import", N_("Läs in filer"), "/import"),
    ("behandlingshistorik", N_("Historik"), "/rapporter/behandlingshistorik"),
)

#: The reports that people ask for first, and the headings that all stand under, by what they are of.
FIRST: Final = ("driftsammandrag", "ekonomi", "investeringsuppfoljning", "internbudget", "detaljbudget")
OF: Final = {"drift": N_("Driften"), "investering": N_("Investeringar")}
NAMED: Final = {
    **dict.fromkeys(("nyckeltal", "atgarder", "sarskilda_handelser"), N_("Mått, åtgärder och händelser")),
    **dict.fromkeys(("grundbok", "huvudbok", "verifikation", "bokslut"), N_("Bokföring")),
}
OTHERS: Final = N_("Ärenden, rättigheter och historik")


class Drawing:
    """Draws pages for one house."""

    def __init__(self, house: House) -> None:
        """Load templates when they are first drawn."""
        self._house = house
        self._waiting = Waiting(house.ledger)
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
        )  # fmt: skip
        self._environment.policies["ext.i18n.trimmed"] = True
        self._environment.install_gettext_callables(_, _n, newstyle=True)  # type: ignore[attr-defined]
        self._environment.filters |= {"instant": words.instant, "dated": dated, "antal": words.antal, "said": said}
        self._environment.globals |= {"static": self.static, "sv": as_written, "figures": figures, "listed": listed}

    def read(self, templates: Iterable[str]) -> None:
        """Read some templates before they are first drawn, which takes as long as drawing them ten times."""
        for name in templates:
            self._environment.get_template(name)

    def part(self, template: str, **known: Any) -> Markup:
        """A part of a page, which follows from what is given alone."""
        return Markup(self._environment.get_template(template).render(known))  # noqa: S704 - templates escape

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
        visitor, auth = current(), self._house.identity.signing.auth
        shared = {
            **self._who(visitor, auth),
            "kommun": self.kommun(),
            "language": spoken().code,
            "other_languages": [(code, name) for code, name in LANGUAGES.items() if code != spoken().code],
            "again": AGAIN.get(),
            "menu": self._menu_of(visitor, chosen),
            "has_keys": _has_keys(visitor),
            "may_see_attempts": bool(visitor and may_follow(visitor, "/rapporter/avvisade")),
            "may_see_periods": bool(visitor and may_follow(visitor, "/perioder")),
            "short_list": self.report_links()[: len(FIRST)],
            "is_open": self._is_open(),
        }
        html = self._environment.get_template(template).render({**shared, **known})
        shown = with_field(followable(html, visitor), visitor.csrf if visitor else "")
        return HTMLResponse(shown, http_status, headers)

    def _who(self, visitor: Visitor | None, auth: str) -> dict[str, Any]:
        """Who asks, in words, and how they came in."""
        if visitor is None:
            return {"caller": "", "auth": auth, "is_signed_in": False, "may_change_role": False, "may_write": False}
        caller = visitor.caller
        name = self._name(caller.actor) if visitor.how == "session" else None
        return {
            "caller": f"{name or caller.actor} · {_(ROLES.get(caller.roll, caller.roll))}",
            "auth": auth,
            "is_signed_in": visitor.how == "session",
            "may_change_role": len(visitor.roller) > 1,
            "may_write": WriteKommentar in RIGHTS.get(caller.roll, ()) and not visitor.only_reads,
        }

    def _name(self, actor: str) -> str | None:
        """A person's name in the directory, also when it cannot be asked."""
        try:
            return self._house.identity.katalog.name_of(actor)
        except Exception:  # noqa: BLE001 - a page that says no must be drawn whatever is broken
            return None

    def kommun(self) -> str:
        """The municipality's name, also when the ledger cannot be asked."""
        try:
            return self._house.ledger.kommun or _("Kommunen")
        except Exception:  # noqa: BLE001 - a page that says no must be drawn whatever is broken
            return _("Kommunen")

    def _menu_of(self, visitor: Visitor | None, chosen: str) -> list[dict[str, Any]]:
        """The menu of a visitor; what waits is counted, and left out where there is nothing that can wait."""
        links = [link for link in self.menu(chosen) if visitor and may_follow(visitor, link["href"])]
        waits = self.waits_for(visitor)
        if waits is None:
            return [link for link in links if link["href"] != "/att-gora"]
        return [{**link, "count": len(waits) if link["href"] == "/att-gora" else 0} for link in links]

    def waits_for(self, visitor: Visitor | None) -> tuple[Syssla, ...] | None:
        """What waits for a visitor; None where nothing can wait for anybody, or it cannot be asked."""
        try:
            return self._waiting.things(visitor.caller) if visitor else None
        except Exception:  # noqa: BLE001 - a page that says no must be drawn whatever is broken
            return None

    def _is_open(self) -> bool:
        """Whether no mandate is recorded, also when the ledger cannot be asked: then nothing is said of it."""
        try:
            log = self._house.ledger.log
            return mode(log, log.head().position) == OPEN
        except Exception:  # noqa: BLE001 - a page that says no must be drawn whatever is broken
            return False

    def menu(self, chosen: str) -> list[dict[str, Any]]:
        """The pages that are always at hand; a report that is not one of them stands under all reports."""
        named = {link[0] for link in MENU}
        marked = "rapporter" if chosen in self._house.reports.reports and chosen not in named else chosen
        return [{"text": _(text), "href": href, "current": name == marked, "count": 0} for name, text, href in MENU]

    def report_links(self) -> list[dict[str, Any]]:
        """Every report as a link, those that people ask for first before the others."""
        reports = self._house.reports.reports
        order = [name for name in FIRST if name in reports] + [name for name in reports if name not in FIRST]
        return [
            {
                "text": phrase(reports[name].rubrik),
                "href": f"/rapporter/{name}",
                "about": phrase(reports[name].beskrivning),
                "group": NAMED.get(name) or OF.get(getattr(reports[name].table, "of", ""), OTHERS),
            }
            for name in order
        ]

    def report_groups(self) -> list[dict[str, Any]]:
        """Every report under the heading of what it is of."""
        visitor = current()
        links = [link for link in self.report_links() if visitor and may_follow(visitor, link["href"])]
        headings = dict.fromkeys((*OF.values(), *NAMED.values(), OTHERS))
        groups = [{"rubrik": _(one), "reports": [link for link in links if link["group"] == one]} for one in headings]
        return [group for group in groups if group["reports"]]

    @cached_property
    def _digests(self) -> dict[str, str]:
        files = (HERE / "static").iterdir()
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:12] for file in files if file.is_file()}

    def static(self, name: str) -> str:
        """The address of a static file, which changes when the file does."""
        return f"/static/{name}?v={self._digests[name]}"


def _has_keys(visitor: Visitor | None) -> bool:
    """Whether a visitor makes keys of machines, or is responsible for one."""
    return visitor is not None and (visitor.caller.roll == "admin" or bool(visitor.caller.egna))


def static_files() -> StaticFiles:
    """Stylesheet and script."""
    return StaticFiles(directory=HERE / "static")
