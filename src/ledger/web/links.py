"""Links on a page that its reader may not follow: they become their words, whoever drew them."""

from __future__ import annotations

import re
from typing import Final

from ledger.web.allowed import refusal
from ledger.web.visitor import Visitor

_LINK: Final = re.compile(r'<a\b[^>]*?\shref="(/[^"?#]*)[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


def may_follow(visitor: Visitor, href: str) -> bool:
    """Whether a link leads a visitor somewhere."""
    return visitor.how == "oppet" or refusal("GET", href, visitor.caller.roll) is None


def followable(html: str, visitor: Visitor | None) -> str:
    """A page for a visitor, without the links that would be answered with a no."""
    if visitor is None or visitor.how == "oppet":
        return html
    return _LINK.sub(lambda link: link[0] if may_follow(visitor, link[1]) else f"<span>{link[2]}</span>", html)
