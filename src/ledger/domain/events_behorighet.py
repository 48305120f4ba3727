"""Facts of who may do what, and of matters on their way to a decision. Continues events.py."""

from __future__ import annotations
