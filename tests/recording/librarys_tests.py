"""The library's own recorder tests, importable without the cipher that only its mapper tests use.

`eventsourcing.tests.persistence` imports `eventsourcing.cipher`, which needs pycryptodome; no recorder test touches it.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType

if importlib.util.find_spec("Crypto") is None and "eventsourcing.cipher" not in sys.modules:
    _cipher = ModuleType("eventsourcing.cipher")
    vars(_cipher)["AESCipher"] = object
    sys.modules["eventsourcing.cipher"] = _cipher
    try:
        importlib.import_module("eventsourcing.tests.persistence")
    finally:
        del sys.modules["eventsourcing.cipher"]

from eventsourcing.tests.persistence import ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase

__all__ = ["ApplicationRecorderTestCase", "NonInterleavingNotificationIDsBaseCase"]
