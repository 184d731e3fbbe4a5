"""One file for whoever looks after this tablet: how it stands and what its log says, without personal data.

JSON in UTF-8: what is counted and measured, and the end of the log, which masks what looks like a phone or a secret.
"""

from __future__ import annotations

import asyncio
import json
import platform
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from guide_app.adapters.files import write_whole
from guide_app.adapters.logs import mask
from guide_app.domain.clock import Clock, to_text
from guide_app.domain.errors import NotSaved
from guide_app.services.ports.device import FactsReader
from guide_app.services.ports.engine import SyncView

_LOG_LINES = 2000


class DiagnosticsFile:
    """Implements `guide_app.services.ports.device.Diagnostics`. `view`: how it stands with HQ, None where no app
    runs."""

    def __init__(
        self, *, folder: Path, data: Path, logs: Path, facts: FactsReader, clock: Clock, app_version: str,
        view: Callable[[], SyncView] | None = None,
    ) -> None:  # fmt: skip
        """`folder`: where files are put; `data` and `logs`: the tablet's own folders."""
        self._folder, self._data, self._logs = folder, data, logs
        self._facts, self._clock, self._app_version, self._view = facts, clock, app_version, view

    async def save(self) -> str:
        now = self._clock.now()
        told = {
            "made_at": to_text(now),
            "app": self._app_version,
            "python": platform.python_version(),
            "platform": platform.platform(),
            "sync": msgspec.to_builtins(self._view()) if self._view else None,
            **await self._facts.facts(),
        }
        path = self._folder / f"store-guide-{now:%Y%m%d-%H%M%S}.json"
        await asyncio.to_thread(self._write, path, told)
        return str(path)

    def _write(self, path: Path, told: dict[str, Any]) -> None:
        try:
            usage = shutil.disk_usage(self._data)
            whole = {**told, "disk": {"free": usage.free, "size": usage.total}, "log": self._log()}
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps(whole, ensure_ascii=False, indent=1).encode())
        except OSError as error:
            raise NotSaved("disk_failed", type(error).__name__) from error

    def _log(self) -> list[str]:
        """The last lines, oldest first. Lines of before this version may hold what is masked today: masked again."""
        lines = list[str]()
        for path in sorted(self._logs.glob("store-guide.log*"), key=_age, reverse=True):
            lines += path.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line[:_STAMP] + mask(line[_STAMP:]) for line in lines[-_LOG_LINES:]]


_STAMP = len("2026-11-22 10:00:00,000")


def _age(path: Path) -> int:
    """`store-guide.log` is the newest, `.4` the oldest."""
    return int(path.suffix[1:]) if path.suffix[1:].isdecimal() else 0


def documents_folder() -> Path:
    """Where a person finds what an app made for them."""
    if sys.platform == "win32" or sys.platform == "darwin" or (Path.home() / "Documents").is_dir():
        from platformdirs import user_documents_path

        return user_documents_path()
    return Path.home()
