"""Starting a process on a recorded disk, and a place in memory for all that a proof writes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.proofs.disk import recorder

ROOT = Path(__file__).resolve().parents[3]
_MEMORY = Path("/dev/shm")  # Linux's file system in memory: the disk's slowness is not what is proved


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None) as folder:
        yield Path(folder)


def on_recorded_disk(folder: Path, module: str, *arguments: str, told: str = "", limit_s: float = 600) -> str:
    """Runs a module under the recorder, with its temporary files in the folder too; all it said. Raises on failure.

    `told` is its standard input.
    """
    (folder / "tmp").mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "LD_PRELOAD": str(recorder.build(folder)),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(folder / "tmp"),
        "SQLITE_TMPDIR": str(folder / "tmp"),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", module, *arguments], cwd=ROOT, env=environment, text=True, input=told,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit_s, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout
