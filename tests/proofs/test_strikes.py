"""Quick doses of the proofs that kill the process and fail its disk, call by call."""

from __future__ import annotations

from tests.proofs import disk_faults, kills
from tests.proofs.disk.striking import strike
from tests.proofs.disk.struck import Scene, Strike


def test_killed_at_calls_spread_over_the_work_nothing_saved_is_lost() -> None:
    summary = kills.run(every=60, seed=3)
    assert summary.passed, str(summary)
    assert summary.counts["processes killed"] == summary.counts["strikes"] > 20


def test_a_full_or_failing_disk_never_makes_the_store_say_saved_of_what_is_not() -> None:
    summary = disk_faults.run(every=120, seed=3)
    assert summary.passed, str(summary)
    assert summary.counts["transactions told as not saved"] > 20
    assert summary.counts["reserves given back"] > 0


def test_without_a_strike_all_work_is_saved_and_reaches_hq() -> None:
    scenes: tuple[Scene, ...] = ("first", "day", "update")
    came = [strike([Strike(scene)], seed=3)[0] for scene in scenes]
    assert [(one.refused, one.killed, one.violations) for one in came] == [(0, False, [])] * 3
    assert min(one.saved for one in came[:2]) > 0
