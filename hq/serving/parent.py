"""The first process of an HQ of several: starts those that answer, starts another one where one dies, ends them all.

Each has a listening socket of the same address, among which the kernel deals out callers. All sockets stay open here:
who calls while a process is being replaced waits for the next one, and is not refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from prometheus_client.multiprocess import mark_process_dead

from guide_app.domain.errors import EnvironmentProblem
from hq import server
from hq.shared import python
from hq.shared.folder import shared_folder
from hq.shared.seats import Seats

_SLOWEST_S = 30.0
"""Between a death and the next start, where one after another dies before it is ready."""
_LAST_S = server.PATIENCE_S + 5
"""After which a process that does not end is killed."""
_log = logging.getLogger(__name__)


def serve(sockets: Sequence[socket.socket], host: str, url: str) -> None:
    """Serves on these sockets, a process each, until SIGTERM or SIGINT; returns when all have ended.

    Raises EnvironmentProblem("process_start") where one cannot even start.
    """
    with shared_folder() as shared:
        asyncio.run(_Parent(shared, sockets, host, url).run())


class _Parent:
    def __init__(self, shared: Path, sockets: Sequence[socket.socket], host: str, url: str) -> None:
        self._shared, self._sockets, self._host, self._url = shared, sockets, host, url
        self._figures = shared / "figures"
        self._figures.mkdir()
        self._seats = Seats(settings.ENVIRONMENT.streams, shared / "streams")
        self._running: set[Process] = set()
        self._ending = asyncio.Event()

    async def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._ending.set)
        keeping = []
        try:
            first = await asyncio.gather(*(self._start(bound) for bound in self._sockets))
            lines = [line for _process, line in first]
            if all(lines):
                print(lines[0], end="", flush=True)
            elif not self._ending.is_set():
                raise EnvironmentProblem("process_start")
            pairs = zip(first, self._sockets, strict=True)
            keeping = [asyncio.create_task(self._keep(process, bound)) for (process, _line), bound in pairs]
            await self._ending.wait()
        finally:
            self._ending.set()
            await self._end()
            await asyncio.gather(*keeping)

    async def _start(self, bound: socket.socket) -> tuple[Process, str]:
        """A new process, and the line that it says when it is ready: empty where it ended before."""
        shared = {
            "GUIDE_HQ_SHARED": str(self._shared),
            "GUIDE_HQ_PROCESSES": str(len(self._sockets)),
            "PROMETHEUS_MULTIPROC_DIR": str(self._figures),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hq.serving.worker", str(bound.fileno()), self._host, self._url,
            stdin=PIPE, stdout=PIPE, pass_fds=[bound.fileno()], env=python.environment() | shared,
            process_group=0,  # a terminal's Ctrl-C is for this process, which ends them in order
        )  # fmt: skip
        self._running.add(process)
        if self._ending.is_set():
            process.terminate()
        line = await process.stdout.readline() if process.stdout else b""
        return process, line.decode()

    async def _keep(self, process: Process, bound: socket.socket) -> None:
        """Replaces a process that ends before it is told to."""
        pause = 0.0
        while True:
            code = await process.wait()
            self._gone(process)
            if self._ending.is_set():
                return
            _log.warning("the serving process %d ended (%s); another one is started", process.pid, _why(code))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._ending.wait()
            if self._ending.is_set():
                return
            process, line = await self._start(bound)
            pause = 0.0 if line else min(_SLOWEST_S, 2 * pause or 1.0)

    def _gone(self, process: Process) -> None:
        """What it had in common with the others is theirs again."""
        self._running.discard(process)
        self._seats.forget(process.pid)
        mark_process_dead(process.pid, str(self._figures))

    async def _end(self) -> None:
        """Nobody is let in any more, streams end, requests under way are finished."""
        for bound in self._sockets:
            bound.close()
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        try:
            async with asyncio.timeout(_LAST_S):
                await asyncio.gather(*(process.wait() for process in self._running))
        except TimeoutError:
            _log.warning("a serving process did not end in time and is killed")
            for process in self._running:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await asyncio.gather(*(process.wait() for process in self._running))


def _why(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"status {code}"
