"""The copies of the file that an update leaves: they go once the updated one has proved itself."""

from __future__ import annotations

import logging
from pathlib import Path

_log = logging.getLogger(__name__)


class Backups:
    """The copies beside one database file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def before(self, version: str) -> Path:
        """Where the copy of the file in this version belongs."""
        return self._path.with_name(f"{self._path.name}.{version}.bak")

    def drop(self) -> int:
        """Deletes them: they still hold whoever was erased since. How many; what cannot go now goes another day."""
        copies = list(self._path.parent.glob(f"{self._path.name}.*.bak"))
        for copy in copies:
            try:
                copy.unlink()
            except OSError as error:
                _log.warning("a copy of before an update could not be deleted: %s", type(error).__name__)
                return copies.index(copy)
        return len(copies)
