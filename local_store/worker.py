"""The threads that own the database's connections: one writes, a few read and never wait for the writer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.errors import Defect
from local_store.connection import told

T = TypeVar("T")
Job = Callable[[sqlite.Connection], T]
_Entry = tuple[Job[Any], "Future[Any]"] | None

LOG_PAGES, MOST_LOG_PAGES = 256, 8192
"""Pages in the log (1 and 32 MiB) from which on it goes into the file once nobody asks, and at once, while somebody
waits."""
QUIET_S = 0.1
"""After so long without a job nobody is about to ask: an order does not wait for the order before it."""


class Thread:
    """One connection and the thread that alone uses it."""

    def __init__(self, name: str, connection: sqlite.Connection) -> None:
        self._jobs: SimpleQueue[_Entry] = SimpleQueue()
        self._connection = connection
        self._logged = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Job[T]) -> Future[T]:
        """Queues a job; its result or error comes in the future, whoever still waits for it."""
        if self._closed:
            raise Defect("the store is closed")
        future: Future[T] = Future()
        self._jobs.put((job, future))
        return future

    def close(self) -> None:
        """Ends after the jobs queued so far, and closes the connection."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (entry := self._next()) is not None:
            self._do(*entry)
            del entry
        self._connection.close()

    def _next(self) -> _Entry:
        """The next job, None at the end; until one comes the log goes into the file."""
        if self._logged >= MOST_LOG_PAGES:
            self._checkpoint()
        elif self._logged >= LOG_PAGES:
            try:
                return self._jobs.get(timeout=QUIET_S)
            except Empty:
                self._checkpoint()
        return self._jobs.get()

    def _do(self, job: Job[Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        before = self._connection.total_changes
        try:
            with told():
                result = job(self._connection)
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)
        if self._connection.total_changes != before:
            self._logged = self._log("NOOP")  # this one only counts

    def _checkpoint(self) -> None:
        self._log("PASSIVE")
        self._logged = 0  # what a reader held back goes after the next write

    def _log(self, mode: str) -> int:
        """Asks for a checkpoint of a mode; the pages in the log that are not in the file."""
        try:
            _, logged, moved = self._connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        except sqlite.Error:
            return 0  # the log keeps everything; a full disk shows at the next write
        return int(logged - moved)


class Workers:
    """The writer and the readers of one database. Awaiting works in any asyncio loop."""

    def __init__(self, writer: sqlite.Connection, readers: list[sqlite.Connection]) -> None:
        self._writer = Thread("store-writer", writer)
        self._readers = [Thread(f"store-reader-{i}", connection) for i, connection in enumerate(readers)]
        self._turn = 0

    async def write(self, job: Job[T]) -> T:
        """Runs a job on the writer. Once it runs it runs to its end, though the waiting task may be cancelled."""
        return await asyncio.wrap_future(self._writer.submit(job))

    async def read(self, job: Job[T]) -> T:
        """Runs a job on a reader, in a snapshot of its own."""
        self._turn = (self._turn + 1) % len(self._readers)
        return await asyncio.wrap_future(self._readers[self._turn].submit(job))

    def close(self) -> None:
        """Ends all threads after what is queued; the writer last, so that the log goes into the file."""
        for thread in (*self._readers, self._writer):
            thread.close()
