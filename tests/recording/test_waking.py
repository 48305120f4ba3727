"""How often the log is looked at by who cannot be told that it has grown."""

from __future__ import annotations

import pytest

from ledger.recording.waking import QUICK, SELDOM, Pulse


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_log_that_grows_is_looked_at_often_and_one_that_rests_seldom() -> None:
    clock = Clock()
    pulse = Pulse(clock)
    pulse.note(7)
    assert pulse.pause(0.02) == QUICK
    clock.now += 1
    pulse.note(7)
    assert pulse.pause(0.02) == pytest.approx(0.05)
    clock.now += 100
    assert pulse.pause(0.02) == SELDOM
    assert pulse.pause(0.25) == 0.25
    pulse.note(8)
    assert pulse.pause(0.25) == QUICK
