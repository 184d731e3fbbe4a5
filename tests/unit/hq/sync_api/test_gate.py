"""Admission and the count of failed attempts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guide_app.domain.clock import ManualClock
from hq.sync_api.gate import Attempts, Gate
from hq.sync_api.problems import Problem


def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 21, tzinfo=UTC))


def away(gate: Gate) -> int:
    """For how long a full house sends the next caller away."""
    with pytest.raises(Problem) as refused, gate.admitted():
        raise AssertionError("not reached")
    assert (refused.value.status, refused.value.code) == (503, "busy")
    return refused.value.retry_after


def test_a_full_house_says_when_to_come_again() -> None:
    gate = Gate(2, clock())
    with gate.admitted(), gate.admitted():
        assert away(gate) == 2
    with gate.admitted():
        pass


def test_those_sent_away_come_back_as_fast_as_answers_go_out() -> None:
    now = clock()
    gate = Gate(1, now)
    for _ in range(200):  # ten answers a second
        with gate.admitted():
            now.advance(0.1)
    with gate.admitted():
        told = [away(gate) for _ in range(300)]
        assert told[:10] == [2] * 10
        assert 9 <= told[99] <= 11
        assert 28 <= told[299] <= 31
        assert told == sorted(told)
        assert max(away(gate) for _ in range(2000)) == 60
        now.advance(3600)
        assert away(gate) == 2


def test_a_quiet_hour_does_not_make_hq_seem_slow() -> None:
    now = clock()
    gate = Gate(1, now)
    for _ in range(200):
        with gate.admitted():
            now.advance(0.1)
    now.advance(3600)
    with gate.admitted():
        pass
    with gate.admitted():
        told = [away(gate) for _ in range(50)]
    assert told[-1] <= 11


def test_an_error_inside_gives_the_place_back() -> None:
    gate = Gate(1, clock())

    def broken() -> None:
        with gate.admitted():
            raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            broken()


def test_too_many_failures_of_one_address_are_stopped_for_a_while() -> None:
    now = clock()
    attempts = Attempts(now, limit=2, window_s=60)
    for _ in range(2):
        attempts.check("10.0.0.1")
        attempts.count("10.0.0.1")
    attempts.check("10.0.0.2")
    with pytest.raises(Problem) as refused:
        attempts.check("10.0.0.1")
    assert (refused.value.status, refused.value.code) == (429, "too_often")
    assert 0 < refused.value.retry_after <= 61
    now.advance(61)
    attempts.check("10.0.0.1")
