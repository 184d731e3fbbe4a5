"""Admission and the count of failed attempts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guide_app.domain.clock import ManualClock
from hq.sync_api.gate import Attempts, Gate
from hq.sync_api.problems import Problem


def test_a_full_house_says_when_to_come_again() -> None:
    gate = Gate(2, retry_after_s=3)
    with gate.admitted(), gate.admitted(), pytest.raises(Problem) as refused, gate.admitted():
        raise AssertionError("not reached")
    assert (refused.value.status, refused.value.retry_after) == (503, 3)
    with gate.admitted():
        pass


def test_an_error_inside_gives_the_place_back() -> None:
    gate = Gate(1)

    def broken() -> None:
        with gate.admitted():
            raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            broken()


def test_too_many_failures_of_one_address_are_stopped_for_a_while() -> None:
    clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    attempts = Attempts(clock, limit=2, window_s=60)
    for _ in range(2):
        attempts.check("10.0.0.1")
        attempts.count("10.0.0.1")
    attempts.check("10.0.0.2")
    with pytest.raises(Problem) as refused:
        attempts.check("10.0.0.1")
    assert (refused.value.status, refused.value.code) == (429, "too_often")
    assert 0 < refused.value.retry_after <= 61
    clock.advance(61)
    attempts.check("10.0.0.1")
