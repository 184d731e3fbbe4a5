"""A dose of `kills`: the thousand are for `python -m tests.e2e.kills`."""

from __future__ import annotations

from tests.e2e.kills import run


def test_forty_kills_lose_and_double_nothing() -> None:
    verdict = run(40, seed=20261122)
    assert verdict.made > 40
    assert (verdict.lost, verdict.doubled, verdict.undrained) == (0, 0, 0)
    assert (verdict.without_effect, verdict.stock_wrong_by, verdict.parked) == (0, 0, 0)
    assert verdict.at_hq >= verdict.made


def test_the_control_finds_doubled_work() -> None:
    """With idempotence switched off on both sides the same measuring must find it."""
    verdict = run(20, seed=20261122, idempotent=False)
    assert verdict.doubled > 0
