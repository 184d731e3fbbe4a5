"""How much room the tablet's data takes and has left."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path


class FolderSpace:
    """The room of one folder and of the disk under it, in bytes; looked up off the UI thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def used(self) -> int:
        """What the files of the folder take; one that vanishes meanwhile counts nothing."""
        return await asyncio.to_thread(self._used)

    async def free(self) -> int:
        """What is left on the disk."""
        return await asyncio.to_thread(lambda: shutil.disk_usage(self._folder).free)

    def _used(self) -> int:
        total = 0
        for path in self._folder.rglob("*"):
            try:
                total += path.stat().st_size if path.is_file() else 0
            except FileNotFoundError:
                continue
        return total
