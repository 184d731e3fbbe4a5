"""What the operating system must be told so that a name in a folder outlasts a power cut."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Returns once the names of the files in the folder are on disk. Raises OSError."""
    with contextlib.suppress(PermissionError):  # Windows opens no folders; its rename is durable by itself
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
