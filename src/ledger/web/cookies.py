"""Cookies: for the whole service, out of reach of scripts and other sites, and by https alone where browsers use it.

Not here: what each of them is called and holds.
"""

from __future__ import annotations

from starlette.responses import Response


def keep(answer: Response, name: str, value: str, seconds: int, *, is_secure: bool) -> None:
    """Ask the browser to keep a value for so long."""
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=is_secure, httponly=True, samesite="lax")


def forget(answer: Response, name: str, *, is_secure: bool) -> None:
    """Ask the browser to keep it no longer."""
    answer.delete_cookie(name, path="/", secure=is_secure, httponly=True, samesite="lax")
