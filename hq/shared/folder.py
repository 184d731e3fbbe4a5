"""The folder that the processes of a running HQ share. What an HQ left behind that was killed goes at the next start.

Whose HQ still runs is told by a lock, which the system lets go of with the process that holds it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "guide-hq-shared-"
_LOCK = "running"
_log = logging.getLogger(__name__)


@contextmanager
def shared_folder() -> Iterator[Path]:
    """A new folder for as long as this lasts; those of HQs that run no more are deleted first."""
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        new = folder / f"{_LOCK}.new"
        file = os.open(new, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            new.rename(folder / _LOCK)  # only a folder whose lock stands there is anybody's to judge
            yield folder
        finally:
            os.close(file)


def _sweep(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        try:
            file = os.open(folder / _LOCK, os.O_RDWR)
        except OSError:
            continue  # another account's, or one that is just being made
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
            _log.info("what an HQ that was killed had left behind is gone: %s", folder.name)
        finally:
            os.close(file)
