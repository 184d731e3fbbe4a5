"""A dose of `kills`: the thousand are for `python -m tests.e2e.kills`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def kills(*arguments: str, well: bool = True, seed: int = 20261122) -> dict[str, int]:
    """What a run prints, by name; it forks, so it is a process of its own. `well`: it must end with 0."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.kills", "--seed", str(seed), *arguments],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert not well or done.returncode == 0, done.stdout + done.stderr
    return {name.strip(): int(number) for name, number in re.findall(r"^([a-z ]+?) +(\d+)$", done.stdout, re.M)}


def test_forty_kills_lose_and_double_nothing() -> None:
    found = kills("--kills", "40")
    assert found["made"] > 40
    assert found["at hq"] >= found["made"]
    wrong = {"lost", "doubled", "without effect", "stock wrong by", "parked", "undrained"}
    assert {name: found[name] for name in wrong} == dict.fromkeys(wrong, 0)


def test_the_control_finds_doubled_work() -> None:
    """With idempotence switched off on both sides the same measuring must find it: a kill has to meet an answer."""
    doubled = (kills("--kills", "20", "--no-idempotence", well=False, seed=seed)["doubled"] for seed in range(1, 7))
    assert any(doubled)
