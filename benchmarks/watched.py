"""A loaded tablet's folder that a process with a screen can be started on: what `frames` and `memory` share."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import hq_server, loaded
from benchmarks.start import SCREEN
from guide_app import bootstrap
from guide_app.domain.clock import SystemClock
from guide_app.domain.ids import Ids
from guide_app.settings import Settings
from tests.shop import PIN


class Shop(NamedTuple):
    """Where a tablet's data are, in step with HQ; the guide who signs in."""

    folder: Path
    staff_id: str
    pin: str

    def copy(self, to: Path) -> Shop:
        """The same tablet in another folder."""
        shutil.copytree(self.folder, to)
        return self._replace(folder=to)


async def shop(hq: Path, url: str, folder: Path) -> Shop:
    """Enrols a tablet and loads it."""
    async with loaded.loaded(folder, url, hq_server.code(hq)) as tablet:
        await tablet.catch_up()
        people = await tablet.store.shop.staff()
    return Shop(folder, people[0].id, PIN)


async def fetch_anew(of: Shop) -> None:
    """The tablet's next start fetches all rows from the first on, as its first sync did."""
    async with _Store(of) as store:
        await store.sync.refetch(tuple((await store.sync.outgoing()).after))


async def is_whole(of: Shop) -> bool:
    """Whether the tablet has all rows of HQ that it was told of."""
    async with _Store(of) as store:
        load = await store.sync.load_state()
        return bool(load.done == load.total)


def started(call: str) -> dict[str, Any]:
    """What `benchmarks.on_screen` said; the call is one of its functions' with arguments."""
    command = [sys.executable, "-c", f"from benchmarks import on_screen; on_screen.{call}"]
    environment = {**os.environ, **SCREEN, "GUIDE_KEY_SOURCE": "file"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode or not done.stdout:
        raise RuntimeError(f"{call} ended {done.returncode}: {done.stderr[-2000:]}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


class _Store:
    """The tablet's store, open for a moment."""

    def __init__(self, of: Shop) -> None:
        settings, clock = Settings(data=of.folder, key_source="file"), SystemClock()
        ids = Ids(clock, secrets.token_bytes)
        self._store = bootstrap.open_store(settings, bootstrap.key_source(settings), clock, ids)

    async def __aenter__(self) -> Any:
        return self._store

    async def __aexit__(self, *_error: object) -> None:
        self._store.close()
