"""`hq-idle`: how many tablets with nothing to say HQ answers in a second: signature, device, heads, an empty answer.

32 tablets ask over 32 kept connections as fast as they are answered; what they send was signed beforehand (a round may
be repeated freely), so that the machine's time is HQ's, which runs in as many processes as it chooses. Baseline, in
turn: pgbench's single-row select on the same PostgreSQL with as many clients. Goal: ≥ 0.05× its rate.

    python -m benchmarks.hq_idle [ROUNDS]
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import uvloop

from benchmarks import fleet, harness, hq_server, pgbench
from benchmarks.fleet import Fleet
from hq.database import embedded

SHOPS, TABLETS = 4, 8
SECONDS = 5
GOAL = 0.05
_LENGTH = re.compile(rb"content-length: (\d+)")


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    pgbench.required()
    report = harness.report("hq-idle")
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        hq = Path(folder) / "hq"
        tablets = fleet.enlisted(hq, SHOPS, TABLETS)
        clients = len(tablets.tablets)
        with embedded.running(hq), hq_server.serving(hq) as url:
            pgbench.filled(hq, "bare", scale=5)
            _rate(url, tablets)  # warming: plans, caches, devices that were never seen
            ours, bare = harness.in_turn(
                rounds,
                lambda: _rate(url, tablets),
                lambda: pgbench.selects_s(hq, "bare", clients, SECONDS),
            )
    report.figures[f"idle rounds of {clients} tablets"] = harness.figure(ours, "/s")
    report.baselines[f"pgbench, single-row select, {clients} clients"] = harness.figure(bare, "/s")
    ratio = report.figures[f"idle rounds of {clients} tablets"].median / harness.figure(bare, "/s").median
    report.ratios["idle rounds / selects"] = harness.Ratio(value=ratio, goal=GOAL, least=True)
    report.finish()


def _rate(url: str, tablets: Fleet) -> float:
    """Answers a second."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_answers(url, [tablet.request() for tablet in tablets.tablets])) / SECONDS


async def _answers(url: str, requests: Sequence[bytes]) -> int:
    """How many answers so many callers get in the time."""
    loop, parts = asyncio.get_running_loop(), urlsplit(url)
    until = time.perf_counter() + SECONDS
    host, port = parts.hostname or "", parts.port or 80
    made = [await loop.create_connection(partial(_Caller, one, until), host, port) for one in requests]
    callers = [caller for _, caller in made]
    return sum(await asyncio.gather(*(caller.done for caller in callers)))


class _Caller(asyncio.Protocol):
    """Asks as soon as it is answered, with as little work of its own as can be: HQ is measured, not its caller."""

    def __init__(self, request: bytes, until: float) -> None:
        self._request, self._until = request, until
        self._answer, self._count = b"", 0
        self.done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = cast(asyncio.Transport, transport)
        self._line.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, ended, body = self._answer.partition(b"\r\n\r\n")
        if not ended or len(body) < int(_LENGTH.findall(head)[0]):
            return
        if not head.startswith(b"HTTP/1.1 200") or b'"scopes"' in body:
            self.done.set_exception(RuntimeError(f"no idle round: {self._answer!r}"))
            self._line.close()
            return
        self._answer, self._count = b"", self._count + 1
        if time.perf_counter() < self._until:
            self._line.write(self._request)
        else:
            self.done.set_result(self._count)
            self._line.close()

    def connection_lost(self, _problem: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("HQ hung up"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
