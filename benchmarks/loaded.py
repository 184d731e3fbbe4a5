"""A tablet with all rows of an HQ, for benchmarks of single rounds: its open store, rounds as the engine does them."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from guide_app import bootstrap
from guide_app.bootstrap import Parts
from guide_app.domain.clock import SystemClock
from guide_app.domain.ids import Ids
from guide_app.settings import Settings
from local_store import Store
from sync.net.transport import HttpRemote
from sync.protocol import codec
from sync.protocol.messages import SyncRequest
from sync.remote import Received, Sender


class Tablet(NamedTuple):
    """An open store and the way to HQ."""

    store: Store
    remote: HttpRemote
    sender: Sender

    async def round(self) -> tuple[int, Received, bool]:
        """One round as the engine does it: bytes up, what came, whether there is more to say on either side."""
        out = await self.store.sync.outgoing()
        request = SyncRequest(
            incarnation=out.incarnation, epoch=out.epoch, next_seq=out.next_seq, ops=list(out.ops), after=out.after,
            want=codec.MAX_WANT, forked_from=out.forked_from,
        )  # fmt: skip
        received = await self.remote.sync(msgspec.structs.replace(self.sender, created=int(time.time())), request)
        taken = await self.store.sync.take(out, received.answer)
        return len(codec.encode(request)), received, bool(taken.more or out.more)

    async def catch_up(self) -> int:
        """Rounds until nothing is left; how many rows came."""
        rows, more = 0, True
        while more:
            _, received, more = await self.round()
            rows += len(received.answer.rows)
        return rows


class _Listening(HttpRemote):
    """Remembers who asked last."""

    sender: Sender | None = None

    async def sync(self, sender: Sender, request: SyncRequest) -> Received:
        self.sender = sender
        return await super().sync(sender, request)


@asynccontextmanager
async def loaded(folder: Path, url: str, code: str, patience_s: float = 300) -> AsyncIterator[Tablet]:
    """Enrols a tablet, lets the engine load it, and opens its store again without the engine."""
    settings = Settings(data=folder, key_source="file")
    remote = _Listening(app_version=bootstrap.app_version(), nonce=lambda: secrets.token_urlsafe(16))
    async with bootstrap.tablet(settings, parts=Parts(remote=remote)) as container:
        rests = asyncio.Event()
        container.sync.subscribe(lambda view: rests.set() if view.phase == "idle" else None)
        await container.sync.enrol(url, code, "bench")
        await asyncio.wait_for(rests.wait(), patience_s)
    if remote.sender is None:
        raise RuntimeError("the tablet never asked")
    clock = SystemClock()
    store = bootstrap.open_store(settings, bootstrap.key_source(settings), clock, Ids(clock, secrets.token_bytes))
    try:
        yield Tablet(store, remote, remote.sender)
    finally:
        await remote.aclose()
        store.close()
