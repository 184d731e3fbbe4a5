"""`start`: from the start of the process to a lock screen that can be used, and to a Today page that can.

With 100,000 members in the tablet; the guide's PIN is given the moment that the lock is drawn, and its check (argon2id,
slow by intent) is part of the way to Today. Baseline, in turn: an empty Qt Quick window of the same Qt. Both draw
offscreen in software, and both run what a first start compiled, as an installed app does, whatever this environment
says of keeping bytecode. Goals: ≤ 2.5× and ≤ 4×.

    python -m benchmarks.start [ROUNDS]
"""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks import harness, search
from guide_app import bootstrap
from guide_app.adapters.pins import Argon2PinHasher
from guide_app.domain.clock import SystemClock
from guide_app.domain.ids import Ids, derived_id
from guide_app.domain.records import Staff
from guide_app.settings import Settings
from sync.protocol.messages import Batch, Row, ScopeState, SyncResponse

MEMBERS = 100_000
STAFF_ID, PIN = derived_id("bench", "staff"), "258046"
LOCK_GOAL, TODAY_GOAL = 2.5, 4.0
SCREEN = {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software", "LANG": "zh_CN.UTF-8"}


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    report = harness.report("start")
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        asyncio.run(_furnish(Settings(data=Path(folder), key_source="file")))
        guide = f"guide({folder!r}, {STAFF_ID!r}, {PIN!r})"
        compiled = Path(folder, "compiled")
        for warming in ("empty()", guide):
            _started(warming, compiled)
        starts = [(_started("empty()", compiled), _started(guide, compiled)) for _ in range(rounds)]
    empty = report.baselines["an empty window"] = harness.figure([bare["window"] for bare, _ in starts], "s")
    for name, page, goal in (("lock usable", "lock", LOCK_GOAL), ("Today usable", "today", TODAY_GOAL)):
        report.figures[name] = harness.figure([ours[page] for _, ours in starts], "s")
        report.ratios[name] = harness.Ratio(value=report.figures[name].median / empty.median, goal=goal)
    report.finish()


def _started(call: str, compiled: Path) -> dict[str, float]:
    """What the process said, with the seconds since it was started; its bytecode is kept in `compiled`."""
    command = [sys.executable, "-c", f"from benchmarks import opened; opened.{call}"]
    environment = {**os.environ, **SCREEN, "GUIDE_KEY_SOURCE": "file", "PYTHONPYCACHEPREFIX": str(compiled)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    said: dict[str, float] = {}
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as child:
        for line in child.stdout or ():
            said[line.strip()] = time.perf_counter() - began
        if child.wait() or not said:
            raise RuntimeError(f"{call} ended {child.returncode}: {child.stderr.read() if child.stderr else ''}")
    return said


async def _furnish(settings: Settings) -> None:
    """A loaded tablet with one guide."""
    clock = SystemClock()
    ids = Ids(clock, secrets.token_bytes)
    store = await asyncio.to_thread(bootstrap.open_store, settings, bootstrap.key_source(settings), clock, ids)
    try:
        await search.load(store, MEMBERS)
        staff = Staff(name="王芳", staff_no="01", pin=await Argon2PinHasher().hash(PIN))
        d = msgspec.Raw(msgspec.json.encode(staff))
        await store.sync.take(await store.sync.outgoing(), SyncResponse(
            batch=Batch(status="ok", last_seq=0), server_time=search.NOW, next_sync_after_ms=1000,
            authorised_until="2099-01-01T00:00:00.000Z",
            rows=[Row(s=search.SCOPE, q=MEMBERS + 1, e="staff", id=STAFF_ID, v=1, o="put", d=d)],
            scopes={search.SCOPE: ScopeState(head=MEMBERS + 1, floor=0, digest="")},
        ))  # fmt: skip
    finally:
        store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
