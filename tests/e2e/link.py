"""The line between one tablet and HQ, which can be cut: a proxy on loopback with a port that stays the same."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import deque


class Link:
    """Forwards to HQ while it is up. Down, it takes no connection and breaks those under way."""

    def __init__(self, port: int = 0) -> None:
        self._socket = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port: int = self._socket.getsockname()[1]
        self._target = 0
        self._up = False
        self._cuts: deque[int] = deque()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True, name="link").start()

    @property
    def url(self) -> str:
        """HQ's address as the tablet sees it."""
        return f"http://127.0.0.1:{self.port}"

    def to(self, port: int) -> None:
        """Where HQ listens now."""
        self._target = port

    def cut(self, *sizes: int) -> None:
        """The next connections break, one after the other, after so many bytes of HQ's answer."""
        self._cuts.extend(sizes)

    @property
    def cuts_left(self) -> int:
        """How many of them are still to come."""
        return len(self._cuts)

    def up(self) -> None:
        """The network is there."""
        self._up = True

    def down(self) -> None:
        """The network goes, in the middle of whatever is under way."""
        self._up = False
        with self._lock:
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """No more connections."""
        self.down()
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._socket.accept()
            except OSError:
                return
            if not self._up:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target), timeout=10)
            except OSError:
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            room = self._cuts.popleft() if self._cuts else None
            for source, target, most in ((near, far, None), (far, near, room)):
                threading.Thread(target=self._pump, args=(source, target, most), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, most: int | None) -> None:
        """Passes on until either end closes, or `most` bytes have passed."""
        with contextlib.suppress(OSError):
            while data := source.recv(65536 if most is None else min(65536, most)):
                target.sendall(data)
                if most is not None:
                    most -= len(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            with self._lock:
                self._open.discard(end)
