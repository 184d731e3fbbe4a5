"""One process a data folder: two sync loops over one database would each undo what the other knows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide_app.adapters.files import make_folder
from guide_app.domain.errors import NotSaved, StoreUnusable


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Holds the folder while the context lasts; the system lets go of it when the process ends, however it ends.

    Raises StoreUnusable("already_running") when another process has it, NotSaved where the folder cannot be written.
    """
    try:
        make_folder(folder)
        handle = os.open(folder / "running.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise NotSaved("disk_failed", type(error).__name__) from error
    try:
        try:
            _lock(handle)
        except OSError as error:
            raise StoreUnusable("already_running") from error
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
