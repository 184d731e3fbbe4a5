"""Our own mistakes while the tablet runs: each is written to the log with all there is, and said on the screen."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Any

from guide_app.domain.errors import EnvironmentProblem

log = logging.getLogger(__name__)


class Defects:
    """Hears of every error that nobody took: of tasks, of the event loop, of what Qt calls. One event loop's own."""

    def __init__(self) -> None:
        self._tell: Callable[[], None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Listens while the context lasts; needs the running loop."""
        loop = self._loop = asyncio.get_running_loop()
        before = sys.excepthook
        sys.excepthook = self._hooked
        loop.set_exception_handler(self._of_loop)
        try:
            yield
        finally:
            sys.excepthook = before
            loop.set_exception_handler(None)
            self._loop = None

    @contextmanager
    def told_by(self, tell: Callable[[], None]) -> Iterator[None]:
        """While the context lasts `tell` says on the screen that something went wrong; called in the loop's thread."""
        self._tell = tell
        try:
            yield
        finally:
            self._tell = None

    def report(self, message: str, error: BaseException | None) -> None:
        """From any thread."""
        log.critical("%s", message, exc_info=error)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._say)

    def _say(self) -> None:
        if self._tell is not None:
            self._tell()

    def _of_loop(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.report(str(context.get("message", "the event loop")), context.get("exception"))

    def _hooked(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if issubclass(kind, Exception):
            self.report("what Qt called failed", error)
        else:
            sys.__excepthook__(kind, error, where)


class Tasks:
    """Work under way in the event loop: kept until it ends, cancelled at the end, its failures never silent."""

    def __init__(self, defects: Defects) -> None:
        self._defects = defects
        self._running: set[asyncio.Task[None]] = set()
        self._over = False

    def spawn(
        self, work: Coroutine[Any, Any, None], problem: Callable[[EnvironmentProblem], None] | None = None, /
    ) -> asyncio.Task[None]:
        """Starts work; `problem` hears of the environment's problem it ended with, any other error is a defect.

        After `cancel` nothing starts any more: what a page asks for while it goes would find the store closed.
        """
        task = asyncio.get_running_loop().create_task(work)
        if self._over:
            task.cancel()
        self._running.add(task)
        task.add_done_callback(partial(self._ended, problem))
        return task

    async def cancel(self) -> None:
        """Ends all of it, and what is asked for meanwhile or later; waits until it has ended."""
        self._over = True
        for task in list(self._running):
            task.cancel()
        while self._running:
            await asyncio.wait(self._running)

    def _ended(self, problem: Callable[[EnvironmentProblem], None] | None, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if problem is not None and isinstance(error, EnvironmentProblem):
            problem(error)
        elif error is not None:
            self._defects.report("work in the background failed", error)
