"""Runs the checks and the tests, two at a time, and closes with one line: `N passed, N failed`.

A checker (ruff, mypy, …) counts as one; a pytest process counts as many as its JUnit file says. A skipped test counts
as failed: what was not run was not shown to work.
"""

import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"
LIMIT_SECONDS = 40 * 60


@dataclass(frozen=True)
class Job:
    """One process to run; `tests` are the folders when it is a pytest."""

    name: str
    command: tuple[str, ...]
    tests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    passed: int
    failed: int


def tool(name: str, *command: str) -> Job:
    return Job(name, (sys.executable, "-m", *command))


def suite(name: str, *folders: str, without: Sequence[str] = ()) -> Job:
    present = tuple(folder for folder in folders if any((ROOT / folder).rglob("test_*.py")))
    told = f"--junit-xml={REPORTS / name}.xml", f"-o=junit_suite_name={name}"
    left_out = (f"--ignore={folder}" for folder in without)
    return Job(name, (sys.executable, "-m", "pytest", "-q", *told, *left_out, *present), present)


CHECKS = (
    tool("mypy", "mypy"),
    tool("ruff check", "ruff", "check", "."),
    tool("ruff format", "ruff", "format", "--check", "."),
    suite("architecture", "tests/architecture"),
)
VIEW_MODELS = ("tests/qt/viewmodels", "tests/qt/runtime")
# Longest first, so that neither of the two lanes waits long for the other at the end.
TESTS = (
    suite("pages", "tests/qt", without=VIEW_MODELS),
    suite("proofs", "tests/proofs", "tests/golden"),
    suite("integration", "tests/integration"),
    suite("e2e", "tests/e2e"),
    suite("contract", "tests/contract"),
    suite("view-models", *VIEW_MODELS),
    suite("simulation", "tests/simulation", "tests/property"),
    suite("unit", "tests/unit"),
)


def run(job: Job) -> Outcome:
    """Run one job to its end, show what it said, and count."""
    if job.command[2] == "pytest" and not job.tests:
        return Outcome(0, 0)
    report = REPORTS / f"{job.name}.xml"
    report.unlink(missing_ok=True)
    started = time.monotonic()
    process = subprocess.Popen(
        job.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        said, _ = process.communicate(timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said = process.communicate()[0] + f"\nStopped: it took longer than {LIMIT_SECONDS // 60} minutes."
    outcome = count(report, process.returncode) if job.tests else single(process.returncode)
    print(f"── {job.name} ({time.monotonic() - started:.0f} s)\n{said.rstrip()}", flush=True)
    return outcome


def single(code: int) -> Outcome:
    return Outcome(0, 1) if code else Outcome(1, 0)


def count(report: Path, code: int) -> Outcome:
    """Read pytest's JUnit file. A run that broke off, or ended badly without a failed test, counts as one failure."""
    if not report.exists():
        return Outcome(0, 1)
    suites = ET.parse(report).getroot().iter("testsuite")
    total = failed = 0
    for each in suites:
        total += int(each.get("tests", 0))
        failed += sum(int(each.get(kind, 0)) for kind in ("failures", "errors", "skipped"))
    return Outcome(max(total - failed, 0), failed or (1 if code else 0))


def main(arguments: Sequence[str]) -> int:
    """Run the quick part (`check`) or everything; the exit code is 0 only when nothing failed."""
    jobs = CHECKS if list(arguments) == ["check"] else (*TESTS, *CHECKS)
    REPORTS.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=2) as lanes:
        outcomes = list(lanes.map(run, jobs))
    passed, failed = (sum(getattr(outcome, kind) for outcome in outcomes) for kind in ("passed", "failed"))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
