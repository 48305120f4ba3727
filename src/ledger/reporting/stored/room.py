"""Memory that was given back is kept for the next question.

A question about a million entries makes a dozen columns of some megabytes each. By itself the C library asks the
operating system for such a column and gives it back at once, and every page of it is a fault the next time: thousands a
question, which cost as much as all that is worked out.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Final

#: Bytes that are kept of what was given back, by each of so many arenas.
KEPT: Final = 64 * 2**20
ARENAS: Final = 4

#: Columns of fewer bytes are taken from what is kept; the library knows no larger number.
COLUMN: Final = 32 * 2**20

#: What `mallopt` calls them: M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX.
SETTINGS: Final = ((-1, KEPT), (-3, COLUMN), (-8, ARENAS))


@cache
def keep_room() -> bool:
    """Let this process keep it; whether its C library is one that can be told."""
    tell = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    return tell is not None and all(tell(*setting) for setting in SETTINGS)
