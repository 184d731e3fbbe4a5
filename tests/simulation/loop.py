"""An event loop that does nothing by itself: the simulation runs it one callback at a time, in one thread."""

from __future__ import annotations

import asyncio
from asyncio.events import _set_running_loop  # public for event loops, by its documentation
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar, cast

T = TypeVar("T")
_ENDLESS = 50_000
"""Callbacks without a rest: something spins."""


class Spinning(AssertionError):
    """The loop did not come to rest."""


class Loop:
    """The event loop of one tablet, as far as asyncio's tasks and futures ask for one.

    Threads are replaced by work in place, so that a run is the same every time.
    """

    def __init__(self) -> None:
        self._ready: deque[asyncio.Handle] = deque()
        self.broken: list[str] = []
        """What nobody caught."""

    def settle(self, at_most: int = _ENDLESS) -> int:
        """Runs until nothing is ready, or for so many callbacks; how many it ran."""
        for done in range(at_most):
            if not self._ready:
                return done
            self._step(self._ready.popleft())
        if at_most == _ENDLESS:
            raise Spinning("the loop does not come to rest")
        return at_most

    def _step(self, handle: asyncio.Handle) -> None:
        if not handle.cancelled():
            _set_running_loop(self._as_loop)
            try:
                handle._run()
            finally:
                _set_running_loop(None)

    @property
    def _as_loop(self) -> asyncio.AbstractEventLoop:
        return cast(asyncio.AbstractEventLoop, self)

    # ------------------------------------------------------------ what asyncio asks of a loop

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self._as_loop, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self._as_loop)

    def create_task(self, coro: Coroutine[Any, Any, T], **told: Any) -> asyncio.Task[T]:
        return asyncio.Task(coro, loop=self._as_loop, **told)

    def run_in_executor(self, executor: object, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.broken.append(f"{context.get('message')}: {context.get('exception')!r}")

    def get_debug(self) -> bool:
        return False

    def is_closed(self) -> bool:
        return False
