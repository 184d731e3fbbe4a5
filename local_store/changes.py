"""Telling those who look at the store what changed, each in its own event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from guide_app.services.ports.writing import Change

Listener = Callable[[Change], None]


class Changes:
    """Listeners of the store; `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[object, tuple[asyncio.AbstractEventLoop, Listener]] = {}

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls the listener in the running loop from now on; the result ends that."""
        token, loop = object(), asyncio.get_running_loop()
        with self._lock:
            self._listeners[token] = (loop, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners.pop(token, None)

        return unsubscribe

    def tell(self, change: Change) -> None:
        """Hands the change to every loop; a loop that is closed hears nothing more."""
        if not change.refs and not change.state:
            return
        with self._lock:
            heard = list(self._listeners.items())
        for token, (loop, _) in heard:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._hear, token, change)

    def _hear(self, token: object, change: Change) -> None:
        with self._lock:
            found = self._listeners.get(token)
        if found is not None:
            found[1](change)
