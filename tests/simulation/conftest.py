"""The seeds of a test run: always the same, so that a run fails by what was changed. `make prove` plays fresh ones."""

from __future__ import annotations

SEEDS = range(1, 2001)
SLICE = 50
"""Of them, in one test."""


def pytest_report_header() -> str:
    """Names the seeds."""
    return f"simulation: seeds {SEEDS.start}..{SEEDS.stop - 1}"
