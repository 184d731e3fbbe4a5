"""HQ as it is served, against the independent client of the contract: every check passes, none is left out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CHECKS = Path(__file__).parent / "conformance" / "checks.py"


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


@contextmanager
def served(data: Path) -> Iterator[str]:
    """`guide-hq serve` on any free port; gives its address, and ends it in good order."""
    command = python("-m", "hq.cli", "serve", "--data", str(data), "--port", "0")
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[-1]
        finally:
            server.terminate()
            assert server.wait(30) == 0


def made(data: Path) -> dict[str, Any]:
    """A small chain in the data folder, with codes."""
    done = subprocess.run(python("-m", "tests.shop", str(data)), cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_hq_passes_every_check_of_the_independent_client() -> None:
    with tempfile.TemporaryDirectory(prefix="guide-hq-") as folder:
        Path(folder).chmod(0o711)  # the database server's own account passes through it
        data = Path(folder) / "data"
        codes = made(data)["codes"]
        with served(data) as url:
            told = zip(("--code", "--code2", "--code3", "--other"), codes, strict=True)
            arguments = [text for pair in told for text in pair]
            command = python(str(CHECKS), "--url", url, *arguments)
            environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 failed, 0 not supported" in done.stdout.splitlines()[-1]
    assert done.stdout.splitlines()[-1].startswith("26 passed")
