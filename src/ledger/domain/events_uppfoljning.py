"""Facts of follow-up that move no money: values beside the figures, measures that a unit takes. Continues events.py."""

from __future__ import annotations
