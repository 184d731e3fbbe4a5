"""The threads that own the database's connections: one writes, a few read and never wait for the writer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.errors import Defect
from local_store.connection import told

T = TypeVar("T")
Job = Callable[[sqlite.Connection], T]
_Entry = tuple[Job[Any], "Future[Any]"] | None

_CHECKPOINT_AFTER = 32
"""Writes after which the log goes into the file once nobody waits; at eight times as many somebody must wait."""


class Thread:
    """One connection and the thread that alone uses it."""

    def __init__(self, name: str, connection: sqlite.Connection) -> None:
        self._jobs: SimpleQueue[_Entry] = SimpleQueue()
        self._connection = connection
        self._since_checkpoint = 0
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
        while (entry := self._jobs.get()) is not None:
            self._do(*entry)
            del entry
            self._checkpoint()
        self._connection.close()

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
        self._since_checkpoint += self._connection.total_changes != before

    def _checkpoint(self) -> None:
        due = self._since_checkpoint >= _CHECKPOINT_AFTER
        if due and (self._jobs.empty() or self._since_checkpoint >= 8 * _CHECKPOINT_AFTER):
            self._since_checkpoint = 0
            try:
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            except sqlite.Error:
                return  # the log keeps everything; a full disk shows at the next write


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
