"""Which language sentences are in: Swedish as they are written, or another through its catalogue.

Every sentence stands in the code in Swedish and is marked: `_("…")` says it in the language of whoever is spoken to,
`_n` picks one or many, `N_` only marks what is said later. Names in braces are filled in afterwards, so that they are
the same in every language. Which languages there are is known outside.

What is worked out once and shown to many is a `phrase`: Swedish text that remembers how it was made, so that `said`
can say it in another language. A text that people wrote is none, and is said as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, Self


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A language: its code, what each Swedish sentence is in it, and in one and many those that count."""

    code: str
    texts: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, tuple[str, str]] = field(default_factory=dict)


#: What everything is written in; nothing needs to be looked up.
SWEDISH: Final = Catalogue("sv")

_SPOKEN: Final[ContextVar[Catalogue]] = ContextVar("language", default=SWEDISH)


def spoken() -> Catalogue:
    """The language that is spoken now."""
    return _SPOKEN.get()


@contextmanager
def speaking(catalogue: Catalogue) -> Iterator[None]:
    """Speak a language for a while."""
    token = _SPOKEN.set(catalogue)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def _(text: str) -> str:
    """A sentence in the language that is spoken; in Swedish where it has none there."""
    return _SPOKEN.get().texts.get(text, text)


def _n(one: str, many: str, count: int) -> str:
    """The sentence for one or for many."""
    forms = _SPOKEN.get().plurals.get(one, (one, many))
    return forms[count != 1]


def N_(text: str) -> str:  # noqa: N802 - what gettext calls it
    """A sentence that is said later: only marked, as it is."""
    return text


class Phrase(str):
    """Swedish words of the program, with the sentence and the values that they were made of."""

    __slots__ = ("forms", "known")

    forms: tuple[str, ...]
    known: dict[str, Any]

    def __new__(cls, forms: tuple[str, ...], known: dict[str, Any]) -> Self:
        """The words of one form, or of one and many by the `count` that is known."""
        text = forms[len(forms) > 1 and known["count"] != 1]
        made = super().__new__(cls, text.format(**known) if known else text)
        made.forms, made.known = forms, known
        return made

    def __getnewargs__(self) -> tuple[tuple[str, ...], dict[str, Any]]:  # type: ignore[override]
        """What it is made of again in another process."""
        return self.forms, self.known

    @property
    def is_known(self) -> bool:
        """Whether the language that is spoken has the sentence."""
        language = _SPOKEN.get()
        return self.forms[0] in (language.texts if len(self.forms) == 1 else language.plurals)

    def again(self) -> str:
        """The same in the language that is spoken."""
        text = _(self.forms[0]) if len(self.forms) == 1 else _n(self.forms[0], self.forms[1], self.known["count"])
        return text.format(**{name: said(value) for name, value in self.known.items()}) if self.known else text


def phrase(text: str, /, **known: Any) -> Phrase:
    """A sentence in Swedish, with the names in its braces filled in, that `said` can say again."""
    return text if type(text) is Phrase else Phrase((text,), known)


def phrase_n(one: str, many: str, count: int, /, **known: Any) -> Phrase:
    """A sentence for one or for many, which may name `{count}`."""
    return Phrase((one, many), {"count": count, **known})


def plain_text(value: Any) -> str:
    """A phrase as the Swedish text that it is, for writers that know no phrases. Errors: NotImplementedError."""
    if type(value) is not Phrase:
        raise NotImplementedError
    return str(value)


class Said:
    """A thing whose phrases are heard in the language that is spoken."""

    __slots__ = ("_of",)

    def __init__(self, of: object) -> None:
        """Listen to one thing."""
        self._of = of

    def __getattr__(self, name: str) -> Any:
        """A field of it."""
        return said(getattr(self._of, name))


def said(value: Any) -> Any:
    """A phrase in the language that is spoken; anything else, such as a text that people wrote, as it is."""
    return value if type(value) is not Phrase or spoken() is SWEDISH else value.again()
