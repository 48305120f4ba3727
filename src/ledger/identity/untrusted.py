"""Why a proof of who somebody is was not believed. What is told outside says no more than the sentence."""

from __future__ import annotations


class Untrusted(Exception):  # noqa: N818 - named as what is so
    """A sign-in, a token or a session is not to be believed. Swedish."""


class ProviderIsAway(Exception):  # noqa: N818 - named as what is so
    """The identity provider does not answer, or says something that cannot be used. Swedish."""
