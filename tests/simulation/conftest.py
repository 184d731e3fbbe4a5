"""Where this run's seeds begin: fixed ones, then some that no run had before, told so that they can be replayed."""

from __future__ import annotations

import os
import time

FIXED = range(1, 1001)
BASE = int(os.environ.get("GUIDE_SIM_BASE") or time.time()) * 1_000
"""The first of the random seeds; `GUIDE_SIM_BASE` (seconds since 1970) plays those of an earlier run."""
RANDOM = range(BASE, BASE + 1_000)
SLICE = 50


def pytest_report_header() -> str:
    """Names the random seeds."""
    return f"simulation: seeds {FIXED.start}..{FIXED.stop - 1} and {RANDOM.start}..{RANDOM.stop - 1}"
