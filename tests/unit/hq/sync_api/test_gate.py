"""Admission and the count of failed attempts."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime

import msgspec
import pytest

from guide_app.domain.clock import ManualClock
from hq.sync_api.gate import Attempts, Gate, comes_first
from hq.sync_api.problems import Problem
from sync.protocol import codec
from sync.protocol.messages import SyncRequest, WireOp
from tests.ops import Maker, new_id


def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 21, tzinfo=UTC))


def away(gate: Gate) -> int:
    """For how long a full house sends the next caller away."""
    with pytest.raises(Problem) as refused, gate.admitted(first=True):
        raise AssertionError("not reached")
    assert (refused.value.status, refused.value.code) == (503, "busy")
    return refused.value.retry_after


def test_a_full_house_says_when_to_come_again() -> None:
    gate = Gate(2, clock())
    with gate.admitted(first=True), gate.admitted(first=True):
        assert away(gate) == 2
    with gate.admitted(first=True):
        pass


@pytest.mark.parametrize(("limit", "others"), [(64, 48), (4, 3), (3, 3), (1, 1)])
def test_places_are_kept_for_what_comes_first(limit: int, others: int) -> None:
    gate = Gate(limit, clock())
    with ExitStack() as house:
        for _ in range(others):
            house.enter_context(gate.admitted(first=False))
        with pytest.raises(Problem), gate.admitted(first=False):
            raise AssertionError("not reached")
        for _ in range(limit - others):
            house.enter_context(gate.admitted(first=True))
        away(gate)
    with gate.admitted(first=False):
        pass


def test_it_is_told_from_the_outside_who_comes_first() -> None:
    """What an idle tablet sends, and the smallest operation there is."""
    assert not comes_first("/v1/sync", 0)
    assert not comes_first("/v1/sync", size_of([]))
    maker = Maker(new_id(), new_id())
    assert comes_first("/v1/sync", size_of([maker.op("staff.set_pin", {})]))
    assert all(comes_first(path, 0) for path in ("/v1/enrol", "/v1/lease", "/v1/lookup"))
    assert not any(
        comes_first(path, 5000) for path in ("/v1/verify", "/v1/events", "/v1/radar", "/v1/openapi.json", "/other")
    )


def size_of(ops: list[WireOp]) -> int:
    """Bytes of a tablet's request as it is sent."""
    request = SyncRequest(
        incarnation=new_id(), epoch="0a1b2c3d4e5f", next_seq=1_000_000, want=codec.MAX_WANT,
        after={f"scope{number:07d}": 1_000_000 + number for number in range(4)},
        ops=[msgspec.Raw(codec.encode(op)) for op in ops],
    )  # fmt: skip
    return len(codec.pack(codec.encode(request), "zstd"))


def test_those_sent_away_come_back_as_fast_as_answers_go_out() -> None:
    now = clock()
    gate = Gate(1, now)
    for _ in range(200):  # ten answers a second
        with gate.admitted(first=True):
            now.advance(0.1)
    with gate.admitted(first=True):
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
        with gate.admitted(first=True):
            now.advance(0.1)
    now.advance(3600)
    with gate.admitted(first=True):
        pass
    with gate.admitted(first=True):
        told = [away(gate) for _ in range(50)]
    assert told[-1] <= 11


def test_an_error_inside_gives_the_place_back() -> None:
    gate = Gate(1, clock())

    def broken() -> None:
        with gate.admitted(first=True):
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
