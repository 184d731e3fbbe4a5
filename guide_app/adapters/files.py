"""Folders and small files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from guide_app.services.durable import sync_folder


def make_folder(path: Path) -> None:
    """Makes the folder for its owner alone, and those above it; each is synced into the one above. Raises OSError."""
    new = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in new:
        sync_folder(folder.parent)


def write_whole(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Writes the file beside its place, syncs it, renames it there and syncs the folder. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
