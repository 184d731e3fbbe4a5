"""`idle`: a round with nothing to say: what to send is read, HQ is asked and answers, the answer is taken in.

Baseline, in turn: one bare HTTP round trip to the same server over one kept connection, to an address that it does not
know. Goals: ≤ 2×; bodies ≤ 300 bytes each way.

    python -m benchmarks.idle [ROUNDS]
"""

from __future__ import annotations

import asyncio
import http.client
import secrets
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from benchmarks import harness, hq_server
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

MEMBERS, PRODUCTS = 1_000, 200
TIMES = 300
GOAL, BYTES = 2.0, 300


class Listening(HttpRemote):
    """Remembers who asked last."""

    sender: Sender | None = None

    async def sync(self, sender: Sender, request: SyncRequest) -> Received:
        self.sender = sender
        return await super().sync(sender, request)


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        hq = Path(folder) / "hq"
        hq_server.filled(hq, MEMBERS, PRODUCTS)
        with hq_server.serving(hq) as url:
            asyncio.run(_measure(Path(folder) / "tablet", url, hq_server.code(hq), rounds))


async def _measure(folder: Path, url: str, code: str, rounds: int) -> None:
    report = harness.report("idle")
    settings = Settings(data=folder, key_source="file")
    remote = _remote()
    sender = await _enrolled(settings, remote, url, code)
    clock = SystemClock()
    store = bootstrap.open_store(settings, bootstrap.key_source(settings), clock, Ids(clock, secrets.token_bytes))
    bare = http.client.HTTPConnection(urlsplit(url).netloc)
    try:
        sizes = await _round(store, remote, sender)
        pairs = [[(await _ours(store, remote, sender), _bare(bare)) for _ in range(TIMES)] for _ in range(rounds)]
    finally:
        bare.close()
        await remote.aclose()
        store.close()
    report.figures["an idle round"] = harness.figure([_median([a for a, _ in run]) for run in pairs], "ms")
    report.figures["body up"], report.figures["body down"] = (harness.figure([size], "bytes") for size in sizes)
    report.baselines["a bare round trip"] = harness.figure([_median([b for _, b in run]) for run in pairs], "ms")
    ratio = report.figures["an idle round"].median / report.baselines["a bare round trip"].median
    report.ratios["idle / bare round trip"] = harness.Ratio(value=ratio, goal=GOAL)
    report.ratios[f"the larger body / {BYTES} bytes"] = harness.Ratio(value=max(sizes) / BYTES, goal=1)
    report.finish()


def _remote() -> Listening:
    return Listening(app_version=bootstrap.app_version(), nonce=lambda: secrets.token_urlsafe(16))


async def _enrolled(settings: Settings, remote: Listening, url: str, code: str) -> Sender:
    """Loads a tablet; who it is to HQ."""
    async with bootstrap.tablet(settings, parts=Parts(remote=remote)) as container:
        rests = asyncio.Event()
        container.sync.subscribe(lambda view: rests.set() if view.phase == "idle" else None)
        await container.sync.enrol(url, code, "bench")
        await asyncio.wait_for(rests.wait(), 60)
    if remote.sender is None:
        raise RuntimeError("the tablet never asked")
    return remote.sender


async def _round(store: Store, remote: HttpRemote, sender: Sender) -> tuple[int, int]:
    """One round as the engine does it; the bytes of both bodies."""
    out = await store.sync.outgoing()
    request = SyncRequest(
        incarnation=out.incarnation, epoch=out.epoch, next_seq=out.next_seq, ops=list(out.ops), after=out.after,
        want=codec.MAX_WANT, forked_from=out.forked_from,
    )  # fmt: skip
    received = await remote.sync(msgspec.structs.replace(sender, created=int(time.time())), request)
    taken = await store.sync.take(out, received.answer)
    if taken.rows or taken.more:
        raise RuntimeError("there was something to say")
    return len(codec.encode(request)), received.size


async def _ours(store: Store, remote: HttpRemote, sender: Sender) -> float:
    began = time.perf_counter()
    await _round(store, remote, sender)
    return (time.perf_counter() - began) * 1000


def _bare(connection: http.client.HTTPConnection) -> float:
    began = time.perf_counter()
    connection.request("GET", "/v1/nothing")
    connection.getresponse().read()
    return (time.perf_counter() - began) * 1000


def _median(values: list[float]) -> float:
    return harness.percentile(values, 0.5)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
