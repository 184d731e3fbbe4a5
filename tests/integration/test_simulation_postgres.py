"""A few simulated worlds whose HQ is a real PostgreSQL; `make simulate PG=1` plays as many as one likes."""

from __future__ import annotations

import subprocess
import sys


def test_worlds_over_a_real_database_end_in_step() -> None:
    """In a process of its own: Django keeps one database."""
    command = [sys.executable, "-m", "tests.simulation", "1..10", "--postgres"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "schedules: 10 " in told.stdout
    assert "violations: 0" in told.stdout
