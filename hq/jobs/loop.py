"""The loop that runs HQ's periodic jobs, in a thread of its first process.

A job that fails is said loudly in the log and tried again, quietly where it was the database that could not; the others
go on. Several HQs of one database each have a loop: a lock in PostgreSQL lets one of them at a time run a job.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from zlib import crc32

from django.db import close_old_connections, connection

from guide_app.domain.clock import Clock
from hq.ledger.port import Transient
from hq.ledger.postgres import translated

RETRY_S = 60.0
"""The longest pause before a job that failed is tried again."""
_LOCKS = 0x6A6F62
"""The first half of the jobs' advisory locks: theirs among all that may be in this database."""

_log = logging.getLogger(__name__)


class Job(NamedTuple):
    """One piece of periodic work. `run` returns how many things it did, opens its own transactions, may be broken off
    anywhere and run again; it runs with no transaction open."""

    name: str
    every_s: float
    run: Callable[[], int]


class JobLoop:
    """Runs each job when it is due; the first time at once."""

    def __init__(self, jobs: Sequence[Job], clock: Clock) -> None:
        self._clock = clock
        self._due = {job: clock.monotonic() for job in jobs}

    def run_due(self) -> float:
        """Runs what is due; returns the seconds until the next job is."""
        for job, at in tuple(self._due.items()):
            if at <= self._clock.monotonic():
                pause = job.every_s if self._tried(job) else min(job.every_s, RETRY_S)
                self._due[job] = self._clock.monotonic() + pause
        soonest = min(self._due.values(), default=self._clock.monotonic() + RETRY_S)
        return max(0.0, soonest - self._clock.monotonic())

    def _tried(self, job: Job) -> bool:
        """Whether the job is done for now: here, or by another process."""
        try:
            with _alone(job.name, wait=False) as mine:
                done = job.run() if mine else 0
        except Transient as problem:
            _log.warning("the job %s could not run: the database: %s", job.name, problem)
            return False
        except Exception:
            _log.exception("the job %s failed", job.name)
            return False
        if done:
            _log.info("the job %s did %d", job.name, done)
        return True


@contextmanager
def running(loop: JobLoop) -> Iterator[None]:
    """Runs the loop in a thread until the context ends; the job under way is finished first."""
    ends = threading.Event()

    def run() -> None:
        pause = 0.0
        while not ends.wait(pause):
            close_old_connections()
            pause = loop.run_due()
            close_old_connections()
        connection.close()

    thread = threading.Thread(target=run, name="hq-jobs")
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()


def run_once(job: Job) -> int:
    """Runs the job by hand, once another process has done with it; returns what it did. Raises what it raises."""
    with _alone(job.name, wait=True):
        return job.run()


@contextmanager
def _alone(name: str, *, wait: bool) -> Iterator[bool]:
    """Holds the job's lock; False when another process has it. It goes with the connection, whatever happens."""
    key = (_LOCKS, crc32(name.encode()) - 2**31)
    mine = True
    with translated(), connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", key)
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
            (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            _release(key)


def _release(key: tuple[int, int]) -> None:
    """Lets the lock go; where the connection is broken it went with it."""
    try:
        with translated(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
    except Transient as problem:
        _log.info("a lock went with its connection: %s", problem)
        connection.close()
