"""What the tests of pages share."""

from tests.web.browsing import chromium

__all__ = ["chromium"]
