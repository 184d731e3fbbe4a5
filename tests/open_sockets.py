"""No test leaves a connection open: the collector would warn of it in another test, or when all have ended."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from weakref import WeakSet

import pytest

PATIENCE_S = 2.0
"""For the last answers of servers' threads that have been told to stop."""


class OpenSockets:
    """The sockets of the network that were made since the last time somebody asked. Made once: it hears of all.

    While a fixture lives that several tests share (a server), nobody asks: what belongs to it is open by right.
    """

    def __init__(self) -> None:
        self._made: WeakSet[socket.socket] = WeakSet()
        self._shared: set[int] = set()
        sys.addaudithook(self._hear)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        """Fails the test whose sockets are open when its fixtures have ended; of tests that shared one, the last."""
        result = yield
        if not self._shared and (left := self.left()):
            pytest.fail(f"{item.nodeid} left open:\n" + "\n".join(map(repr, left)), pytrace=False)
        return result

    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> None:
        """Notes one that several tests share. One of the whole session has no socket to keep."""
        if fixturedef.scope in ("module", "class", "package"):
            self._shared.add(id(fixturedef))

    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef[object]) -> None:
        """It has ended."""
        self._shared.discard(id(fixturedef))

    def left(self, patience_s: float = PATIENCE_S) -> list[socket.socket]:
        """Those that are still open after a moment, each told once."""
        until = time.monotonic() + patience_s
        while (found := self._open()) and time.monotonic() < until:
            time.sleep(0.01)
        self._made.clear()
        return found

    def _open(self) -> list[socket.socket]:
        return [one for one in self._made.copy() if one.fileno() != -1]

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event != "socket.__new__":
            return
        made, family = arguments[0], arguments[1]
        if isinstance(made, socket.socket) and family in (socket.AF_INET, socket.AF_INET6):
            self._made.add(made)
