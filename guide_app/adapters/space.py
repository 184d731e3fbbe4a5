"""How much room the tablet's data takes and what is left for it."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path


class FolderSpace:
    """The space of one data folder, in bytes; asked off the event loop's thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def used(self) -> int:
        """What the folder holds."""
        return await asyncio.to_thread(self._used)

    async def free(self) -> int:
        """What is left on its disk."""
        return (await asyncio.to_thread(shutil.disk_usage, self._folder)).free

    def _used(self) -> int:
        return sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())
