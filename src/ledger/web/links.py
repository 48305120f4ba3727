"""Addresses that lead on: links that a page's reader may not follow become their words, and no form leads away."""

from __future__ import annotations

import re
from typing import Final

from ledger.web.allowed import refusal
from ledger.web.visitor import Visitor

_LINK: Final = re.compile(r'<a\b[^>]*?\shref="(/[^"?#]*)[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


#: Characters of an address that is gone back to.
LONGEST_ADDRESS: Final = 1_000


def own_address(given: str) -> str:
    """An address of the service itself to go to after; the first page for any other."""
    is_own = given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable() and given.isascii()
    return given if is_own and len(given) <= LONGEST_ADDRESS else "/"


def may_follow(visitor: Visitor, href: str) -> bool:
    """Whether a link leads a visitor somewhere."""
    return visitor.how == "oppet" or refusal("GET", href, visitor.caller.roll) is None


def followable(html: str, visitor: Visitor | None) -> str:
    """A page for a visitor, without the links that would be answered with a no."""
    if visitor is None or visitor.how == "oppet":
        return html
    return _LINK.sub(lambda link: link[0] if may_follow(visitor, link[1]) else f"<span>{link[2]}</span>", html)
