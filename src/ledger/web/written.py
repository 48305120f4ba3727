"""How texts and cells are written on pages: a table has hundreds of cells, so no template writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from markupsafe import Markup, escape

from ledger.domain.language import SWEDISH, Phrase, said, spoken
from ledger.web.table import Bar, Figure

#: What stays together on a line: a date, and a paragraph with its number.
_WHOLE: Final = re.compile(r"(\d{4}-\d{2}-\d{2}|§ \S+)")

_SWEDISH: Final = Markup(' lang="sv"')
_NOTHING: Final = Markup()


def as_written(text: str = "") -> Markup:
    """What marks an element whose text is Swedish in every language, as people wrote it; nothing on Swedish pages.

    With the text, only where it is not the program's own words, or they are not known in the language.
    """
    is_said = spoken() is SWEDISH or (type(text) is Phrase and text.is_known)
    return _NOTHING if is_said else _SWEDISH


def dated(text: str) -> Markup:
    """A text whose dates and paragraphs do not break across lines."""
    parts = _WHOLE.split(text)
    if len(parts) == 1:
        return escape(text)
    parts[1::2] = [f'<span class="andra">{escape(part)}</span>' for part in parts[1::2]]
    parts[::2] = map(escape, parts[::2])
    return Markup("".join(parts))  # noqa: S704 - every part is escaped


def figures(cells: Iterable[Figure]) -> Markup:
    """The cells of a row of a report, with the bars beside those that have one."""
    return Markup("".join(map(_figure, cells)))  # noqa: S704 - every text in it is escaped


def listed(cells: Iterable[Figure]) -> Markup:
    """The cells of a row of a list."""
    return Markup("".join(map(_listed, cells)))  # noqa: S704 - every text in it is escaped


def _figure(of: Figure) -> str:
    kinds = ("n" if of.is_number else "") + (" huvudtal" if of.is_main else "")
    kind = f' class="{kinds}"' if kinds else ""
    bar = f'<td class="stapel">{_bar(of.bar, of.deficit) if of.bar else ""}</td>' if of.has_bar else ""
    return f"<td{kind}{_language(of)}>{_link(of) if of.href else escape(said(of.text))}</td>{bar}"


def _link(of: Figure) -> str:
    heard = f' aria-label="{escape(of.said)}"' if of.said else ""
    text = f'<span class="minus">{escape(of.text)}</span>' if of.is_deficit else escape(of.text)
    return f'<a href="{escape(of.href)}"{heard}>{text}</a>'


def _bar(bar: Bar, deficit: str) -> str:
    mark, word = (' class="m"', f"<em>{escape(deficit)}</em>") if bar.is_deficit else ("", "")
    drawn = f'<rect{mark} x="{escape(bar.x)}" y="1" width="{escape(bar.width)}" height="7"/><line y2="9"/>'
    return f'<svg viewBox="-50 0 100 9" aria-hidden="true">{drawn}</svg>{word}'


def _listed(of: Figure) -> str:
    kind, text = ' class="n"' if of.is_number else "", said(of.text)
    shown = f'<a href="{escape(of.href)}">{escape(text)}</a>' if of.href else dated(text)
    return f"<td{kind}{_language(of)}>{shown}</td>"


def _language(of: Figure) -> str:
    return as_written(of.text) if of.is_text else ""
