"""What somebody did lately, as several processes count it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guide_app.domain.clock import ManualClock
from hq.shared.moments import Moments
from hq.sync_api.gate import Attempts
from hq.sync_api.problems import Problem

NOTING = (
    "import sys; from hq.shared.moments import Moments; from pathlib import Path\nm = Moments({kept}, Path({path!r}))"
)


def test_only_ones_own_and_only_what_is_later() -> None:
    moments = Moments(10)
    for who, at in (("a", 1.0), ("b", 2.0), ("a", 3.0), ("a", 2.5)):
        moments.note(who, at)
    assert moments.since("a", 1.0) == [2.5, 3.0]
    assert moments.since("b", 0) == [2.0]
    assert moments.since("c", 0) == []


def test_the_oldest_gives_way(tmp_path: Path) -> None:
    one, other = Moments(3, tmp_path / "m"), Moments(3, tmp_path / "m")
    for at in range(1, 5):
        (one if at % 2 else other).note("a", float(at))
    assert one.since("a", 0) == other.since("a", 0) == [2.0, 3.0, 4.0]


def test_processes_that_note_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "moments"
    script = NOTING.format(kept=4000, path=str(path)) + "\nfor n in range(500): m.note(sys.argv[1], 1.0 + n)"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, who], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        )
        for who in ("a", "b", "c")
    ]
    assert [one.wait(30) for one in running] == [0, 0, 0]
    seen = Moments(4000, path)
    assert [len(seen.since(who, 0)) for who in ("a", "b", "c")] == [500, 500, 500]


def test_a_process_that_dies_while_it_notes_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "moments"
    script = NOTING.format(kept=9, path=str(path)) + (
        "\nimport os, signal\nwith m._memory.changing(): os.kill(os.getpid(), signal.SIGKILL)"
    )
    dead = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, check=False
    )
    assert dead.returncode == -9
    moments = Moments(9, path)
    moments.note("a", 1.0)
    assert moments.since("a", 0) == [1.0]


def test_attempts_are_counted_in_all_processes(tmp_path: Path) -> None:
    now = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    one, other = (Attempts(now, limit=2, path=tmp_path / "attempts") for _ in range(2))
    for attempts in (one, other):
        attempts.check("10.0.0.1")
        attempts.count("10.0.0.1")
    for attempts in (one, other):
        with pytest.raises(Problem, match="too_often"):
            attempts.check("10.0.0.1")
